"""Signing in and out in a browser."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoAssertNumQueries, Settings

from lianxin.base.models import Installation, Use
from lianxin.notices.models import Sms
from lianxin.organisations.models import Role
from lianxin.people.models import Person
from lianxin.users.models import Session, User
from lianxin.users.rules import RESIDENT_IDLE
from tests.make import City, small_city, staff

pytestmark = pytest.mark.django_db

PHONE = "13800000001"
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def city() -> City:
    return small_city()


@pytest.fixture
def demo() -> Installation:
    return Installation.objects.create(city="连心市", is_demo=True, key_fingerprint="0")


def ask(client: Client, phone: str = PHONE, query: str = "") -> Any:
    return client.post(reverse("site:sign_in") + query, {"phone": phone})


def digits_sent() -> str:
    """The code in the newest short message."""
    found = re.search(r"\d{6}", Sms.objects.latest("pk").text.open())
    assert found
    return found[0]


def answer(client: Client, digits: str, query: str = "") -> Any:
    return client.post(reverse("site:code") + query, {"digits": digits})


def come_in(client: Client, phone: str = PHONE, query: str = "") -> Any:
    ask(client, phone, query)
    return answer(client, digits_sent(), query)


def words(response: Any) -> str:
    return str(response.content.decode())


def rows_of(table: str) -> str:
    with connection.cursor() as cursor:
        query = SQL("SELECT string_agg(row_to_json(t)::text, ' ') FROM {} t").format(Identifier(table))
        cursor.execute(query)
        (text,) = cursor.fetchone()
    return text or ""


def test_a_known_phone_comes_in_and_lands_at_home(client: Client, city: City) -> None:
    response = come_in(client, city.resident_user.phone.open())
    assert (response.status_code, response["Location"]) == (303, reverse("site:home"))
    assert client.session[SESSION_KEY] == str(city.resident_user.pk)


def test_known_and_unknown_phones_are_answered_alike(city: City) -> None:
    answers = []
    for phone in (city.resident_user.phone.open(), f"1370000{city.resident_user.phone_ending}"):
        client = Client()
        first = ask(client, phone)
        second = client.get(first["Location"])
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", words(second))
        answers.append((first.status_code, first["Location"], first.content, second.status_code, body))
    assert answers[0] == answers[1]
    assert Sms.objects.count() == 2


def test_a_new_phone_is_asked_for_a_name_and_becomes_a_resident(client: Client, city: City) -> None:
    response = come_in(client)
    assert (response.status_code, response["Location"]) == (303, reverse("site:welcome"))
    response = client.post(reverse("site:welcome"), {"name": "赵小兰", "home": city.community.pk})
    assert (response.status_code, response["Location"]) == (303, reverse("site:home"))
    person = Person.objects.get(user__phone_ending="0001")
    assert (person.name, person.home) == ("赵小兰", city.community)


def test_a_name_is_asked_only_once(client: Client, city: City) -> None:
    client.force_login(city.resident_user)
    assert client.get(reverse("site:welcome"))["Location"] == reverse("site:home")


def test_home_is_a_community(client: Client, city: City) -> None:
    come_in(client)
    response = client.post(reverse("site:welcome"), {"name": "赵小兰", "home": city.city.pk})
    assert response.status_code == 422
    assert not Person.objects.filter(name="赵小兰").exists()


def test_the_way_goes_on_to_where_one_wanted_to_go(client: Client, city: City) -> None:
    response = come_in(client, city.resident_user.phone.open(), "?next=/orders/7/")
    assert response["Location"] == "/orders/7/"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_house(client: Client, city: City, elsewhere: str) -> None:
    response = come_in(client, city.resident_user.phone.open(), f"?next={elsewhere}")
    assert response["Location"] == reverse("site:home")


def test_a_wrong_code_says_how_many_tries_are_left(client: Client) -> None:
    ask(client)
    wrong = f"{(int(digits_sent()) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        response = answer(client, wrong)
        assert response.status_code == 422
        assert f"还可以试 {left} 次" in words(response)
    assert "已经输错 5 次，这个验证码作废了" in words(answer(client, wrong))
    assert "已经失效" in words(answer(client, digits_sent()))
    assert SESSION_KEY not in client.session


def test_the_whole_message_may_be_pasted(client: Client) -> None:
    ask(client)
    assert answer(client, Sms.objects.get().text.open()).status_code == 303


def test_a_closed_account_is_told_so(client: Client, city: City) -> None:
    User.objects.filter(pk=city.resident_user.pk).update(is_active=False)
    response = come_in(client, city.resident_user.phone.open())
    assert response.status_code == 422
    assert "这个账号已经停用" in words(response)
    assert SESSION_KEY not in client.session


def test_closing_an_account_ends_its_visits_at_once(client: Client, city: City) -> None:
    client.force_login(city.resident_user)
    User.objects.filter(pk=city.resident_user.pk).update(is_active=False)
    assert reverse("site:sign_in") in client.get(reverse("site:welcome"))["Location"]


def test_a_second_code_within_a_minute_is_refused_beside_the_field(client: Client) -> None:
    ask(client)
    response = ask(client)
    assert response.status_code == 422
    assert "验证码刚刚发过" in words(response)


def test_another_code_comes_without_typing_the_phone_again(client: Client) -> None:
    ask(client)
    Use.objects.update(at=F("at") - timedelta(minutes=2))
    response = client.post(reverse("site:code_again"))
    assert (response.status_code, response["Location"]) == (303, reverse("site:code"))
    assert answer(client, digits_sent()).status_code == 303


def test_a_browser_that_asked_for_no_code_is_sent_to_the_first_step(client: Client) -> None:
    assert client.get(reverse("site:code"))["Location"] == reverse("site:sign_in")
    assert client.post(reverse("site:code_again"))["Location"] == reverse("site:sign_in")


def test_a_code_is_of_use_only_in_the_browser_that_asked_for_it(client: Client) -> None:
    ask(client)
    assert answer(Client(), digits_sent())["Location"] == reverse("site:sign_in")


def test_the_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    ask(client)
    before = client.cookies[COOKIE].value
    answer(client, digits_sent())
    assert client.cookies[COOKIE].value != before
    assert Session.objects.count() == 1


def test_signing_in_twice_leaves_one_session(client: Client, city: City) -> None:
    come_in(client, city.resident_user.phone.open())
    Use.objects.update(at=F("at") - timedelta(minutes=2))
    before = client.cookies[COOKIE].value
    come_in(client, city.resident_user.phone.open())
    assert client.cookies[COOKIE].value != before
    assert Session.objects.count() == 1


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: Client) -> None:
    come_in(client)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")


def test_a_cookie_that_came_over_https_stays_with_https(client: Client) -> None:
    client.post(reverse("site:sign_in"), {"phone": PHONE}, secure=True)
    assert client.cookies[COOKIE]["secure"] is True


def test_residents_stay_in_for_ninety_days_desks_for_half_an_hour_and_administrators_for_a_quarter(city: City) -> None:
    ages = []
    administrator = staff("安管", Role.SECURITY_ADMINISTRATOR, city.city)
    for user in (city.resident_user, city.captain, city.worker, administrator):
        client = Client()
        come_in(client, user.phone.open())
        ages.append(timedelta(seconds=client.session.get_expiry_age()))
    assert ages == [RESIDENT_IDLE, RESIDENT_IDLE, timedelta(minutes=30), timedelta(minutes=15)]


def test_reading_a_page_writes_the_session_at_most_once_a_day(client: Client, city: City) -> None:
    come_in(client, city.resident_user.phone.open())
    was = Session.objects.get().seen_at
    client.get(reverse("site:sign_in"))
    assert Session.objects.get().seen_at == was
    Session.objects.update(seen_at=was - timedelta(hours=25))
    response = client.get(reverse("site:sign_in"))
    assert Session.objects.get().seen_at > was
    assert response.cookies[COOKIE]["max-age"] == RESIDENT_IDLE.total_seconds()


def test_signing_out_ends_the_session(client: Client, city: City) -> None:
    client.force_login(city.resident_user)
    response = client.post(reverse("site:sign_out"))
    assert (response.status_code, response["Location"]) == (303, reverse("site:sign_in"))
    assert not Session.objects.exists()


def test_a_link_does_not_sign_out(client: Client, city: City) -> None:
    client.force_login(city.resident_user)
    assert client.get(reverse("site:sign_out")).status_code == 405
    assert SESSION_KEY in client.session


def test_no_phone_and_no_code_stands_in_table_log_or_session(
    client: Client, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(client)
    digits = digits_sent()
    kept = str(dict(client.session))
    answer(client, f"{(int(digits) + 1) % 10**6:06d}")
    answer(client, digits)
    tables = ("users_session", "users_signincode", "users_user", "journal_entry", "notices_sms")
    seen = " ".join([kept, caplog.text, *map(rows_of, tables)])
    for private in (PHONE, digits):
        assert not re.search(rf"(?<!\w){private}(?!\w)", seen)
        assert private.encode().hex() not in seen


def test_a_demo_shows_one_person_for_each_role(client: Client, city: City, demo: Installation) -> None:
    page = words(client.get(reverse("site:sign_in")))
    shown = re.findall(r'name="user" value="(\d+)"', page)
    holders = (city.captain, city.worker, city.operator, city.dispatcher)
    assert {str(user.pk) for user in holders} < set(shown)
    assert len(shown) == len(set(shown)) == 6
    for expected in ("陈站长", "站点工作人员", "和平里社区", "去核实新单"):
        assert expected in page


def test_more_people_do_not_make_the_list_dearer(
    client: Client, city: City, demo: Installation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("", "孙站长", "钱站长"):
        if name:
            staff(name, Role.STATION_WORKER, city.community)
        with django_assert_num_queries(3):
            client.get(reverse("site:sign_in"))


def test_one_tap_signs_in_as_somebody_shown(client: Client, city: City, demo: Installation) -> None:
    response = client.post(reverse("site:demo_sign_in"), {"user": city.worker.pk})
    assert (response.status_code, response["Location"]) == (303, reverse("site:home"))
    assert client.session[SESSION_KEY] == str(city.worker.pk)


@pytest.mark.parametrize("who", ["", "0", "x"])
def test_nobody_else_can_be_tapped(client: Client, demo: Installation, who: str) -> None:
    response = client.post(reverse("site:demo_sign_in"), {"user": who})
    assert response.status_code == 409
    assert "已经不在了" in words(response)


def test_a_visitor_who_signed_up_in_the_demo_cannot_be_tapped(client: Client, demo: Installation) -> None:
    visitor = User.objects.make(PHONE)
    assert client.post(reverse("site:demo_sign_in"), {"user": visitor.pk}).status_code == 409


def test_a_real_city_has_no_such_list(client: Client, city: City) -> None:
    Installation.objects.create(city="连心市", is_demo=False, key_fingerprint="0")
    assert "演示：" not in words(client.get(reverse("site:sign_in")))
    response = client.post(reverse("site:demo_sign_in"), {"user": city.worker.pk})
    assert response.status_code == 403
    assert "这里不是演示环境" in words(response)
    assert SESSION_KEY not in client.session


def test_a_demo_in_reach_of_a_network_has_no_such_list(
    client: Client, city: City, demo: Installation, settings: Settings
) -> None:
    settings.DEMO_ALLOWED = False
    assert "演示：" not in words(client.get(reverse("site:sign_in")))
    assert client.post(reverse("site:demo_sign_in"), {"user": city.worker.pk}).status_code == 403


def test_the_demo_tells_where_the_code_can_be_read(client: Client, demo: Installation) -> None:
    ask(client)
    assert reverse("site:outbox") in words(client.get(reverse("site:code")))
