"""What happens by itself: listeners and clocks; the job worker finds them through here."""

from lianxin.needs.tasks import alarms, clocks, families, telling

__all__ = ["alarms", "clocks", "families", "telling"]
