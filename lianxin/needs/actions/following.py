"""What becomes of open orders when the trees change, and of a volunteer's promises when he stops (rules G3, W5)."""

from django.db.models import F

from lianxin.base.actions import action
from lianxin.base.paths import Carried
from lianxin.needs.actions.dispatching import decline_offer, withdraw
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node
from lianxin.volunteers.models import Volunteer

OVER = (Order.State.DONE, Order.State.CANCELLED, Order.State.REDIRECTED)


@action
def carry_orders(*, was: str, now: str) -> None:
    """Orders that are not over follow their place and their team; those that are keep the paths of their day."""
    running = Order.objects.exclude(state__in=OVER)
    for field in ("place_path", "team_path"):
        running.filter(**{f"{field}__under": was}).update(**{field: Carried(field, was, now)})


@action
def hand_over_menu(*, place: Node, into: Node) -> None:
    """The menu of a merged place goes on in its successor, but for what the successor offers under the same name."""
    names = MenuItem.objects.filter(place=into).values("name")
    items = MenuItem.objects.filter(place=place)
    items.filter(name__in=names).update(is_open=False)
    items.exclude(name__in=names).update(place=into)
    Order.objects.exclude(state__in=OVER).filter(place=place).update(place=into)


@action
def stand_down(*, volunteer: Volunteer) -> None:
    """He no longer serves: what he was asked and had promised goes back to the desk, but for a visit that has begun."""
    user = volunteer.person.user
    if user is None:
        return
    for offer in Offer.objects.filter(volunteer=volunteer, state=Offer.State.OPEN).order_by("order_id", "pk"):
        decline_offer(offer=offer, by=user)
    held = Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.HELD)
    held = held.exclude(order__state__in=Order.ENDED).exclude(visits__round=F("order__round"))
    for assignment in held.order_by("order_id", "pk"):
        withdraw(assignment=assignment, by=user)
