"""How a step of many orders is done: by one set-based action wherever a desk does them at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.demo import lines as words
from lianxin.demo.growth.county import County
from lianxin.demo.growth.lives import Line
from lianxin.demo.settlers import known, user_of
from lianxin.needs import rules
from lianxin.needs.actions.checking import return_order, verify_orders
from lianxin.needs.actions.closing import close_follow_up, confirm_orders, rate_order
from lianxin.needs.actions.dispatching import Ask, accept_offer, decline_offer, offer_orders, withdraw
from lianxin.needs.actions.pausing import pause_order
from lianxin.needs.actions.placing import cancel_order, place_order
from lianxin.needs.actions.redirecting import redirect_order, state_outcome
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.serving import finish_visit, look_at_contact, record_visit, start_visit
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.models.visits import Visit
from lianxin.needs.tasks.clocks import lapse, rise
from lianxin.notices.actions import mark_read
from lianxin.organisations.models import Role
from lianxin.users.models import User

MINUTE = timedelta(minutes=1)
Bulk = Callable[[Sequence[Line], County], None]


def place(lines: Sequence[Line], county: County) -> None:
    """On the web by himself, by telephone, or told to the worker who came by."""
    for line in lines:
        line.order = place_order(
            item=line.item,
            resident=line.resident,
            start=line.visit,
            end=line.end,
            by=_orderer(line, county),
            way=line.way,
            details=words.wish(line.rng, line.rng.choice(line.offered.wishes)),
        )


def verify(lines: Sequence[Line], county: County) -> None:
    """Each station its own, all at once."""
    wanted = [line for line in lines if order_of(line).state == Order.State.CHECKING]
    for worker, own in _by_station(wanted, county):
        how = "visit" if own[0].rng.random() < 0.2 else "call"
        done = verify_orders(orders=[order_of(line) for line in own], by=worker, how=how).or_refuse()
        _keep(own, done)


def give_back(lines: Sequence[Line], county: County) -> None:
    for worker, own in _by_station(lines, county):
        for line in own:
            line.order = return_order(order=order_of(line), by=worker, reason=line.rng.choice(words.RETURNED))


def redirect(lines: Sequence[Line], county: County) -> None:
    for worker, own in _by_station(lines, county):
        for line in own:
            to, reason = line.rng.choice(words.REDIRECTED)
            number = f"20261{line.rng.randrange(10**7):07}" if to == Redirect.To.HOTLINE else ""
            redirect_order(order=order_of(line), by=worker, reason=reason, to=Redirect.To(to), outside_number=number)


def ring_back(lines: Sequence[Line], county: County) -> None:
    for worker, own in _by_station(lines, county):
        for line in own:
            state_outcome(
                redirect=order_of(line).redirects.get(),
                by=worker,
                came=Redirect.Came.SETTLED,
                outcome=line.rng.choice(words.SETTLED),
            )


def pause(lines: Sequence[Line], county: County) -> None:
    for worker, own in _by_station(lines, county):
        for line in own:
            until = clock.now() + timedelta(days=line.rng.randint(3, 12))
            pause_order(order=order_of(line), by=worker, reason=line.rng.choice(words.PAUSED), until=until)


def offer(lines: Sequence[Line], county: County) -> None:
    """The dispatcher asks for all that wait, in one go; where nobody can, the operator rings and calls it off."""
    if any(line.kind == "lapsed" for line in lines):
        lapse(timestamp=0)
        rise(timestamp=0)
    asks = {}
    for line in lines:
        known_order = line.order = _fresh(line) if line.asked else order_of(line)
        line.asked = []
        many = known_order.people + (line.rng.random() < TWO_ASKED_SHARE)
        if known_order.state in {Order.State.WAITING, Order.State.OFFERED} and (found := county.pick(line, many)):
            asks[known_order.pk] = (line, Ask(known_order, found))
            for volunteer in found[: known_order.people]:
                county.promise(volunteer, line)
    dispatcher = county.desk(Role.DISPATCHER, county.node.path, lines[0].rng)
    result = offer_orders(asks=[ask for _line, ask in asks.values()], by=dispatcher)
    for line, ask in asks.values():
        by_key = {each.pk: each for each in ask.to}
        made = [each for each in result.done if each.order_id == ask.order.pk]
        line.asked = [(each, by_key[each.volunteer_id or 0]) for each in made]
    _call_off([line for line in lines if not line.asked], county)


TWO_ASKED_SHARE = 0.15


def decline(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        for each, volunteer in line.asked:
            decline_offer(offer=each, by=user_of(volunteer.person))
            line.refused.add(volunteer.pk)


def accept(lines: Sequence[Line], county: County) -> None:
    """As many as are needed, in the order in which they were asked."""
    for line in lines:
        for each, volunteer in line.asked[: order_of(line).people]:
            user = user_of(volunteer.person)
            line.held.append((accept_offer(offer=each, by=user), volunteer))
            mark_read(by=user)


def step_back(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        for assignment, volunteer in line.held:
            withdraw(assignment=assignment, by=user_of(volunteer.person))
            line.refused.add(volunteer.pk)
        line.held = []


def start(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        for assignment, volunteer in line.held:
            user = user_of(volunteer.person)
            if line.rng.random() < LOOKS_SHARE:
                look_at_contact(assignment=assignment, by=user)
            start_visit(assignment=assignment, by=user)


LOOKS_SHARE = 0.2


def finish(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        for assignment, volunteer in line.held:
            outcome = words.deed(line.rng, line.rng.choice(line.offered.done))
            by = user_of(volunteer.person)
            finish_visit(assignment=assignment, by=by, outcome=outcome, found=Visit.Found.WELL)


def record(lines: Sequence[Line], county: County) -> None:
    """The signed slips of yesterday, written down at the station."""
    for worker, own in _by_station(lines, county):
        for line in own:
            for assignment, _volunteer in line.held:
                _record(line, assignment, worker)


def _record(line: Line, assignment: object, worker: User) -> None:
    began = line.visit + line.rng.uniform(-4, 6) * MINUTE
    record_visit(
        assignment=assignment,  # type: ignore[arg-type]
        start=began,
        end=began + line.rng.uniform(0.7, 0.98) * line.item.minutes * MINUTE,
        by=worker,
        outcome=words.deed(line.rng, line.rng.choice(line.offered.done)),
    )


def call(lines: Sequence[Line], county: County) -> None:
    """The operator rings those for whom something was done, and takes down what they say."""
    served = [order_of(line) for line in lines if line.held]
    operator = county.operator(lines[0].rng)
    _keep(lines, confirm_orders(orders=served, by=operator, how=Order.Way.CALL).done)


def confirm(lines: Sequence[Line], county: County) -> None:
    """By himself, on his telephone."""
    for line in lines:
        if line.held:
            user = known(line.resident.user)
            mark_read(by=user)
            _keep([line], confirm_orders(orders=[order_of(line)], by=user, how=Order.Way.WEB).done)


def rate(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        if line.held:
            line.stars = line.rng.choices((5, 4, 3, 2, 1), (72, 19, 6, 2, 1))[0]
            by = line.resident.user or county.operator(line.rng)
            rate_order(order=order_of(line), by=by, stars=line.stars, words=words.thanks(line.rng, line.stars))


def follow_up(lines: Sequence[Line], county: County) -> None:
    """What was rated poorly is looked into."""
    keys = {order_of(line).pk: line for line in lines if 0 < line.stars <= rules.POOR_STARS}
    if not keys:
        return
    poor = FollowUp.objects.filter(rating__order__in=keys, state=FollowUp.State.OPEN)
    for each in poor.select_related("rating").order_by("pk"):
        line = keys[each.rating.order_id]
        finding, done = line.rng.choice(words.FINDINGS)
        worker = county.desk(Role.STATION_WORKER, each.place_path, line.rng)
        close_follow_up(follow_up=each, finding=FollowUp.Finding(finding), done=done, by=worker)


def reopen(lines: Sequence[Line], county: County) -> None:
    for line in lines:
        if line.held:
            operator = county.operator(line.rng)
            said = line.rng.choice(words.NOT_DONE)
            line.order = reopen_order(order=order_of(line), words=said, by=operator, start=line.second)


def cancel(lines: Sequence[Line], county: County) -> None:
    """By himself where he ordered on the web, else by the operator whom he rang."""
    for line in lines:
        own = line.resident.user if line.way == Order.Way.WEB else None
        by = own or county.operator(line.rng)
        line.order = cancel_order(order=order_of(line), by=by, reason=line.rng.choice(words.CANCELLED))


DEEDS: dict[str, Bulk] = {
    "place": place,
    "verify": verify,
    "return": give_back,
    "redirect": redirect,
    "ring_back": ring_back,
    "pause": pause,
    "offer": offer,
    "decline": decline,
    "accept": accept,
    "withdraw": step_back,
    "start": start,
    "finish": finish,
    "record": record,
    "call": call,
    "confirm": confirm,
    "rate": rate,
    "follow_up": follow_up,
    "reopen": reopen,
    "cancel": cancel,
}


def order_of(line: Line) -> Order:
    """The line's order, which was placed before anything else is done."""
    return known(line.order)


