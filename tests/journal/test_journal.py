"""The journal is added to and read, nothing else; who listens hears every entry; seals show tampering."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.base import clock
from lianxin.base.actions import MOST_LEFT, action
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.journal.bell import hear, hear_alone, hear_waiting, heard_at_once, on
from lianxin.journal.models import Entry, Seal
from lianxin.journal.queries import entries_about, entries_under
from lianxin.journal.seals import faults, seal_entries
from lianxin.journal.tasks import seal
from lianxin.organisations.models import Node, Role
from tests import make

pytestmark = pytest.mark.django_db

heard: list[int] = []


@on("tests.heard")
def remember(entry: Entry) -> None:
    heard.append(entry.pk)


@on("tests.half_heard")
def fail(entry: Entry) -> None:
    raise RuntimeError("this listener is broken")


@on("tests.half_heard")
def remember_too(entry: Entry) -> None:
    heard.append(entry.pk)


@on("tests.heard_if_loud", when=lambda entry: "loud" in entry.facts)
def remember_the_loud(entry: Entry) -> None:
    heard.append(entry.pk)


@on("tests.long", is_long=True)
def take_long(entry: Entry) -> None:
    heard.append(entry.pk)


@pytest.fixture(autouse=True)
def nothing_heard(db: None) -> None:
    """And nothing waits: the library's table keeps what tests that commit have queued."""
    heard.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


@pytest.fixture
def city() -> Node:
    return make.small_city().city


