"""Tables of the loop; Django finds them through here."""

from lianxin.needs.models import alarms, menu, offers, orders, ratings, visits

__all__ = ["alarms", "menu", "offers", "orders", "ratings", "visits"]