def call_off_what_failed(lines: Iterable[Line], county: County) -> None:
    """No order of the past stays half-way because somebody could not after all: the operator rings and calls it off."""
    keys = {order_of(line).pk: line for line in lines if line.order}
    open_ones = Order.objects.filter(pk__in=keys, state__in=[Order.State.WAITING, Order.State.OFFERED])
    for order in open_ones.order_by("pk"):
        line = keys[order.pk]
        with clock.at(line.visit):
            line.order = order
            _call_off([line], county)


def _call_off(lines: Iterable[Line], county: County) -> None:
    for line in lines:
        if order_of(line).state in {Order.State.WAITING, Order.State.OFFERED}:
            operator = county.operator(line.rng)
            line.order = cancel_order(order=order_of(line), by=operator, reason=words.NOBODY_FOUND)


def _orderer(line: Line, county: County) -> User:
    if line.way == Order.Way.WEB:
        return known(line.resident.user)
    if line.way == Order.Way.CALL:
        return county.operator(line.rng)
    return county.desk(Role.STATION_WORKER, known(line.resident.home).path, line.rng)


def _by_station(lines: Sequence[Line], county: County) -> list[tuple[User, list[Line]]]:
    """The lines of each place, with a worker of its station."""
    by_place: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_place[order_of(line).place_path].append(line)
    return [(county.desk(Role.STATION_WORKER, path, own[0].rng), own) for path, own in sorted(by_place.items())]


def _keep(lines: Sequence[Line], orders: Sequence[Order]) -> None:
    by_key = {order.pk: order for order in orders}
    for line in lines:
        line.order = by_key.get(order_of(line).pk, line.order)


def _fresh(line: Line) -> Order:
    """The order as the clock, or who stepped back, has left it."""
    return Order.objects.select_related("item__skill", "resident", "place").get(pk=order_of(line).pk)


AT_ONCE = {"verify", "offer", "call"}
"""What a desk does for many in one action; each of the others stands for itself, so that one holds up nobody else."""


def try_all(deed: str, lines: Sequence[Line], county: County) -> list[str]:
    """Do this for these lines; what was refused, in words."""
    groups = [lines] if deed in AT_ONCE else [[line] for line in lines]
    refused = []
    for group in groups:
        try:
            DEEDS[deed](group, county)
        except Refused as refusal:
            if not county.passes_over:
                raise
            refused.append(f"{deed} {group[0].kind} {clock.now():%Y-%m-%d %H:%M} {refusal}")
    return refused
