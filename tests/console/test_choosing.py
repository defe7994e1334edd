"""A place, a team or a colleague is chosen from a list where there are few, by typing where there are many (rule G12)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import choosing
from lianxin.needs.actions.calls.aids import write_knowledge
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.models.aids import Knowledge
from lianxin.needs.models.calls import Duty
from lianxin.needs.models.events import Event
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, PlaceAlias, Role, RoleHeld
from lianxin.people.models import Application, Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
SAID = {
    "events": {"name": "停水", "script": "正在抢修。"},
    "knowledge_new": {"words": "退休金", "answer": "打人社热线。"},
    "aliases": {"words": "老粮店后头"},
    "person_new": {"name": "赵桂兰"},
}
NODE = {"events": "place", "knowledge_new": "place", "aliases": "place", "person_new": "home"}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list shows not even one, so that three places are as many as 1,500."""
    monkeypatch.setattr(choosing, "FEW", 0)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def suggested(client: Client, name: str, typed: str, *args: int) -> list[str]:
    """What the line of this form suggests, from the address that its page names."""
    found = re.search(r'data-suggest="([^"]+)"', page(client, reverse(name, args=args)))
    assert found, "no line to type into"
    address = found[1].replace("&amp;", "&")
    answer = client.get(f"{address}{'&' if '?' in address else '?'}q={typed}").content.decode()
    return re.findall(r'value="([^"]+)"', answer)


@pytest.mark.parametrize("name", SAID)
def test_a_few_places_are_a_list_and_what_is_not_in_it_is_refused(
    name: str, city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    street = make.staff("街道员", Role.CITY_OFFICER, city.street)
    client, address = browser_of(street), reverse(f"console:{name}")
    client = client if client.get(address).status_code == 200 else browser_of(city.operator)
    with_one = queries_of(client, address)
    others = [open_node(kind=Kind.COMMUNITY, name=f"青松{one}社区", parent=city.street, by=None) for one in "一二"]
    assert queries_of(client, address) == with_one
    shown = page(client, address)
    assert f'<option value="{others[0].pk}">青松一社区</option>' in shown and "data-suggest" not in shown
    answer = client.post(address, SAID[name] | {NODE[name]: city.team.pk})
    assert answer.status_code == 422 and "不在您能选的范围里" in answer.content.decode()


@pytest.mark.parametrize("name", SAID)
def test_many_places_are_a_line_in_which_the_name_is_typed(
    name: str, city: City, browser_of: BrowserOf, queries_of: QueriesOf, many: None
) -> None:
    client, address = browser_of(city.operator), reverse(f"console:{name}")
    client = client if client.get(address).status_code == 200 else browser_of(city.worker)
    with_one = queries_of(client, address)
    elsewhere = open_node(kind=Kind.COUNTY, name="西山区", parent=None, by=None)
    street = open_node(kind=Kind.STREET, name="青松街道", parent=elsewhere, by=None)
    far = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=street, by=None)
    assert queries_of(client, address) == with_one
    assert "<option" not in page(client, address).partition(NODE[name])[2].partition("</datalist>")[0]
    assert suggested(client, f"console:{name}", "和平里") == [f"和平里社区 #{city.community.pk}"]
    assert suggested(client, f"console:{name}", "青松") == []
    for typed, words in (
        ("没有这里", "没有找到「没有这里」"),
        (str(far), "「青松社区」不在您能选的范围里"),
        (f"{city.station} #{city.station.pk}", "不在您能选的范围里"),
        ("", "请选"),
    ):
        answer = client.post(address, SAID[name] | {NODE[name]: typed})
        assert answer.status_code == 422 and words in answer.content.decode(), typed
    assert client.post(address, SAID[name] | {NODE[name]: "和平里社区"}).status_code == 303
    made: dict[str, Callable[[], Node | None]] = {
        "events": lambda: Event.objects.get().place,
        "knowledge_new": lambda: Knowledge.objects.get().place,
        "aliases": lambda: PlaceAlias.objects.get().place,
        "person_new": lambda: Person.objects.get(name="赵桂兰").home,
    }
    assert made[name]() == city.community


