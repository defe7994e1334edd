"""People at their own pages, for stories: what one sends in is taken, what he opens is there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.make import City
from tests.site.browse import signed_in


@dataclass
class Walker:
    """Somebody with a browser of his own."""

    user: User
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = signed_in(self.user)

    def sees(self, route: str, *args: object, **query: str | int) -> str:
        """The page, which is there for him."""
        answer = self.client.get(reverse(route, args=args), query)
        assert answer.status_code == 200, f"{route}: {answer.status_code}"
        return answer.content.decode()

    def does(self, route: str, *args: object, **facts: object) -> None:
        """Send a form in; it is taken, and everybody concerned hears of it."""
        answer = self.client.post(reverse(route, args=args), facts)
        assert answer.status_code in {302, 303}, f"{route}: {answer.status_code} {answer.content.decode()[:3000]}"
        make.everybody_hears()

    def is_kept_out(self, route: str, *args: object) -> bool:
        """Whether the page is not for him."""
        return self.client.get(reverse(route, args=args)).status_code in {403, 404}


@dataclass
class People:
    """Who has a part in a story, each with his own browser."""

    city: City

    def __post_init__(self) -> None:
        self.resident = Walker(self.city.resident_user)
        self.worker, self.operator = Walker(self.city.worker), Walker(self.city.operator)
        self.dispatcher, self.captain = Walker(self.city.dispatcher), Walker(self.city.captain)
        self.volunteer = Walker(make.user_of(self.city.volunteer))
        self.second_volunteer = Walker(make.user_of(self.city.second_volunteer))

    def ask(self, order: Order, volunteer: Volunteer) -> Offer:
        """The dispatcher asks this volunteer."""
        self.dispatcher.does("console:order_offer", order.pk, to=volunteer.pk)
        return Offer.objects.get(order=order, volunteer=volunteer, state=Offer.State.OPEN)

    def accept(self, offer: Offer, by: Walker) -> int:
        """The volunteer says that he comes at the first of the times; gives the key of his task."""
        starts_at = offer.order.planned_start.isoformat()
        by.does("site:offer_accept", offer.pk, starts_at=starts_at)
        return Order.objects.get(pk=offer.order_id).assignments.get(volunteer=offer.volunteer).pk

    def serve(self, task: int, by: Walker, *, at: datetime, minutes: int = 50) -> None:
        """He comes at that moment, stays so long, and leaves."""
        with clock.at(at):
            by.does("site:task_start", task)
        with clock.at(at + timedelta(minutes=minutes)):
            by.does("site:task_finish", task)


def now(order: Order) -> Order:
    """The order as it stands."""
    return Order.objects.select_related("item", "resident").get(pk=order.pk)
