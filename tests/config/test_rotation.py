"""A new key seals at once, old rows follow in the background however often it is killed, and the old key goes last."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django.fixtures import Settings

from lianxin.base.keys import load_or_create
from lianxin.base.models import Installation, Upkeep
from lianxin.base.resealing import BATCH, columns, left_over, reseal_all
from lianxin.base.sealed import SealedFileField, keyed_hash
from lianxin.config import rotation
from lianxin.config.cannot_start import CannotStart
from lianxin.config.upkeep import keep_record
from lianxin.exchange.models.exports import Export
from lianxin.people.models import Person
from tests import make

PHONES = [str(13_700_000_000 + number) for number in range(BATCH + 20)]


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of this test's own."""
    file = tmp_path / "keys.json"
    monkeypatch.setenv("LIANXIN_KEY_FILE", str(file))
    settings.KEYS, settings.KEY_FILE = load_or_create(file), file
    return file


@pytest.fixture
def sealed_rows(db: None, own_keys: Path) -> list[int]:
    """More people than one step seals again."""
    Installation.objects.create(city="连心市", key_fingerprint=django_settings.KEYS.fingerprint)
    people = [Person(name="王秀英", phone=phone, made_at=make.moment("2026-11-20 10:00")) for phone in PHONES]
    return [person.pk for person in Person.objects.bulk_create(people)]


def phones(pks: list[int]) -> list[str]:
    return [person.phone.open() for person in Person.objects.filter(pk__in=pks).order_by("pk") if person.phone]


def key_numbers() -> set[int]:
    return {person.phone.key_number for person in Person.objects.exclude(phone=None) if person.phone}


def test_both_keys_open_meanwhile_and_afterwards_only_the_new_one_is_needed(sealed_rows: list[int]) -> None:
    assert rotation.begin() == 2
    fresh = make.person("赵桂兰")
    assert key_numbers() == {1, 2}
    assert phones([*sealed_rows, fresh.pk])[:-1] == PHONES
    rotation.reseal(timestamp=0)
    assert (left_over(), key_numbers()) == ({}, {2})
    assert rotation.drop_old(even_for_backups=False) == [1]
    assert phones(sealed_rows) == PHONES
    assert Person.objects.filter(phone_hash=keyed_hash(PHONES[0])).count() == 1


def test_every_sealed_column_of_the_house_is_sealed_again() -> None:
    named = {str(column) for column in columns()}
    assert {"people_person.phone", "people_person.id_number", "users_user.phone", "users_session.kept"} <= named


def test_sealed_files_are_sealed_again_too(sealed_rows: list[int]) -> None:
    content = bytes(range(256)) * 40
    user = make.user_of(make.person("陈站长"))
    facts = {"listing": "people", "wanted_by": user, "scope": "1", "wanted_at": make.moment("2026-11-20 10:00")}
    made = [Export.objects.create(file=content, **facts) for _ in range(SealedFileField.at_once + 1)]
    rotation.begin()
    rotation.reseal(timestamp=0)
    kept = [export.file for export in Export.objects.filter(pk__in=[export.pk for export in made])]
    assert [(file.key_number, file.open_bytes()) for file in kept if file] == [(2, content)] * len(made)


def test_the_old_key_stays_while_a_value_needs_it(sealed_rows: list[int]) -> None:
    rotation.begin()
    with pytest.raises(CannotStart, match=f"people_person.phone: {len(PHONES)}"):
        rotation.drop_old(even_for_backups=True)
    assert phones(sealed_rows) == PHONES


def test_the_old_key_stays_while_a_backup_needs_it(sealed_rows: list[int]) -> None:
    keep_record(kind=Upkeep.Kind.BACKUP, facts={"backup": "20261120T000000Z", "keys": [1]}, by=None)
    rotation.begin()
    rotation.reseal(timestamp=0)
    with pytest.raises(CannotStart, match="20261120T000000Z"):
        rotation.drop_old(even_for_backups=False)
    assert rotation.drop_old(even_for_backups=True) == [1]


def test_a_step_is_whole_or_not_at_all_and_the_next_run_goes_on(sealed_rows: list[int]) -> None:
    rotation.begin()
    steps = reseal_all()
    assert next(steps) == BATCH
    steps.close()
    assert left_over() == {"people_person.phone": len(PHONES) - BATCH}
    rotation.reseal(timestamp=0)
    assert (left_over(), phones(sealed_rows)) == ({}, PHONES)
    assert Upkeep.objects.get().facts == {"key": 2, "values": len(PHONES) - BATCH, "left": 0}
    rotation.reseal(timestamp=0)
    assert Upkeep.objects.count() == 1


def test_on_several_machines_the_key_is_added_first_and_seals_later(sealed_rows: list[int]) -> None:
    assert rotation.add_only() == 2
    make.person("赵桂兰")
    assert key_numbers() == {1}
    with pytest.raises(CannotStart, match="seals nothing yet"):
        rotation.add_only()
    assert rotation.begin() == 2


def test_an_installation_with_one_key_has_nothing_to_do(sealed_rows: list[int]) -> None:
    rotation.reseal(timestamp=0)
    assert not Upkeep.objects.exists()


KILLED = """
import os, sys, django
django.setup()
from django.conf import settings
from lianxin.base.resealing import reseal_all
settings.DATABASES["default"]["NAME"] = sys.argv[1]
for done in reseal_all():
    print(done, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_midway_loses_nothing(sealed_rows: list[int], own_keys: Path) -> None:
    rotation.begin()
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
    command = [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"])]
    with subprocess.Popen(
        command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == f"{BATCH}\n"
        process.send_signal(signal.SIGKILL)
    assert left_over() == {"people_person.phone": len(PHONES) - BATCH}
    rotation.reseal(timestamp=0)
    assert (left_over(), phones(sealed_rows)) == ({}, PHONES)
