"""Myself, complaints, and the size of the type."""

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.context import ELDER_COOKIE
from lianxin.needs.actions.serving import look_at_contact
from lianxin.people.actions.complaints import answer_complaint
from lianxin.people.models import Complaint
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db

ME, LOOKS, COMPLAIN, ELDER = (reverse(f"site:{name}") for name in ("me", "looks", "complain", "elder"))


def complain(browser: Client, words: str = "窗口没人", **more: str) -> str:
    """Send a complaint; where it leads."""
    answer = browser.post(COMPLAIN, {"text": words} | more)
    assert answer.status_code == 303
    return str(answer["Location"])


def test_i_see_my_ending_my_community_and_who_may_act_for_me_but_no_whole_number(city: City) -> None:
    make.let_daughter_help(city, make.person("张敏"))
    page = text(signed_in(city.resident_user), ME)
    phone = city.resident.phone.open() if city.resident.phone else "?"
    shown = (f"尾号 {phone[-4:]}", "和平里社区", "张敏（女儿）", "居民")
    assert [word in page for word in (*shown, phone)] == [True] * 4 + [False]


def test_who_works_at_a_desk_finds_it_from_here(city: City) -> None:
    assert reverse("console:home") in text(signed_in(city.worker), ME)
    assert reverse("console:home") not in text(signed_in(city.resident_user), ME)


def test_every_look_at_my_telephone_is_listed_with_its_reason(city: City) -> None:
    task = make.accepted_order(city)
    look_at_contact(assignment=task, by=make.user_of(city.volunteer))
    page = text(signed_in(city.resident_user), LOOKS)
    assert ["李建国看了住址、电话" in page, "小修小补" in page] == [True, True]
    assert "还没有人看过" in text(signed_in(make.user_of(city.volunteer)), LOOKS)


@pytest.mark.parametrize("address", [ME, LOOKS])
def test_my_page_costs_the_same_with_one_look_and_with_three(city: City, address: str) -> None:
    browser, task = signed_in(city.resident_user), make.accepted_order(city)
    look_at_contact(assignment=task, by=make.user_of(city.volunteer))
    one = queries(browser, address)
    look_at_contact(assignment=task, by=make.user_of(city.volunteer))
    look_at_contact(assignment=task, by=make.user_of(city.volunteer))
    assert queries(browser, address) == one


def test_a_residents_complaint_goes_to_the_community_and_is_followed_signed_in(city: City) -> None:
    browser = signed_in(city.resident_user)
    complain(browser, page="/orders/1/", contact="13800000009")
    made = Complaint.objects.get()
    assert (made.scope, made.page, made.user) == (city.community.path, "/orders/1/", city.resident_user)
    answer_complaint(complaint=made, answer="已经安排人", by=city.worker)
    page = text(browser, reverse("site:complaint", args=[made.number]))
    assert ["窗口没人" in page, "已经安排人" in page] == [True, True]


def test_a_strangers_complaint_goes_to_the_city_and_is_followed_by_its_link_alone(city: City) -> None:
    link = complain(Client())
    made = Complaint.objects.get()
    assert (made.scope, made.user) == (city.city.path, None)
    page = text(Client(), link)
    assert [made.number in page, "前答复" in page, "窗口没人" in page] == [True, True, True]


@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=é"])
def test_the_number_alone_tells_only_the_state(city: City, key: str) -> None:
    complain(Client())
    address = reverse("site:complaint", args=[Complaint.objects.get().number]) + key
    for browser in (Client(), signed_in(city.resident_user)):
        page = text(browser, address)
        assert ["已收到" in page, "窗口没人" in page] == [True, False]


def test_the_link_of_one_complaint_opens_no_other(city: City) -> None:
    key = complain(Client()).partition("?")[2]
    complain(Client(), "别的事")
    other = Complaint.objects.order_by("-pk")[0]
    assert "别的事" not in text(Client(), reverse("site:complaint", args=[other.number]) + "?" + key)


def test_an_unknown_number_is_not_found() -> None:
    assert Client().get(reverse("site:complaint", args=["260101000000"])).status_code == 404


@pytest.mark.parametrize("words", ["", " ", "长" * 1001])
def test_an_empty_or_endless_complaint_is_asked_again(city: City, words: str) -> None:
    answer = Client().post(COMPLAIN, {"text": words})
    assert (answer.status_code, Complaint.objects.exists()) == (422, False)


def test_the_page_it_is_about_is_carried_along(city: City) -> None:
    assert 'name="page" value="/orders/7/"' in text(Client(), COMPLAIN + "?page=/orders/7/")


def test_large_type_is_kept_for_a_year_and_leads_back(city: City) -> None:
    answer = Client().post(ELDER, {"elder": "1", "next": "/complain/"})
    cookie = answer.cookies[ELDER_COOKIE]
    assert (answer.status_code, answer["Location"]) == (303, "/complain/")
    assert (cookie.value, cookie["max-age"]) == ("1", 31_536_000)


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_the_size_button_never_leads_off_the_site(elsewhere: str) -> None:
    assert Client().post(ELDER, {"elder": "1", "next": elsewhere})["Location"] == "/"


def test_an_unknown_size_is_the_standard_one() -> None:
    assert Client().post(ELDER, {"elder": "99"}).cookies[ELDER_COOKIE].value == "0"
