"""Signing in at a real browser: code, password and app; a passkey that Chromium's own virtual authenticator makes."""

import re

import pyotp
import pytest
from playwright.sync_api import ViewportSize, expect

from lianxin.base.clock import now
from lianxin.notices.models import Sms
from lianxin.organisations.models import Role
from lianxin.users.models import Passkey
from tests import make
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
PASSWORD = "Hongmei-2026-hua"
THE_LIST = re.compile(r":\d+/console/verify/$")
"""From the port on: the page of signing in ends in the same words, as what comes next."""


def with_touch(visitor: Visitor) -> None:
    """The device has a sensor, and its owner's finger is on it."""
    devices = visitor.page.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def comes_in_by_code(visitor: Visitor, phone: str) -> None:
    visitor.goes("/sign-in/")
    visitor.page.get_by_label("手机号码").fill(phone)
    visitor.taps_button("获取验证码")
    expect(visitor.page.locator("h1")).to_have_text("填验证码")
    found = re.search(r"\d{6}", Sms.objects.latest("pk").text.open())
    assert found
    visitor.page.get_by_label("6 位验证码").fill(found[0])
    visitor.taps_button("登录")


def sets_password(visitor: Visitor) -> None:
    visitor.sees("保护账号", "第一步")
    visitor.page.get_by_label("新密码").fill(PASSWORD)
    visitor.page.get_by_label("再填一次").fill(PASSWORD)
    visitor.taps_button("设好密码")


@pytest.mark.django_db(transaction=True)
def test_a_worker_sets_password_and_app_and_comes_back_with_both(visit: Visit) -> None:
    city = make.small_city()
    phone = city.worker.phone.open()
    worker = visit(screen=DESK)
    comes_in_by_code(worker, phone)
    sets_password(worker)
    worker.sees("验证器：手机上每半分钟换一组数字")
    worker.page.get_by_text("扫不了？手工填写密钥").click()
    app = pyotp.TOTP(worker.page.locator("details code").inner_text().replace(" ", ""))
    worker.page.get_by_label("验证器上显示的 6 位数字").fill(app.at(now()))
    worker.taps_button("绑定验证器")
    worker.sees("恢复码：请抄下来或打印")
    [code, *_rest] = worker.page.locator(".paper-codes code").all_inner_texts()
    worker.taps_link("收好了，继续")
    worker.sees("待办")
    worker.taps_button("退出")

    worker.goes("/sign-in/password/?next=/console/verify/")
    worker.page.get_by_label("手机号码").fill(phone)
    worker.page.get_by_label("密码").fill(PASSWORD)
    worker.taps_button("登录")
    worker.sees("确认是您本人")
    worker.page.get_by_label("验证器上的 6 位数字").fill(code)
    worker.taps_button("确认")
    expect(worker.page).to_have_url(THE_LIST)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_a_passkey_and_comes_back_with_one_touch(visit: Visit) -> None:
    city = make.small_city()
    worker = visit(screen=PHONE)
    with_touch(worker)
    comes_in_by_code(worker, city.worker.phone.open())
    sets_password(worker)
    worker.sees("第二步：添加通行密钥，或绑定验证器")
    worker.taps_button("在这台设备上添加")
    worker.sees("待办")
    assert Passkey.objects.get().user == city.worker

    worker.goes("/me/sign-in/")
    worker.sees("登录与安全", "通行密钥", "就是这里")
    worker.goes("/me/")
    worker.taps_button("退出登录")
    worker.goes("/sign-in/passkey/?next=/console/verify/")
    worker.sees("用指纹、人脸或密钥登录")
    worker.taps_button("登录")
    expect(worker.page).to_have_url(THE_LIST)
    assert Passkey.objects.get().used_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_passkey_that_is_not_known_here_opens_nothing(visit: Visit) -> None:
    city = make.small_city()
    neighbour = visit(screen=PHONE)
    with_touch(neighbour)
    comes_in_by_code(neighbour, city.resident_user.phone.open())
    neighbour.goes("/sign-in/protect/")
    neighbour.taps_button("在这台设备上添加")
    expect(neighbour.page).to_have_url(re.compile(r":\d+/$"))
    Passkey.objects.all().delete()
    neighbour.goes("/me/")
    neighbour.taps_button("退出登录")
    neighbour.goes("/sign-in/passkey/")
    neighbour.taps_button("登录")
    expect(neighbour.page.get_by_role("alert")).to_contain_text("没有登记在这里")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["390", "1440"])
def test_the_pages_of_signing_in_break_no_rule(visit: Visit, screen: ViewportSize) -> None:
    city = make.small_city()
    visitor = visit(screen=screen)
    for path in ("/sign-in/", "/sign-in/password/", "/sign-in/slip/", "/sign-in/passkey/"):
        visitor.goes(path)
        visitor.sees("登录")
    resident = visit(city.resident_user, screen=screen)
    resident.goes("/me/sign-in/")
    resident.sees("登录与安全", "在哪里登录着")
    security = visit(make.staff("安管", Role.SECURITY_ADMINISTRATOR, city.city), screen=screen)
    for path in (
        "/console/accounts/",
        f"/console/accounts/{city.worker.pk}/",
        "/console/roles/review/",
        "/console/slips/",
    ):
        security.goes(path)
        security.sees("账号")
