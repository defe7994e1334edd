"""The administrators at work: accounts, roles, the review, the numbers, slips."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.clock import now
from lianxin.journal.models import Entry
from lianxin.organisations.models import Role, RoleHeld, RoleProposal
from lianxin.organisations.queries import roles_of
from lianxin.users.actions.passwords import set_password
from lianxin.users.models import Policy, Session, Slip, User
from lianxin.users.proofs import PROVED_AT
from tests.make import City, new_user, staff, user_of

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]


@pytest.fixture
def security(city: City) -> User:
    return staff("安管", Role.SECURITY_ADMINISTRATOR, city.city)


@pytest.fixture
def system(city: City) -> User:
    return staff("系管", Role.SYSTEM_ADMINISTRATOR, city.city)


@pytest.fixture
def proven(browser_of: BrowserOf) -> BrowserOf:
    """A browser in which this user is signed in and has just proven himself."""

    def sign_in(user: User) -> Client:
        client = browser_of(user)
        session = client.session
        session[PROVED_AT] = now().isoformat()
        session.save()
        return client

    return sign_in


def deed(client: Client, user: User, name: str) -> int:
    return client.post(reverse("console:account_do", args=[user.pk]), {"deed": name}).status_code


def test_accounts_are_found_by_name_ending_role_and_state(city: City, security: User, browser_of: BrowserOf) -> None:
    client = browser_of(security)
    User.objects.filter(pk=city.dispatcher.pk).update(is_active=False, off_because="idle")

    def found(query: str) -> set[int]:
        return {user.pk for user, _held in client.get(reverse("console:accounts") + query).context["rows"]}

    assert found("?name=陈站") == {city.worker.pk}
    assert city.worker.pk in found(f"?ending={city.worker.phone_ending}")
    assert found("?role=captain") == {city.captain.pk}
    assert found("?role=users.work_at_a_desk") == {
        city.worker.pk, city.operator.pk, city.dispatcher.pk, security.pk,
    }  # fmt: skip
    assert found("?state=off") == {city.dispatcher.pk}
    assert found("?name=没有这个人") == set()


@pytest.mark.parametrize("route", ["console:accounts", "console:role_review"])
def test_a_longer_list_costs_no_more_queries(
    route: str, city: City, security: User, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(security)
    before = queries_of(client, reverse(route))
    for name in ("甲", "乙", "丙"):
        staff(name, Role.STATION_WORKER, city.community)
    assert queries_of(client, reverse(route)) == before


def test_a_colleague_without_sms_gets_an_account_a_role_and_a_slip_and_comes_in(
    city: City, security: User, proven: BrowserOf
) -> None:
    client = proven(security)
    opened = client.post(reverse("console:account_new"), {"name": " 周 市管 ", "phone": "139 0000 7001"})
    user = User.objects.get_by_phone("13900007001")
    assert user
    assert (opened["Location"], user.display_name) == (reverse("console:account", args=[user.pk]), "周 市管")
    given = client.post(
        reverse("console:role_give", args=[user.pk]) + f"?where={city.city.name}",
        {"role": Role.CITY_OFFICER, "node": city.city.pk},
    )
    assert given.status_code == 303
    assert "第一次登录" in client.get(reverse("console:account", args=[user.pk])).content.decode()
    slip = client.post(reverse("console:account_slip", args=[user.pk]), {"id_card_seen": "on"}).content.decode()
    [code] = re.findall(r"<code>([^<]+)</code>", slip)
    colleague = Client()
    came = colleague.post(reverse("site:by_slip"), {"slip": code}, follow=True)
    assert came.redirect_chain[-1][0].startswith(reverse("site:protect"))
    assert Entry.objects.get(name="users.account_opened").actor_id == security.pk


def test_a_phone_has_one_account_and_names_it(security: User, city: City, proven: BrowserOf) -> None:
    assert city.worker.phone
    facts = {"name": "又一位", "phone": city.worker.phone.open()}
    answer = proven(security).post(reverse("console:account_new"), facts)
    assert answer.status_code == 422
    assert f"按手机尾号 {city.worker.phone_ending} 找" in answer.content.decode()
    assert proven(security).post(reverse("console:account_new"), {"name": "甲", "phone": "123"}).status_code == 422
    assert not Entry.objects.filter(name="users.account_opened").exists()


def test_an_account_is_switched_off_and_on(city: City, security: User, proven: BrowserOf) -> None:
    browser = Client()
    browser.force_login(city.worker)
    client = proven(security)
    assert deed(client, city.worker, "switch_off") == 303
    assert browser.get(reverse("console:home")).status_code == 302
    assert not Session.objects.filter(user=city.worker).exists()
    assert deed(client, city.worker, "switch_on") == 303
    assert User.objects.get(pk=city.worker.pk).is_active
    names = Entry.objects.filter(name__startswith="users.switched").order_by("pk").values_list("name", "actor_id")
    assert list(names) == [("users.switched_off", security.pk), ("users.switched_on", security.pk)]


def test_nobody_does_it_to_himself(security: User, proven: BrowserOf) -> None:
    client = proven(security)
    for name in ("switch_off", "start_afresh", "unlock"):
        assert deed(client, security, name) == 403


def test_it_asks_for_a_proof_first(city: City, security: User, browser_of: BrowserOf) -> None:
    answer = browser_of(security).post(reverse("console:account_do", args=[city.worker.pk]), {"deed": "switch_off"})
    assert answer["Location"].startswith(reverse("site:second"))
    assert User.objects.get(pk=city.worker.pk).is_active


def test_from_within_a_page_the_whole_browser_goes_to_the_proof(
    city: City, security: User, browser_of: BrowserOf
) -> None:
    address = reverse("console:account_do", args=[city.worker.pk])
    answer = browser_of(security).post(address, {"deed": "switch_off"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"].partition("?")[0]) == (200, reverse("site:second"))


def test_somebody_is_signed_out_of_one_browser_or_of_all(city: City, security: User, proven: BrowserOf) -> None:
    for _browser in range(3):
        Client().force_login(city.worker)
    number = Session.objects.filter(user=city.worker).order_by("pk")[0].number
    client = proven(security)
    client.post(reverse("console:account_session", args=[city.worker.pk]), {"number": number})
    assert Session.objects.filter(user=city.worker).count() == 2
    deed(client, city.worker, "end_sessions")
    assert Session.objects.filter(user=city.worker).count() == 0


def test_a_role_is_given_and_ended_on_the_page(city: City, security: User, proven: BrowserOf) -> None:
    client, newcomer = proven(security), new_user()
    address = reverse("console:role_give", args=[newcomer.pk]) + "?where=和平里社区"
    assert "和平里社区" in client.get(address).content.decode()
    client.post(address, {"role": "station_worker", "node": city.community.pk})
    [held] = roles_of(User.objects.get(pk=newcomer.pk))
    assert (held.role, held.node) == (Role.STATION_WORKER, city.community)
    client.post(reverse("console:role_end", args=[held.pk]))
    assert roles_of(User.objects.get(pk=newcomer.pk)) == []


def test_an_administrator_is_proposed_on_one_page_and_countersigned_on_another(
    city: City, security: User, system: User, proven: BrowserOf
) -> None:
    newcomer = new_user()
    address = reverse("console:role_give", args=[newcomer.pk])
    proven(security).post(address, {"role": "auditor", "node": city.city.pk})
    proposal = RoleProposal.objects.get()
    decide = reverse("console:proposal_decide", args=[proposal.pk])
    assert proven(security).post(decide, {"agrees": "yes"}).status_code == 403
    assert "等另一位管理员复核" in proven(security).get(reverse("console:proposals")).content.decode()
    assert proven(system).post(decide, {"agrees": "yes"}).status_code == 303
    assert RoleHeld.objects.filter(user=newcomer, role=Role.AUDITOR).exists()


def test_the_review_names_who_was_long_away_and_keeps_what_is_ticked(
    city: City, security: User, proven: BrowserOf
) -> None:
    client = proven(security)
    assert "超过 90 天" not in client.get(reverse("console:role_review")).content.decode()
    User.objects.filter(pk=city.worker.pk).update(last_in_at=now() - timedelta(days=91))
    assert "超过 90 天" in client.get(reverse("console:role_review") + "?idle=1").content.decode()
    held = RoleHeld.objects.get(user=city.worker, role=Role.STATION_WORKER)
    client.post(reverse("console:role_review_keep"), {"held": [held.pk]})
    held.refresh_from_db()
    assert held.reviewed_on is not None


def test_the_numbers_are_set_and_what_is_too_weak_is_refused(system: User, proven: BrowserOf) -> None:
    client = proven(system)
    facts = {
        "password_length": 12,
        "password_days": 90,
        "lock_minutes": 20,
        "desk_idle_minutes": 20,
        "admin_idle_minutes": 10,
        "account_idle_days": 60,
    }
    assert client.post(reverse("console:system"), facts | {"lock_minutes": 1}).status_code == 422
    assert client.post(reverse("console:system"), facts).status_code == 303
    assert Policy.objects.get().lock_minutes == 20
    assert Entry.objects.get(name="users.policy_set").facts["changed"]["lock_minutes"] == 20


def test_a_worker_prints_a_slip_for_who_lives_here_and_finds_nobody_else(
    city: City, proven: BrowserOf, browser_of: BrowserOf
) -> None:
    client = proven(city.worker)
    page = client.get(reverse("console:slips") + "?q=王秀英").content.decode()
    assert "王秀英" in page
    address = reverse("console:slip_print", args=[city.resident.pk])
    assert client.post(address).status_code == 409
    printed = client.post(address, {"id_card_seen": "on"})
    assert printed.status_code == 200
    assert "no-store" in printed["Cache-Control"]
    assert Slip.objects.get().user == user_of(city.resident)
    assert browser_of(city.captain).post(address, {"id_card_seen": "on"}).status_code == 403


def test_a_colleague_who_lost_everything_begins_again_by_a_slip(city: City, security: User, proven: BrowserOf) -> None:
    set_password(user=city.worker, password="Hongmei-2026-hua", by=city.worker)
    client = proven(security)
    deed(client, city.worker, "start_afresh")
    assert not User.objects.get(pk=city.worker.pk).has_usable_password()
    printed = client.post(reverse("console:account_slip", args=[city.worker.pk]), {"id_card_seen": "on"})
    assert printed.status_code == 200


def test_the_auditor_reads_what_belongs_to_no_place(city: City, auditor: User, browser_of: BrowserOf) -> None:
    set_password(user=city.worker, password="Hongmei-2026-hua", by=city.worker)
    assert "设密码" in browser_of(auditor).get(reverse("console:journal")).content.decode()