def test_an_entry_that_is_put_right_shows_its_place(city: City, browser_of: BrowserOf, many: None) -> None:
    entry = write_knowledge(place=city.community, words="退休金", answer="人社", number="", by=city.worker)
    address = reverse("console:knowledge_edit", args=[entry.pk])
    assert f'value="和平里社区 #{city.community.pk}"' in page(browser_of(city.worker), address)


def test_names_are_suggested_within_the_own_reach_for_the_permission_of_the_line(
    city: City, browser_of: BrowserOf
) -> None:
    address = f"{reverse('console:nodes_suggest')}?q=和平&may=needs.lead_events"
    assert "和平街道 #" in page(browser_of(city.operator), address)
    assert "和平街道 #" not in page(browser_of(city.worker), address)
    for nobody in (city.captain, city.dispatcher):
        assert page(browser_of(nobody), address).strip() == ""
    assert page(browser_of(city.operator), f"{reverse('console:nodes_suggest')}?q=和平&may=no.such").strip() == ""


def test_who_is_on_duty_is_typed_by_name_or_desk(city: City, browser_of: BrowserOf, many: None) -> None:
    officer = browser_of(make.staff("罗主任", Role.CITY_OFFICER, city.city))
    held = RoleHeld.objects.get(user=city.operator)
    meant = f"周接线（连心市） #{held.pk}"
    assert suggested(officer, "console:duty", "接线") == suggested(officer, "console:duty", "连心") == [meant]
    assert suggested(officer, "console:duty", "罗主任") == []
    when = {"since": "2026-11-23T18:00", "until": "2026-11-23T22:00"}
    address = reverse("console:duty")
    assert "没有找到「罗主任」" in officer.post(address, when | {"held": "罗主任"}).content.decode()
    assert officer.post(address, when | {"held": meant}).status_code == 303
    assert Duty.objects.get().user == city.operator
    assert suggested(browser_of(city.worker), "console:duty", "接线") == []


def test_an_order_is_moved_to_a_team_that_is_typed(city: City, browser_of: BrowserOf, many: None) -> None:
    other = open_node(kind=Kind.TEAM, name="青松红帽队", parent=city.team.parent, by=None)
    order = make.verified_order(city)
    object_to_dispatch(order=order, by=city.captain, reason="不是我们片区")
    above = browser_of(make.staff("罗主任", Role.CITY_OFFICER, city.city))
    assert suggested(above, "console:order", "青松", order.pk) == [f"青松红帽队 #{other.pk}"]
    decided = {"words": "请他们去一趟", "to": "青松红帽队"}
    assert above.post(reverse("console:order_decide", args=[order.pk]), decided).status_code == 303
    order.refresh_from_db()
    assert order.team_path == other.path


def test_a_resident_of_a_large_city_types_his_community(city: City, browser_of: BrowserOf, many: None) -> None:
    twin = open_node(kind=Kind.STREET, name="青松街道", parent=city.city, by=None)
    open_node(kind=Kind.COMMUNITY, name="和平里社区", parent=twin, by=None)
    newcomer = browser_of(make.new_user())
    both = ["和平街道 和平里社区", "青松街道 和平里社区"]
    # In which order two of one name stand depends on the keys of their streets: 999 stands behind 1000.
    assert sorted(suggested(newcomer, "site:welcome", "和平里")) == sorted(both)
    address, said = reverse("site:welcome"), {"name": "赵小兰"}
    unclear = newcomer.post(address, said | {"home": "和平里"}).content.decode()
    assert "是哪一个" in unclear and both[1] in unclear
    assert newcomer.post(address, said | {"home": both[0]}).status_code == 303
    assert Person.objects.get(name="赵小兰").home == city.community


def test_a_relative_types_it_too(city: City, browser_of: BrowserOf, many: None) -> None:
    daughter = browser_of(make.user_of(make.person("张敏", home=city.street)))
    said = {"name": "王秀英", "relation": "女儿", "scopes": ["follow"], "home": "和平里"}
    assert suggested(daughter, "site:family_new", "和平里") == ["和平街道 和平里社区"]
    assert daughter.post(reverse("site:family_new"), said).status_code == 303
    assert Application.objects.count() == 1
