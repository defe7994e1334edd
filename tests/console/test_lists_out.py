"""A list that leaves is the list on the page: every filter of the page narrows the file and the text (rule X1)."""

from collections.abc import Callable

import pytest
from django.test import Client

from lianxin.base import clock
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.calls.taking import end_call, start_call
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.models.alarms import Alarm
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.users.models import User
from lianxin.volunteers.actions.keeping import issue_kit
from lianxin.volunteers.actions.transferring import ask_transfer
from lianxin.volunteers.models import Kit
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]


def lines(browser: Client, name: str, **query: str) -> list[str]:
    """What is copied of a list, without its title."""
    text: str = browser.get(f"/console/exports/text/{name}/", query).context["text"]
    return text.splitlines()[1:]


@pytest.fixture
def elsewhere(city: City) -> str:
    return str(open_node(kind=Kind.COUNTY, name="西湖区", parent=city.city, by=None).pk)


def test_alarms_leave_as_they_were_searched(city: City, browser_of: BrowserOf, elsewhere: str) -> None:
    neighbour = make.person("钱玉兰", home=city.community)
    raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    ended = raise_alarm(person=neighbour, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    end_alarm(alarm=ended, outcome=Alarm.Outcome.SAFE, by=city.worker)
    browser = browser_of(city.operator)
    assert len(lines(browser, "alarms")) == 2
    assert ["王**" in line for line in lines(browser, "alarms", q="王秀")] == [True]
    page = browser.get("/console/alarms/", {"q": "王秀"}).content.decode()
    assert "王**" in page and "钱**" not in page
    assert lines(browser, "alarms", place=elsewhere) == [] and lines(browser, "alarms", late="on") == []
    assert "没有符合条件的" in browser.get("/console/alarms/", {"place": elsewhere}).content.decode()


def test_call_backs_leave_as_they_were_searched(city: City, browser_of: BrowserOf) -> None:
    for user, person in ((city.operator, city.resident), (city.worker, make.person("钱玉兰", home=city.community))):
        call = start_call(by=user, number="13800000009", person=person)
        end_call(call=call, by=user, kind="question", call_back_at=make.tomorrow_at(10))
    browser = browser_of(city.operator)
    assert len(lines(browser, "call_backs")) == 2
    assert ["王秀英" in line for line in lines(browser, "call_backs", mine="1")] == [True]
    assert ["钱玉兰" in line for line in lines(browser, "call_backs", q="玉兰")] == [True]
    assert lines(browser, "call_backs", q="玉兰", mine="1") == []
    page = browser.get("/console/call-backs/", {"q": "玉兰", "mine": "1"}).content.decode()
    assert "没有符合条件的" in page and '<input type="hidden" name="mine" value="1">' in page


def test_objections_and_overdue_orders_leave_as_they_were_searched(
    city: City, browser_of: BrowserOf, elsewhere: str
) -> None:
    order = make.verified_order(city)
    object_to_dispatch(order=order, by=city.captain, reason="太远")
    above = browser_of(make.staff("支队长", Role.CAPTAIN, city.corps))
    assert len(lines(above, "objections", q=str(order.pk))) == 1
    assert lines(above, "objections", q="9") == [] and lines(above, "objections", late="on") == []
    assert "没有符合条件的" in above.get("/console/objections/", {"q": "9"}).content.decode()
    with clock.at(make.tomorrow_at(23)):
        desk = browser_of(city.dispatcher)
        shown = list(desk.get("/console/overdue/", {"q": str(order.pk)}).context["page"])
        assert shown == [order] and len(lines(desk, "overdue", q=str(order.pk))) == 1
        assert lines(desk, "overdue", q="9") == []


def test_transfers_and_kit_leave_as_they_were_searched(city: City, browser_of: BrowserOf) -> None:
    ask_transfer(volunteer=city.second_volunteer, to=city.corps, reason="", by=city.captain)
    for volunteer, kind in ((city.volunteer, Kit.Kind.VEST), (city.second_volunteer, Kit.Kind.CAP)):
        issue_kit(volunteer=volunteer, kind=kind, number="L", by=city.captain)
    browser = browser_of(make.staff("总队长", Role.CAPTAIN, city.corps))
    assert len(lines(browser, "transfers", q="晓梅")) == 1 and lines(browser, "transfers", q="建国") == []
    assert list(browser.get("/console/transfers/", {"q": "建国"}).context["page"]) == []
    assert [len(lines(browser, "kit", **query)) for query in ({}, {"q": "建国"}, {"kind": "cap"}, {"q": "l"})] == [
        2, 1, 1, 2,
    ]  # fmt: skip
    for query in ({"q": "李建"}, {"q": "建国"}, {"q": city.volunteer.number}, {"kind": "vest"}):
        found = browser.get("/console/volunteers/kit/", query).context["page"]
        assert [kit.volunteer for kit in found] == [city.volunteer], query
    team = str(city.team.pk)
    assert len(lines(browser, "kit", place=team)) == 2 and lines(browser, "kit", place=team, q="没有") == []


def test_a_piece_that_comes_back_leads_back_to_the_list(city: City, browser_of: BrowserOf) -> None:
    kit = issue_kit(volunteer=city.volunteer, kind=Kit.Kind.VEST, number="L", by=city.captain)
    answer = browser_of(city.captain).post(f"/console/volunteers/kit/{kit.pk}/return/?kind=vest", {"list": "kit"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/console/volunteers/kit/?kind=vest"
    assert lines(browser_of(city.captain), "kit") == []


def test_what_waits_is_copied_kind_by_kind_as_the_page_narrows_it(city: City, browser_of: BrowserOf) -> None:
    first = make.order(city)
    raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    browser = browser_of(city.worker)
    both = lines(browser, "home")
    assert ["警报" in line for line in both] == [True, False] and str(first.number) in both[1]
    assert [str(first.number) in line for line in lines(browser, "home", kind="verify")] == [True]
    assert lines(browser, "home", q="没有") == []


def test_the_tree_leaves_whole_or_as_it_was_searched(city: City, browser_of: BrowserOf, officer: User) -> None:
    browser = browser_of(officer)
    names = [line.split()[1] for line in lines(browser, "organisations")]
    assert names == ["连心市", "东湖区", "和平街道", "和平里社区", "和平里服务站"]
    assert [line.split()[1] for line in lines(browser, "organisations", q="服务站")] == ["和平里服务站"]
    captain = browser_of(city.captain)
    assert lines(captain, "blank_spots") == []
    open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)
    blank = lines(browser, "blank_spots")
    assert ["青松社区" in line for line in blank] == [True, True] and "没有服务站的社区" in blank[0]
