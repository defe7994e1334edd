"""`lianxin doctor` finds each gap, and none where all is well."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from lianxin.base import clock
from lianxin.base.models import CalendarDay, Installation
from lianxin.cli.doctor import findings

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPRING_2026 = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture
def healthy() -> None:
    fingerprint = settings.KEYS.fingerprint
    Installation.objects.update_or_create(id=1, defaults={"city": "晴川", "key_fingerprint": fingerprint})
    CalendarDay.objects.all().delete()
    CalendarDay.objects.create(day=date(2026, 10, 1), is_workday=False, name="国庆节", source="notice")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def gaps(moment: datetime = SPRING_2026) -> list[str]:
    with clock.at(moment):
        return [words for is_well, words in findings() if not is_well]


@pytest.mark.usefixtures("healthy")
def test_a_healthy_installation_has_no_gap() -> None:
    assert gaps() == []


@pytest.mark.usefixtures("healthy")
def test_in_december_the_next_years_holidays_must_be_known() -> None:
    assert gaps(datetime(2026, 12, 1, tzinfo=SHANGHAI)) == ["holidays of 2027 are missing: load the notice of the year"]


@pytest.mark.usefixtures("healthy")
def test_keys_of_another_installation_are_a_gap() -> None:
    Installation.objects.update(key_fingerprint="0" * 16)
    assert gaps() == ["another key file sealed this database"]


@pytest.mark.usefixtures("healthy")
def test_a_key_file_that_others_can_read_is_a_gap() -> None:
    settings.KEY_FILE.chmod(0o644)
    found = gaps()
    settings.KEY_FILE.chmod(0o600)
    assert found == [f"key file {settings.KEY_FILE} has mode 644 (600)"]


@pytest.mark.usefixtures("healthy")
def test_a_worker_without_heartbeat_is_a_gap() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert gaps() == ["job worker: no heartbeat"]


@pytest.mark.usefixtures("healthy")
def test_a_demo_on_the_network_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 nothing listens
    assert gaps() == []
    Installation.objects.update(is_demo=True)
    assert gaps() == ["a demo, listening on 0.0.0.0"]


@pytest.mark.usefixtures("healthy")
def test_a_database_without_installation_is_a_gap() -> None:
    Installation.objects.all().delete()
    assert gaps() == ["no installation yet: neither a demo nor a city was set up in this database"]
