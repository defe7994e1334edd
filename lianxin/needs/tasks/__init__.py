"""What happens by itself: listeners and clocks; the job worker finds them through here."""

from lianxin.needs.tasks import after, alarms, calls, clocks, families, following, telling, turns

__all__ = ["after", "alarms", "calls", "clocks", "families", "following", "telling", "turns"]
