"""The first little city as its visitors find it."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.models import CalendarDay, Installation
from lianxin.demo import city, faces
from lianxin.demo.cast import Cast
from lianxin.demo.repertoire import stories
from lianxin.demo.settlers import FIRST_PHONE, LAST_PHONE
from lianxin.hours.models import Record
from lianxin.journal import seals
from lianxin.journal.models import Entry
from lianxin.ledger import checks
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.queries import residents, tasks
from lianxin.notices.models import CallCard, Notice, Sms
from lianxin.notices.queries import open_calls
from lianxin.organisations.models import Node, Role, RoleHeld, Tree
from lianxin.people.models import Complaint, Helper, Person
from lianxin.people.rules import age
from lianxin.timebank.queries import minutes_of
from lianxin.users.models import SignInCode, User
from lianxin.volunteers.models import Volunteer

PHONES = range(FIRST_PHONE, LAST_PHONE + 1)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little_city")]


def test_it_is_a_demo_with_the_holidays_of_the_year() -> None:
    assert Installation.objects.get().is_demo
    assert CalendarDay.objects.filter(day__year=2026).count() == 39


def test_it_has_sixty_nodes_and_two_hundred_people() -> None:
    assert Counter(Node.objects.values_list("tree", flat=True)) == {
        Tree.PLACE: 32,
        Tree.SERVICE: 14,
        Tree.PARTY: 14,
    }
    assert Person.objects.count() == 200
    assert Volunteer.objects.filter(state=Volunteer.State.ACTIVE).count() == 80


def test_districts_have_real_codes_and_nothing_else_has_one() -> None:
    assert dict(Node.objects.exclude(code="").values_list("name", "code")) == {
        "平山区": "210502",
        "溪湖区": "210503",
    }


def test_orders_stand_in_every_state() -> None:
    assert set(Order.objects.values_list("state", flat=True)) == set(Order.State)
    assert Order.objects.count() == 106


def test_some_done_orders_are_rated_and_some_are_not() -> None:
    done = Order.objects.filter(state=Order.State.DONE).count()
    assert 0 < Rating.objects.count() < done


def test_offers_were_answered_in_every_way() -> None:
    assert set(Offer.objects.values_list("state", flat=True)) == set(Offer.State)


def test_time_was_confirmed_and_once_contested() -> None:
    states = Counter(Record.objects.values_list("state", flat=True))
    assert states[Record.State.CONTESTED] == 1
    assert states[Record.State.CONFIRMED] > 45


def test_nothing_was_refused_on_the_way(little_city: list[str]) -> None:
    assert [words for words in little_city if "refused" in words] == []


def test_the_books_balance_and_the_seals_hold() -> None:
    while seals.seal_entries():
        pass
    assert list(checks.faults()) == []
    assert list(seals.faults()) == []


def test_every_role_is_held_by_somebody_who_can_sign_in() -> None:
    held = RoleHeld.objects.filter(during__contains=clock.today(), user__is_active=True)
    assert set(held.values_list("role", flat=True)) == set(Role)


def test_the_faces_come_first_for_their_roles() -> None:
    first = {role: RoleHeld.objects.filter(role=role).order_by("pk")[0].user.display_name for role in Role}
    staff = {face.role: face.name for face in (faces.SECURITY, faces.CITY_OFFICER, *faces.STAFF)}
    assert first | {Role.RESIDENT: "", Role.VOLUNTEER: ""} == staff | {
        Role.CAPTAIN: faces.CAPTAIN, Role.RESIDENT: "", Role.VOLUNTEER: "",
    }  # fmt: skip


def test_the_elder_wants_calls_and_her_daughter_orders_for_her() -> None:
    elder = Person.objects.get(name=faces.ELDER)
    daughter = Person.objects.get(name=faces.DAUGHTER)
    assert elder.born_on
    assert age(elder.born_on, clock.today()) == faces.ELDER_AGE
    assert elder.home != daughter.home
    assert Helper.objects.filter(person=elder, helper=daughter).exists()
    assert residents.orders_of(elder).filter(placed_by=daughter.user).count() >= 3


def test_the_faces_among_the_volunteers_have_weeks_of_time_and_something_to_do() -> None:
    for name in faces.CAN_DO:
        person = Person.objects.get(name=name)
        assert 5 * 60 < minutes_of(person) < 60 * 60
    young = Volunteer.objects.get(person__name=faces.YOUNG_VOLUNTEER)
    assert tasks.open_offers_to(young).exists()
    assert tasks.tasks_of(young).exists()


def test_no_phone_lies_outside_the_range_of_the_demo() -> None:
    sealed: list[Person | User | SignInCode | Sms]
    sealed = [*Person.objects.all(), *User.objects.all(), *SignInCode.objects.all(), *Sms.objects.all()]
    assert [row for row in sealed if row.phone is None or int(row.phone.open()) not in PHONES] == []


def test_nobody_has_an_id_number() -> None:
    assert Person.objects.exclude(id_number=None).count() == 0


def test_names_are_all_different_and_some_are_compound_or_dotted() -> None:
    names = list(Person.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)
    assert {"欧阳文秀", "扎西·尼玛"} <= set(names)


def test_history_lies_in_the_past_and_the_last_hours_are_alive() -> None:
    present = Installation.objects.get().made_at
    assert not Entry.objects.filter(at__gt=clock.now()).exists()
    assert Order.objects.filter(placed_at__gt=present - timedelta(days=1)).count() >= 5
    assert Notice.objects.filter(made_at__lt=present - timedelta(days=40)).exists()


def test_messages_left_at_the_time_of_what_they_tell() -> None:
    late = [sms for sms in Sms.objects.all() if not sms.sent_at or sms.sent_at - sms.made_at > timedelta(days=1)]
    assert late == []


def test_call_cards_of_the_last_day_are_open_and_old_ones_were_called() -> None:
    root = Node.objects.get(tree=Tree.PLACE, parent=None)
    cards = open_calls([root.path])
    assert 3 <= cards.count() <= 40
    assert cards.filter(due_at__lt=clock.now() - timedelta(days=2)).count() == 0
    assert set(CallCard.objects.values_list("outcome", flat=True)) >= {"", "reached", "family"}


def test_complaints_are_answered_or_wait() -> None:
    assert set(Complaint.objects.values_list("state", flat=True)) == set(Complaint.State)


def test_stories_can_be_told_at_any_hour_of_a_week_with_holidays() -> None:
    cast, first = Cast(), datetime(2026, 9, 25, 0, 30, tzinfo=timezone.get_current_timezone())
    for hour in range(0, 24 * 8, 11):
        present = first + timedelta(hours=hour)
        serving = [story for story in stories(cast, present, 0.1) if story.kind == "serving"]
        assert all(step.at <= present for story in serving for step in story.plan.steps)


def test_made_again_it_says_so_and_changes_nothing() -> None:
    before = Entry.objects.count()
    said: list[str] = []
    city.make(progress=said.append)
    assert Entry.objects.count() == before
    assert [words.rpartition(", ")[2] for words in said] == ["since before", "since before"]
