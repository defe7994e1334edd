"""Tables of the loop; Django finds them through here."""

from lianxin.needs.models import aids, alarms, calls, detours, events, incidents, menu, offers, orders, ratings, visits

__all__ = ["aids", "alarms", "calls", "detours", "events", "incidents", "menu", "offers", "orders", "ratings", "visits"]
