"""Coming in by halves: what a desk sees before its second factor, and what asks for it once more (rules A1 and A5)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.base.models import Use
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Role
from lianxin.people.actions.slips import give_slip
from lianxin.users.actions.accounts import set_policy
from lianxin.users.actions.factors import begin_authenticator, confirm_authenticator, make_recovery_codes
from lianxin.users.actions.passwords import set_password
from lianxin.users.models import Authenticator, Session, User
from lianxin.users.queries import sessions_of
from tests.make import City, person, small_city, staff, user_of
from tests.site.test_users import come_in, digits_sent, words

pytestmark = pytest.mark.django_db

GOOD, BETTER = "Hongmei-2026-hua", "Hongmei-2027-hua"
HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def city() -> City:
    return small_city()


def protected(user: User) -> pyotp.TOTP:
    """The user has a password and an app."""
    set_password(user=user, password=GOOD, by=user)
    app = pyotp.TOTP(begin_authenticator(user=user, by=user).secret.open())
    with clock.at(clock.now() - timedelta(hours=1)):
        confirm_authenticator(user=user, digits=app.at(clock.now()), by=user)
    return app


def by_password(client: Client, user: User, password: str = GOOD, query: str = "") -> Any:
    facts = {"phone": user.phone.open(), "password": password}
    return client.post(reverse("site:by_password") + query, facts)


def second(client: Client, digits: str, query: str = "") -> Any:
    return client.post(reverse("site:second") + query, {"digits": digits})


def in_full(client: Client, user: User) -> pyotp.TOTP:
    app = protected(user)
    by_password(client, user)
    second(client, app.at(clock.now()))
    return app


def test_a_desk_comes_in_by_password_and_app(client: Client, city: City) -> None:
    app = protected(city.worker)
    first = by_password(client, city.worker, query="?next=/console/verify/")
    assert first["Location"] == reverse("site:second") + "?next=/console/verify/"
    assert client.get("/console/verify/")["Location"].startswith(reverse("site:second"))
    assert second(client, app.at(clock.now()), "?next=/console/verify/")["Location"] == "/console/verify/"
    assert client.get("/console/verify/").status_code == 200


@pytest.mark.parametrize("route", ["console:home", "site:me", "site:my_sign_in", "site:orders"])
def test_half_way_in_no_page_opens_to_a_desk(client: Client, city: City, route: str) -> None:
    protected(city.worker)
    come_in(client, city.worker.phone.open())
    answer = client.get(reverse(route))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("site:second"))


def test_half_way_in_nobody_adds_a_second_factor_of_his_own(client: Client, city: City) -> None:
    protected(city.worker)
    secret = bytes(Authenticator.objects.get().secret._bytes)
    come_in(client, city.worker.phone.open())
    for route in ("site:protect", "site:password", "site:phone"):
        assert client.get(reverse(route))["Location"].startswith(reverse("site:second"))
    for route in ("site:protect_authenticator", "site:protect_passkey", "site:recovery_codes"):
        assert client.post(reverse(route), {"digits": "000000", "answer": "{}"}).status_code in {302, 303}
    assert bytes(Authenticator.objects.get().secret._bytes) == secret
    assert client.get(reverse("console:home")).status_code == 302


def test_the_first_time_a_desk_sets_password_and_app_and_keeps_its_recovery_codes(client: Client, city: City) -> None:
    answer = come_in(client, city.worker.phone.open(), "?next=/console/")
    assert answer["Location"] == reverse("site:second") + "?next=/console/"
    assert client.get(answer["Location"])["Location"] == reverse("site:protect") + "?next=/console/"
    weak = client.post(reverse("site:protect_password"), {"password": "weak", "again": "weak"})
    assert (weak.status_code, "至少要 10 位" in words(weak)) == (422, True)
    different = client.post(reverse("site:protect_password"), {"password": GOOD, "again": BETTER})
    assert "两次填的不一样" in words(different)
    client.post(reverse("site:protect_password"), {"password": GOOD, "again": GOOD})
    assert client.get("/console/").status_code == 302
    page = words(client.get(reverse("site:protect") + "?next=/console/"))
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    done = client.post(
        reverse("site:protect_authenticator") + "?next=/console/", {"digits": pyotp.TOTP(secret).at(clock.now())}
    )
    codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", words(done))
    assert len(codes) == 10
    assert 'href="/console/"' in words(done)
    assert client.get("/console/").status_code == 200


def test_a_recovery_code_stands_in_for_the_app(client: Client, city: City) -> None:
    protected(city.worker)
    codes = make_recovery_codes(user=city.worker, by=city.worker)
    by_password(client, city.worker)
    assert second(client, codes[0])["Location"] == reverse("site:home")
    assert client.get(reverse("console:home")).status_code == 200


def test_a_wrong_second_factor_says_so(client: Client, city: City) -> None:
    protected(city.worker)
    by_password(client, city.worker)
    answer = second(client, "000000")
    assert (answer.status_code, "不对，或者已经用过了" in words(answer)) == (422, True)


def test_a_role_that_begins_tomorrow_asks_for_the_second_factor_tomorrow(client: Client, city: City) -> None:
    user = city.resident_user
    give_role(user=user, role=Role.AUDITOR, node=city.city, by=None, since=clock.today() + timedelta(days=1))
    come_in(client, user.phone.open())
    assert client.get(reverse("site:me")).status_code == 200
    with clock.at(clock.now() + timedelta(days=1)):
        assert client.get(reverse("console:journal"))["Location"].startswith(reverse("site:second"))


def test_every_step_gives_the_session_a_new_key(client: Client, city: City) -> None:
    app = protected(city.worker)
    by_password(client, city.worker)
    half_way = client.session.session_key
    second(client, app.at(clock.now()))
    assert client.session.session_key != half_way
    assert Session.objects.filter(user=city.worker).count() == 1


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/"])
def test_no_step_sends_anybody_to_another_house(client: Client, city: City, elsewhere: str) -> None:
    app = protected(city.worker)
    by_password(client, city.worker, query=f"?next={elsewhere}")
    assert second(client, app.at(clock.now()), f"?next={elsewhere}")["Location"] == reverse("site:home")


def test_a_wrong_password_is_told_without_telling_who_has_an_account(client: Client, city: City) -> None:
    protected(city.worker)
    known = by_password(client, city.worker, "wrong")
    unknown = client.post(reverse("site:by_password"), {"phone": "13700000000", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    assert "手机号或密码不对" in words(known)
    assert "手机号或密码不对" in words(unknown)


def test_dangerous_deeds_ask_again_after_ten_minutes(client: Client, city: City) -> None:
    app = in_full(client, city.worker)
    assert client.get(reverse("site:password")).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=11)):
        asked = client.get(reverse("site:password"))
        assert asked["Location"] == reverse("site:second") + "?next=/me/password/"
        back = second(client, app.at(clock.now()), "?next=/me/password/")
        assert back["Location"] == "/me/password/"
        assert client.get("/me/password/").status_code == 200


def test_a_new_password_signs_out_everywhere_else(client: Client, city: City) -> None:
    in_full(client, city.worker)
    other = Client()
    other.force_login(city.worker)
    done = client.post(reverse("site:password"), {"password": BETTER, "again": BETTER})
    assert done["Location"] == reverse("site:my_sign_in")
    assert client.get(reverse("site:my_sign_in")).status_code == 200
    assert other.get(reverse("site:my_sign_in")).status_code == 302
    assert sessions_of(city.worker).count() == 1


def test_a_resident_sees_his_browsers_and_signs_out_of_the_others(client: Client, city: City) -> None:
    user, agent = city.resident_user, "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari Edg/140"
    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger"})
    come_in(phone, user.phone.open())
    Use.objects.all().delete()
    client.defaults["HTTP_USER_AGENT"] = agent
    come_in(client, user.phone.open())
    page = words(client.get(reverse("site:my_sign_in")))
    assert "Windows 电脑 · Edge" in page
    assert "iPhone 手机 · 微信" in page
    assert page.count("就是这里") == 1
    client.post(reverse("site:sessions_end"))
    assert phone.get(reverse("site:me")).status_code == 302
    assert client.get(reverse("site:me")).status_code == 200


def test_nobody_ends_another_persons_session(client: Client, city: City) -> None:
    victim = Client()
    victim.force_login(city.captain)
    number = Session.objects.get(user=city.captain).number
    client.force_login(city.resident_user)
    assert client.post(reverse("site:session_end"), {"number": number}).status_code == 409
    assert Session.objects.filter(user=city.captain).exists()


def test_a_slip_leads_a_resident_in_and_on_to_a_password(client: Client, city: City) -> None:
    _slip, code = give_slip(person=city.resident, id_card_seen=True, by=city.worker)
    assert client.post(reverse("site:by_slip"), {"slip": code})["Location"] == reverse("site:home")
    client.post(reverse("site:protect_password"), {"password": GOOD, "again": GOOD})
    other = Client()
    assert by_password(other, city.resident_user)["Location"] == reverse("site:home")
    assert other.session[SESSION_KEY] == str(city.resident_user.pk)


def test_another_phone_is_proven_by_a_code_and_signs_out_everywhere_else(client: Client, city: City) -> None:
    user, other = city.resident_user, Client()
    other.force_login(user)
    come_in(client, user.phone.open())
    client.post(reverse("site:phone"), {"phone": "13700000009"})
    done = client.post(reverse("site:phone_code"), {"digits": digits_sent()})
    assert done["Location"] == reverse("site:my_sign_in")
    assert User.objects.get_by_phone("13700000009") == user
    assert client.get(reverse("site:me")).status_code == 200
    assert other.get(reverse("site:me")).status_code == 302


def test_a_phone_of_somebody_else_is_not_taken(client: Client, city: City) -> None:
    come_in(client, city.resident_user.phone.open())
    client.post(reverse("site:phone"), {"phone": city.captain.phone.open()})
    answer = client.post(reverse("site:phone_code"), {"digits": digits_sent()})
    assert "已经有账号了" in words(answer)


def test_a_password_that_has_served_its_days_is_changed_first(client: Client, city: City) -> None:
    app = protected(city.worker)
    set_policy(by=staff("系管", Role.SYSTEM_ADMINISTRATOR, city.city), password_days=90)
    with clock.at(clock.now() + timedelta(days=91)):
        by_password(client, city.worker)
        second(client, app.at(clock.now()))
        assert client.get(reverse("console:home"))["Location"].startswith(reverse("site:password"))
        client.post(reverse("site:password"), {"password": BETTER, "again": BETTER})
        assert client.get(reverse("console:home")).status_code == 200


def test_only_one_place_starts_sessions() -> None:
    starting = [
        file.relative_to(HOUSE).as_posix()
        for file in (HOUSE / "lianxin").rglob("*.py")
        if re.search(r"django\.contrib\.auth import .*\blogin\b", file.read_text())
    ]
    assert starting == ["lianxin/site/users/entering.py"]


def test_a_resident_keeps_his_code_and_needs_nothing_else(client: Client, city: City) -> None:
    neighbour = user_of(person("李婶", home=city.community))
    assert come_in(client, neighbour.phone.open())["Location"] == reverse("site:home")
