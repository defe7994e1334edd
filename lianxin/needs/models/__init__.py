"""Tables of the loop; Django finds them through here."""

from lianxin.needs.models import menu, offers, orders, ratings, visits

__all__ = ["menu", "offers", "orders", "ratings", "visits"]
