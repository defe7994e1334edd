"""待办: one list over all modules."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.base.prepared import Slot
from lianxin.base.todos import FromNow, Tallies
from lianxin.console.todos import BY_NAME, TODOS, tallies, waiting_for
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.detours import Redirect
from lianxin.organisations.actions.appointing import give_role, keep_roles
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.opening import enter_opening
from lianxin.organisations.models import Kind, Opening, Role, RoleHeld
from lianxin.organisations.queries import forget_roles
from lianxin.organisations.rules import GIVEN_BY
from lianxin.people.actions.complaints import complain
from lianxin.people.models import Complaint
from lianxin.users.models import Session, User
from lianxin.volunteers.actions.membership import agree, record_member, withdraw_agreement
from lianxin.volunteers.models import Membership
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
HOME, LIVE = "console:home", "console:live"


def kinds_of(user: User) -> dict[str, int]:
    """What waits for this user, by kind."""
    return {name: tally.count for name, tally in waiting_for(user).tallies().items() if tally.count}


def text_of(client: Client, query: str = "") -> str:
    return client.get(reverse(HOME) + query).content.decode()


def one_of_each(city: City) -> None:
    """A row on most lists of the small city."""
    make.order(city)
    make.verified_order(city)
    redirected = make.order(city)
    redirect_order(order=redirected, by=city.worker, reason="井盖坏了", to=Redirect.To.HOTLINE, outside_number="7-19")
    asked = make.verified_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20))
    offer_to_team(order=asked, team=city.team, by=city.dispatcher)
    raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    complain(text="没人回电话", page="/", contact="", by=None, scope=city.community.path)


def test_the_counts_that_every_page_shows_are_those_of_the_list(city: City, officer: User, auditor: User) -> None:
    one_of_each(city)
    for user in (city.worker, city.operator, city.dispatcher, city.captain, officer, auditor):
        for moment in (clock.now(), clock.now() + timedelta(hours=3), clock.now() + timedelta(days=40)):
            with clock.at(moment):
                forget_roles(user)
                vars(user).pop("_tallies", None)
                assert tallies(user) == waiting_for(user).tallies()


def test_the_statement_that_counts_is_the_same_at_any_moment_of_a_day() -> None:
    morning = clock.day_begins(clock.today()) + timedelta(hours=9)
    compiled = []
    for moment in (morning, morning + timedelta(hours=5)):
        with clock.at(moment):
            counts = Tallies([(todo, ["1"]) for todo in TODOS])
            compiled.append((counts.sql, [value for value in counts.values if not isinstance(value, Slot)]))
    assert compiled[0] == compiled[1]
    assert FromNow(timedelta()) in Tallies([(todo, ["1"]) for todo in TODOS]).values


def test_each_role_sees_its_own_rows_and_the_wrong_person_none(city: City, officer: User, auditor: User) -> None:
    one_of_each(city)
    elsewhere = open_node(kind=Kind.COMMUNITY, name="光明里社区", parent=city.street, by=None)
    stranger = make.staff("钱站长", Role.STATION_WORKER, elsewhere)
    assert kinds_of(city.worker) == {"alarms": 1, "verify": 1, "redirected": 1, "complaints": 1}
    assert kinds_of(city.operator) == {"alarms": 1, "redirected": 1}
    assert kinds_of(city.dispatcher) == {"dispatch": 1}
    assert kinds_of(city.captain) == {"dispatch": 1, "team": 1}
    assert kinds_of(officer) == {"complaints": 1}
    assert kinds_of(stranger) == kinds_of(auditor) == kinds_of(city.resident_user) == {}


def test_the_page_shows_rows_as_the_role_may_see_them(city: City, browser_of: BrowserOf) -> None:
    one_of_each(city)
    page = text_of(browser_of(city.worker))
    assert "王秀英" in page
    assert "和平里社区" in page
    assert f'data-open href="{reverse("console:complaint", args=[Complaint.objects.get().pk])}?list=home"' in page
    captains = text_of(browser_of(city.captain))
    assert "小修小补" in captains
    assert "王秀英" not in captains
    assert "王**" not in captains


def test_what_is_overdue_stands_on_top_in_red_words_and_an_alarm_above_all(city: City, browser_of: BrowserOf) -> None:
    late_item = make.menu_item(city.city, "断电急修", clock="urgent")
    make.order(city)
    with clock.at(clock.now() - timedelta(hours=3)):
        make.order(city, item=late_item)
    raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    found = waiting_for(city.worker).page(0, 10)
    assert [kind.name for kind, _row in found] == ["alarms", "verify", "verify"]
    assert [row.item.name for _kind, row in found[1:]] == ["断电急修", "小修小补"]
    page = text_of(browser_of(city.worker))
    assert '<span class="text-danger strong">1 件已超时</span>' in page
    assert '<span class="text-danger strong nowrap">已超 2 小时</span>' in page
    assert "断电急修" in (late := text_of(browser_of(city.worker), "?late=on"))
    assert "小修小补" not in late


def test_filters_and_search_stay_in_the_address(city: City, browser_of: BrowserOf) -> None:
    one_of_each(city)
    client = browser_of(city.worker)
    only = text_of(client, "?kind=complaints")
    assert "投诉与建议" in only
    assert "小修小补" not in only
    assert "kind=complaints&amp;list=home" in only
    assert "kind=complaints&amp;list=home" not in text_of(client, "?q=小修")
    assert "这样筛选，没有要办的事" in text_of(client, "?q=木匠")
    assert "小修小补" not in text_of(client, "?kind=complaints&q=20260001&place=0")
    assert "什么事" in text_of(client, "?kind=nonsense&place=nonsense&page=nonsense")


def test_a_place_narrows_only_within_ones_reach(city: City, officer: User, browser_of: BrowserOf) -> None:
    one_of_each(city)
    elsewhere = open_node(kind=Kind.COMMUNITY, name="光明里社区", parent=city.street, by=None)
    client = browser_of(officer)
    number = Complaint.objects.get().number
    assert number in text_of(client, f"?place={city.street.pk}")
    assert number not in text_of(client, f"?place={elsewhere.pk}")
    assert number in text_of(browser_of(city.worker), f"?place={city.city.pk}")


def test_the_page_takes_as_many_queries_for_three_rows_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.worker)
    one_of_each(city)
    once = queries_of(client, reverse(HOME))
    for _time in range(2):
        make.order(city)
        complain(text="没人回电话", page="/", contact="", by=None, scope=city.community.path)
    assert queries_of(client, reverse(HOME)) == once


def test_the_list_is_paged_without_repeating_or_losing_a_row(city: City) -> None:
    orders = {make.order(city).pk for _time in range(5)}
    waiting = waiting_for(city.worker)
    pages = [waiting.page(start, 2) for start in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {row.pk for page in pages for _kind, row in page} == orders


def test_after_a_row_comes_the_next_whatever_its_kind_and_after_the_last_the_first(city: City) -> None:
    one_of_each(city)
    waiting = waiting_for(city.worker)
    rows = waiting.page(0, 10)
    following = [waiting.after(kind, row) for kind, row in rows]
    assert [(kind.name, row.pk) for kind, row in [*rows[1:], rows[0]]] == [
        (found[0].name, found[1].pk) for found in following if found
    ]


def test_what_was_done_in_the_sheet_leads_to_the_next_row_and_else_back_to_the_list(
    city: City, browser_of: BrowserOf
) -> None:
    first, second = make.order(city), make.order(city)
    client, query = browser_of(city.worker), "?kind=verify&list=home"
    address = reverse("console:order_verify", args=[first.pk]) + query
    answer = client.post(address, {"how": "call"}, headers={"HX-Request": "true"})
    assert answer.headers["Location"] == reverse("console:order", args=[second.pk]) + query
    address = reverse("console:order_verify", args=[second.pk]) + query
    answer = client.post(address, {"how": "call"})
    assert answer.headers["Location"] == f"{reverse(HOME)}?kind=verify"
    assert (
        f'href="{reverse(HOME)}?kind=verify"'
        in client.get(reverse("console:order", args=[first.pk]) + query).content.decode()
    )


def test_a_modules_own_list_has_the_same_filters_and_is_taken_away_as_it_stands(
    city: City, browser_of: BrowserOf
) -> None:
    found, other = (
        complain(text=text, page="/", contact="", by=None, scope=city.community.path)
        for text in ("没人回电话", "路灯坏了")
    )
    client = browser_of(city.worker)
    for route in ("complaints", "applications", "follow_ups", "incidents", "home_visits", "call_cards"):
        answer = client.get(reverse(f"console:{route}"), {"q": found.number, "late": ""}).content.decode()
        assert "没有符合条件的" in answer or found.number in answer
        assert other.number not in answer
    page = client.get(reverse("console:complaints"), {"q": found.number}).content.decode()
    query = f"q={found.number}&amp;list=complaints"
    assert f'href="{reverse("console:complaint", args=[found.pk])}?{query}"' in page
    copied = client.get(reverse("console:export_text", args=["complaints"]), {"q": found.number}).content.decode()
    assert found.number in copied
    assert other.number not in copied


def test_what_leads_out_of_the_sheet_keeps_its_message_for_the_page(city: City, browser_of: BrowserOf) -> None:
    """The sheet is told where to go instead of being shown nothing; the list itself only closes it."""
    client, order = browser_of(city.worker), make.order(city)
    client.post(reverse("console:order_verify", args=[order.pk]), {"how": "call"})
    of_the_sheet = {
        "HX-Request": "true",
        "HX-Target": "sheet-body",
        "HX-Current-URL": f"http://testserver{reverse(HOME)}",
    }
    out = client.get(reverse("console:verify"), headers=of_the_sheet)
    assert (out.status_code, out.headers["HX-Redirect"]) == (204, reverse("console:verify"))
    assert "核实通过" in client.get(reverse(HOME), headers=of_the_sheet).content.decode()
    assert client.get(reverse("console:order", args=[order.pk]), headers=of_the_sheet).status_code == 200


def test_who_entered_or_objected_is_not_asked_to_decide_it_himself(city: City, officer: User) -> None:
    give_role(user=officer, role=Role.CITY_OFFICER, node=city.corps, by=None)
    enter_opening(
        node=city.team,
        what=Opening.What.HOURS,
        number=700,
        unit="小时",
        as_of=clock.today(),
        source="笔记本",
        by=officer,
    )
    second = make.staff("邓主任", Role.CITY_OFFICER, city.corps)
    assert kinds_of(second) == {"openings": 1}
    assert kinds_of(officer) == {}
    object_to_dispatch(order=make.verified_order(city), by=city.captain, reason="不是我们片区")
    assert kinds_of(city.captain) == {"dispatch": 1}
    assert kinds_of(city.dispatcher) == {"dispatch": 1, "objections": 1}
    assert kinds_of(second) == {"openings": 1, "objections": 1}


def test_every_kind_says_where_it_stands_and_can_be_counted_and_listed(city: City, officer: User) -> None:
    assert len(BY_NAME) == len(TODOS)
    for todo in TODOS:
        assert reverse(f"console:{todo.route}")
        rows = todo.for_user(officer.pk, [city.city.path])
        assert not rows.filter(todo.is_late() | todo.below(city.city.path)).exists()
        assert not rows.filter(todo.finds("小修", True) | todo.finds("12", False)).exists()
        assert list(todo.shown(rows)) == []


def test_an_open_page_asks_how_much_waits_and_hears_only_what_is_new(city: City, browser_of: BrowserOf) -> None:
    client = browser_of(city.worker)
    make.order(city)
    first = client.get(reverse(LIVE), {"seen": ""}).content.decode()
    assert "新来：待核实 1 单" in first.replace("</svg>", "")
    assert 'data-count="1"' in first
    again = client.get(reverse(LIVE), {"seen": "verify-1"}).content.decode()
    assert "desk-news" not in again
    assert 'id="count-verify" hx-swap-oob="true">1<' in again
    assert client.get(reverse(LIVE), {"seen": "verify-x.nonsense-3.-"}).status_code == 200
    assert "<title>(1) 待办" in " ".join(text_of(client).split())


def test_asking_by_itself_is_no_use_of_the_desk(city: City, browser_of: BrowserOf) -> None:
    """Else a desk that stands open would never be signed out (rule A5)."""
    client = browser_of(city.worker)
    Session.objects.update(seen_at=F("seen_at") - timedelta(days=20))
    before = Session.objects.get().seen_at
    client.get(reverse(LIVE))
    assert Session.objects.get().seen_at == before
    client.get(reverse(HOME))
    assert Session.objects.get().seen_at > before


def test_a_kind_without_rows_is_told_when_it_is_empty(city: City, auditor: User, browser_of: BrowserOf) -> None:
    assert "都办完了" in text_of(browser_of(city.worker))
    assert "没有要您办的事" in text_of(browser_of(auditor))


def test_a_resident_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.resident_user).get(reverse(HOME))
    assert answer.status_code == 403
    assert "您的身份不能打开这个页面" in answer.content.decode()


def test_a_secretary_asks_who_has_not_said_for_a_week_whether_he_belongs_there(city: City) -> None:
    """Rule W13."""
    branch = open_node(kind=Kind.BRANCH, name="和平里党支部", parent=None, by=None)
    other = open_node(kind=Kind.BRANCH, name="光明里党支部", parent=None, by=None)
    secretary = make.staff("许书记", Role.SECRETARY, branch)
    stranger = make.staff("钱书记", Role.SECRETARY, other)
    member = record_member(person=city.volunteer.person, node=branch, kind=Membership.Kind.FULL, by=secretary)
    assert kinds_of(secretary) == {}
    with clock.at(clock.now() + timedelta(days=8)):
        assert kinds_of(secretary) == {"members": 1}
        assert kinds_of(stranger) == {}
        agree(membership=member, by=make.user_of(city.volunteer))
        assert kinds_of(secretary) == {}
        withdraw_agreement(membership=member, by=make.user_of(city.volunteer))
        assert kinds_of(secretary) == {}


def test_a_role_that_nobody_looked_at_for_a_quarter_waits_for_the_security_administrator(city: City) -> None:
    """Rule A8; his own is for another one."""
    security = make.staff("高主任", Role.SECURITY_ADMINISTRATOR, city.city)
    assert kinds_of(security) == {}
    with clock.at(clock.now() + timedelta(days=93)):
        due = RoleHeld.objects.filter(role__in=GIVEN_BY).exclude(user=security)
        assert kinds_of(security) == {"role_review": due.count()}
        assert kinds_of(city.worker) == {}
        keep_roles(held=list(due), by=security)
        assert kinds_of(security) == {}


def test_where_nothing_waits_the_page_says_where_to_begin(browser_of: BrowserOf, auditor: User) -> None:
    page = text_of(browser_of(auditor))
    assert "没有要您办的事" in page
    assert reverse("console:exports") in page
    assert reverse("console:accounts") not in page
