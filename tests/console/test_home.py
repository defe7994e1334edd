"""待办: one page over all lists."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
HOME = "console:home"


def test_a_worker_sees_how_many_wait_and_since_when(city: City, browser_of: BrowserOf) -> None:
    with clock.at(clock.now() - timedelta(minutes=30)):
        make.order(city)
    page = browser_of(city.worker).get(reverse(HOME)).content.decode()
    assert "待核实 1 单" in page
    assert "最久等了 30 分钟" in page
    assert "已超时" not in page


def test_what_is_over_its_time_stands_in_red_words(city: City, browser_of: BrowserOf) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        city_item = make.menu_item(city.city, "断电急修", clock="urgent")
    with clock.at(clock.now() - timedelta(hours=3)):
        make.order(city, item=city_item)
    page = browser_of(city.worker).get(reverse(HOME)).content.decode()
    assert '<span class="text-danger strong">1 单已超时</span>' in page


def test_when_nothing_waits_it_says_so(city: City, browser_of: BrowserOf) -> None:
    assert "都办完了" in browser_of(city.worker).get(reverse(HOME)).content.decode()


def test_whoever_has_no_list_is_told_to_use_the_menu(auditor: User, browser_of: BrowserOf) -> None:
    assert "没有要您办的事" in browser_of(auditor).get(reverse(HOME)).content.decode()


def test_each_role_sees_only_its_own_lists(city: City, browser_of: BrowserOf) -> None:
    make.order(city)
    make.verified_order(city)
    page = browser_of(city.dispatcher).get(reverse(HOME)).content.decode()
    assert "待派单 1 单" in page
    assert "待核实" not in page


def test_a_resident_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.resident_user).get(reverse(HOME))
    assert answer.status_code == 403
    assert "您的身份不能打开这个页面" in answer.content.decode()
