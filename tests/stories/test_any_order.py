"""Whatever the right and the wrong people do in whatever order, the moves and the books hold."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.hours import checks as hours_checks
from lianxin.hours.actions import Ruling, settle
from lianxin.hours.models import Record
from lianxin.ledger import checks as ledger_checks
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.checking import resubmit_order, return_order, verify_order, verify_orders
from lianxin.needs.actions.closing import ask_the_silent, confirm_order, rate_order, vouch_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, lapse_offers, offer_order, withdraw
from lianxin.needs.actions.duty import decide_objection, object_to_dispatch
from lianxin.needs.actions.headcount import send_fewer
from lianxin.needs.actions.pausing import pause_order, resume_order
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.redirecting import redirect_order, state_outcome
from lianxin.needs.actions.releasing import release_volunteer, spare, spare_no_more
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.actions.serving import finish_visit, record_visit, start_visit
from lianxin.needs.actions.teams import decline_for_team, hand_on, offer_to_team
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.detours import Objection, Pause, Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.residents import orders_of
from lianxin.needs.rules import Then
from lianxin.needs.tasks import clocks
from lianxin.timebank.queries import minutes_of
from lianxin.users.models import User
from lianxin.volunteers.models import Commitment, Volunteer
from tests import make

WHO = st.sampled_from(
    ["resident", "worker", "operator", "dispatcher", "captain", "first", "second", "third", "stranger"]
)
VOLUNTEERS = st.sampled_from([0, 1, 2])
ORDERS = st.integers(0, 2)
CALLED_OFF = {Order.State.CANCELLED, Order.State.REDIRECTED, Order.State.SETTLED, Order.State.PAUSED}


def to_people() -> "QuerySet[Offer]":
    return Offer.objects.filter(volunteer__isnull=False)


def how_orders_stand() -> list[tuple[Order, int, int, bool, bool]]:
    """Each order: how many hold it, how many are asked, whether a pause goes on, whether it is handed on; one query, since
    it is asked after every step."""

    def many(rows: QuerySet[Any]) -> Subquery:
        counted = rows.filter(order=OuterRef("pk")).order_by().values("order").annotate(many=Count("pk"))
        return Subquery(counted.values("many"))

    standing: QuerySet[Any] = Order.objects.annotate(
        held=many(Assignment.objects.filter(state=Assignment.State.HELD)),
        asked_now=many(Offer.objects.filter(state=Offer.State.OPEN)),
        is_paused=Exists(Pause.objects.filter(order=OuterRef("pk"), ended_at=None)),
        is_handed_on=Exists(Redirect.objects.filter(order=OuterRef("pk"), came__in=["", "goes_on"])),
    )
    return [(each, each.held or 0, each.asked_now or 0, each.is_paused, each.is_handed_on) for each in standing]


class AnyOrder(RuleBasedStateMachine):
    """Three orders of one resident, three volunteers, everybody else at hand; each rule is somebody trying something."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = make.tomorrow_at(8)
        self.seen: dict[int, str] = {}

    @initialize(people=st.sampled_from([1, 2]))
    def build(self, people: int) -> None:
        self.city = make.small_city()
        third = make.volunteer("周立", team=self.city.team, captain=self.city.captain)
        self.volunteers: list[Volunteer] = [self.city.volunteer, self.city.second_volunteer, third]
        self.users: dict[str, User] = {
            "resident": self.city.resident_user,
            "worker": self.city.worker,
            "operator": self.city.operator,
            "dispatcher": self.city.dispatcher,
            "captain": self.city.captain,
            "stranger": make.new_user(),
        } | {name: make.user_of(each) for name, each in zip(("first", "second", "third"), self.volunteers, strict=True)}
        pair = make.menu_item(self.city.city, "搬家具", people=people)
        with clock.at(self.now):
            for item, way in ((pair, Order.Way.WEB), (self.city.item, Order.Way.CALL), (pair, Order.Way.CALL)):
                by = self.city.resident_user if way == Order.Way.WEB else self.city.operator
                start = self.now + timedelta(hours=1)
                make.order(self.city, item=item, way=way, by=by, start=start, end=start + timedelta(days=10))

    def order(self, number: int) -> Order:
        return orders_of(self.city.resident).order_by("pk")[number]

    def attempt(self, do: Any, **facts: Any) -> None:
        try:
            with clock.at(self.now):
                do(**facts)
        except Refused as refused:
            assert str(refused)
        self.each_order_stayed_or_made_one_move()

    def right_or(self, who: str, volunteer: Volunteer) -> User:
        """Mostly the very volunteer, sometimes somebody else."""
        return make.user_of(volunteer) if who in {"first", "second", "third", "worker"} else self.users[who]

    @rule(order=ORDERS, steps=st.integers(1, 8), volunteer=VOLUNTEERS)
    def go_on(self, order: int, steps: int, volunteer: int) -> None:
        """A few steps as they should be taken, so that what follows meets orders in every state."""
        for step in range(steps):
            self.next_step(self.order(order), self.volunteers[(volunteer + step) % 3])

    def next_step(self, order: Order, volunteer: Volunteer) -> None:
        city, held = self.city, order.assignments.filter(state=Assignment.State.HELD).order_by("pk")
        match order.state:
            case Order.State.CHECKING:
                self.attempt(verify_order, order=order, by=city.worker, how="call")
            case Order.State.WAITING:
                self.attempt(offer_order, order=order, to=[volunteer], by=city.dispatcher)
            case Order.State.OFFERED:
                self.accept_rightly_for(order)
            case Order.State.ACCEPTED | Order.State.SERVING:
                self.now = max(self.now, order.planned_start)
                served = Q(visits__finished_at__isnull=False, visits__round=order.round)
                for assignment in held.exclude(pk__in=held.filter(served).values("pk")):
                    self.visit(assignment, minutes=25)
            case Order.State.TO_CONFIRM:
                self.attempt(confirm_order, order=order, by=city.resident_user)
            case Order.State.DONE:
                self.attempt(rate_order, order=order, by=city.resident_user, stars=5)

    def accept_rightly_for(self, order: Order) -> None:
        for offer in order.offers.filter(state=Offer.State.OPEN, volunteer__isnull=False).order_by("pk"):
            assert offer.volunteer
            self.attempt(accept_offer, offer=offer, by=make.user_of(offer.volunteer))

    def visit(self, assignment: Assignment, minutes: int) -> None:
        by = make.user_of(assignment.volunteer)
        self.attempt(start_visit, assignment=assignment, by=by)
        self.now += timedelta(minutes=minutes)
        self.attempt(finish_visit, assignment=assignment, by=by)

    @rule(order=ORDERS, who=WHO)
    def verify(self, order: int, who: str) -> None:
        self.attempt(verify_order, order=self.order(order), by=self.users[who], how="call")

    @rule(order=ORDERS)
    def verify_rightly(self, order: int) -> None:
        self.attempt(verify_order, order=self.order(order), by=self.city.worker, how="call")

    @rule(order=ORDERS, who=WHO)
    def send_back(self, order: int, who: str) -> None:
        self.attempt(return_order, order=self.order(order), by=self.users[who], reason="写得不清楚")

    @rule(order=ORDERS, who=WHO, to=st.sampled_from(list(Redirect.To)))
    def redirect(self, order: int, who: str, to: Redirect.To) -> None:
        self.attempt(redirect_order, order=self.order(order), by=self.users[who], reason="不归我们办", to=to)

    @precondition(lambda self: Redirect.objects.exists())
    @rule(number=st.integers(0, 9), who=WHO, came=st.sampled_from(list(Redirect.Came)))
    def state_outcome(self, number: int, who: str, came: Redirect.Came) -> None:
        redirect = self.pick(Redirect.objects, number)
        self.attempt(state_outcome, redirect=redirect, by=self.users[who], came=came, outcome="问过了")

    @rule(order=ORDERS, who=WHO, hours=st.integers(-1, 60))
    def resubmit(self, order: int, who: str, hours: int) -> None:
        start = self.now + timedelta(hours=hours)
        end = start + timedelta(days=2)
        self.attempt(resubmit_order, order=self.order(order), by=self.users[who], start=start, end=end, details="")

    @rule(order=ORDERS, who=WHO, days=st.integers(0, 3))
    def pause(self, order: int, who: str, days: int) -> None:
        until = self.now + timedelta(days=days)
        self.attempt(pause_order, order=self.order(order), by=self.users[who], reason="等零件", until=until)

    @rule(order=ORDERS, who=WHO)
    def resume(self, order: int, who: str) -> None:
        self.attempt(resume_order, order=self.order(order), by=self.users[who])

    @rule(do=st.sampled_from([clocks.lapse, clocks.rise, clocks.resume]))
    def clocks_run(self, do: Any) -> None:
        self.attempt(do, timestamp=0)

    @rule(order=ORDERS, who=WHO, hours=st.integers(-1, 60), length=st.integers(1, 30))
    def reschedule(self, order: int, who: str, hours: int, length: int) -> None:
        start = self.now + timedelta(hours=hours)
        end = start + timedelta(hours=length)
        facts: dict[str, Any] = {"start": start, "end": end, "how": Order.Way.CALL}
        self.seen.clear()  # who had accepted is asked anew: two moves in one
        self.attempt(reschedule_order, order=self.order(order), by=self.users[who], **facts)

    @precondition(lambda self: Assignment.objects.exists())
    @rule(number=st.integers(0, 9), who=WHO)
    def release(self, number: int, who: str) -> None:
        assignment = self.pick(Assignment.objects, number)
        self.attempt(release_volunteer, assignment=assignment, by=self.users[who], because=Assignment.Why.NOT_COME)

    @rule(volunteer=VOLUNTEERS, who=WHO, do=st.sampled_from([spare, spare_no_more, spare_no_more]))
    def spare(self, volunteer: int, who: str, do: Any) -> None:
        self.attempt(do, resident=self.city.resident, volunteer=self.volunteers[volunteer], by=self.users[who])

    @rule(order=ORDERS, who=WHO)
    def send_fewer(self, order: int, who: str) -> None:
        self.attempt(send_fewer, order=self.order(order), by=self.users[who], reason="邻居陪着")

    @rule(order=ORDERS, who=WHO)
    def ask_the_team(self, order: int, who: str) -> None:
        self.attempt(offer_to_team, order=self.order(order), team=self.city.team, by=self.users[who])

    @rule(order=ORDERS)
    def ask_the_team_rightly(self, order: int) -> None:
        self.attempt(offer_to_team, order=self.order(order), team=self.city.team, by=self.city.dispatcher)

    @precondition(lambda self: Offer.objects.filter(team__isnull=False).exists())
    @rule(
        number=st.integers(0, 9),
        who=st.sampled_from(["captain", "captain", "dispatcher", "first"]),
        to=st.sets(VOLUNTEERS),
    )
    def hand_on(self, number: int, who: str, to: set[int]) -> None:
        offer = self.pick(Offer.objects.filter(team__isnull=False), number)
        members = [self.volunteers[each] for each in sorted(to)]
        self.attempt(hand_on, offer=offer, to=members, by=self.users[who])

    @precondition(lambda self: Offer.objects.filter(team__isnull=False).exists())
    @rule(number=st.integers(0, 9), who=st.sampled_from(["captain", "dispatcher", "first"]))
    def decline_for_the_team(self, number: int, who: str) -> None:
        offer = self.pick(Offer.objects.filter(team__isnull=False), number)
        self.attempt(decline_for_team, offer=offer, by=self.users[who])

    @rule(order=ORDERS, who=WHO)
    def object(self, order: int, who: str) -> None:
        self.attempt(object_to_dispatch, order=self.order(order), by=self.users[who], reason="不是我们片区")

    @precondition(lambda self: Objection.objects.exists())
    @rule(number=st.integers(0, 9), who=WHO, is_moved=st.booleans())
    def decide(self, number: int, who: str, is_moved: bool) -> None:
        objection = self.pick(Objection.objects, number)
        to = self.city.corps if is_moved else None
        self.attempt(decide_objection, objection=objection, by=self.users[who], words="这样办", to=to)

    @rule(orders=st.sets(ORDERS), who=WHO)
    def verify_many(self, orders: set[int], who: str) -> None:
        chosen = [self.order(each) for each in sorted(orders)]
        self.attempt(verify_orders, orders=chosen, by=self.users[who], how="call")

    @rule(order=ORDERS, who=WHO, to=st.lists(VOLUNTEERS, min_size=1, max_size=3))
    def offer(self, order: int, who: str, to: list[int]) -> None:
        wanted = [self.volunteers[each] for each in to]
        self.attempt(offer_order, order=self.order(order), to=wanted, by=self.users[who])

    @rule(order=ORDERS, to=st.sets(VOLUNTEERS, min_size=1))
    def offer_rightly(self, order: int, to: set[int]) -> None:
        wanted = [self.volunteers[each] for each in sorted(to)]
        self.attempt(offer_order, order=self.order(order), to=wanted, by=self.city.dispatcher)

    def pick(self, rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found)]

    @precondition(lambda self: to_people().exists())
    @rule(number=st.integers(0, 9), who=WHO, hours=st.none() | st.integers(-2, 60))
    def accept(self, number: int, who: str, hours: int | None) -> None:
        offer = self.pick(to_people(), number)
        at = None if hours is None else self.now + timedelta(hours=hours)
        self.attempt(accept_offer, offer=offer, by=self.right_or(who, offer.volunteer), starts_at=at)

    @precondition(lambda self: to_people().filter(state="open").exists())
    @rule(number=st.integers(0, 9))
    def accept_rightly(self, number: int) -> None:
        offer = self.pick(to_people().filter(state="open"), number)
        self.attempt(accept_offer, offer=offer, by=make.user_of(offer.volunteer))

    @precondition(lambda self: to_people().filter(state="open").exists())
    @rule(number=st.integers(0, 9), who=WHO)
    def decline(self, number: int, who: str) -> None:
        offer = self.pick(to_people(), number)
        self.attempt(decline_offer, offer=offer, by=self.right_or(who, offer.volunteer))

    @precondition(lambda self: to_people().filter(state="open").exists())
    @rule(number=st.integers(0, 9))
    def decline_rightly(self, number: int) -> None:
        offer = self.pick(to_people().filter(state="open"), number)
        self.attempt(decline_offer, offer=offer, by=make.user_of(offer.volunteer))

    @precondition(lambda self: Assignment.objects.filter(state="held").exists())
    @rule(number=st.integers(0, 9))
    def withdraw_rightly(self, number: int) -> None:
        assignment = self.pick(Assignment.objects.filter(state="held"), number)
        self.attempt(withdraw, assignment=assignment, by=make.user_of(assignment.volunteer))

    @precondition(lambda self: Assignment.objects.exists())
    @rule(number=st.integers(0, 9), who=WHO, do=st.sampled_from([start_visit, start_visit, finish_visit, withdraw]))
    def serve(self, number: int, who: str, do: Any) -> None:
        assignment = self.pick(Assignment.objects, number)
        self.attempt(do, assignment=assignment, by=self.right_or(who, assignment.volunteer))

    @precondition(lambda self: Assignment.objects.filter(state="held").exists())
    @rule(number=st.integers(0, 9), minutes=st.integers(0, 90))
    def serve_rightly(self, number: int, minutes: int) -> None:
        self.visit(self.pick(Assignment.objects.filter(state="held"), number), minutes)

    @rule(order=ORDERS, who=WHO)
    def confirm(self, order: int, who: str) -> None:
        self.attempt(confirm_order, order=self.order(order), by=self.users[who])

    @precondition(lambda self: Order.objects.filter(state="done").exists())
    @rule(order=ORDERS, who=WHO, stars=st.integers(0, 6))
    def rate(self, order: int, who: str, stars: int) -> None:
        self.attempt(rate_order, order=self.order(order), by=self.users[who], stars=stars)

    @rule(order=ORDERS, who=st.sampled_from(["stranger", "first", "captain", "dispatcher", "resident"]))
    def cancel(self, order: int, who: str) -> None:
        self.attempt(cancel_order, order=self.order(order), by=self.users[who], reason="不用了")

    @rule(order=ORDERS, who=WHO, kind=st.sampled_from(Alarm.Kind))
    def ring(self, order: int, who: str, kind: Alarm.Kind) -> None:
        wanted = self.order(order)
        self.attempt(raise_alarm, person=wanted.resident, kind=kind, by=self.users[who], order=wanted)

    @precondition(lambda self: Assignment.objects.filter(state="held").exists())
    @rule(number=st.integers(0, 9))
    def nobody_opens(self, number: int) -> None:
        task = self.pick(Assignment.objects.filter(state="held"), number)
        by, order = make.user_of(task.volunteer), task.order
        self.attempt(raise_alarm, person=order.resident, kind=Alarm.Kind.NO_ANSWER, by=by, order=order)

    @precondition(lambda self: Alarm.objects.filter(state="ringing").exists())
    @rule(number=st.integers(0, 9), who=WHO, outcome=st.sampled_from(Alarm.Outcome), then=st.sampled_from(Then))
    def end_an_alarm(self, number: int, who: str, outcome: Alarm.Outcome, then: Then) -> None:
        alarm = self.pick(Alarm.objects.filter(state="ringing"), number)
        by = self.users[who if who in {"stranger", "first", "captain"} else "worker"]
        self.attempt(end_alarm, alarm=alarm, outcome=outcome, by=by, then=then, words="查明了")

    @precondition(lambda self: Order.objects.filter(state__in=["to_confirm", "done"]).exists())
    @rule(order=ORDERS, who=WHO, hours=st.none() | st.integers(0, 50))
    def reopen(self, order: int, who: str, hours: int | None) -> None:
        start = None if hours is None else self.now + timedelta(hours=hours)
        self.attempt(reopen_order, order=self.order(order), words="没做好", by=self.users[who], start=start)

    @precondition(lambda self: Assignment.objects.filter(state="held").exists())
    @rule(number=st.integers(0, 9), who=st.sampled_from(["captain", "operator", "first"]), minutes=st.integers(-5, 300))
    def enter_a_slip(self, number: int, who: str, minutes: int) -> None:
        task = self.pick(Assignment.objects.filter(state="held"), number)
        start = task.order.planned_start
        end = start + timedelta(minutes=minutes)
        self.attempt(record_visit, assignment=task, start=start, end=end, by=self.users[who])

    @rule(order=ORDERS, who=st.sampled_from(["captain", "worker", "first", "second"]), is_long=st.booleans())
    def nobody_answers(self, order: int, who: str, is_long: bool) -> None:
        """Days pass without a word; then somebody vouches."""
        for _ in range(2 if is_long else 0):
            self.now += timedelta(days=7)
            self.attempt(ask_the_silent)
        self.attempt(vouch_order, order=self.order(order), by=self.users[who])

    @precondition(lambda self: Record.objects.exists())
    @rule(number=st.integers(0, 9), who=WHO, how=st.sampled_from(["void", "stands", "earlier"]))
    def settle(self, number: int, who: str, how: str) -> None:
        record = self.pick(Record.objects.all(), number)
        start, end = record.during.lower, record.during.upper
        earlier = timedelta(minutes=7 if how == "earlier" else 0)
        ruling = Ruling(record) if how == "void" else Ruling(record, start - earlier, end - earlier)
        self.attempt(settle, rulings=[ruling], reason="查过了", by=self.users[who])

    @rule(order=ORDERS)
    def lapse(self, order: int) -> None:
        self.attempt(lapse_offers, order=self.order(order))

    @rule(minutes=st.sampled_from([1, 30, 240]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def each_order_stayed_or_made_one_move(self) -> None:
        for order in Order.objects.all():
            before = Order.State(self.seen.get(order.pk, order.state))
            assert order.state in {before, *Order.MOVES.get(before, ())}
            self.seen[order.pk] = order.state

    @invariant()
    def nobody_too_many_and_nobody_left_hanging(self) -> None:
        for order, held, open_offers, is_paused, is_open in how_orders_stand():
            assert held <= order.people
            if order.state in {Order.State.ACCEPTED, Order.State.TO_CONFIRM}:
                assert held == order.people or order.state == Order.State.TO_CONFIRM
                assert held > 0
            is_called_off = order.state in CALLED_OFF
            assert held == 0 or not is_called_off
            assert (order.rises_at is None) or order.state in {Order.State.WAITING, Order.State.OFFERED}
            assert (order.state == Order.State.PAUSED) == is_paused
            assert (order.state == Order.State.REDIRECTED) == is_open
            assert (order.due_at is None) == (order.state in {*Order.ENDED, Order.State.RETURNED})
            assert open_offers == 0 or order.state == Order.State.OFFERED
            assert order.state != Order.State.OFFERED or open_offers > 0
            assert is_called_off or (order.starts_at is not None) == (held > 0)

    @invariant()
    def who_holds_an_order_has_promised_the_time_and_nobody_else(self) -> None:
        held = Assignment.objects.filter(state=Assignment.State.HELD).values_list("pk", flat=True)
        promised = Commitment.objects.filter(state=Commitment.State.HELD)
        assert sorted(promised.values_list("about_id", flat=True)) == sorted(held)
        spans = [(each.person_id, each.during) for each in promised]
        for number, (person, during) in enumerate(spans):
            for other, further in spans[:number]:
                assert person != other or during.upper <= further.lower or further.upper <= during.lower

    @invariant()
    def the_books_balance(self) -> None:
        assert [*ledger_checks.faults(), *hours_checks.faults()] == []
        counted: dict[int, int] = defaultdict(int)
        confirmed = Record.objects.filter(state=Record.State.CONFIRMED)
        for person, minutes in confirmed.values_list("person", "minutes"):
            counted[person] += minutes
        for volunteer in self.volunteers if hasattr(self, "volunteers") else ():
            assert minutes_of(volunteer.person) == counted[volunteer.person_id]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_order() -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            deadline=None,
            max_examples=25,
            stateful_step_count=50,
            derandomize=True,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
