"""An order that is wanted at another time is asked about afresh (rule D17); what was objected ends with it (D11)."""

from typing import Any

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, offer_order, withdraw
from lianxin.needs.actions.duty import decide_objection, object_to_dispatch
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.redirecting import redirect_order, state_outcome
from lianxin.needs.actions.releasing import release_volunteer
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.actions.teams import decline_for_team, offer_to_team
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.detours import Objection, Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import desk
from lianxin.needs.queries.candidates import able, teams_to_ask
from lianxin.needs.rules import Then
from lianxin.volunteers.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db


def fresh(order: Order) -> Order:
    return Order.objects.select_related("resident", "item", "place").get(pk=order.pk)


def ask(city: make.City, order: Order) -> Offer:
    [offer] = offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    return offer


def test_who_served_is_asked_again_when_somebody_is_looked_for_anew() -> None:
    city = make.small_city()
    order = make.served_order(city)
    reopen_order(order=order, words="又漏了", by=city.worker)
    accept_offer(offer=ask(city, order), by=make.user_of(city.volunteer))
    states = order.assignments.order_by("pk").values_list("state", flat=True)
    assert list(states) == [Assignment.State.RELEASED, Assignment.State.HELD]
    # What he answered the first time stays what it was.
    assert list(order.offers.order_by("pk").values_list("asking", "state")) == [(1, "accepted"), (2, "accepted")]


def test_who_stood_before_a_closed_door_may_be_asked_for_another_day() -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    by = make.user_of(city.volunteer)
    alarm = raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=by, order=order)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.OUT, by=city.worker, then=Then.ANEW)
    accept_offer(offer=ask(city, order), by=by)
    assert fresh(order).state == Order.State.ACCEPTED


def test_a_no_to_one_time_is_no_answer_to_another() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    team_offer = offer_to_team(order=order, team=city.team, by=city.dispatcher)
    decline_offer(offer=offer, by=make.user_of(city.volunteer))
    decline_for_team(offer=team_offer, by=city.captain)
    assert city.volunteer not in able(fresh(order))
    assert city.team not in teams_to_ask(fresh(order))
    facts: dict[str, Any] = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(17), "how": Order.Way.CALL}
    reschedule_order(order=order, by=city.operator, **facts)
    assert fresh(order).state == Order.State.WAITING
    assert city.volunteer in able(fresh(order))
    assert city.team in teams_to_ask(fresh(order))


def test_within_one_asking_nobody_is_asked_twice() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    withdraw(assignment=held, by=make.user_of(city.volunteer))
    with pytest.raises(Refused, match="不能接这一单"):
        ask(city, held.order)


def test_at_a_new_time_only_who_comes_is_asked_by_itself() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    release_volunteer(assignment=held, by=city.operator, because=Assignment.Why.NOT_COME)
    facts: dict[str, Any] = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(17), "how": Order.Way.CALL}
    reschedule_order(order=held.order, by=city.operator, **facts)
    assert fresh(held.order).state == Order.State.WAITING
    assert not held.order.offers.filter(state=Offer.State.OPEN).exists()


# -- handed on although somebody had accepted (rule V3)


def test_what_somebody_has_accepted_is_handed_on_and_he_is_told() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    for by in (city.dispatcher, city.captain, make.user_of(city.volunteer)):
        with pytest.raises(Forbidden):
            redirect_order(order=held.order, by=by, reason="闻到煤气", to=Redirect.To.FIRE)
    redirect = redirect_order(order=held.order, by=city.worker, reason="闻到煤气", to=Redirect.To.FIRE)
    assert (fresh(held.order).state, fresh(held.order).starts_at) == (Order.State.REDIRECTED, None)
    assert Commitment.objects.get().state == Commitment.State.RELEASED
    make.everybody_hears()
    assert make.told(city.volunteer.person)[-1] == "「小修小补」转给了专门的单位，您不用去了。谢谢您！"
    state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.BACK, outcome="没有漏气")
    accept_offer(offer=ask(city, held.order), by=make.user_of(city.volunteer))
    assert fresh(held.order).state == Order.State.ACCEPTED


def test_what_comes_back_after_its_time_is_wanted_for_the_days_to_come() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    redirect = redirect_order(order=held.order, by=city.worker, reason="路灯坏了", to=Redirect.To.HOTLINE)
    with clock.at(make.tomorrow_at(20)):
        state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.BACK, outcome="说不归他们")
        assert fresh(held.order).latest_start > clock.now()


def test_handed_on_nobody_has_missed_a_visit_but_a_closed_door_goes_on_ringing() -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    missed = raise_alarm(person=city.resident, kind=Alarm.Kind.MISSED, by=None, order=order)
    door = raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=city.captain, order=order)
    redirect_order(order=order, by=city.worker, reason="屋里有人喊救命", to=Redirect.To.POLICE)
    missed.refresh_from_db()
    assert (missed.state, missed.outcome) == (Alarm.State.ENDED, Alarm.Outcome.OTHER)
    assert list(Alarm.objects.standing()) == [door]


def test_once_he_stands_at_the_door_it_is_not_handed_on_any_more() -> None:
    city = make.small_city()
    order = make.served_order(city)
    with pytest.raises(Refused, match="现在是「待确认」"):
        redirect_order(order=order, by=city.worker, reason="不归我们", to=Redirect.To.HOTLINE)


# -- an objection of which nothing is left (rule D11)


def objected(city: make.City) -> tuple[Objection, Offer]:
    order, offer = make.offered_order(city)
    return object_to_dispatch(order=order, by=city.captain, reason="不是我们片区"), offer


def test_an_objection_ends_when_somebody_accepts_the_order() -> None:
    city = make.small_city()
    objection, offer = objected(city)
    accept_offer(offer=offer, by=make.user_of(city.volunteer))
    objection.refresh_from_db()
    assert (objection.state, objection.words) == (Objection.State.DROPPED, "已经有人接了这一单。")
    with pytest.raises(Refused, match="不用再决定"):
        decide_objection(objection=objection, by=city.dispatcher, words="改派")
    make.everybody_hears()
    said = f"您对 {objection.order_id} 号「小修小补」的异议：不用再决定。已经有人接了这一单。"
    assert said in make.told(city.captain.person)
    assert "needs.objection_dropped" in make.deeds(about=objection.order)


def test_an_objection_ends_when_the_order_is_called_off_or_handed_on() -> None:
    city = make.small_city()
    first, _offer = objected(city)
    cancel_order(order=first.order, by=city.resident_user)
    second, _offer = objected(city)
    redirect = redirect_order(order=second.order, by=city.worker, reason="路灯坏了", to=Redirect.To.HOTLINE)
    assert list(Objection.objects.order_by("pk").values_list("state", "words")) == [
        ("dropped", "这一单取消了。"),
        ("dropped", "这一单转办了。"),
    ]
    state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.BACK, outcome="说不归他们")
    assert not desk.objections([city.city.path]).exists()
    object_to_dispatch(order=second.order, by=city.captain, reason="还不是我们片区")
