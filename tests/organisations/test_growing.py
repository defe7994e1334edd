"""Many nodes opened at once from a pasted list (rule G13)."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.growing import Plan, open_nodes, plan
from lianxin.organisations.models import Kind, Naming, Node, Parenthood, Role
from lianxin.organisations.rules import Line, lines_of
from lianxin.users.models import User
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db

LIST = "和平街道\t和平里社区\n\t青松社区\n青年街道\t青年社区\n青年街道\t青年社区\n"


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.fixture
def officer(city: City) -> User:
    return make.staff("何市管", Role.CITY_OFFICER, city.city)


def opened(city: City, officer: User, pasted: str, lower: Kind | None = Kind.COMMUNITY) -> Plan:
    county = city.street.parent
    assert county
    return open_nodes(parent=county, kind=Kind.STREET, lower_kind=lower, lines=lines_of(pasted), by=officer)


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("甲\n乙", [("甲", ""), ("乙", "")]),
        ("甲\t一\r\n\t二\r\n乙\t三", [("甲", "一"), ("甲", "二"), ("乙", "三")]),
        ("甲，一\n\n 乙 , 二 ", [("甲", "一"), ("乙", "二")]),
        ("甲\t\t\n", [("甲", "")]),
        ("向阳  路", [("向阳 路", "")]),
    ],
)
def test_a_list_is_read_as_excel_gives_it(pasted: str, lines: list[Line]) -> None:
    assert lines_of(pasted) == lines


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "1 到 3000 行"),
        ("甲\n" * 3001, "1 到 3000 行"),
        ("甲\n乙\t一\t二", "第 2 行有 3 列"),
        ("\t一", "第 1 行没有第一列"),
        ("甲" * 61, "第 1 行的名称太长"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_with_its_line(pasted: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        lines_of(pasted)


@given(st.text(alphabet="甲乙\t,，\n\r 　", max_size=40))
def test_whatever_is_pasted_is_read_or_refused(pasted: str) -> None:
    try:
        lines = lines_of(pasted)
    except Refused:
        return
    assert all(upper and upper == upper.strip() and lower == lower.strip() for upper, lower in lines)


def test_what_is_new_is_opened_and_what_is_there_is_left_alone(city: City, officer: User) -> None:
    planned = opened(city, officer, LIST)
    assert planned == Plan(("青年街道",), (("和平街道", "青松社区"), ("青年街道", "青年社区")), known=2)
    young = Node.objects.get(name="青年社区")
    assert young.parent
    assert (young.kind, young.parent.name, young.path) == (
        Kind.COMMUNITY,
        "青年街道",
        f"{young.parent.path}.{young.pk}",
    )
    assert Parenthood.objects.get(node=young).parent == young.parent
    assert Naming.objects.get(node=young).name == "青年社区"
    noted = Entry.objects.filter(name="organisations.node_opened", actor_id=officer.pk)
    assert set(noted.values_list("scope", flat=True)) >= {young.path, young.parent.path}
    assert list(Node.objects.filter(search__contains=["青松"])) == [Node.objects.get(name="青松社区")]


def test_the_same_list_again_opens_nothing(city: City, officer: User) -> None:
    opened(city, officer, LIST)
    before = Node.objects.count()
    assert opened(city, officer, LIST).many == 0
    assert Node.objects.count() == before


def test_thousands_cost_as_many_statements_as_a_few(
    city: City, officer: User, django_assert_max_num_queries: object
) -> None:
    pasted = "\n".join(f"街道{number // 20}\t社区{number}" for number in range(1_500))
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert opened(city, officer, pasted).many == 1_575
    assert Node.objects.filter(kind=Kind.COMMUNITY, name__startswith="社区").count() == 1_500


def test_a_second_column_without_a_kind_or_of_another_tree_opens_nothing(city: City, officer: User) -> None:
    before = Node.objects.count()
    with pytest.raises(Refused, match="第二列"):
        opened(city, officer, LIST, lower=None)
    with pytest.raises(Refused, match="同一棵树"):
        opened(city, officer, LIST, lower=Kind.TEAM)
    assert Node.objects.count() == before


def test_what_was_shown_is_what_is_opened(city: City, officer: User) -> None:
    county, lines = city.street.parent, lines_of(LIST)
    assert county
    seen = plan(parent=county, lines=lines).mark
    open_node(kind=Kind.STREET, name="青年街道", parent=county, by=officer)
    with pytest.raises(Refused, match="再看一遍"):
        open_nodes(parent=county, kind=Kind.STREET, lower_kind=Kind.COMMUNITY, lines=lines, by=officer, seen=seen)
    assert not Node.objects.filter(name="青年社区").exists()


def test_nobody_opens_outside_his_reach(city: City, officer: User) -> None:
    with pytest.raises(Forbidden):
        opened(city, city.worker, LIST)
    with pytest.raises(Forbidden):
        open_nodes(parent=city.corps, kind=Kind.TEAM, lower_kind=None, lines=[("新队", "")], by=officer)


def test_the_page_shows_first_and_opens_then(city: City, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    county = city.street.parent
    assert county
    address = reverse("console:node_many", args=[county.pk])
    said = {"kind": Kind.STREET, "lower_kind": Kind.COMMUNITY, "lines": LIST}
    first = client.post(address, said)
    shown, mark = first.content.decode(), first.context["plan"].mark
    assert "要新建 3 个" in shown
    assert "已经有的 2 个不动" in shown
    assert not Node.objects.filter(name="青年街道").exists()
    other = client.post(address, said | {"lines": LIST + "南湖街道", "sure": mark})
    assert other.status_code == 422
    assert "再看一遍" in other.content.decode()
    assert "要新建 4 个" in other.content.decode()
    assert not Node.objects.filter(name="青年街道").exists()
    assert client.post(address, said | {"sure": mark}).status_code == 303
    assert Node.objects.filter(name="青年街道").exists()
    assert "都已经有了" in client.post(address, said).content.decode()
    missing = client.post(address, said | {"lower_kind": ""})
    assert missing.status_code == 422
    assert "请选第二列是什么类型" in missing.content.decode()
    assert "第 1 行有 3 列" in client.post(address, said | {"lines": "甲\t乙\t丙"}).content.decode()
    client.force_login(city.worker)
    assert client.get(address).status_code == 403
