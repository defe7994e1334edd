"""How each step of a story is done: through the product's own actions, by the person who would do it.

A deed does what can be done: visitors may be at work in the same city, so an offer may be gone or an order called off.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.demo import lines
from lianxin.demo.cast import Cast
from lianxin.demo.menu import BY_NAME
from lianxin.demo.settlers import known, user_of
from lianxin.demo.stories import Plan
from lianxin.needs.actions.checking import return_order, verify_order
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, offer_order, withdraw
from lianxin.needs.actions.pausing import pause_order
from lianxin.needs.actions.placing import cancel_order, place_order
from lianxin.needs.actions.redirecting import redirect_order, state_outcome
from lianxin.needs.actions.serving import finish_visit, look_at_contact, start_visit
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries import candidates
from lianxin.notices.actions import mark_read
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

WINDOW, PAUSE = timedelta(hours=2), timedelta(days=3)


@dataclass
class Story:
    """An order to be told: its plan, and who is in it."""

    kind: str
    item: str
    resident: Person
    way: Order.Way
    plan: Plan
    rng: Random
    favourite: int | None = None
    order_key: int | None = field(default=None, init=False)

    @property
    def order(self) -> Order:
        """The order as it is now."""
        return Order.objects.select_related("item", "resident", "place").get(pk=known(self.order_key))


def place(story: Story, cast: Cast) -> None:
    item, visit = cast.items[story.item], story.plan.visit
    order = place_order(
        item=item,
        resident=story.resident,
        start=visit,
        end=visit + max(WINDOW, timedelta(minutes=item.minutes)),
        by=_orderer(story, cast),
        way=story.way,
        details=lines.wish(story.rng, story.rng.choice(BY_NAME[story.item].wishes)),
    )
    story.order_key = order.pk


def verify(story: Story, cast: Cast) -> None:
    """Called and visited orders are verified as they are placed."""
    if (order := story.order).state == Order.State.CHECKING:
        how = "visit" if story.rng.random() < 0.2 else "call"
        verify_order(order=order, by=cast.station(order.place_path, story.rng), how=how)


def give_back(story: Story, cast: Cast) -> None:
    order = story.order
    return_order(order=order, by=cast.station(order.place_path, story.rng), reason=story.rng.choice(lines.RETURNED))


def redirect(story: Story, cast: Cast) -> None:
    order = story.order
    to, reason = story.rng.choice(lines.REDIRECTED)
    redirect_order(order=order, by=cast.station(order.place_path, story.rng), reason=reason, to=Redirect.To(to))


def ring_back(story: Story, cast: Cast) -> None:
    """The station asks what came of what was handed on."""
    order = story.order
    state_outcome(
        redirect=order.redirects.get(),
        by=cast.station(order.place_path, story.rng),
        came=Redirect.Came.SETTLED,
        outcome=story.rng.choice(lines.SETTLED),
    )


def pause(story: Story, cast: Cast) -> None:
    """Something has to be waited for first."""
    order = story.order
    until, by = clock.now() + PAUSE, cast.station(order.place_path, story.rng)
    pause_order(order=order, by=by, reason=story.rng.choice(lines.PAUSED), until=until)


def cancel(story: Story, cast: Cast) -> None:
    """The resident himself, or the operator whom he or his family rang: only his own word counts (rule O9)."""
    own = story.resident.user
    by = own if own and story.way == Order.Way.WEB else cast.operator(story.rng)
    cancel_order(order=story.order, by=by, reason=story.rng.choice(lines.CANCELLED))


def offer(story: Story, cast: Cast) -> None:
    """The desk asks whom the ranking suggests: as many as are needed, and often one more."""
    order = story.order
    missing = order.people - order.assignments.filter(state=Assignment.State.HELD).count()
    asked = _suggested(story, order)[: missing + story.rng.randint(0, order.people)]
    if asked:
        offer_order(order=order, to=asked, by=cast.dispatcher(order, story.rng))


def decline(story: Story, cast: Cast) -> None:
    for each in _open_offers(story):
        user = user_of(_volunteer(each).person)
        mark_read(by=user)
        decline_offer(offer=each, by=user)


def lapse(story: Story, cast: Cast) -> None:
    """Nobody answers: the clock, which runs before every deed, ends the offers."""


def accept(story: Story, cast: Cast) -> None:
    """The first who can accepts; somebody's time may have been promised since he was asked."""
    for each in _open_offers(story):
        user = user_of(_volunteer(each).person)
        try:
            accept_offer(offer=each, by=user)
        except Refused:
            continue
        mark_read(by=user)
        return


