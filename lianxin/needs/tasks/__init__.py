"""What happens by itself: listeners and clocks; the job worker finds them through here."""

from lianxin.needs.tasks import clocks, families, telling

__all__ = ["clocks", "families", "telling"]