@contextmanager
def tampered(*statements: str) -> Iterator[None]:
    """What somebody with the database's own password could do; undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET name = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry CASCADE",
        "UPDATE journal_seal SET digest = ''",
        "DELETE FROM journal_sealing",
    ],
)
def test_the_journal_can_neither_be_changed_nor_shortened(city: Node, statement: str) -> None:
    seal_entries()
    with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_an_entry_names_actor_subject_and_place(city: Node) -> None:
    worker = make.staff("陈站长", Role.STATION_WORKER, city)
    entry = note("tests.done", city, by=worker, scope=city.path, for_person=7, why="so")
    assert (entry.actor_id, entry.actor_name) == (worker.pk, "陈站长")
    assert (entry.subject_type, entry.subject_id, entry.subject_name) == ("organisations.node", city.pk, "连心市")
    assert (entry.scope, entry.for_person_id, entry.facts) == (city.path, 7, {"why": "so"})
    assert entries_about(city).last() == entry
    assert entries_under([city.path]).first() == entry
    assert not entries_under([]).exists()


def test_what_the_machine_does_is_signed_by_the_system(city: Node) -> None:
    assert note("tests.done", city, by=None).actor_name == "系统"


def test_the_bell_rings_only_for_deeds_that_somebody_listens_to(city: Node) -> None:
    before = ProcrastinateJob.objects.count()
    note("tests.nobody_listens", city, by=None)
    assert ProcrastinateJob.objects.count() == before
    note("tests.heard", city, by=None)
    assert ProcrastinateJob.objects.count() == before + 1


def test_many_deeds_are_one_statement_and_ring_once(city: Node) -> None:
    before = ProcrastinateJob.objects.count()
    entries = note_many("tests.heard", [Deed(city), Deed(city), Deed(city)], by=None)
    assert ProcrastinateJob.objects.count() == before + 1
    make.everybody_hears()
    assert heard == [entry.pk for entry in entries]


def test_no_deeds_are_no_statement(city: Node) -> None:
    before = Entry.objects.count()
    assert list(note_many("tests.heard", [], by=None)) == []
    assert Entry.objects.count() == before


def test_a_deed_that_is_undone_is_never_heard(city: Node) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        note("tests.heard", city, by=None)
        raise RuntimeError
    make.everybody_hears()
    assert heard == []


def test_one_broken_listener_does_not_silence_the_others(city: Node) -> None:
    entry = note("tests.half_heard", city, by=None)
    with pytest.raises(ExceptionGroup, match="1 listeners failed"):
        hear([entry.pk])
    assert heard == [entry.pk]


def waiting(*names: str) -> list[tuple[str, list[int], bool]]:
    """The jobs of the bell for deeds of these names: task, entries, and whether they wait for a moment."""
    rows = ProcrastinateJob.objects.filter(args__name__in=names).order_by("pk")
    return [(row.task_name, row.args["entries"], row.scheduled_at is not None) for row in rows]


def test_nothing_is_queued_for_a_deed_that_concerns_no_listener(city: Node) -> None:
    quiet, loud = note_many("tests.heard_if_loud", [Deed(city), Deed(city, facts={"loud": True})], by=None)
    assert waiting("tests.heard_if_loud") == [("journal.hear", [loud.pk], False)]
    hear([quiet.pk, loud.pk])
    assert heard == [loud.pk]


def test_a_job_takes_along_what_waits_and_leaves_what_takes_long(city: Node) -> None:
    entries = [note("tests.heard", city, by=None) for _ in range(3)]
    long = note("tests.long", city, by=None)
    hear_waiting(name="tests.heard", entries=[entries[0].pk])
    assert set(heard) == {entry.pk for entry in entries}
    assert waiting("tests.heard", "tests.long") == [("journal.hear_alone", [long.pk], False)]


def test_who_fails_among_those_taken_along_is_tried_again_alone_and_the_others_were_heard(city: Node) -> None:
    broken, whole = note("tests.half_heard", city, by=None), note("tests.heard", city, by=None)
    hear_waiting(name="tests.heard", entries=[])
    assert set(heard) == {broken.pk, whole.pk}
    assert waiting("tests.heard", "tests.half_heard") == [("journal.hear_alone", [broken.pk], True)]
    with pytest.raises(ExceptionGroup):
        hear_alone(name="tests.half_heard", entries=[broken.pk])


def test_a_worker_that_dies_among_those_taken_along_loses_none(city: Node) -> None:
    entry = note("tests.heard", city, by=None)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        hear_waiting(name="tests.heard", entries=[])
        raise KeyboardInterrupt
    assert waiting("tests.heard") == [("journal.hear", [entry.pk], False)]


def test_every_entry_is_sealed_once_and_the_chain_holds(city: Node) -> None:
    first = seal_entries()
    note("tests.done", city, by=None)
    second = seal_entries()
    assert first and second
    assert second.previous == first
    assert sorted([*first.entries, *second.entries]) == list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert seal_entries() is None
    assert list(faults()) == []


def test_a_changed_entry_shows(city: Node) -> None:
    seal_entries()
    entry = Entry.objects.order_by("pk").first()
    assert entry
    with tampered(f"UPDATE journal_entry SET actor_name = '别人' WHERE id = {entry.pk}"):
        [fault] = faults()
        assert fault.endswith("were changed")


def test_a_removed_entry_shows(city: Node) -> None:
    seal = seal_entries()
    assert seal
    with tampered(f"DELETE FROM journal_entry WHERE id = {seal.entries[0]}"):
        assert list(faults()) == [f"seal {seal.pk}: 1 journal entries are missing"]


def test_a_removed_seal_shows(city: Node) -> None:
    seals = []
    for _ in range(3):
        note("tests.done", city, by=None)
        seals.append(seal_entries())
    assert seals[1]
    assert seals[2]
    with tampered(f"DELETE FROM journal_seal WHERE id = {seals[1].pk}"):
        assert list(faults()) == [f"seal {seals[2].pk}: the seal before it is missing"]


def test_an_entry_slipped_in_below_what_is_settled_shows(city: Node) -> None:
    first = seal_entries()
    assert first
    note("tests.done", city, by=None)
    second = seal_entries()
    assert second
    assert (first.settled, second.settled) == (0, first.entries[-1])
    slipped_in = first.entries[0] - 1
    Entry(pk=slipped_in, name="tests.done", at=clock.now(), subject_id=city.pk).save(force_insert=True)
    assert seal_entries() is None
    assert list(faults()) == [f"journal entry {slipped_in} stands below a seal and under none"]
    fresh = note("tests.done", city, by=None)
    third = seal_entries()
    assert third
    assert third.entries == [fresh.pk]


def test_entries_stand_under_a_seal_whatever_the_order_in_which_they_were_committed(city: Node) -> None:
    """A transaction that began early may commit late, with lower keys than what is sealed already."""
    late = note("tests.done", city, by=None).pk
    Entry(pk=late + 2, name="tests.done", at=clock.now(), subject_id=city.pk).save(force_insert=True)
    seal_entries()
    Entry(pk=late + 1, name="tests.done", at=clock.now(), subject_id=city.pk).save(force_insert=True)
    seal = seal_entries()
    assert seal
    assert seal.entries == [late + 1]
    assert Seal.objects.count() == 2
    assert list(faults()) == []


def test_what_an_action_notes_is_written_by_one_statement_just_before_it_ends(city: Node) -> None:
    @action
    def do_three_things() -> list[Entry]:
        return [
            note("tests.heard", city, by=None),
            note("tests.done", city, by=None),
            note("tests.heard", city, by=None),
        ]

    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        entries = do_three_things()
    assert Entry.objects.count() == before + 3
    assert [entry.pk for entry in entries] == sorted(entry.pk for entry in entries)
    assert sum("journal_entry" in each["sql"] for each in asked) == 1
    assert waiting("tests.heard") == [("journal.hear", [entries[0].pk, entries[2].pk], False)]


def test_an_action_that_notes_very_much_writes_some_of_it_meanwhile_and_in_its_order(city: Node) -> None:
    @action
    def note_much() -> int:
        note_many("tests.first", [Deed(city)] * (MOST_LEFT - 1), by=None)
        assert not Entry.objects.filter(name="tests.first").exists()
        note_many("tests.second", [Deed(city)] * 2, by=None)
        note("tests.last", city, by=None)
        return Entry.objects.filter(name__startswith="tests.").count()

    assert note_much() == MOST_LEFT + 1
    names = list(Entry.objects.filter(name__startswith="tests.").order_by("pk").values_list("name", flat=True))
    assert names == ["tests.first"] * (MOST_LEFT - 1) + ["tests.second"] * 2 + ["tests.last"]


def test_an_action_that_fails_notes_nothing(city: Node) -> None:
    @action
    def begin_and_fail() -> None:
        note("tests.heard", city, by=None)
        raise Refused("so nicht")

    before = Entry.objects.count()
    with pytest.raises(Refused):
        begin_and_fail()
    assert Entry.objects.count() == before
    note("tests.done", city, by=None)
    assert Entry.objects.count() == before + 1
    assert waiting("tests.heard") == []


def test_in_a_history_each_deed_is_heard_before_the_next(city: Node) -> None:
    @action
    def live() -> None:
        first = note("tests.heard", city, by=None)
        assert heard == [first.pk]

    with heard_at_once():
        live()
    assert len(heard) == 1


def test_while_people_go_on_writing_the_journal_is_sealed_once_a_minute(city: Node) -> None:
    def write_after_each_seal(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "journal_sealing"') and written.count < 10:
            written.count += 1
            note("tests.done", city, by=None)
        return answer

    written = SimpleNamespace(count=0)
    before = Seal.objects.count()
    note("tests.done", city, by=None)
    with connection.execute_wrapper(write_after_each_seal):
        seal(timestamp=0)
    assert written.count == 1
    assert Seal.objects.count() == before + 1
