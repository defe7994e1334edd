"""The first run: three administrators, none of whom can do another's work (rule A11)."""

import argparse
import re

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.models import Installation
from lianxin.cli import first_run
from lianxin.config.cannot_start import CannotStart
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.rules import permissions
from lianxin.users.models import User

pytestmark = pytest.mark.django_db

NAMED = {"system": "张系统:13800000001", "security": "李安全:13800000002", "audit": "王审计:13800000003"}


def run(**named: str) -> int:
    options = {"city": "连心市", "again": False} | NAMED | named
    return first_run.run(argparse.Namespace(**options))


def test_three_people_come_in_by_slips_and_set_their_second_factors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    slips = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", capsys.readouterr().out)
    assert len(slips) == 3
    assert not any(user.has_usable_password() for user in User.objects.all())
    for slip in slips:
        client = Client()
        answer = client.post(reverse("site:by_slip"), {"slip": slip})
        assert answer["Location"] == reverse("site:second")
        assert client.get(reverse("console:home"))["Location"].startswith(reverse("site:second"))
    assert not Installation.objects.get().is_demo


def test_each_of_the_three_opens_his_own_pages_and_no_other() -> None:
    run()
    own = {
        Role.SYSTEM_ADMINISTRATOR: "console:system",
        Role.SECURITY_ADMINISTRATOR: "console:accounts",
        Role.AUDITOR: "console:journal",
    }
    for role, page in own.items():
        client = Client()
        client.force_login(RoleHeld.objects.get(role=role).user)
        for other in own.values():
            assert (client.get(reverse(other)).status_code == 403) is (other != page), f"{role} at {other}"


def test_what_two_of_the_three_may_both_do_is_listed() -> None:
    three = {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}
    shared = {name for name, roles in permissions().items() if len(roles & three) > 1}
    assert shared == {
        "organisations.open_console",
        "exchange.see_exports",
        "organisations.countersign",
        "users.administer",
        "users.work_at_a_desk",
    }


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"audit": "王审计:13800000001"}, "三个人担任"),
        ({"audit": "王审计:12345"}, "11 位手机号码"),
        ({"audit": "王审计"}, "NAME:PHONE"),
    ],
)
def test_the_three_are_three_people_with_phones(named: dict[str, str], words: str) -> None:
    with pytest.raises(CannotStart, match=words):
        run(**named)
    assert not Installation.objects.exists()


def test_it_runs_once_and_prints_new_slips_for_who_has_not_come(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    with pytest.raises(CannotStart, match="已经装过了"):
        run()
    [first, *_rest] = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", capsys.readouterr().out)
    assert first_run.run(argparse.Namespace(again=True)) == 0
    assert Client().post(reverse("site:by_slip"), {"slip": first}).status_code == 422
    [new, *_rest] = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", capsys.readouterr().out)
    assert Client().post(reverse("site:by_slip"), {"slip": new}).status_code == 303
    assert first_run.run(argparse.Namespace(again=True)) == 0
    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", capsys.readouterr().out)) == 2


def test_a_demo_has_no_first_run() -> None:
    Installation.objects.create(city="连心市", is_demo=True, key_fingerprint="0")
    with pytest.raises(CannotStart, match="已经装过了"):
        run()
