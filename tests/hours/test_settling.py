"""Contested time is settled, wrong time disputed and corrected; old versions stay and the bank follows."""

from datetime import datetime, timedelta

import pytest

from lianxin.base.refused import Forbidden, Refused
from lianxin.hours import checks
from lianxin.hours.actions import Ruling, answer_dispute, claim_hours, confirm_hours, dispute_record, settle
from lianxin.hours.models import Dispute, Record
from lianxin.hours.queries import clashing_with, contested_under, open_disputes, versions_of
from lianxin.ledger import checks as ledger_checks
from lianxin.ledger.models import Transfer
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.timebank.queries import minutes_of
from tests import make

pytestmark = pytest.mark.django_db

DAY = make.moment("2026-11-18 00:00")


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def record(city: make.City, start: float, end: float, *, is_confirmed: bool = True, by: object = None) -> Record:
    about = open_node(kind=Kind.GRID, name=f"网格 {Record.objects.count()}", parent=city.community, by=None)
    made = claim_hours(
        person=city.volunteer.person,
        what="小修小补",
        start=at(start),
        end=at(end),
        about=about,
        team=city.team,
        place=city.community,
        by=by or make.user_of(city.volunteer),  # type: ignore[arg-type]
    )
    if is_confirmed:
        confirm_hours(about=[about], by=city.resident_user, how="web")
    made.refresh_from_db()
    return made


def two_at_once(city: make.City) -> tuple[Record, Record]:
    first, second = record(city, 9, 10), record(city, 9.5, 11)
    assert (first.state, second.state) == ("confirmed", "contested")
    return first, second


def banked(city: make.City) -> int:
    assert [*checks.faults(), *ledger_checks.faults()] == []
    return minutes_of(city.volunteer.person)


def test_the_first_stands_and_the_contested_one_is_void() -> None:
    city = make.small_city()
    first, second = two_at_once(city)
    assert list(contested_under([city.team.path])) == [second]
    assert list(clashing_with(second)) == [first]
    stands = settle(
        rulings=[Ruling(first, at(9), at(10)), Ruling(second)], reason="第二单是补记，时间写错了", by=city.captain
    )
    assert stands == [first]
    second.refresh_from_db()
    assert (second.state, second.settled_by, second.reason) == ("void", city.captain, "第二单是补记，时间写错了")
    assert banked(city) == 60


def test_the_contested_one_stands_and_the_first_is_taken_back() -> None:
    city = make.small_city()
    first, second = two_at_once(city)
    settle(rulings=[Ruling(first), Ruling(second, at(9.5), at(11))], reason="第一单没有去", by=city.worker)
    assert banked(city) == 90
    assert Transfer.objects.count() == 3
    assert not list(contested_under([city.community.path]))


def test_times_are_split_and_the_old_versions_stay() -> None:
    city = make.small_city()
    first, second = two_at_once(city)
    settle(
        rulings=[Ruling(first, at(9), at(9.5)), Ruling(second, at(9.5), at(10.5))], reason="九点半换的", by=city.captain
    )
    assert banked(city) == 30 + 60
    old, new = versions_of(second)
    assert [(each.version, each.state, each.minutes) for each in (old, new)] == [
        (1, "void", 90),
        (2, "confirmed", 60),
    ]
    assert (new.corrects, new.recorder, new.confirmer) == (old, make.user_of(city.volunteer), city.captain)


def test_what_still_overlaps_is_refused_and_nothing_changes() -> None:
    city = make.small_city()
    first, second = two_at_once(city)
    with pytest.raises(Refused, match="已经有确认过的服务时间"):
        settle(rulings=[Ruling(second, at(9.75), at(11))], reason="差一点", by=city.captain)
    second.refresh_from_db()
    assert (second.state, banked(city)) == ("contested", 60)
    assert first.state == "confirmed"


def test_settling_twice_is_refused() -> None:
    city = make.small_city()
    _first, second = two_at_once(city)
    settle(rulings=[Ruling(second)], reason="重了", by=city.captain)
    with pytest.raises(Refused, match="已经作废"):
        settle(rulings=[Ruling(second, at(10), at(11))], reason="再算", by=city.worker)
    assert banked(city) == 60


def test_nobody_settles_his_own_time_or_that_of_another_place() -> None:
    city = make.small_city()
    _first, second = two_at_once(city)
    elsewhere = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.street, by=None)
    outside = make.staff("外站长", Role.STATION_WORKER, elsewhere)
    give_role(user=make.user_of(city.volunteer), role=Role.CAPTAIN, node=city.team, by=None)
    for by in (make.user_of(city.volunteer), outside, city.dispatcher, city.resident_user):
        with pytest.raises(Forbidden):
            settle(rulings=[Ruling(second)], reason="我说了算", by=by)


def test_who_wrote_the_contested_time_down_does_not_let_it_stand() -> None:
    city = make.small_city()
    first = record(city, 9, 10)
    second = record(city, 9.5, 11, by=city.captain)
    with pytest.raises(Refused, match="记录时间的人不能自己确认"):
        settle(rulings=[Ruling(first), Ruling(second, at(9.5), at(11))], reason="我记的", by=city.captain)
    assert banked(city) == 60


def test_a_reason_is_needed() -> None:
    city = make.small_city()
    _first, second = two_at_once(city)
    with pytest.raises(Refused) as refused:
        settle(rulings=[Ruling(second)], reason=" ", by=city.captain)
    assert refused.value.field == "reason"


def dispute(city: make.City, wrong: Record) -> Dispute:
    return dispute_record(
        record=wrong, start=at(9), end=at(10.5), reason="少记了半小时", by=make.user_of(city.volunteer)
    )


def test_a_dispute_that_is_right_corrects_the_record_and_the_bank() -> None:
    city = make.small_city()
    wrong = record(city, 9, 10)
    one = dispute(city, wrong)
    assert list(open_disputes([city.team.path])) == [one]
    answer_dispute(dispute=one, is_right=True, answer="问过居民，确实", by=city.captain)
    assert banked(city) == 90
    assert [each.state for each in versions_of(wrong)] == ["void", "confirmed"]
    assert list(open_disputes([city.team.path])) == []
    with pytest.raises(Refused, match="已经"):
        answer_dispute(dispute=one, is_right=True, answer="再来", by=city.worker)


def test_a_dispute_about_unconfirmed_time_leaves_it_to_be_confirmed() -> None:
    city = make.small_city()
    wrong = record(city, 9, 10, is_confirmed=False)
    answer_dispute(dispute=dispute(city, wrong), is_right=True, answer="好", by=city.captain)
    assert [each.state for each in versions_of(wrong)] == ["void", "claimed"]
    assert banked(city) == 0


def test_a_dispute_that_is_wrong_changes_nothing_but_is_answered() -> None:
    city = make.small_city()
    wrong = record(city, 9, 10)
    one = dispute(city, wrong)
    answer_dispute(dispute=one, is_right=False, answer="门口的时间是十点", by=city.worker)
    one.refresh_from_db()
    assert (one.state, one.answer, banked(city)) == ("kept", "门口的时间是十点", 60)


def test_only_who_is_credited_disputes_and_once_at_a_time() -> None:
    city = make.small_city()
    wrong = record(city, 9, 10)
    with pytest.raises(Forbidden):
        dispute_record(record=wrong, start=at(9), end=at(11), reason="多记", by=make.user_of(city.second_volunteer))
    one = dispute(city, wrong)
    with pytest.raises(Refused, match="已经提过异议"):
        dispute(city, wrong)
    with pytest.raises(Forbidden):
        answer_dispute(dispute=one, is_right=True, answer="对", by=make.user_of(city.volunteer))
