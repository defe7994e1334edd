"""运行状况 tells the system administrator what to do, in figures, with a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from lianxin.base.models import Installation, Upkeep
from lianxin.organisations.models import Role
from lianxin.users.models import User
from tests.make import City, staff


@pytest.fixture
def administrator(city: City) -> User:
    return staff("钱管理", Role.SYSTEM_ADMINISTRATOR, city.city)


def text_of(client: Client) -> str:
    answer = client.get("/console/health/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_fresh_installation_is_told_what_was_never_done(
    administrator: User, browser_of: Callable[[User], Client]
) -> None:
    text = text_of(browser_of(administrator))
    assert "没有心跳" in text
    assert text.count("该做了") == 3


def test_what_was_done_lately_is_well_and_a_failed_test_is_not(
    administrator: User, browser_of: Callable[[User], Client]
) -> None:
    for kind in (Upkeep.Kind.BACKUP, Upkeep.Kind.RETENTION):
        Upkeep.objects.create(kind=kind, facts={"seconds": 12})
    Upkeep.objects.create(kind=Upkeep.Kind.RESTORE_TEST, facts={"is_good": False})
    text = text_of(browser_of(administrator))
    assert text.count("该做了") == 1
    assert "用时 12 秒" in text


def test_failed_and_waiting_jobs_are_counted(administrator: User, browser_of: Callable[[User], Client]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES "
            "('default', 'tests.a', 'todo'), ('default', 'tests.a', 'todo'), ('default', 'tests.b', 'failed')"
        )
    text = text_of(browser_of(administrator))
    assert "等待 2 个，正在做 0 个，失败 1 个" in text
    assert "tests.b：1" in text


def test_that_looks_are_stopped_stands_on_top(administrator: User, browser_of: Callable[[User], Client]) -> None:
    Installation.objects.create(city="连心市", frozen_at=timezone.now() - timedelta(hours=1))
    assert "查看和导出已暂停" in text_of(browser_of(administrator))


def test_the_page_takes_as_many_queries_at_three_rows_as_at_one(
    administrator: User, browser_of: Callable[[User], Client], queries_of: Callable[[Client, str], int]
) -> None:
    client = browser_of(administrator)
    Upkeep.objects.create(kind=Upkeep.Kind.BACKUP)
    before = queries_of(client, "/console/health/")
    for kind in Upkeep.Kind.values:
        Upkeep.objects.create(kind=kind)
    assert queries_of(client, "/console/health/") == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CITY_OFFICER, Role.SECURITY_ADMINISTRATOR])
def test_nobody_else_sees_it(role: Role, city: City, browser_of: Callable[[User], Client]) -> None:
    assert browser_of(staff("路人", role, city.city)).get("/console/health/").status_code == 403
