"""A team is asked: the captain hands on or declines, and nobody learns more than rule D5 allows."""

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, lapse_offers
from lianxin.needs.actions.teams import decline_for_team, hand_on, offer_to_team
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from tests import make

pytestmark = pytest.mark.django_db


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def asked_team(city: make.City) -> tuple[Order, Offer]:
    order = make.verified_order(city)
    return order, offer_to_team(order=order, team=city.team, by=city.dispatcher)


def test_the_captain_hands_on_and_a_member_accepts_for_the_team() -> None:
    city = make.small_city()
    order, offer = asked_team(city)
    make.everybody_hears()
    [text] = [each for each in make.told(city.captain.person) if each.startswith("问和平里红帽队")]
    assert "王" not in text and "幸福路" not in text
    first, second = hand_on(offer=offer, to=[city.volunteer, city.second_volunteer], by=city.captain)
    decline_offer(offer=first, by=make.user_of(city.volunteer))
    assert fresh(order).state == Order.State.OFFERED
    accept_offer(offer=second, by=make.user_of(city.second_volunteer))
    offer.refresh_from_db()
    assert (offer.state, fresh(order).state) == (Offer.State.ACCEPTED, Order.State.ACCEPTED)


def test_a_team_that_declines_is_not_asked_again_but_one_that_let_it_lapse_may_be() -> None:
    city = make.small_city()
    order, offer = asked_team(city)
    with clock.at(offer.lapses_at):
        lapse_offers(order=order)
        assert fresh(order).state == Order.State.WAITING
        again = offer_to_team(order=order, team=city.team, by=city.dispatcher)
        [member] = hand_on(offer=again, to=[city.volunteer], by=city.captain)
        decline_for_team(offer=again, by=city.captain)
        member.refresh_from_db()
        assert (member.state, fresh(order).state) == (Offer.State.WITHDRAWN, Order.State.WAITING)
        with pytest.raises(Refused, match="已经问过了"):
            offer_to_team(order=order, team=city.team, by=city.dispatcher)


def test_only_its_own_captain_answers_for_a_team_and_asks_only_its_members() -> None:
    city = make.small_city()
    _order, offer = asked_team(city)
    other = open_node(kind=Kind.TEAM, name="幸福里分队", parent=city.team.parent, by=None)
    stranger = make.staff("外队长", Role.CAPTAIN, other)
    for by in (stranger, city.dispatcher, city.worker, make.user_of(city.volunteer)):
        with pytest.raises(Forbidden):
            hand_on(offer=offer, to=[city.volunteer], by=by)
        with pytest.raises(Forbidden):
            decline_for_team(offer=offer, by=by)
    guest = make.volunteer("钱外", team=other, captain=stranger)
    with pytest.raises(Refused, match="不是本队的队员"):
        hand_on(offer=offer, to=[guest], by=city.captain)
    with pytest.raises(Forbidden):
        offer_to_team(order=_order, team=other, by=city.worker)
