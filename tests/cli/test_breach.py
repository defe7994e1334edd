"""The day of a leak: who looked at whom is listed from the journal, and looks and sessions can be stopped."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.cli.main import main
from lianxin.journal.models import Entry
from lianxin.people.actions.looking import look
from lianxin.users.models import Session
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> make.City:
    Installation.objects.create(city="连心市")
    return make.small_city()


def listed(tmp_path: Path, *words: str) -> list[list[str]]:
    out = tmp_path / "list.csv"
    out.unlink(missing_ok=True)
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    assert main(["breach", "--from", since, "--out", str(out), *words]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_the_list_names_who_looked_at_whose_fields_and_nothing_in_the_clear(
    city: make.City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    neighbour = make.person("赵桂兰", home=city.community)
    look(person=city.resident, fields=["phone", "address"], by=city.operator, about=city.resident)
    look(person=neighbour, fields=["phone"], by=city.worker, about=neighbour)
    [first, second] = listed(tmp_path)
    assert first[1:3] == ["周接线", str(city.operator.pk)]
    assert first[4:7] == ["王**", str(city.resident.pk), "address、phone"]
    assert second[4:7] == ["赵**", str(neighbour.pk), "phone"]
    said = capsys.readouterr().err
    assert "共 2 次查看或导出，涉及 2 人。" in said
    assert all(
        word in said for word in ("信息种类：address、phone", "原因", "可能造成的影响", "采取的措施", "联系方式")
    )
    phone = city.resident.phone
    assert phone
    assert phone.open() not in said + str([first, second])


def test_it_is_narrowed_by_who_looked_and_by_whose_fields_they_were(city: make.City, tmp_path: Path) -> None:
    neighbour = make.person("赵桂兰", home=city.community)
    for person, by in ((city.resident, city.operator), (neighbour, city.operator), (neighbour, city.worker)):
        look(person=person, fields=["phone"], by=by, about=person)
    assert [line[4] for line in listed(tmp_path, "--by", str(city.operator.pk))] == ["王**", "赵**"]
    assert [line[1] for line in listed(tmp_path, "--person", str(neighbour.pk))] == ["周接线", "陈站长"]
    assert listed(tmp_path, "--until", str(timezone.now() - timedelta(minutes=30))) == []


def test_a_pretended_time_does_not_hide_a_look(city: make.City, tmp_path: Path) -> None:
    with clock.at(datetime.fromisoformat("2020-01-01T00:00+08:00")):
        look(person=city.resident, fields=["phone"], by=city.operator, about=city.resident)
    assert len(listed(tmp_path)) == 1


def test_frozen_nobody_opens_a_sealed_field_until_it_is_lifted(city: make.City) -> None:
    assert main(["breach", "--freeze"]) == 0
    with pytest.raises(Refused, match="暂停查看和导出"):
        look(person=city.resident, fields=["phone"], by=city.operator, about=city.resident)
    assert not Entry.objects.filter(name="people.looked").exists()
    assert main(["breach", "--unfreeze"]) == 0
    assert look(person=city.resident, fields=["phone"], by=city.operator, about=city.resident).keys() == {"phone"}
    names = Entry.objects.filter(name__startswith="base.").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["base.frozen", "base.unfrozen"]


def test_all_sessions_end_at_once(city: make.City) -> None:
    client = Client()
    client.force_login(city.operator)
    assert client.get("/console/").status_code == 200
    assert main(["breach", "--end-sessions"]) == 0
    assert not Session.objects.exists()
    assert client.get("/console/").status_code == 302


def test_the_list_is_never_written_over_another_file(city: make.City, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("kept")
    with pytest.raises(FileExistsError):
        main(["breach", "--from", "2026-11-20", "--out", str(tmp_path / "kept.csv")])
