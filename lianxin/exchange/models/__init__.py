"""Tables of rosters, of those on roll, and of exports. Django finds them here."""

from lianxin.exchange.models import exports, roll, rosters

__all__ = ["exports", "roll", "rosters"]
