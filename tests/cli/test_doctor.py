"""`lianxin doctor` finds each gap, names its limits, and says how bad it is by its exit code."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from lianxin.base import clock
from lianxin.base.keys import add_sealing_key, load_or_create, use_newest
from lianxin.base.models import HolidayNotice, Installation, Upkeep
from lianxin.cli.doctor import findings
from lianxin.cli.findings import State
from lianxin.cli.findings.machine import AREA as MACHINE
from lianxin.cli.main import main
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.rules import roles_with
from lianxin.users.rules import AT_A_DESK
from tests import make

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPRING_2026 = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)
OF_THE_TESTS = {"backups in", "no SMS carrier"}
UNPROVEN = "people work at a desk without a second factor"


@pytest.fixture
def healthy() -> make.City:
    """A city in order, with its three administrators, a backup and a restore test."""
    fingerprint = django_settings.KEYS.fingerprint
    Installation.objects.update_or_create(id=1, defaults={"city": "晴川", "key_fingerprint": fingerprint})
    HolidayNotice.objects.all().delete()
    HolidayNotice.objects.create(year=2026, source="notice", loaded_at=datetime(2026, 1, 1, tzinfo=SHANGHAI))
    for kind in (Upkeep.Kind.BACKUP, Upkeep.Kind.RESTORE_TEST):
        Upkeep.objects.create(kind=kind, facts={"seconds": 2.5, "is_good": True})
    with clock.at(datetime(2026, 3, 1, tzinfo=SHANGHAI)):
        city = make.small_city()
        for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
            make.staff(str(role.label), role, city.city)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    return city


def bad(moment: datetime = SPRING_2026) -> list[str]:
    """The gaps and dangers, but for those of the machine and the folders that the tests run in."""
    with clock.at(moment):
        found = [each for each in findings() if each.state in {State.GAP, State.DANGER} and each.area != MACHINE]
    return [each.words for each in found if not _is_of_the_tests(each.words)]


def _is_of_the_tests(words: str) -> bool:
    return UNPROVEN in words or any(words.startswith(begins) for begins in OF_THE_TESTS)


@pytest.mark.usefixtures("healthy")
def test_a_healthy_installation_has_no_gap_and_names_its_limits_all_the_same() -> None:
    assert bad() == []
    limits = [each.words for each in findings() if each.state == State.NOTE]
    assert [words for words in limits if "SM2/SM3/SM4" in words]
    assert [words for words in limits if "no second site" in words]


@pytest.mark.usefixtures("healthy")
def test_in_december_the_next_years_holidays_must_be_known() -> None:
    assert bad(datetime(2026, 12, 1, tzinfo=SHANGHAI)) == ["holidays of 2027 are missing: load the notice of the year"]


@pytest.mark.usefixtures("healthy")
def test_keys_of_another_installation_are_a_danger(capsys: pytest.CaptureFixture[str]) -> None:
    Installation.objects.update(key_fingerprint="0" * 16)
    assert bad() == ["another key file sealed this database"]
    assert main(["doctor", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert [each["words"] for each in told if each["state"] == "DANGER"] == ["another key file sealed this database"]
    assert set(told[0]) == {"area", "state", "words", "where"}


@pytest.mark.usefixtures("healthy")
def test_a_key_file_that_others_can_read_is_a_danger() -> None:
    django_settings.KEY_FILE.chmod(0o644)
    found = bad()
    django_settings.KEY_FILE.chmod(0o600)
    assert found == [f"key file {django_settings.KEY_FILE} has mode 644 (600)"]


@pytest.mark.usefixtures("healthy")
def test_a_worker_without_heartbeat_and_a_failed_job_are_gaps() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'tests.broken', 'failed')"
        )
    assert bad() == ["job worker: no heartbeat", "failed jobs: tests.broken 1"]


@pytest.mark.usefixtures("healthy")
def test_a_demo_on_the_network_is_a_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 nothing listens
    assert bad() == []
    Installation.objects.update(is_demo=True)
    assert bad() == ["a demo, listening on 0.0.0.0"]


@pytest.mark.usefixtures("healthy")
def test_a_database_without_installation_is_a_gap() -> None:
    Installation.objects.all().delete()
    assert bad() == ["no installation yet: neither a demo nor a city was set up in this database"]


@pytest.mark.usefixtures("healthy")
def test_an_old_backup_and_a_failed_restore_test_are_gaps_in_a_city_and_not_in_a_demo() -> None:
    Upkeep.objects.filter(kind=Upkeep.Kind.BACKUP).update(at=timezone.now() - timedelta(days=2))
    Upkeep.objects.create(kind=Upkeep.Kind.RESTORE_TEST, facts={"is_good": False})
    assert [words.partition(":")[0] for words in bad()] == ["last backup", "last restore test"]
    Installation.objects.update(is_demo=True)
    assert bad() == []


@pytest.mark.usefixtures("healthy")
def test_a_city_without_one_of_the_three_administrators_has_a_gap() -> None:
    RoleHeld.objects.filter(role=Role.AUDITOR).delete()
    assert bad() == ["nobody is 审计管理员"]


@pytest.mark.usefixtures("healthy")
def test_staff_without_a_second_factor_are_counted() -> None:
    [words] = [each.words for each in findings() if "second factor" in each.words]
    at_a_desk = RoleHeld.objects.filter(role__in=roles_with(AT_A_DESK)).values("user").distinct().count()
    assert words == f"{at_a_desk} people work at a desk without a second factor"


@pytest.mark.usefixtures("healthy")
def test_a_journal_whose_guard_was_taken_away_is_a_danger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER append_only")
    assert bad() == ["could be changed: ['journal_seal']"]


@pytest.mark.usefixtures("healthy")
def test_the_progress_of_a_new_key_is_said(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    settings.KEYS, settings.KEY_FILE = load_or_create(file), file
    Installation.objects.update(key_fingerprint=settings.KEYS.fingerprint)
    Upkeep.objects.create(kind=Upkeep.Kind.RESEALED, facts={"key": 2, "left": 0})
    add_sealing_key(file)
    use_newest(file)
    assert "keys [1, 2]: old ones are not needed" in [each.words for each in findings()]
    assert bad() == []
