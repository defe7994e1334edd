"""A burst pipe on New Year's Eve: nobody near answers, the order rises, and a team of another district comes."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, offer_order
from lianxin.needs.actions.teams import hand_on, offer_to_team
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.timeline import timeline
from lianxin.needs.tasks.clocks import lapse, rise
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.volunteers.models import Volunteer
from tests import make

pytestmark = pytest.mark.django_db


def a_minute_passes() -> None:
    for run in (lapse, rise):
        run(timestamp=0)
    make.everybody_hears()


def test_an_urgent_order_on_new_years_eve_finds_its_people_at_the_top_of_the_tree() -> None:
    with clock.at(make.moment("2026-01-05 09:00")):
        city = make.small_city()
        chief = make.staff("唐总队", Role.CAPTAIN, city.corps)
        far = open_node(kind=Kind.DETACHMENT, name="西湖支队", parent=city.corps, by=None)
        far_team = open_node(kind=Kind.TEAM, name="西湖抢修队", parent=far, by=None)
        far_captain = make.staff("许队长", Role.CAPTAIN, far_team)
        plumber = make.volunteer("何水电", team=far_team, captain=far_captain)
        item = make.menu_item(city.city, "断水急修", clock="urgent")
    eve = make.moment("2026-02-16 19:00")
    window = {"start": eve, "end": eve + timedelta(days=1)}
    with clock.at(eve):
        order = make.verified_order(city, item=item, **window)
        assert order.due_at == eve + timedelta(minutes=20)
        first, second = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    with clock.at(eve + timedelta(minutes=5)):
        decline_offer(offer=first, by=make.user_of(city.volunteer))
        a_minute_passes()
    with clock.at(second.lapses_at):
        a_minute_passes()
        assert Order.objects.get().tier == 1
    with clock.at(second.lapses_at + timedelta(minutes=30)):
        a_minute_passes()
        assert Order.objects.get().tier == 2
        assert [text for text in make.told(chief.person) if "升到您这一级" in text]
        asked = offer_to_team(order=order, team=far_team, by=chief)
        make.everybody_hears()
        assert make.told(far_captain.person)[-1].startswith("问西湖抢修队：「断水急修」")
        [offer] = hand_on(offer=asked, to=[plumber], by=far_captain)
        accept_offer(offer=offer, by=make.user_of(plumber))
        steps = [step.words for step in timeline(Order.objects.select_related("resident").get())]
    assert steps.count("到时没人接，请上一级帮着找人") == 2
    assert Order.objects.get().state == Order.State.ACCEPTED
    asked.refresh_from_db()
    assert asked.state == Offer.State.ACCEPTED
    assert Volunteer.objects.get(assignments__order=order) == plumber
