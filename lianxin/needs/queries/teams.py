"""Questions that a captain asks: what is my team asked, whom could I send, what do we hold."""

from django.db.models import Prefetch, QuerySet

from lianxin.base import clock
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment


def team_offers(paths: list[str]) -> QuerySet[Offer]:
    """All that these teams were ever asked, with whom their captains asked, the soonest to lapse first."""
    offers = Offer.objects.filter(team__path__under_any=paths)
    handed_on = Prefetch("handed_on", Offer.objects.select_related("volunteer__person").order_by("pk"))
    about = "order__item__skill", "order__resident", "order__place", "team"
    return offers.select_related(*about).prefetch_related(handed_on).order_by("lapses_at", "pk")


def open_team_offers(paths: list[str]) -> QuerySet[Offer]:
    """What these teams are being asked."""
    return team_offers(paths).filter(state=Offer.State.OPEN, lapses_at__gt=clock.now())


def held_by_teams(paths: list[str]) -> QuerySet[Assignment]:
    """What members of these teams have promised and not yet seen through, the soonest first."""
    held = Assignment.objects.filter(volunteer__team__path__under_any=paths, state=Assignment.State.HELD)
    running = held.exclude(order__state__in=(*Order.ENDED, Order.State.TO_CONFIRM))
    about = "order__item", "order__place", "volunteer__person", "volunteer__team"
    return running.select_related(*about).order_by("order__starts_at", "pk")
