"""The desk's turns of an order, many at once, and a captain's team."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.users.models import User
from lianxin.volunteers.models import Block
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]


def post(client: Client, route: str, order: Order, **facts: object) -> str:
    answer = client.post(reverse(f"console:{route}", args=[order.pk]), facts, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_ticked_orders_are_verified_together_and_the_refused_are_named(city: City, browser_of: BrowserOf) -> None:
    first, second, done = make.order(city), make.order(city), make.verified_order(city)
    client = browser_of(city.worker)
    assert f'value="{first.pk}"' in client.get(reverse("console:verify")).content.decode()
    facts = {"orders": [first.pk, second.pk, done.pk], "how": "call"}
    page = client.post(reverse("console:verify_many"), facts, follow=True).content.decode()
    assert "2 单核实通过" in page
    assert f"{done.pk} 号没有办成：现在是「待派单」，不用再核实了。" in page
    assert "请先勾选几单" in client.post(reverse("console:verify_many"), follow=True).content.decode()


def test_what_is_shown_beside_each_order_is_asked_by_one_press(city: City, browser_of: BrowserOf) -> None:
    orders = [make.verified_order(city), make.verified_order(city)]
    client = browser_of(city.dispatcher)
    rows = client.get(reverse("console:suggested")).context["rows"]
    values = [value for _order, _picks, value in rows]
    page = client.post(reverse("console:suggested"), {"asks": [*values, "x:1", "999999:1"]}, follow=True)
    assert "2 单派出去了" in page.content.decode()
    assert [state_of(each) for each in orders] == ["offered", "offered"]
    assert len(set(Offer.objects.values_list("volunteer", flat=True))) == 2


def test_three_orders_are_suggested_with_as_many_queries_as_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.dispatcher)
    make.verified_order(city)
    with_one = queries_of(client, reverse("console:suggested"))
    make.verified_order(city)
    make.verified_order(city)
    assert queries_of(client, reverse("console:suggested")) == with_one


def test_the_operator_states_what_came_of_what_was_handed_on(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    redirect_order(order=order, by=city.worker, reason="井盖坏了", to=Redirect.To.HOTLINE, outside_number="20261122-7")
    client = browser_of(city.operator)
    assert "小修小补" in client.get(reverse("console:redirected")).content.decode()
    assert "20261122-7" in client.get(reverse("console:order", args=[order.pk])).content.decode()
    post(client, "order_outcome", order, came="settled", outcome="井盖换好了")
    assert state_of(order) == "settled"


def test_pausing_and_going_on(city: City, browser_of: BrowserOf) -> None:
    order, client = make.verified_order(city), browser_of(city.worker)
    until = make.tomorrow_at(9).date().isoformat()
    assert "请用一句话写明原因" in post(client, "order_pause", order, until=until)
    assert "等灯泡到货" in post(client, "order_pause", order, until=until, reason="等灯泡到货")
    assert state_of(order) == "paused"
    post(client, "order_resume", order)
    assert state_of(order) == "waiting"


def sheet(client: Client, route: str, order: Order, listing: str, **facts: object) -> str:
    """Where the side sheet goes on after a form of the order, opened from this list."""
    address = f"{reverse(f'console:{route}', args=[order.pk])}?{listing}"
    answer = client.post(address, facts, headers={"HX-Request": "true"})
    assert answer.status_code == 303
    return answer["Location"]


def test_a_turn_leads_on_when_the_order_has_left_the_list_and_stays_while_it_stands_there(
    city: City, browser_of: BrowserOf
) -> None:
    first, second, third = (make.order(city) for _each in range(3))
    worker = browser_of(city.worker)
    day = make.tomorrow_at(14).date().isoformat()
    when = {"day": day, "start": "14:00", "end": "17:00", "how": "call"}
    pause = {"until": day, "reason": "等灯泡到货"}
    at_first = sheet(worker, "order_reschedule", first, "q=小修&list=verify", **when)
    assert at_first == f"{reverse('console:order', args=[first.pk])}?q=%E5%B0%8F%E4%BF%AE&list=verify"
    Order.objects.filter(pk=first.pk).update(due_at=second.due_at)
    after_first = sheet(worker, "order_pause", first, "q=小修&list=verify", **pause)
    assert after_first == f"{reverse('console:order', args=[second.pk])}?q=%E5%B0%8F%E4%BF%AE&list=verify"
    after_second = sheet(worker, "order_pause", second, "list=home", **pause)
    assert after_second == f"{reverse('console:order', args=[third.pk])}?list=home"
    on_a_page = worker.post(f"{reverse('console:order_pause', args=[third.pk])}?q=小修&list=verify", pause)
    assert on_a_page["Location"] == f"{reverse('console:verify')}?q=%E5%B0%8F%E4%BF%AE"


def test_at_the_dispatch_desk_a_pause_leads_to_the_next_order_with_the_filter_kept(
    city: City, browser_of: BrowserOf
) -> None:
    first, second = make.verified_order(city), make.verified_order(city)
    dispatcher, desk = browser_of(city.dispatcher), reverse("console:dispatch")
    pause = {"until": make.tomorrow_at(14).date().isoformat(), "reason": "等灯泡到货"}
    listing = f"clock=plain&order={first.pk}&list=dispatch"
    assert sheet(dispatcher, "order_pause", first, listing) == f"{desk}?clock=plain&order={first.pk}"
    assert sheet(dispatcher, "order_pause", first, listing, **pause) == f"{desk}?clock=plain&order={second.pk}"
    assert sheet(dispatcher, "order_pause", second, listing, **pause) == f"{desk}?clock=plain"


def test_handing_over_rescheduling_letting_go_and_sparing(city: City, browser_of: BrowserOf) -> None:
    held = make.accepted_order(city)
    order, client = held.order, browser_of(city.worker)
    assert "周接线" in post(client, "order_over", order, to=city.operator.pk)
    facts = {"day": make.tomorrow_at(14).date().isoformat(), "start": "14:00", "end": "17:00", "how": "call"}
    post(client, "order_reschedule", order, **facts)
    assert state_of(order) == "offered"
    accept_offer(offer=Offer.objects.get(order=order, state="open"), by=make.user_of(city.volunteer))
    held = Assignment.objects.get(order=order, state="held")
    post(client, "order_release", order, assignment=held.pk, because="not_come")
    assert state_of(order) == "waiting"
    post(client, "order_spare", order, volunteer=city.volunteer.pk)
    assert Block.objects.get().volunteer == city.volunteer
    post(client, "order_spare", order, volunteer=city.volunteer.pk, again="1")
    assert not Block.objects.exists()


def test_an_objection_waits_with_somebody_above(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    post(browser_of(city.captain), "order_object", order, reason="不是我们片区")
    above = browser_of(city.dispatcher)
    assert "不是我们片区" in above.get(reverse("console:objections")).content.decode()
    post(above, "order_decide", order, words="请去一趟")
    assert "没有异议" in above.get(reverse("console:objections")).content.decode()


def test_a_captain_sees_no_name_before_acceptance_not_even_a_masked_one(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    offer = offer_to_team(order=order, team=city.team, by=city.dispatcher)
    client = browser_of(city.captain)
    for address in (
        reverse("console:dispatch"),
        reverse("console:team"),
        reverse("console:team_offer", args=[offer.pk]),
        reverse("site:team"),
        reverse("site:team_offer", args=[offer.pk]),
    ):
        page = client.get(address).content.decode()
        assert "小修小补" in page
        for private in ("王**", "王秀英", "幸福路", "厨房的灯", city.resident.phone_ending or "?", order.door_word):
            assert private not in page, address


def test_the_captain_hands_on_at_the_desk_and_on_his_phone(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    offer = offer_to_team(order=order, team=city.team, by=city.dispatcher)
    client = browser_of(city.captain)
    client.post(reverse("console:team_offer", args=[offer.pk]), {"to": [city.volunteer.pk]})
    client.post(reverse("site:team_offer", args=[offer.pk]), {"to": [city.second_volunteer.pk]})
    assert set(offer.handed_on.values_list("volunteer", flat=True)) == {city.volunteer.pk, city.second_volunteer.pk}
    client.post(reverse("site:team_offer_decline", args=[offer.pk]))
    assert state_of(order) == "waiting"


def test_three_team_offers_take_as_many_queries_as_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.captain)

    def ask() -> None:
        offer_to_team(order=make.verified_order(city), team=city.team, by=city.dispatcher)

    ask()
    addresses = [reverse("console:team"), reverse("site:team")]
    with_one = [queries_of(client, address) for address in addresses]
    ask()
    ask()
    assert [queries_of(client, address) for address in addresses] == with_one


def test_overdue_and_objections_take_as_many_queries_for_three_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.dispatcher)

    def late() -> None:
        order = make.verified_order(city)
        object_to_dispatch(order=order, by=city.captain, reason="太远")
        Order.objects.filter(pk=order.pk).update(due_at=order.placed_at)

    late()
    addresses = [reverse("console:overdue"), reverse("console:objections")]
    with_one = [queries_of(client, address) for address in addresses]
    late()
    late()
    assert [queries_of(client, address) for address in addresses] == with_one
    assert len(client.get(addresses[0]).context["page"]) == 3


def test_an_order_asked_of_a_team_is_shown_on_the_desk(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    page = post(browser_of(city.dispatcher), "order_team", order, team=city.team.pk)
    assert "整支队伍，等队长转给队员" in page
    offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    assert state_of(order) == "offered"
