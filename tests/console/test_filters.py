"""The lists of the loop have filters of their own, which stay in the address with search and page."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.serving import start_visit
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import CallBack
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.menu import Clock
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]


def shown(client: Client, route: str, query: str = "") -> list[int]:
    """The keys of the rows of a list, as its address asks for them."""
    answer = client.get(f"{reverse(f'console:{route}')}?{query}")
    assert answer.status_code == 200
    return [row.pk for row in answer.context["page"]]


def test_alarms_are_narrowed_by_what_rings_whom_and_where(city: City, browser_of: BrowserOf) -> None:
    order = make.accepted_order(city).order
    door = raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=city.captain, order=order)
    silent = raise_alarm(person=make.person("刘玉珍", home=city.community), kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    client = browser_of(city.worker)
    assert shown(client, "alarms") == [door.pk, silent.pk]
    assert shown(client, "alarms", "what=unreachable") == [silent.pk]
    assert shown(client, "alarms", f"q={order.pk}") == [door.pk]
    assert shown(client, "alarms", "q=刘玉") == [silent.pk]
    assert shown(client, "alarms", f"place={city.street.pk}&what=no_answer&late=on") == []
    assert "没有符合条件的警报在响" in client.get(reverse("console:alarms") + "?q=没有的").content.decode()
    end_alarm(alarm=silent, outcome=Alarm.Outcome.SAFE, by=city.worker)
    ended = client.get(reverse("console:alarms") + "?what=no_answer").context["ended"]
    assert list(ended) == []


def test_a_captain_finds_an_alarm_by_its_order_but_by_no_name(city: City, browser_of: BrowserOf) -> None:
    order = make.accepted_order(city).order
    door = raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=city.captain, order=order)
    client = browser_of(city.captain)
    assert shown(client, "alarms", f"q={order.pk}") == [door.pk]
    assert shown(client, "alarms", f"q={city.resident.name}") == []


def test_what_was_handed_on_is_narrowed_by_to_whom_and_opens_the_next_of_those(
    city: City, browser_of: BrowserOf
) -> None:
    lamp, smoke, leak = (make.order(city) for _each in range(3))
    for order, to in ((lamp, Redirect.To.HOTLINE), (smoke, Redirect.To.FIRE), (leak, Redirect.To.HOTLINE)):
        redirect_order(order=order, by=city.worker, reason="不归我们", to=to)
    client = browser_of(city.operator)
    assert shown(client, "redirected", "to=12345") == [lamp.pk, leak.pk]
    assert shown(client, "redirected", f"to=12345&q={leak.pk}") == [leak.pk]
    assert shown(client, "redirected", "to=nonsense") == [smoke.pk, lamp.pk, leak.pk]
    address = f"{reverse('console:order_outcome', args=[lamp.pk])}?to=12345&list=redirected"
    facts = {"came": "settled", "outcome": "修好了"}
    answer = client.post(address, facts, headers={"HX-Request": "true"})
    assert answer["Location"] == f"{reverse('console:order', args=[leak.pk])}?to=12345&list=redirected"


def promise(city: City, **facts: object) -> CallBack:
    usual = {"owner": city.operator, "scope": city.community.path, "promised_at": clock.now(), "due_at": clock.now()}
    return CallBack.objects.create(**{**usual, **facts})


def test_call_backs_are_narrowed_by_owner_subject_and_end_of_the_number(city: City, browser_of: BrowserOf) -> None:
    order = make.order(city)
    about = promise(city, person=city.resident, order=order)
    other = promise(city, number="13800001234", owner=city.worker)
    later = promise(city, person=city.resident, due_at=clock.now() + timedelta(hours=2))
    client = browser_of(city.operator)
    assert shown(client, "call_backs") == [about.pk, other.pk, later.pk]
    assert shown(client, "call_backs", "about=order") == [about.pk]
    assert shown(client, "call_backs", "mine=1&about=other") == [later.pk]
    assert shown(client, "call_backs", "q=1234") == [other.pk]
    assert shown(client, "call_backs", f"q={order.pk}") == [about.pk]
    assert shown(client, "call_backs", "late=on") == [about.pk, other.pk]
    page = client.get(reverse("console:call_backs") + "?mine=1&about=other").content.decode()
    assert '<input type="hidden" name="mine" value="1">' in page
    assert 'href="?about=other"' in page


def test_objections_and_what_a_team_is_asked_are_narrowed_by_clock_number_and_team(
    city: City, browser_of: BrowserOf
) -> None:
    urgent = make.menu_item(city.city, "断电", clock=Clock.URGENT, is_alone_at_first=True)
    plain, quick = make.verified_order(city), make.verified_order(city, item=urgent)
    objections = [object_to_dispatch(order=each, by=city.captain, reason="不是我们片区") for each in (plain, quick)]
    offers = [offer_to_team(order=each, team=city.team, by=city.dispatcher) for each in (plain, quick)]
    above, captain = browser_of(city.dispatcher), browser_of(city.captain)
    assert shown(above, "objections", "clock=urgent") == [objections[1].pk]
    assert shown(above, "objections", f"q={city.team.name[:3]}") == [each.pk for each in objections]
    assert shown(above, "objections", f"q={plain.pk}") == [objections[0].pk]
    assert shown(captain, "team", "clock=plain") == [offers[0].pk]
    assert shown(captain, "team", "q=断电") == [offers[1].pk]
    assert shown(captain, "team", f"q={city.resident.name}") == []


def test_what_members_hold_is_found_by_the_same_words(city: City, browser_of: BrowserOf) -> None:
    held = make.accepted_order(city)
    client, team = browser_of(city.captain), reverse("console:team")
    for words, found in ((city.volunteer.person.name, [held]), (city.resident.name, []), (str(held.order_id), [held])):
        assert list(client.get(f"{team}?q={words}").context["held"]) == found


def test_visits_are_narrowed_by_how_they_stand(city: City, browser_of: BrowserOf) -> None:
    client, begins, ends = browser_of(city.worker), make.tomorrow_at(10), make.tomorrow_at(12)

    def stands() -> list[str]:
        return [
            now for now in ("ahead", "late", "serving", "over") if shown(client, "visits", f"now={now}") == [task.pk]
        ]

    with clock.at(begins - timedelta(hours=1)):
        task = make.accepted_order(city, start=begins, end=ends)
        assert stands() == ["ahead"]
    with clock.at(task.order.planned_start + timedelta(minutes=5)):
        assert stands() == ["late"]
        start_visit(assignment=task, by=make.user_of(city.volunteer))
        assert stands() == ["serving"]
        assert shown(client, "visits", f"q={city.volunteer.person.name}") == [task.pk]
        assert shown(client, "visits", f"q={city.resident.name}&place={city.street.pk}") == [task.pk]


def test_what_is_out_of_reach_is_found_by_no_filter(city: City, browser_of: BrowserOf) -> None:
    other = open_node(kind=Kind.COMMUNITY, name="滨河社区", parent=city.street, by=None)
    stranger = browser_of(make.staff("外站", Role.STATION_WORKER, other))
    order = make.accepted_order(city).order
    raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=city.captain, order=order)
    promise(city, person=city.resident)
    for route in ("alarms", "call_backs", "visits", "redirected"):
        for query in ("", f"q={order.pk}", f"q={city.resident.name}", f"place={city.street.pk}"):
            assert shown(stranger, route, query) == []
