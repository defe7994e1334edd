"""What happens by itself: listeners and clocks; the job worker finds them through here."""

from lianxin.needs.tasks import clocks, telling

__all__ = ["clocks", "telling"]
