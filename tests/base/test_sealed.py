"""Sealed values open only where they were sealed, under old keys too, and nothing else gives them away."""

import dataclasses
import secrets
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from lianxin.base.keys import add_sealing_key, load_or_create, use_newest
from lianxin.base.sealed import Sealed, keyed_hash
from lianxin.people.models import Person
from tests import make

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


def with_a_further_key(settings: Settings) -> None:
    keys = settings.KEYS
    sealing = keys.sealing | {keys.current + 1: secrets.token_bytes(32)}
    settings.KEYS = dataclasses.replace(keys, sealing=sealing, current=keys.current + 1)


@given(text=TEXTS)
def test_what_was_sealed_opens_again(text: str) -> None:
    assert Sealed.close(text, b"people.phone").open() == text


@given(text=TEXTS)
def test_the_same_value_sealed_twice_does_not_look_the_same(text: str) -> None:
    assert Sealed.close(text, b"people.phone")._bytes != Sealed.close(text, b"people.phone")._bytes


@given(text=TEXTS)
def test_a_value_moved_to_another_column_does_not_open(text: str) -> None:
    moved = Sealed(Sealed.close(text, b"people.phone")._bytes, b"people.address")
    with pytest.raises(InvalidTag):
        moved.open()


@given(text=TEXTS, place=st.integers(1), bit=st.integers(0, 7))
def test_a_value_that_was_tampered_with_does_not_open(text: str, place: int, bit: int) -> None:
    kept = bytearray(Sealed.close(text, b"people.phone")._bytes)
    kept[1 + place % (len(kept) - 1)] ^= 1 << bit
    with pytest.raises(InvalidTag):
        Sealed(bytes(kept), b"people.phone").open()


def test_a_sealed_value_does_not_show_itself() -> None:
    sealed = Sealed.close("13800000000", b"people.phone")
    assert [str(sealed), repr(sealed), f"{sealed}"] == ["•••"] * 3


def test_what_the_old_key_sealed_opens_after_a_rotation_and_the_new_key_seals(settings: Settings) -> None:
    old = Sealed.close("13800000000", b"people.phone")
    with_a_further_key(settings)
    new = Sealed.close("13800000000", b"people.phone")
    assert (old.open(), new.open()) == ("13800000000", "13800000000")
    assert new.key_number == old.key_number + 1


def test_a_rotation_leaves_look_ups_alone(settings: Settings) -> None:
    before = keyed_hash("13800000000")
    with_a_further_key(settings)
    assert keyed_hash("13800000000") == before


def test_the_key_file_grows_and_keeps_what_it_had(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = load_or_create(file)
    grown = add_sealing_key(file)
    assert (file.stat().st_mode & 0o777, grown.current, set(grown.sealing)) == (0o600, first.current, {1, 2})
    assert (grown.lookup, grown.signing, grown.sealing[first.current]) == (
        first.lookup,
        first.signing,
        first.sealing[first.current],
    )
    assert load_or_create(file) == grown


def test_a_running_process_takes_up_a_new_key_from_the_file(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    settings.KEYS = load_or_create(file)
    add_sealing_key(file)
    assert Sealed.close("13800000000", b"people.phone").key_number == 1
    use_newest(file)
    assert Sealed.close("13800000000", b"people.phone").key_number == 2


@pytest.mark.django_db
def test_the_database_holds_nothing_in_the_clear_but_the_ending() -> None:
    person = make.person("王秀英")
    phone = Person.objects.get(pk=person.pk).phone
    assert phone is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_person::text FROM people_person WHERE id = %s", [person.pk])
        row = cursor.fetchone()[0]
    plain = phone.open()
    assert plain not in row
    assert plain.encode().hex() not in row
    assert "幸福路".encode().hex() not in row
    assert plain[-4:] in row


@pytest.mark.django_db
def test_a_sealed_field_cannot_be_written_in_the_clear_by_an_update() -> None:
    person = make.person("王秀英")
    with pytest.raises(TypeError, match="bytes"):
        Person.objects.filter(pk=person.pk).update(phone="13800000000")


@pytest.mark.django_db
def test_a_changed_value_changes_its_hash_and_ending() -> None:
    person = make.person("王秀英")
    person.phone = "13812345678"
    person.save()
    kept = Person.objects.get(pk=person.pk)
    assert kept.phone is not None
    assert (kept.phone.open(), kept.phone_ending) == ("13812345678", "5678")
    assert bytes(kept.phone_hash or b"") == keyed_hash("13812345678")


@pytest.mark.django_db
def test_an_empty_value_is_kept_as_nothing() -> None:
    person = make.person("王秀英")
    person.phone = ""
    person.save()
    kept = Person.objects.get(pk=person.pk)
    assert (kept.phone, kept.phone_hash, kept.phone_ending) == (None, None, None)


def test_the_look_up_key_is_not_a_sealing_key() -> None:
    assert django_settings.KEYS.lookup not in django_settings.KEYS.sealing.values()
