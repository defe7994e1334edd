"""My time."""

import pytest
from django.urls import reverse

from tests import make
from tests.hours.test_settling import two_at_once
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db

TIME, BANK = reverse("site:time"), reverse("site:bank")


def test_what_waits_and_what_is_banked_stand_apart(city: City) -> None:
    make.done_order(city, minutes=50)
    make.served_order(city, minutes=30, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    page = text(signed_in(make.user_of(city.volunteer)), TIME)
    assert [word in page for word in ("50 分钟", "30 分钟", "待确认", "已确认", "签到签退吻合")] == [True] * 5


def test_the_statement_shows_each_entry_with_the_balance_after_it(city: City) -> None:
    make.done_order(city, minutes=50)
    make.done_order(city, minutes=40, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    page = text(signed_in(make.user_of(city.volunteer)), BANK)
    assert page.index("+40 分钟") < page.index("余 1.5 小时") < page.index("+50 分钟") < page.index("余 50 分钟")


def test_whose_time_is_contested_reads_with_what_and_that_it_is_not_his_fault(city: City) -> None:
    first, second = two_at_once(city)
    browser = signed_in(make.user_of(city.volunteer))
    page = text(browser, reverse("site:record", args=[second.pk]))
    assert ["先不计入" in page, reverse("site:record", args=[first.pk]) in page] == [True, True]
    assert "先不计入" not in text(browser, reverse("site:record", args=[first.pk]))


def test_nobody_sees_anothers_time(city: City) -> None:
    make.done_order(city)
    other = signed_in(make.user_of(city.second_volunteer))
    assert ["50 分钟" in text(other, TIME), "50 分钟" in text(other, BANK)] == [False, False]


def test_whoever_never_served_is_told_how_time_comes_in(city: City) -> None:
    browser = signed_in(city.resident_user)
    assert ["想加入，请联系社区" in text(browser, TIME), "还没有存入时间" in text(browser, BANK)] == [True, True]


@pytest.mark.parametrize("address", [TIME, BANK])
def test_both_lists_cost_the_same_with_one_entry_and_with_three(city: City, address: str) -> None:
    browser = signed_in(make.user_of(city.volunteer))
    make.done_order(city, minutes=20)
    one = queries(browser, address)
    for hour in (14, 16):
        make.done_order(city, minutes=20, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 1))
    assert queries(browser, address) == one
