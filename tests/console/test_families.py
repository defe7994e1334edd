"""The list of families: who helps whom, for the desk by name and above it masked (rule F5)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.families import let_help, stop_help
from lianxin.people.models import Helper, Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
LIST = "/console/families/"


@pytest.fixture
def daughter(city: City) -> Person:
    return make.person("张敏", home=city.city)


@pytest.fixture
def given(city: City, daughter: Person) -> Helper:
    return make.let_daughter_help(city, daughter, [Helper.Scope.ORDER, Helper.Scope.VISITS])


def help_by(city: City, name: str, *, until_days: int = 300) -> Helper:
    return let_help(
        person=make.person(name, home=city.community),
        helper=make.person(f"{name}的侄子"[:4]),
        relation="侄子",
        scopes=[Helper.Scope.FOLLOW],
        given_how=Helper.GivenHow.VISIT,
        until=clock.today() + timedelta(days=until_days),
        by=city.worker,
    )


def shown(browser: Client, **query: str) -> list[Helper]:
    return list(browser.get(LIST, query).context["page"])


def test_the_desk_reads_who_helps_whom_for_what_and_until_when(
    city: City, given: Helper, browser_of: BrowserOf
) -> None:
    page = browser_of(city.worker).get(LIST).content.decode()
    for words in ("王秀英", "张敏", "女儿", "代为点单、看探访平安", "社区打电话问过本人", "有效"):
        assert words in page
    assert given.helper.phone_ending and given.helper.phone_ending in page
    assert reverse("console:person", args=[city.resident.pk]) in page


def test_what_ends_first_stands_on_top_and_filters_find_the_rest(
    city: City, given: Helper, browser_of: BrowserOf
) -> None:
    soon, browser = help_by(city, "钱奶奶", until_days=20), browser_of(city.worker)
    over = help_by(city, "孙爷爷")
    stop_help(helper=over, by=city.worker)
    assert shown(browser) == [soon, given]
    assert shown(browser, state="soon") == [soon]
    assert shown(browser, state="ended") == [over]
    assert shown(browser, state="ever") == [soon, given, over]
    assert shown(browser, scope="order") == [given]
    assert shown(browser, scope="nonsense", state="nonsense") == [soon, given]
    for query in ("王秀", "wxy", "张敏", given.helper.phone_ending or "", "钱奶"):
        assert shown(browser, q=query) == ([soon] if query == "钱奶" else [given]), query
    assert shown(browser, q="没有此人") == []


def test_a_day_that_is_over_ends_it(city: City, given: Helper, browser_of: BrowserOf) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Helper.objects.update(during=DateRange(yesterday - timedelta(days=9), yesterday))
    browser = browser_of(city.worker)
    assert shown(browser) == [] and shown(browser, state="ended") == [given]
    assert "已结束" in browser.get(LIST, {"state": "ended"}).content.decode()


def test_above_the_desk_names_are_masked_and_nobody_is_searched_by_name(
    city: City, given: Helper, browser_of: BrowserOf, officer: User
) -> None:
    browser = browser_of(officer)
    for page in (browser.get(LIST), browser.get("/console/exports/text/families/")):
        words = page.content.decode()
        assert "王**" in words and "张*" in words
        assert "王秀英" not in words and "张敏" not in words and (given.helper.phone_ending or "") not in words
    assert shown(browser, q="没有此人") == [given]


def test_a_desk_of_another_place_and_who_keeps_no_residents_see_nothing(
    city: City, given: Helper, browser_of: BrowserOf
) -> None:
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.street, by=None)
    elsewhere = browser_of(make.staff("外站长", Role.STATION_WORKER, other))
    assert shown(elsewhere) == [] and shown(elsewhere, place=str(city.community.pk)) == []
    for user in (city.captain, city.dispatcher, city.resident_user):
        assert browser_of(user).get(LIST).status_code == 403
        assert browser_of(user).get("/console/exports/text/families/").status_code in {403, 404}


def test_a_place_narrows_the_list_and_what_is_taken_away(city: City, given: Helper, browser_of: BrowserOf) -> None:
    browser = browser_of(city.operator)
    assert shown(browser, place=str(city.street.pk)) == [given]
    assert "王秀英" in browser.get("/console/exports/text/families/", {"place": city.street.pk}).content.decode()
    elsewhere = open_node(kind=Kind.COUNTY, name="西湖区", parent=city.city, by=None)
    assert shown(browser, place=str(elsewhere.pk)) == []
    assert "王秀英" not in browser.get("/console/exports/text/families/", {"place": elsewhere.pk}).content.decode()


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(
    city: City, given: Helper, browser_of: BrowserOf, queries_of: Callable[[Client, str], int]
) -> None:
    browser = browser_of(city.worker)
    before = [queries_of(browser, address) for address in (LIST, "/console/exports/text/families/")]
    for name in ("钱奶奶", "孙爷爷"):
        help_by(city, name)
    assert [queries_of(browser, address) for address in (LIST, "/console/exports/text/families/")] == before
