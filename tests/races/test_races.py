"""Everything that must hold when people do it at the same moment, tried with real threads and commits."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.hours import checks as hours_checks
from lianxin.hours.models import Record
from lianxin.journal import seals
from lianxin.journal.actions import note
from lianxin.journal.models import Entry, Seal, Sealing
from lianxin.ledger import checks as ledger_checks
from lianxin.ledger.actions import Movement, open_accounts, open_source, transfer_many
from lianxin.ledger.models import Account, Transfer, Unit
from lianxin.needs.actions.checking import verify_order, verify_orders
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, offer_order
from lianxin.needs.actions.placing import cancel_order, place_order
from lianxin.needs.actions.raising import raise_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.actions.teams import hand_on, offer_to_team
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Role, RoleHeld
from lianxin.people.actions.registering import introduce
from lianxin.people.models import Person
from lianxin.timebank.actions import Deposit, deposit
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.models import Commitment, Volunteer
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each of the deeds gave or was refused with, when all were begun at the same moment; errors are errors."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        connection.ensure_connection()
        start.wait()
        try:
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def done(results: Sequence[object]) -> int:
    return sum(not isinstance(result, Refused) for result in results)


def many_volunteers(city: make.City, many: int) -> list[Volunteer]:
    more = [make.volunteer(f"志愿者{n}", team=city.team, captain=city.captain) for n in range(many - 2)]
    return [city.volunteer, city.second_volunteer, *more]


def asked(city: make.City, volunteers: Sequence[Volunteer], people: int = 1) -> list[Offer]:
    item = make.menu_item(city.city, f"搬家具{people}", people=people)
    order = make.verified_order(city, item=item)
    return list(offer_order(order=order, to=volunteers, by=city.dispatcher))


def accepting(offers: Sequence[Offer]) -> list[Callable[[], object]]:
    def one(offer: Offer) -> Callable[[], object]:
        assert offer.volunteer
        by = make.user_of(offer.volunteer)
        return lambda: accept_offer(offer=offer, by=by)

    return [one(offer) for offer in offers]


@pytest.mark.parametrize(("many", "people"), [(2, 1), (8, 1), (8, 2), (8, 5)])
def test_of_many_who_accept_at_once_as_many_as_needed_have_the_order(many: int, people: int) -> None:
    city = make.small_city()
    results = at_once(*accepting(asked(city, many_volunteers(city, many), people)))
    order = Order.objects.get()
    assert done(results) == order.assignments.count() == people
    assert order.state == Order.State.ACCEPTED
    assert Commitment.objects.filter(state=Commitment.State.HELD).count() == people
    assert Offer.objects.filter(state=Offer.State.OPEN).count() == 0


def test_the_last_two_declining_at_once_send_the_order_back_once() -> None:
    city = make.small_city()
    offers = asked(city, [city.volunteer, city.second_volunteer])
    by = [make.user_of(city.volunteer), make.user_of(city.second_volunteer)]
    results = at_once(
        lambda: decline_offer(offer=offers[0], by=by[0]), lambda: decline_offer(offer=offers[1], by=by[1])
    )
    assert done(results) == 2
    assert Order.objects.get().state == Order.State.WAITING


def test_one_declining_while_the_other_accepts_leaves_the_order_accepted() -> None:
    city = make.small_city()
    offers = asked(city, [city.volunteer, city.second_volunteer])
    declining = make.user_of(city.second_volunteer)
    at_once(accepting(offers)[0], lambda: decline_offer(offer=offers[1], by=declining))
    assert Order.objects.get().state == Order.State.ACCEPTED


def test_two_desks_asking_the_same_volunteer_ask_him_once() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    results = at_once(
        lambda: offer_order(order=order, to=[city.volunteer], by=city.dispatcher),
        lambda: offer_order(order=order, to=[city.volunteer], by=city.captain),
    )
    assert (done(results), Offer.objects.count()) == (1, 1)


def test_two_workers_checking_an_order_check_it_once() -> None:
    city = make.small_city()
    order = make.order(city)
    other = make.staff("林站长", Role.STATION_WORKER, city.community)
    results = at_once(
        lambda: verify_order(order=order, by=city.worker, how="call"),
        lambda: verify_order(order=order, by=other, how="visit"),
    )
    assert done(results) == 1
    assert Entry.objects.filter(name="needs.order_verified").count() == 1


def test_confirming_twice_at_once_banks_once() -> None:
    city = make.small_city()
    order = make.served_order(city)
    by = [city.resident_user, city.worker, city.operator, city.resident_user]
    results = at_once(*[lambda each=each: confirm_order(order=order, by=each) for each in by])
    assert done(results) == 1
    assert (Transfer.objects.count(), Record.objects.get().state) == (1, Record.State.CONFIRMED)
    assert [*ledger_checks.faults(), *hours_checks.faults()] == []


def test_two_orders_of_one_volunteer_confirmed_at_once_never_count_the_same_time_twice() -> None:
    city = make.small_city()
    first = make.served_order(city, start=make.tomorrow_at(9), end=make.tomorrow_at(12))
    task = make.accepted_order(city, start=make.tomorrow_at(10), end=make.tomorrow_at(13))
    by = make.user_of(city.volunteer)
    nine = make.tomorrow_at(9)
    with clock.at(nine + timedelta(minutes=10)):
        start_visit(assignment=task, by=by)
    with clock.at(nine + timedelta(minutes=70)):
        finish_visit(assignment=task, by=by)
    results = at_once(
        lambda: confirm_order(order=first, by=city.resident_user),
        lambda: confirm_order(order=task.order, by=city.worker),
    )
    assert done(results) == 2
    assert sorted(record.state for record in Record.objects.all()) == ["confirmed", "contested"]
    assert (Transfer.objects.count(), [*ledger_checks.faults(), *hours_checks.faults()]) == (1, [])


def test_one_volunteer_accepting_two_orders_for_the_same_hour_gets_one() -> None:
    city = make.small_city()
    offers = [*asked(city, [city.volunteer], 1), *asked(city, [city.volunteer], 2)]
    results = at_once(*accepting(offers))
    assert done(results) == 1
    assert [str(result) for result in results if isinstance(result, Refused)] == [
        "这段时间已经答应了别的事，不能再接。"
    ]
    assert Assignment.objects.count() == Commitment.objects.count() == 1
    assert sorted(Offer.objects.values_list("state", flat=True)) == ["accepted", "open"]


def test_cancelling_while_a_volunteer_accepts_leaves_nobody_promised_to_a_cancelled_order() -> None:
    city = make.small_city()
    offers = asked(city, [city.volunteer])
    order = Order.objects.get()
    at_once(accepting(offers)[0], lambda: cancel_order(order=order, by=city.resident_user))
    assert Order.objects.get().state == Order.State.CANCELLED
    assert not Commitment.objects.filter(state=Commitment.State.HELD).exists()
    assert not Offer.objects.filter(state=Offer.State.OPEN).exists()


def test_one_click_sent_many_times_orders_once() -> None:
    city = make.small_city()
    key = uuid4()
    facts = {
        "item": city.item,
        "resident": city.resident,
        "start": make.tomorrow_at(9),
        "end": make.tomorrow_at(12),
        "by": city.resident_user,
        "way": Order.Way.WEB,
        "key": key,
    }
    results = at_once(*[lambda: place_order(**facts)] * 6)  # type: ignore[arg-type]
    assert len(set(map(str, results))) == 1
    assert Order.objects.count() == 1


def test_a_record_deposited_by_eight_at_once_is_banked_once() -> None:
    city = make.small_city()
    make.done_order(city)
    record = Record.objects.select_related("person").get()
    fresh = Deposit(make.person("别人"), record.person, 30, record.place_path)
    results = at_once(*[lambda: deposit([fresh])] * 8)
    assert sorted(len(result) for result in results) == [0] * 7 + [1]  # type: ignore[arg-type]
    assert Entry.objects.filter(name="timebank.deposited").count() == 2
    assert list(ledger_checks.faults()) == []


def test_value_crossing_both_ways_from_many_threads_neither_deadlocks_nor_is_lost() -> None:
    people = [make.person(name) for name in ("甲", "乙", "丙")]
    kept = open_accounts("time", people, Unit.MINUTES)
    accounts = [kept[person.pk] for person in people]
    source = open_source("service", Unit.MINUTES)

    def movement(key: str, source: Account, target: Account, amount: int) -> Movement:
        return Movement(key=key, source=source, target=target, amount=amount, reason="tests", about=people[0])

    transfer_many([movement(f"start {each.pk}", source, each, 1_000) for each in accounts])

    def cross(thread: int) -> Callable[[], object]:
        def go() -> None:
            for turn in range(10):
                one, other = accounts[(thread + turn) % 3], accounts[(thread + 2 * turn + 1) % 3]
                if one == other:
                    other = accounts[(thread + turn + 1) % 3]
                pair = [
                    movement(f"{thread} {turn} on", one, other, 7),
                    movement(f"{thread} {turn} back", other, one, 3),
                ]
                transfer_many(pair if turn % 2 else reversed(pair))

        return go

    results = at_once(*[cross(thread) for thread in range(8)])
    assert results == [None] * 8
    assert Transfer.objects.count() == 3 + 8 * 10 * 2
    assert sum(account.balance or 0 for account in Account.objects.filter(may_owe=False)) == 3_000
    assert list(ledger_checks.faults()) == []


def test_the_last_minutes_are_spent_once() -> None:
    people = [make.person(name) for name in ("甲", "乙")]
    kept = open_accounts("time", people, Unit.MINUTES)
    one, other = (kept[person.pk] for person in people)
    source = open_source("service", Unit.MINUTES)
    facts = {"reason": "tests", "about": people[0]}
    transfer_many([Movement(key="in", source=source, target=one, amount=50, **facts)])  # type: ignore[arg-type]

    def spend(number: int) -> Callable[[], object]:
        wanted = Movement(key=f"{number}", source=one, target=other, amount=20, **facts)  # type: ignore[arg-type]
        return lambda: transfer_many([wanted])

    results = at_once(*map(spend, range(6)))
    assert done(results) == 2
    assert sorted(account.balance or 0 for account in Account.objects.filter(may_owe=False)) == [10, 40]


def test_a_key_used_at_once_for_different_things_moves_one_of_them() -> None:
    people = [make.person(name) for name in "甲乙丙丁"]
    kept = open_accounts("time", people, Unit.MINUTES)
    source = open_source("service", Unit.MINUTES)

    def move(person: Person) -> Callable[[], object]:
        target = kept[person.pk]
        wanted = Movement(key="same", source=source, target=target, amount=5, reason="tests", about=person)
        return lambda: transfer_many([wanted])

    results = at_once(*map(move, people))
    assert (done(results), Transfer.objects.count()) == (1, 1)


def test_accounts_opened_by_many_at_once_are_opened_once() -> None:
    people = [make.person(name) for name in "甲乙丙"]
    results = at_once(*[lambda: open_accounts("time", people, Unit.MINUTES), lambda: open_source("x", Unit.FEN)] * 4)
    assert done(results) == 8
    assert Account.objects.count() == 4


def test_a_role_given_twice_at_once_is_held_once() -> None:
    city = make.small_city()
    user = make.new_user()
    results = at_once(*[lambda: give_role(user=user, role=Role.AUDITOR, node=city.city, by=None)] * 4)
    assert (done(results), RoleHeld.objects.filter(user=user).count()) == (1, 1)


def test_somebody_who_introduces_himself_twice_at_once_is_one_person() -> None:
    city = make.small_city()
    user = make.new_user()
    results = at_once(*[lambda: introduce(user=user, name="新来的", home=city.community, by=user)] * 3)
    assert (done(results), Person.objects.filter(name="新来的").count()) == (1, 1)


def test_somebody_who_registers_twice_at_once_is_one_volunteer() -> None:
    city = make.small_city()
    person = make.person("新人")
    results = at_once(*[lambda: register_volunteer(person=person, team=city.team, skills=[], free=0, by=None)] * 3)
    assert (done(results), Volunteer.objects.filter(person=person).count()) == (1, 1)


def test_two_sealers_at_once_seal_every_entry_once() -> None:
    city = make.small_city()

    def write_and_seal() -> None:
        for _ in range(5):
            note("tests.done", city.city, by=None)
            seals.seal_entries()

    at_once(*[write_and_seal] * 4)
    seals.seal_entries()
    assert Sealing.objects.count() == Entry.objects.count()
    assert Seal.objects.filter(previous=None).count() == 1
    assert list(seals.faults()) == []


def test_what_was_begun_before_many_seals_and_is_finished_after_them_is_sealed_too() -> None:
    city = make.small_city()
    written, sealed = Event(), Event()

    def write_slowly() -> int:
        with transaction.atomic():
            entry = note("tests.slow", city.city, by=None)
            written.set()
            assert sealed.wait(10)
            return entry.pk

    def seal_meanwhile() -> None:
        assert written.wait(10)
        for _ in range(5):
            note("tests.done", city.city, by=None)
            seals.seal_entries()
        sealed.set()

    slow, _sealed = at_once(write_slowly, seal_meanwhile)
    last = seals.seal_entries()
    assert last
    assert last.entries == [slow]
    assert list(seals.faults()) == []


def test_what_is_sealed_is_not_looked_through_again() -> None:
    city = make.small_city()
    for _ in range(3):
        note("tests.done", city.city, by=None)
        seals.seal_entries()
    last = Seal.objects.order_by("-pk").first()
    assert last
    assert last.previous
    assert last.settled == last.previous.entries[-1]
    fresh = note("tests.done", city.city, by=None)
    assert list(seals.unsealed()) == [fresh]


def test_two_captains_who_hand_on_the_same_member_ask_him_once() -> None:
    city = make.small_city()
    second = make.staff("刘副队", Role.CAPTAIN, city.team)
    order = make.verified_order(city)
    offer = offer_to_team(order=order, team=city.team, by=city.dispatcher)
    results = at_once(
        lambda: hand_on(offer=offer, to=[city.volunteer], by=city.captain),
        lambda: hand_on(offer=offer, to=[city.volunteer], by=second),
    )
    assert done(results) == 1
    assert Offer.objects.filter(volunteer=city.volunteer).count() == 1


def test_an_order_that_is_raised_while_somebody_accepts_is_accepted_and_rises_no_more() -> None:
    city = make.small_city()
    offers = asked(city, [city.volunteer])
    Order.objects.update(rises_at=clock.now() - timedelta(minutes=1))
    order = Order.objects.get()
    at_once(accepting(offers)[0], *[lambda: raise_order(order=order)] * 3)
    order.refresh_from_db()
    assert (order.state, order.tier, order.rises_at) == (Order.State.ACCEPTED, 0, None)


def test_four_workers_raise_an_order_once() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    Order.objects.update(rises_at=clock.now() - timedelta(minutes=1))
    order.refresh_from_db()
    at_once(*[lambda: raise_order(order=order)] * 4)
    order.refresh_from_db()
    assert (order.tier, Entry.objects.filter(name="needs.order_raised").count()) == (1, 1)


def test_verifying_many_against_one_verifies_each_once() -> None:
    city = make.small_city()
    orders = [make.order(city) for _each in range(4)]
    other = make.staff("林站长", Role.STATION_WORKER, city.community)
    results = at_once(
        lambda: verify_orders(orders=orders, by=city.worker, how="call"),
        lambda: verify_order(order=orders[2], by=other, how="visit"),
        lambda: verify_orders(orders=orders[::-1], by=other, how="visit"),
    )
    assert [isinstance(each, Exception) and not isinstance(each, Refused) for each in results] == [False] * 3
    assert Entry.objects.filter(name="needs.order_verified").count() == 4
    assert Order.objects.filter(state=Order.State.WAITING).count() == 4