def step_back(story: Story, cast: Cast) -> None:
    for assignment in _held(story)[:1]:
        withdraw(assignment=assignment, by=user_of(assignment.volunteer.person))


def start(story: Story, cast: Cast) -> None:
    if (order := story.order).state != Order.State.ACCEPTED:
        _call_off(order, story, cast)
        return
    for assignment in _held(story):
        user = user_of(assignment.volunteer.person)
        look_at_contact(assignment=assignment, by=user)
        start_visit(assignment=assignment, by=user)


def finish(story: Story, cast: Cast) -> None:
    if story.order.state != Order.State.SERVING:
        return
    for assignment in _held(story):
        outcome = lines.deed(story.rng, story.rng.choice(BY_NAME[story.item].done))
        by = user_of(assignment.volunteer.person)
        finish_visit(assignment=assignment, by=by, outcome=outcome, found=Visit.Found.WELL)


def confirm(story: Story, cast: Cast) -> None:
    """On the web by who ordered there, else by the operator who rings and asks."""
    if (order := story.order).state != Order.State.TO_CONFIRM:
        return
    by = _speaker(story, cast)
    mark_read(by=by)
    confirm_order(order=order, by=by, how=story.way if story.way == Order.Way.WEB else Order.Way.CALL)


def rate(story: Story, cast: Cast) -> None:
    if (order := story.order).state != Order.State.DONE:
        return
    stars = story.rng.choices((5, 4, 3, 2), (74, 18, 6, 2))[0]
    rate_order(order=order, by=_speaker(story, cast), stars=stars, words=lines.thanks(story.rng, stars))


DEEDS: dict[str, Callable[[Story, Cast], None]] = {
    "place": place,
    "verify": verify,
    "return": give_back,
    "redirect": redirect,
    "ring_back": ring_back,
    "pause": pause,
    "cancel": cancel,
    "offer": offer,
    "decline": decline,
    "lapse": lapse,
    "accept": accept,
    "withdraw": step_back,
    "start": start,
    "finish": finish,
    "confirm": confirm,
    "rate": rate,
}


def _call_off(order: Order, story: Story, cast: Cast) -> None:
    """Not enough people by the hour of the visit: the operator rings and calls it off."""
    if order.state in {Order.State.WAITING, Order.State.OFFERED}:
        cancel_order(order=order, by=cast.operator(story.rng), reason=lines.NOBODY_FOUND)


def _orderer(story: Story, cast: Cast) -> User:
    """Who orders by this way: the resident or a relative, the operator, the worker at the door."""
    if story.way == Order.Way.WEB:
        return cast.voices[story.resident.pk]
    if story.way == Order.Way.CALL:
        return cast.operator(story.rng)
    return cast.station(known(story.resident.home).path, story.rng)


def _speaker(story: Story, cast: Cast) -> User:
    return _orderer(story, cast) if story.way == Order.Way.WEB else cast.operator(story.rng)


def _suggested(story: Story, order: Order) -> list[Volunteer]:
    """The favourite if one is enough, else whom the ranking suggests, else whoever can in the whole city."""
    favourites = list(candidates.able(order).filter(pk=story.favourite)) if story.favourite else []
    if favourites and order.people == 1:
        return favourites
    found = [each.volunteer for each in candidates.suggestions(order)] or list(
        candidates.able(order).order_by("pk")[:4]
    )
    return favourites + [other for other in found if other not in favourites]


def _open_offers(story: Story) -> Iterator[Offer]:
    """The favourite's first, then in the order of asking; read anew each time, for an acceptance ends the others."""
    offers = Offer.objects.filter(order=story.order_key, state=Offer.State.OPEN)
    keys = list(offers.order_by("pk").values_list("pk", "volunteer"))
    for key, _volunteer_key in sorted(keys, key=lambda pair: pair[1] != story.favourite):
        yield from offers.filter(pk=key).select_related("volunteer__person__user")


def _volunteer(offer: Offer) -> Volunteer:
    return known(offer.volunteer)


def _held(story: Story) -> list[Assignment]:
    held = Assignment.objects.filter(order=story.order_key, state=Assignment.State.HELD)
    return list(held.select_related("volunteer__person__user").order_by("pk"))
