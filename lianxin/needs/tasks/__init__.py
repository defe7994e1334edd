"""What happens by itself: listeners and clocks; the job worker finds them through here."""

from lianxin.needs.tasks import alarms, calls, clocks, families, telling

__all__ = ["alarms", "calls", "clocks", "families", "telling"]
