"""What happens by itself: rosters are read and written, old files deleted; the job worker finds it through here."""

from lianxin.exchange.tasks import clocks, rosters

__all__ = ["clocks", "rosters"]
