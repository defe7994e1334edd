"""How the little city grows: piece by piece, once, and believably."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.console.todos import waiting_for
from lianxin.demo import faces
from lianxin.demo.days import UP, hour_of
from lianxin.demo.growth.pieces import counts, do_next_piece, is_grown, pieces, standing_growth
from lianxin.demo.growth.sizes import NAMED, Size, size_of
from lianxin.demo.settlers import FIRST_PHONE, LAST_PHONE
from lianxin.exchange.models.exports import Export
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Outcome, Roster
from lianxin.hours.models import Dispute
from lianxin.journal.models import Entry
from lianxin.ledger import checks
from lianxin.needs.models.aids import HomeVisit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call, CallBack, Duty, Handover, Ring
from lianxin.needs.models.detours import Objection, Pause, Redirect
from lianxin.needs.models.events import Event
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp, Rating
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.notices.models import CallCard, Sms
from lianxin.organisations.models import Kind, Node, Opening, Role, RoleHeld, RoleProposal
from lianxin.people.models import Application, Complaint, Consent, Person
from lianxin.site.users.sign_in import trials
from lianxin.users.models import User
from lianxin.volunteers.models import Kit, Membership, Skill, Transfer, Volunteer
from tests.demo.city.conftest import SIZE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("grown_city")]

# What stands in the grown city: rows, the field that is looked at, and every value that is found there.
STATES: tuple[tuple[type[models.Model], str, Iterable[str]], ...] = (
    (Order, "state", Order.State),
    (Offer, "state", Offer.State),
    (Assignment, "state", Assignment.State),
    (Alarm, "state", Alarm.State),
    (Opening, "state", (Opening.State.ENTERED, Opening.State.APPROVED)),
    (Complaint, "state", Complaint.State),
    (Dispute, "state", (Dispute.State.OPEN, Dispute.State.CORRECTED)),
    (Transfer, "state", (Transfer.State.ASKED, Transfer.State.ACCEPTED)),
    (Application, "kind", (Application.Kind.HELP, Application.Kind.CORRECT)),
    (Objection, "state", (Objection.State.OPEN,)),
    (RoleProposal, "state", (RoleProposal.State.OPEN,)),
    (Roster, "state", (Roster.State.ACCEPTED, Roster.State.CHECKED)),
    (Membership, "kind", Membership.Kind),
    (Volunteer, "state", set(Volunteer.State) - {Volunteer.State.LEFT, Volunteer.State.RESTRICTED}),
    (Kit, "kind", Kit.Kind),
)
EXIST = (
    Call,
    CallBack,
    Duty,
    Handover,
    Event,
    Incident,
    Pause,
    Redirect,
    Rating,
    OnRoll,
    HomeVisit,
    Ring,
    Consent,
    FollowUp,
)
WITHOUT_TO_DO = {Role.AUDITOR, Role.RESIDENT, Role.VOLUNTEER}
"""The auditor changes nothing; the other two have pages of their own."""


@pytest.mark.parametrize(("model", "field", "values"), STATES)
def test_rows_stand_in_these_states(model: type[models.Model], field: str, values: Iterable[str]) -> None:
    assert set(model._default_manager.values_list(field, flat=True)) == set(values)


@pytest.mark.parametrize("model", EXIST)
def test_there_are_some(model: type[models.Model]) -> None:
    assert model._default_manager.exists()


def test_something_waits_for_whomever_visitors_meet_at_a_desk() -> None:
    met = {holder.role: holder.user for _group, pairs in trials() for _trial, holder in pairs}
    assert set(met) == set(Role)
    waits = {role for role, user in met.items() if any(tally.count for tally in waiting_for(user).tallies().values())}
    assert waits == set(Role) - WITHOUT_TO_DO


def test_lists_were_taken_away_some_with_telephones_and_then_for_a_reason() -> None:
    assert set(Export.objects.values_list("with_sealed", "state")) == {(True, "ready"), (False, "ready")}
    assert not Export.objects.filter(with_sealed=True, reason="").exists()


def test_whoever_is_met_stands_in_for_a_colleague_on_leave() -> None:
    lent = RoleHeld.objects.exclude(lent_from=None).values_list("user__display_name", flat=True)
    assert set(lent) == {"陈静", "孙立平"}


def test_it_has_as_many_volunteers_and_orders_as_were_wanted() -> None:
    volunteers, orders = counts()
    assert volunteers == SIZE.volunteers
    assert orders == SIZE.orders


def test_a_piece_that_was_cut_off_has_left_nothing(grown_city: list[tuple[int, int]]) -> None:
    [(before, after)] = grown_city
    assert before == after


def test_every_piece_was_done_once() -> None:
    done = Entry.objects.filter(name="demo.piece_done").order_by("pk").values_list("facts__piece", flat=True)
    assert list(done) == [str(piece) for piece in pieces(SIZE)]


def test_once_it_is_grown_nothing_is_added() -> None:
    assert is_grown()
    before = Entry.objects.count()
    assert do_next_piece() is None
    assert Entry.objects.count() == before
    assert Installation.objects.get().being_made == ""


def test_the_books_balance() -> None:
    assert list(checks.faults()) == []


def test_thirty_skills_and_mass_organisations_and_places_by_their_nicknames() -> None:
    assert Skill.objects.count() == 30
    kinds = {Kind.WOMENS_FEDERATION, Kind.TRADE_UNION, Kind.YOUTH_LEAGUE, Kind.SOCIAL, Kind.ALLIANCE}
    assert set(Node.objects.filter(kind__in=kinds).values_list("kind", flat=True)) == kinds
    assert Node.objects.filter(aliases__isnull=False).count() >= 2


def test_a_list_has_come_back_with_what_is_wrong_in_it() -> None:
    roster = Roster.objects.get(state=Roster.State.CHECKED)
    assert roster.counts[Outcome.WRONG] == 4
    assert 0 < OnRoll.objects.filter(confirmed_at=None).count() < OnRoll.objects.count()


def test_nobody_serves_more_than_twice_a_day_and_none_by_night() -> None:
    visits = Visit.objects.exclude(assignment__volunteer__person__name__in=faces.NAMES).select_related("assignment")
    a_day = Counter((each.assignment.volunteer_id, timezone.localdate(each.started_at)) for each in visits)
    assert max(a_day.values()) <= 2
    assert [each for each in visits if not 7 <= hour_of(each.started_at) <= 21] == []


def test_people_order_while_they_are_awake() -> None:
    ordinary = Order.objects.exclude(clock="urgent")
    assert [order.placed_at for order in ordinary if not UP <= hour_of(order.placed_at) <= 22] == []


def test_what_happened_to_an_order_happened_in_this_order() -> None:
    for order in Order.objects.filter(state=Order.State.DONE, round=1).prefetch_related("assignments__visits"):
        for assignment in order.assignments.all():
            for visit in assignment.visits.all():
                assert visit.finished_at
                moments = [order.placed_at, assignment.accepted_at, visit.started_at, visit.finished_at]
                assert moments == sorted(moments), (order.pk, moments)


def test_history_lies_in_the_past_and_messages_left_within_a_day() -> None:
    assert not Entry.objects.filter(at__gt=clock.now()).exists()
    late = Sms.objects.filter(sent_at__gt=models.F("made_at") + timedelta(days=1))
    assert not late.exists()
    assert not CallCard.objects.filter(done_at=None, due_at__lt=clock.now() - timedelta(days=3)).exists()


def test_phones_lie_in_the_demos_range_and_id_numbers_in_no_division() -> None:
    people: list[Person | User] = [*Person.objects.all(), *User.objects.all()]
    phones = [row.phone for row in people if row.phone]
    assert all(FIRST_PHONE <= int(phone.open()) <= LAST_PHONE for phone in phones)
    numbers = [person.id_number.open() for person in Person.objects.exclude(id_number=None)]
    assert numbers
    assert {number[:6] for number in numbers} == {"999999"}


def test_growing_begun_goes_on_as_it_was_begun() -> None:
    growth = standing_growth()
    assert growth
    assert growth.size == SIZE


def test_a_size_is_named_or_counted() -> None:
    assert size_of("city") == NAMED["city"]
    assert size_of("volunteers=500,orders=800") == Size(volunteers=500, orders=800)


@pytest.mark.parametrize("words", ["huge", "volunteers=5", "volunteers=0,orders=9", "orders=many", "share=1,orders=3"])
def test_other_words_are_no_size(words: str) -> None:
    with pytest.raises(Refused, match="is no size"):
        size_of(words)
