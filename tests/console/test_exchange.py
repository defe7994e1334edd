"""The pages of rosters and exports: what a clerk sees, and what a clerk of another subtree does not."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.base import clock
from lianxin.console.exchange.lists import LISTINGS
from lianxin.console.exchange.making import make as make_export
from lianxin.exchange.actions.exports import forget_old_exports, want_export
from lianxin.exchange.models.exports import Export
from lianxin.exchange.models.roll import OnRoll, SignedSheet
from lianxin.exchange.models.rosters import Roster
from lianxin.exchange.rules import rights
from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.organisations.rules import PRIVATE
from lianxin.people.models import Person
from lianxin.people.queries import looks_at
from lianxin.users.models import User
from tests import make
from tests.exchange.messy import with_check
from tests.make import City

Browser = Callable[[User], Client]

IDS = [with_check(f"1101051970010{day}001") for day in range(1, 10)]
HEAD = "姓名,身份证号,手机,服务队"


@pytest.fixture
def clerk(city: City) -> User:
    return make.staff("马专干", Role.STATION_WORKER, city.street)


def csv_of(city: City, many: int) -> bytes:
    rows = [f"王芳,{number},1380000{place:04},{city.team}" for place, number in enumerate(IDS[:many])]
    return "\n".join((HEAD, *rows)).encode()


def upload(client: Client, data: bytes, name: str = "名单.csv") -> Roster:
    answer = client.post("/console/rosters/", {"file": SimpleUploadedFile(name, data), "source": "网格系统导出"})
    assert answer.status_code == 303
    make.everybody_hears()
    return Roster.objects.order_by("-pk")[0]


def imported(client: Client, city: City, many: int = 1) -> Roster:
    roster = upload(client, csv_of(city, many))
    columns = {f"column-{column}": field for column, field in roster.mapping.items()}
    assert client.post(f"/console/rosters/{roster.pk}/columns/", columns).status_code == 303
    make.everybody_hears()
    assert client.post(f"/console/rosters/{roster.pk}/accept/").status_code == 303
    make.everybody_hears()
    return roster


def cells_of(answer: object) -> list[list[object]]:
    data = answer.content  # type: ignore[attr-defined]
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def test_a_clerk_takes_a_roster_in_from_page_to_page(city: City, clerk: User, browser_of: Browser) -> None:
    client = browser_of(clerk)
    roster = upload(client, csv_of(city, 2) + f"\n李强,110105,,{city.team}".encode())
    page = client.get(f"/console/rosters/{roster.pk}/").content.decode()
    assert "每一列是什么" in page and "身份证号" in page
    refused = client.post(f"/console/rosters/{roster.pk}/columns/", {"column-0": "name"})
    assert refused.status_code == 422 and "还要指出哪一列是" in refused.content.decode()
    client.post(f"/console/rosters/{roster.pk}/columns/", {f"column-{c}": f for c, f in roster.mapping.items()})
    assert "正在检查" in client.get(f"/console/rosters/{roster.pk}/").content.decode()
    make.everybody_hears()
    page = client.get(f"/console/rosters/{roster.pk}/").content.decode()
    assert "写入这 2 行" in page and "身份证号不是 18 位" in page
    errors = cells_of(client.get(f"/console/rosters/{roster.pk}/errors/"))
    assert errors[2][0] == 4.0 and errors[2][5] == "110105"
    client.post(f"/console/rosters/{roster.pk}/accept/")
    make.everybody_hears()
    assert "新增 2 人" in client.get(f"/console/rosters/{roster.pk}/").content.decode()
    assert "王芳" in client.get("/console/roll/").content.decode()


def test_a_file_that_is_none_is_answered_on_the_page(city: City, clerk: User, browser_of: Browser) -> None:
    client = browser_of(clerk)
    assert client.post("/console/rosters/", {}).status_code == 422
    assert client.post("/console/rosters/", {"file": SimpleUploadedFile("a.xlsx", b"")}).status_code == 422
    roster = upload(client, b"\x00\x01", "a.xlsx")
    assert "只能读" in client.get(f"/console/rosters/{roster.pk}/").content.decode()


def test_a_clerk_of_another_subtree_sees_nothing(city: City, clerk: User, browser_of: Browser) -> None:
    roster = imported(browser_of(clerk), city)
    elsewhere = open_node(kind=Kind.TEAM, name="别处的队", parent=city.corps, by=None)
    client = browser_of(make.staff("外人", Role.CAPTAIN, elsewhere))
    assert "名单.csv" not in client.get("/console/rosters/").content.decode()
    assert "王芳" not in client.get("/console/roll/").content.decode()
    for path in ("", "errors/", "columns/", "accept/", "drop/", "sheet/"):
        address = f"/console/rosters/{roster.pk}/{path}"
        answer = client.get(address) if path in {"", "errors/"} else client.post(address)
        assert answer.status_code == 404
    assert client.get(f"/console/roll/paper/?team={city.team.pk}").status_code == 404
    chain = client.post("/console/chain/", {"text": "1. 王芳"}).content.decode()
    assert "名单里没有这个人" in chain


def test_the_pages_take_as_many_queries_for_three_rows_as_for_one(
    city: City, clerk: User, browser_of: Browser, queries_of: Callable[[Client, str], int]
) -> None:
    client = browser_of(clerk)
    roster = imported(client, city, 1)
    addresses = ("/console/rosters/", "/console/roll/", "/console/exports/text/roll/")
    before = [queries_of(client, address) for address in addresses]
    wrong = queries_of(client, f"/console/rosters/{roster.pk}/?show=new")
    more = imported(client, city, 4)
    assert [queries_of(client, address) for address in addresses] == before
    assert queries_of(client, f"/console/rosters/{more.pk}/?show=new") == wrong


def test_slips_are_shown_once_and_a_signed_sheet_waits_for_a_colleague(
    city: City, clerk: User, browser_of: Browser
) -> None:
    client = browser_of(clerk)
    imported(client, city, 2)
    first, second = OnRoll.objects.order_by("pk")
    slips = client.post("/console/roll/slips/", {"rows": [first.pk]}).content.decode()
    assert "确认条" in slips and "王芳" in slips
    facts = {"rows": [second.pk], "witness": "何见证", "signed_on": "2026-01-05"}
    assert client.post("/console/roll/signed/", facts).status_code == 303
    sheet = SignedSheet.objects.get()
    assert "核对无误" not in client.get("/console/roll/").content.decode()
    colleague = browser_of(make.staff("唐专干", Role.STATION_WORKER, city.street))
    assert "核对无误" in colleague.get("/console/roll/").content.decode()
    assert colleague.post(f"/console/roll/signed/{sheet.pk}/confirm/").status_code == 303
    second.refresh_from_db()
    assert second.confirmed_how == OnRoll.How.SHEET


def test_a_list_is_taken_away_exactly_as_it_is_shown(city: City, officer: User, browser_of: Browser) -> None:
    make.order(city)
    cancelled = make.order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    client = browser_of(officer)
    answer = client.post(f"/console/exports/new/orders/?q={cancelled.pk}", {"reason": "报表"}, follow=True)
    export = Export.objects.get()
    assert export.state == Export.State.READY and f"/{export.pk}/file/" in answer.content.decode()
    rows = cells_of(client.get(f"/console/exports/{export.pk}/file/"))
    assert "罗主任" in str(rows[0][0]) and "报表" in str(rows[0][0])
    assert [row[0] for row in rows[2:]] == [float(cancelled.pk)]
    assert rows[2][3] == "王**"
    text = client.get(f"/console/exports/text/orders/?q={cancelled.pk}").content.decode()
    assert f"1. {cancelled.pk} 小修小补" in text and "2. " not in text


def test_every_list_of_the_console_can_be_taken_away(city: City, browser_of: Browser) -> None:
    make.offered_order(city)
    clients = [browser_of(make.staff(str(role.label), role, city.city)) for role in Role if role not in PRIVATE]
    for name, listing in LISTINGS.items():
        allowed = [c for c in clients if c.get(f"/console/exports/new/{name}/").status_code == 200]
        assert allowed, listing.title
        page = allowed[0].get(_address(listing.route)).content.decode()
        assert f"/console/exports/new/{name}/" in page
        assert allowed[0].post(f"/console/exports/new/{name}/", {}).status_code == 303
    assert set(Export.objects.values_list("state", flat=True)) == {Export.State.READY}


def _address(route: str) -> str:
    return reverse(route)


def test_phones_leave_only_for_a_reason_and_everybody_sees_who_took_them(
    city: City, clerk: User, browser_of: Browser
) -> None:
    client = browser_of(clerk)
    imported(client, city, 2)
    refused = client.post("/console/exports/new/roll/", {"with_sealed": "on", "reason": ""})
    assert refused.status_code == 422 and "请写明用途" in refused.content.decode() and not Export.objects.exists()
    client.post("/console/exports/new/roll/", {"with_sealed": "on", "reason": "给队员办保险"})
    rows = cells_of(client.get(f"/console/exports/{Export.objects.get().pk}/file/"))
    assert [row[-2:] for row in rows[2:]] == [["13800000000", IDS[0]], ["13800000001", IDS[1]]]
    for person in Person.objects.filter(is_imported=True):
        assert [entry.facts["fields"] for entry in looks_at(person)] == [["id_number", "phone"]]
    assert "给队员办保险" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_too_many_people_do_not_leave_with_their_phones(
    city: City, clerk: User, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of(clerk)
    imported(client, city, 3)
    monkeypatch.setattr("lianxin.exchange.actions.exports.MOST_SEALED_ROWS", 2)
    client.post("/console/exports/new/roll/", {"with_sealed": "on", "reason": "给队员办保险"})
    assert not Export.objects.exists() and rights.MOST_SEALED_ROWS == 2_000


def test_who_may_not_take_phones_gets_none_however_he_asks(city: City, browser_of: Browser) -> None:
    imported(browser_of(city.captain), city)
    client = browser_of(city.captain)
    client.post("/console/exports/new/roll/", {"with_sealed": "on", "reason": "给队员办保险"})
    export = Export.objects.get()
    assert not export.with_sealed
    assert "13800000000" not in str(cells_of(client.get(f"/console/exports/{export.pk}/file/")))


def test_only_who_wanted_a_file_can_take_it_and_it_is_forgotten_in_time(
    city: City, officer: User, auditor: User, browser_of: Browser
) -> None:
    make.order(city)
    browser_of(officer).post("/console/exports/new/orders/", {})
    export = Export.objects.get()
    assert browser_of(auditor).get(f"/console/exports/{export.pk}/file/").status_code == 404
    assert "罗主任" in browser_of(auditor).get("/console/exports/").content.decode()
    with clock.at(clock.now() + rights.EXPORT_KEPT * 2):
        assert forget_old_exports() == 1
    assert "已经按期删除" in browser_of(officer).get(f"/console/exports/{export.pk}/").content.decode()


def test_a_long_list_is_made_by_a_job(
    city: City, officer: User, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(city)
    monkeypatch.setattr("lianxin.console.exchange.exports.MOST_AT_ONCE", 0)
    client = browser_of(officer)
    page = client.post("/console/exports/new/orders/", {}, follow=True).content.decode()
    assert "正在后台做" in page
    make.everybody_hears()
    assert Export.objects.get().state == Export.State.READY


def test_a_job_that_comes_twice_makes_one_file(city: City, officer: User) -> None:
    facts = {"listing": "orders", "title": "全部单子", "query": "", "permission": "needs.see_orders", "reason": ""}
    export = want_export(**facts, with_sealed=False, rows=1, by=officer)
    make_export(export)
    export.refresh_from_db()
    assert make_export(export) == export


def test_a_chain_shows_who_is_meant_and_where_there_is_doubt(city: City, clerk: User, browser_of: Browser) -> None:
    text = "1. 李建国\n2. 孙晓梅\n3. 孙晓梅\n4. 谁也不是"
    page = browser_of(clerk).post("/console/chain/", {"text": text}).content.decode()
    assert "4 条，认出 1 人" in page and "接了两次" in page and "名单里没有这个人" in page


def test_who_took_what_in_any_tree_is_read_by_the_auditor_of_the_whole(city: City) -> None:
    taken = want_export(
        listing="kit_out", title="物资", query="", permission="volunteers.see", with_sealed=False, reason="", rows=1,
        by=city.captain,
    )  # fmt: skip
    assert taken.scope == city.team.path
    register = reverse("console:exports")
    for role, node, is_seen in [
        (Role.AUDITOR, city.city, True),
        (Role.SECURITY_ADMINISTRATOR, city.city, True),
        (Role.CITY_OFFICER, city.city, False),
        (Role.CITY_OFFICER, city.corps, True),
    ]:
        client = Client()
        client.force_login(make.staff(f"{role.label}某", role, node))
        assert ("物资" in client.get(register).content.decode()) is is_seen, f"{role} at {node}"
