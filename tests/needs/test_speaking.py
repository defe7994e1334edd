"""The desk rings people: what waits is told, and what was done is asked after, in one call (rules L11 and N4)."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.calls.families import alarm_in_call, stop_help_in_call
from lianxin.needs.actions.calls.orders import order_by_call
from lianxin.needs.actions.calls.speaking import (
    confirm_in_call,
    nobody_answered,
    reopen_in_call,
    ring_out,
    told_all,
)
from lianxin.needs.actions.calls.taking import choose_caller, end_call, start_call
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.queries.alarms import ringing
from lianxin.notices.models import CallCard
from lianxin.notices.queries import whom_to_ring
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.models import ContactBy, Helper, Person
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    city = make.small_city()
    Person.objects.filter(pk=city.resident.pk).update(contact_by=ContactBy.CALL)
    return city


def cards() -> list[str]:
    """How the calls to be made stand: open, or closed by which outcome."""
    return list(CallCard.objects.order_by("pk").values_list("outcome", flat=True))


def served(city: City) -> Order:
    """Done, and she is to be asked; what she was to be told before, she has been told."""
    order = make.served_order(city)
    CallCard.objects.all().delete()
    make.everybody_hears()
    CallCard.objects.exclude(notice__text__contains="做好了吗").delete()
    return order


def test_in_one_call_everything_that_waits_is_told(city: City) -> None:
    make.accepted_order(city)
    make.everybody_hears()
    assert cards() == ["", ""]
    call = ring_out(person=city.resident, by=city.operator)
    assert len(told_all(call=call, by=city.operator).done) == 2
    assert cards() == ["reached", "reached"]
    ended = end_call(call=call, by=city.operator)
    assert (ended.kind, ended.source, ended.outcome) == (Call.Kind.CALL_BACK, Call.Source.OUT, Call.Outcome.DONE)


def test_when_family_answers_it_is_the_family_that_was_told(city: City) -> None:
    make.order(city)
    make.everybody_hears()
    call = ring_out(person=city.resident, by=city.operator)
    choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
    told_all(call=call, by=city.operator)
    assert cards() == ["family"]


def test_when_nobody_answers_what_was_due_has_had_a_try(city: City) -> None:
    make.order(city)
    make.everybody_hears()
    card = CallCard.objects.get()
    with clock.at(card.due_at):
        assert whom_to_ring([city.city.path], 5) == [(city.resident.pk, "王秀英", 1)]
        nobody_answered(call=ring_out(person=city.resident, by=city.operator), by=city.operator)
        assert whom_to_ring([city.city.path], 5) == []
        # Rung again at once, nothing is due: it is no second try.
        nobody_answered(call=ring_out(person=city.resident, by=city.operator), by=city.operator)
    assert card.tries.count() == 1
    assert set(Call.objects.values_list("outcome", flat=True)) == {Call.Outcome.NOT_REACHED}


def test_the_answer_and_the_stars_are_taken_in_the_call_and_nobody_rings_again(city: City) -> None:
    order = served(city)
    call = ring_out(person=city.resident, by=city.operator)
    confirm_in_call(call=call, order=order, stars=4, words="灯亮了", by=city.operator)
    rating = Rating.objects.get()
    assert (rating.stars, rating.words, rating.how) == (4, "灯亮了", Rating.How.CALL)
    make.everybody_hears()
    assert cards() == ["withdrawn"]


def test_who_rings_by_himself_to_say_that_it_is_not_done_is_heard_in_that_call(city: City) -> None:
    order = served(city)
    call = start_call(by=city.operator, person=city.resident)
    with pytest.raises(Refused, match="哪里还没做好"):
        reopen_in_call(call=call, order=order, words=" ", by=city.operator)
    reopen_in_call(call=call, order=order, words="又灭了", by=city.operator)
    assert end_call(call=call, by=city.operator).kind == Call.Kind.CALL_BACK
    assert Order.objects.get().state == Order.State.WAITING


def test_confirmed_on_the_own_phone_nobody_rings_about_it(city: City) -> None:
    order = served(city)
    confirm_order(order=order, by=city.resident_user)
    make.everybody_hears()
    make.everybody_hears()
    assert cards() == ["withdrawn"]


def test_the_wrong_person_neither_rings_nor_confirms(city: City) -> None:
    order = served(city)
    other = open_node(kind=Kind.COMMUNITY, name="滨河社区", parent=city.street, by=None)
    stranger = make.staff("外站", Role.STATION_WORKER, other)
    with pytest.raises(Forbidden):
        ring_out(person=city.resident, by=stranger)
    call = ring_out(person=city.resident, by=city.operator)
    with pytest.raises(Refused, match="周接线正在给这位居民打电话"):
        ring_out(person=city.resident, by=city.worker)
    with pytest.raises(Forbidden):
        confirm_in_call(call=call, order=order, by=city.worker)
    neighbour = make.person("刘玉珍", home=city.community)
    end_call(call=call, by=city.operator)
    with pytest.raises(Refused, match="不是这位居民的单"):
        confirm_in_call(call=ring_out(person=neighbour, by=city.operator), order=order, by=city.operator)


def test_who_ordered_by_telephone_himself_has_heard_the_promise_but_not_whose_neighbour_rang(city: City) -> None:
    start, end = make.tomorrow_at(9), make.tomorrow_at(12)
    for relation, told in ((Call.Relation.SELF, 0), (Call.Relation.NEIGHBOUR, 1)):
        call = start_call(by=city.operator, person=city.resident)
        choose_caller(call=call, person=city.resident, relation=relation, by=city.operator)
        order_by_call(call=call, item=city.item, start=start, end=end, details="", key=make.new_key(), by=city.operator)
        end_call(call=call, by=city.operator)
        make.everybody_hears()
        assert CallCard.objects.count() == told
        start, end = start + timedelta(hours=5), end + timedelta(hours=5)


# -- by a call: nobody reaches her (rule S1), and a relative who acts no more (rule F3)


def test_a_daughter_who_reaches_nobody_rings_and_the_alarm_rings_at_the_place(city: City) -> None:
    call = start_call(by=city.operator, number="13800000077")
    with pytest.raises(Refused, match="先选联系不上的是谁"):
        alarm_in_call(call=call, by=city.operator)
    choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
    first = alarm_in_call(call=call, by=city.operator)
    assert alarm_in_call(call=call, by=city.operator) == first
    assert list(ringing([city.community.path])) == [first]
    assert end_call(call=call, by=city.operator).kind == Call.Kind.ALARM


def test_a_relative_acts_no_more_at_the_persons_own_word_and_nobody_elses(city: City) -> None:
    helper = make.let_daughter_help(city, make.person("张敏"))
    call = start_call(by=city.operator, person=city.resident)
    choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
    with pytest.raises(Refused, match="要本人在电话里说"):
        stop_help_in_call(call=call, helper=helper, by=city.operator)
    choose_caller(call=call, person=city.resident, relation=Call.Relation.SELF, by=city.operator)
    stop_help_in_call(call=call, helper=helper, by=city.operator)
    assert not Helper.objects.filter(during__contains=clock.today()).exists()
    assert end_call(call=call, by=city.operator).kind == Call.Kind.FAMILY
    make.everybody_hears()
    assert any("不再" in text for text in make.told(helper.helper))
