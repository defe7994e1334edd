"""节假日: the system administrator loads the yearly notice, reads it as the notice says it, and takes a wrong one out."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.base.calendar import SHIPPED, load_shipped_notices
from lianxin.base.models import CalendarDay, HolidayNotice
from lianxin.journal.models import Entry
from lianxin.organisations.models import Role
from lianxin.users.models import User
from tests.make import City, staff

HOLIDAYS = "console:holidays"
BrowserOf = Callable[[User], Client]


@pytest.fixture
def administrator(city: City) -> User:
    return staff("钱管理", Role.SYSTEM_ADMINISTRATOR, city.city)


def upload(client: Client, words: str | bytes) -> str:
    data = words if isinstance(words, bytes) else words.encode()
    answer = client.post(reverse(HOLIDAYS), {"file": SimpleUploadedFile("2026.json", data)}, follow=True)
    return str(answer.content.decode())


def test_a_notice_is_loaded_and_shown_as_it_reads(administrator: User, browser_of: BrowserOf) -> None:
    client = browser_of(administrator)
    assert "2026 年的节假日还没有装入" in client.get(reverse(HOLIDAYS)).content.decode()
    text = upload(client, (SHIPPED / "2026.json").read_bytes())
    assert "2026 年的节假日已经装入" in text
    assert "2月15日 周日 至 2月23日 周一" in text
    assert "2月14日 周六、2月28日 周六" in text
    assert text.index("中秋节") < text.index("国庆节")
    entry = Entry.objects.get(name="organisations.holidays_loaded")
    assert (entry.actor_id, entry.facts["days"]) == (administrator.pk, 39)


def test_a_file_that_is_wrong_says_where_and_leaves_the_table(administrator: User, browser_of: BrowserOf) -> None:
    load_shipped_notices()
    wrong = json.dumps({"year": 2026, "days": [{"name": "元旦", "date": "2026-13-01", "isOffDay": True}]})
    client = browser_of(administrator)
    assert "第 1 天读不懂" in upload(client, wrong)
    assert "这个文件太大" in upload(client, b" " * 300_000)
    assert CalendarDay.objects.count() == 39
    assert not Entry.objects.filter(name="organisations.holidays_loaded").exists()


def test_a_wrong_notice_is_taken_out(administrator: User, browser_of: BrowserOf) -> None:
    load_shipped_notices()
    notice = HolidayNotice.objects.get(year=2026)
    client = browser_of(administrator)
    assert client.post(reverse("console:holidays_drop", args=[notice.pk])).status_code == 303
    assert not CalendarDay.objects.exists()
    assert "一年的节假日都没有" in client.get(reverse(HOLIDAYS)).content.decode()
    assert Entry.objects.get(name="organisations.holidays_dropped").facts["days"] == 39


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CITY_OFFICER, Role.SECURITY_ADMINISTRATOR])
def test_nobody_else_does(role: Role, city: City, browser_of: BrowserOf) -> None:
    load_shipped_notices()
    client = browser_of(staff("路人", role, city.city))
    assert client.get(reverse(HOLIDAYS)).status_code == 403
    assert client.post(reverse("console:holidays_drop", args=[HolidayNotice.objects.get().pk])).status_code == 403
    assert CalendarDay.objects.count() == 39
