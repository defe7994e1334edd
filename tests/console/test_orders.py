"""Verifying, looking, ringing back, and the list of all orders."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.console.templatetags.desk import due
from lianxin.journal.models import Entry
from lianxin.journal.queries import entries_about
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.models import ContactBy
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
VERIFY = "console:verify"
HTMX = {"HX-Request": "true"}


def state_of(order: Order) -> str:
    return Order.objects.values_list("state", flat=True).get(pk=order.pk)


def post(client: Client, route: str, order: Order, query: str = "", **facts: object) -> object:
    return client.post(reverse(route, args=[order.pk]) + query, facts)


@pytest.fixture
def other_worker(city: City) -> User:
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
    return make.staff("外站长", Role.STATION_WORKER, other)


def test_the_list_is_sorted_by_what_is_due_first(city: City, browser_of: BrowserOf) -> None:
    plain = make.order(city)
    urgent = make.order(city, item=make.menu_item(city.city, "断电急修", clock="urgent"))
    page = browser_of(city.worker).get(reverse(VERIFY)).context["page"]
    assert list(page) == [urgent, plain]


@pytest.mark.parametrize(("query", "is_found"), [("王秀", True), ("wx", True), ("小修", True), ("李建", False)])
def test_orders_are_found_by_two_characters(city: City, browser_of: BrowserOf, query: str, *, is_found: bool) -> None:
    order = make.order(city)
    page = browser_of(city.worker).get(reverse(VERIFY), {"q": query}).context["page"]
    assert list(page) == ([order] if is_found else [])


def test_a_number_finds_the_order(city: City, browser_of: BrowserOf) -> None:
    make.order(city)
    second = make.order(city)
    page = browser_of(city.worker).get(reverse(VERIFY), {"q": str(second.number)}).context["page"]
    assert list(page) == [second]


def test_only_late_orders_are_listed_when_asked(city: City, browser_of: BrowserOf) -> None:
    make.order(city)
    with clock.at(clock.now() - timedelta(hours=3)):
        late = make.order(city, item=make.menu_item(city.city, "断电急修", clock="urgent"))
    answer = browser_of(city.worker).get(reverse(VERIFY), {"late": "on"})
    assert list(answer.context["page"]) == [late]
    assert "已超 2 小时" in answer.content.decode()


@pytest.mark.parametrize(("late", "words"), [(20, "刚到期"), (90, "已超 1 分钟")])
def test_what_is_over_since_less_than_a_minute_is_just_due(late: int, words: str) -> None:
    assert f">{words}<" in due(clock.now() - timedelta(seconds=late))


def test_a_worker_of_another_place_sees_nothing_of_it(city: City, other_worker: User, browser_of: BrowserOf) -> None:
    order = make.order(city)
    client = browser_of(other_worker)
    assert list(client.get(reverse(VERIFY)).context["page"]) == []
    assert client.get(reverse("console:order", args=[order.pk])).status_code == 404
    for route in ("order_look", "order_verify", "order_return", "order_redirect", "order_confirm", "order_cancel"):
        assert client.post(reverse(f"console:{route}", args=[order.pk])).status_code == 404
    assert state_of(order) == Order.State.CHECKING


def test_a_dispatcher_is_refused_the_verification_list_in_words(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.dispatcher).get(reverse(VERIFY))
    assert answer.status_code == 403
    assert "您的身份不能打开这个页面" in answer.content.decode()


def test_verifying_goes_back_to_the_list_with_its_filters(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    answer = browser_of(city.worker).post(
        reverse("console:order_verify", args=[order.pk]) + "?list=verify&clock=plain", {"how": "call"}, follow=True
    )
    assert answer.redirect_chain == [(reverse(VERIFY) + "?clock=plain", 303)]
    assert f"{order.number} 号「小修小补」核实通过" in answer.content.decode()
    assert state_of(order) == Order.State.WAITING


def test_in_the_side_sheet_verifying_goes_on_to_the_next_row(city: City, browser_of: BrowserOf) -> None:
    first, second = make.order(city), make.order(city)
    answer = browser_of(city.worker).post(
        reverse("console:order_verify", args=[first.pk]) + "?list=verify", {"how": "visit"}, headers=HTMX
    )
    assert answer["Location"] == reverse("console:order", args=[second.pk]) + "?list=verify"


def test_after_the_last_row_the_side_sheet_goes_back_to_the_list(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    answer = browser_of(city.worker).post(
        reverse("console:order_verify", args=[order.pk]) + "?list=verify", {"how": "visit"}, headers=HTMX
    )
    assert answer["Location"] == reverse(VERIFY) + "?"


def test_the_second_of_two_clerks_is_refused_and_nothing_changes(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    second = make.staff("副站长", Role.STATION_WORKER, city.community)
    post(browser_of(city.worker), "console:order_verify", order, how="call")
    answer = browser_of(second).post(
        reverse("console:order_return", args=[order.pk]), {"reason": "other", "words": "不清楚"}
    )
    assert answer.status_code == 409
    assert "现在是「待派单」" in answer.content.decode()
    assert state_of(order) == Order.State.WAITING
    assert [entry.name for entry in entries_about(order)] == ["needs.order_placed", "needs.order_verified"]


def test_returning_without_a_reason_is_refused_at_the_field(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    answer = browser_of(city.worker).post(reverse("console:order_return", args=[order.pk]))
    assert answer.status_code == 422
    assert "请选一个原因，居民会看到。" in answer.content.decode()
    assert state_of(order) == Order.State.CHECKING


def test_another_reason_needs_words(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    answer = browser_of(city.worker).post(reverse("console:order_return", args=[order.pk]), {"reason": "other"})
    assert answer.status_code == 422
    assert "请用一句话写明原因，居民会看到。" in answer.content.decode()


def test_a_usual_reason_is_told_with_what_is_added(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    usual = "写得不够清楚，请补充后再点。"
    post(browser_of(city.worker), "console:order_return", order, reason=usual, words="哪盏灯？")
    order.refresh_from_db()
    assert (order.state, order.reason) == (Order.State.RETURNED, "写得不够清楚，请补充后再点。哪盏灯？")


def test_redirecting_tells_to_whom(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    post(browser_of(city.worker), "console:order_redirect", order, to="12345", words="井盖归市政管")
    order.refresh_from_db()
    assert (order.state, order.reason) == (Order.State.REDIRECTED, "转给12345（政务热线）：井盖归市政管")


def test_contact_shows_only_after_a_look_which_is_noted(city: City, browser_of: BrowserOf) -> None:
    order, client = make.order(city), browser_of(city.worker)
    address = reverse("console:order", args=[order.pk])
    assert "幸福路" not in client.get(address).content.decode()
    opened = client.post(reverse("console:order_look", args=[order.pk])).content.decode()
    assert "幸福路 8 号 3 单元 201" in opened
    assert "厨房的灯不亮了" in opened
    looks = Entry.objects.filter(name="people.looked", subject_id=order.pk)
    assert [(look.actor_id, look.for_person_id) for look in looks] == [(city.worker.pk, city.resident.pk)]
    assert "幸福路" not in client.get(address).content.decode()


def test_in_the_side_sheet_a_look_answers_only_the_contact(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    address = reverse("console:order_look", args=[order.pk])
    answer = browser_of(city.worker).post(address, headers=HTMX).content.decode()
    assert answer.strip().startswith('<div id="contact">')
    assert "幸福路 8 号 3 单元 201" in answer


def test_a_look_is_never_a_mere_link(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    assert browser_of(city.worker).get(reverse("console:order_look", args=[order.pk])).status_code == 405


@pytest.mark.parametrize("who", ["dispatcher", "officer"])
def test_who_need_not_ring_sees_a_masked_name_and_may_not_look(
    city: City, officer: User, browser_of: BrowserOf, who: str
) -> None:
    order = make.order(city)
    client = browser_of({"dispatcher": city.dispatcher, "officer": officer}[who])
    page = client.get(reverse("console:order", args=[order.pk])).content.decode()
    assert "王**" in page
    assert "王秀英" not in page
    assert "order_look" not in page
    assert client.post(reverse("console:order_look", args=[order.pk])).status_code == 403


def test_who_sees_masked_names_cannot_search_by_name(city: City, browser_of: BrowserOf) -> None:
    make.order(city)
    page = browser_of(city.dispatcher).get(reverse("console:orders"), {"q": "王秀英"}).context["page"]
    assert list(page) == []


def test_all_orders_are_narrowed_by_state_and_day(city: City, browser_of: BrowserOf) -> None:
    checking, waiting = make.order(city), make.verified_order(city)
    client, today = browser_of(city.worker), clock.today().isoformat()
    assert list(client.get(reverse("console:orders")).context["page"]) == [waiting, checking]
    assert list(client.get(reverse("console:orders"), {"state": "waiting"}).context["page"]) == [waiting]
    assert list(client.get(reverse("console:orders"), {"since": today}).context["page"]) == [waiting, checking]
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert list(client.get(reverse("console:orders"), {"until": yesterday}).context["page"]) == []


def test_nonsense_in_the_address_is_passed_over(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    nonsense = {"state": "no such", "since": "gestern", "page": "x", "clock": "?", "q": "9" * 20}
    client = browser_of(city.worker)
    assert client.get(reverse("console:orders"), nonsense).status_code == 200
    assert list(client.get(reverse("console:orders"), nonsense | {"q": ""}).context["page"]) == [order]


def test_only_residents_who_are_reached_by_phone_are_to_be_rung(city: City, browser_of: BrowserOf) -> None:
    order, client = make.served_order(city), browser_of(city.worker)
    assert list(client.get(reverse("console:to_confirm")).context["page"]) == []
    assert list(client.get(reverse("console:to_confirm"), {"all": "1"}).context["page"]) == [order]
    city.resident.contact_by = ContactBy.CALL
    city.resident.save()
    assert list(client.get(reverse("console:to_confirm")).context["page"]) == [order]


def test_ringing_back_confirms_and_rates(city: City, browser_of: BrowserOf) -> None:
    order = make.served_order(city)
    with clock.at(order.planned_end + timedelta(hours=1)):
        post(browser_of(city.operator), "console:order_confirm", order, stars="5", words="小伙子真好")
    order.refresh_from_db()
    assert (order.state, order.confirmed_how) == (Order.State.DONE, "call")
    rating = Rating.objects.get(order=order)
    assert (rating.stars, rating.words, rating.by) == (5, "小伙子真好", city.operator)


def test_ringing_back_without_asking_for_stars_only_confirms(city: City, browser_of: BrowserOf) -> None:
    order = make.served_order(city)
    post(browser_of(city.worker), "console:order_confirm", order, stars="", words="")
    assert state_of(order) == Order.State.DONE
    assert not Rating.objects.exists()


def test_ringing_back_twice_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    order = make.done_order(city)
    answer = browser_of(city.worker).post(reverse("console:order_confirm", args=[order.pk]), {"stars": "1"})
    assert answer.status_code == 409
    assert "已经是「已完成」" in answer.content.decode()
    assert not Rating.objects.exists()


def test_cancelling_for_a_resident_needs_a_reason(city: City, browser_of: BrowserOf) -> None:
    order, client = make.order(city), browser_of(city.worker)
    assert client.post(reverse("console:order_cancel", args=[order.pk])).status_code == 422
    post(client, "console:order_cancel", order, words="本人来电说不用了")
    order.refresh_from_db()
    assert (order.state, order.reason) == (Order.State.CANCELLED, "本人来电说不用了")


@pytest.mark.parametrize("route", ["console:verify", "console:orders", "console:home"])
def test_a_list_takes_as_many_queries_for_three_orders_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf, route: str
) -> None:
    client = browser_of(city.worker)
    make.order(city)
    with_one = queries_of(client, reverse(route))
    for name in ("刘玉珍", "张德福"):
        resident = make.person(name, home=city.community)
        make.order(city, resident=resident, by=make.user_of(resident), item=make.menu_item(city.city, name))
    assert queries_of(client, reverse(route)) == with_one


def test_the_list_to_ring_back_takes_as_many_queries_for_three_orders_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client, address = browser_of(city.worker), reverse("console:to_confirm") + "?all=1"
    make.served_order(city)
    with_one = queries_of(client, address)
    make.served_order(city, start=make.tomorrow_at(13), end=make.tomorrow_at(15))
    make.served_order(city, start=make.tomorrow_at(15), end=make.tomorrow_at(17))
    assert queries_of(client, address) == with_one


def test_an_order_takes_as_many_queries_with_three_others_of_the_resident_as_with_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client, address = browser_of(city.worker), reverse("console:order", args=[make.order(city).pk])
    make.order(city)
    with_one = queries_of(client, address)
    make.order(city)
    make.order(city)
    assert queries_of(client, address) == with_one
