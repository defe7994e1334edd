"""A roster's way in: uploaded, mapped, checked, accepted (rules I1 to I6)."""

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash
from lianxin.base.workbooks.cells import is_blank
from lianxin.base.workbooks.reading import Book, Row
from lianxin.exchange.documents import errors_workbook
from lianxin.exchange.models.rosters import Field, Line, Outcome, Roster, Source
from lianxin.exchange.queries.checking import Check, Checked
from lianxin.exchange.queries.names import Places
from lianxin.exchange.queries.rosters import columns_of
from lianxin.exchange.rules import columns
from lianxin.exchange.rules.rights import FILE_KEPT, IMPORT
from lianxin.journal.actions import note
from lianxin.organisations.queries import reach, require
from lianxin.users.models import User

WRITERS = int.from_bytes(sha256(b"lianxin rosters").digest()[:8], signed=True)


@action
def upload_roster(*, data: bytes, file_name: str, source: str, by: User) -> Roster:
    """Take a file in, sealed; a job opens it (rule I1)."""
    paths = reach(by, IMPORT)
    require(by, IMPORT, *paths)
    if not data:
        raise Refused(_("文件是空的，请重新选择。"), field="file")
    roster = Roster.objects.create(
        file_name=file_name[-120:],
        file=data,
        file_hash=keyed_hash(sha256(data).hexdigest()),
        source=_source(paths[0], source),
        scope=paths[0],
        uploaded_by=by,
        made_at=clock.now(),
    )
    note("exchange.roster_uploaded", roster, by=by, scope=roster.scope)
    return roster


@action
def open_roster(*, roster: Roster) -> Roster:
    """Find the sheets, the headings, and what each column may hold; what cannot be read says why."""
    roster = lock(Roster, roster.pk, "source")
    if roster.state != Roster.State.READING:
        return roster
    try:
        book = _book(roster)
        shown = [sheet for sheet in book.sheets if not sheet.is_hidden] or book.sheets
        roster.sheets = [{"name": sheet.name, "hidden": sheet.is_hidden} for sheet in book.sheets]
        roster.sheet = _likely_sheet(book, [sheet.place for sheet in shown])
        _read_head(roster, book)
        move(roster, Roster.State.TO_MAP)
    except Refused as refused:
        _fail(roster, refused)
    roster.save()
    return roster


@action
def choose_sheet(*, roster: Roster, sheet: int, by: User) -> Roster:
    """Read another sheet of the file; its columns are guessed anew."""
    roster = _locked(roster, by)
    if roster.state != Roster.State.TO_MAP or not 0 <= sheet < len(roster.sheets):
        raise Refused(_("现在不能换表，请刷新页面看最新情况。"))
    roster.sheet = sheet
    _read_head(roster, _book(roster))
    roster.save()
    return roster


@action
def map_roster(*, roster: Roster, mapping: dict[str, str], by: User) -> Roster:
    """Say which column holds what; it is remembered for the source, and a job checks the lines (rule I2)."""
    roster = _locked(roster, by)
    fields = [field for field in mapping.values() if field]
    missing = [str(Field(field).label) for field in columns.NEEDED if field not in fields]
    if missing:
        raise Refused(_("还要指出哪一列是：%(missing)s。") % {"missing": "、".join(missing)})
    if len(fields) != len(set(fields)):
        raise Refused(_("有两列选了同一项，请只留一列。"))
    move(roster, Roster.State.CHECKING)
    roster.mapping = {column: field for column, field in mapping.items() if field}
    roster.done, roster.counts = 0, {}
    roster.save()
    _remember(roster)
    note("exchange.roster_mapped", roster, by=by, scope=roster.scope)
    return roster


def check_roster(*, roster: Roster) -> None:
    """Check every line; what is found is written batch by batch, so that a page can show how far it is.

    Not one transaction: a job that was killed starts from the first line again.
    """
    _forget_lines(roster=roster)
    try:
        counts = dict.fromkeys(Outcome.values, 0)
        done = 0
        for batch in _check(roster).batches(_rows_below_head(roster)):
            done += len(batch)
            for line in batch:
                counts[line.outcome] += 1
            _keep_lines(roster=roster, batch=batch, done=done)
        if not done:
            raise Refused(_("表头下面没有一行名单，请看看是不是选错了表。"))
        _finish_check(roster=roster, counts=counts, failure=None)
    except Refused as refused:
        _finish_check(roster=roster, counts={}, failure=refused)


@action
def accept_roster(*, roster: Roster, by: User) -> Roster:
    """The clerk has seen what was found; a job writes the good lines, all in one transaction (rule I4)."""
    roster = _locked(roster, by)
    if not roster.good:
        raise Refused(_("没有要写入的行：都已经有了，或者都要改。"))
    move(roster, Roster.State.ACCEPTING)
    roster.save(update_fields=["state"])
    note("exchange.roster_accepted", roster, by=by, scope=roster.scope)
    return roster


@action
def take_errors(*, roster: Roster, by: User) -> bytes:
    """The lines to correct, beside what is wrong with them; the workbook holds private values, so it is noted."""
    roster = _locked(roster, by)
    if roster.file is None:
        raise Refused(_("文件已经按期删除，请重新上传。"))
    note("exchange.errors_taken", roster, by=by, scope=roster.scope)
    return errors_workbook(roster)


@action
def drop_roster(*, roster: Roster, by: User) -> Roster:
    """Not to be imported after all: file and lines are deleted at once."""
    roster = _locked(roster, by)
    move(roster, Roster.State.DROPPED)
    roster.file = None
    roster.save(update_fields=["state", "file"])
    roster.lines.all().delete()
    note("exchange.roster_dropped", roster, by=by, scope=roster.scope)
    return roster


@action
def forget_old_rosters() -> int:
    """Delete files and lines that have stood long enough (rule I6); what was imported stays."""
    old = Roster.objects.filter(made_at__lt=clock.now() - FILE_KEPT, file__isnull=False)
    keys = list(old.values_list("pk", flat=True))
    Line.objects.filter(roster__in=keys).delete()
    return Roster.objects.filter(pk__in=keys).update(file=None)


def checked_again(roster: Roster) -> Iterator[list[Checked]]:
    """The lines against what we hold now; the caller holds `alone_with_rosters`."""
    return _check(roster).batches(_rows_below_head(roster))


def alone_with_rosters() -> None:
    """Until this transaction ends no other roster is written, so that two clerks do not make one person twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])


@action
def _forget_lines(*, roster: Roster) -> None:
    Line.objects.filter(roster=roster).delete()


@action
def _keep_lines(*, roster: Roster, batch: list[Checked], done: int) -> None:
    insert_many(line_of(roster, checked) for checked in batch)
    Roster.objects.filter(pk=roster.pk).update(done=done)


@action
def _finish_check(*, roster: Roster, counts: dict[str, int], failure: Refused | None) -> None:
    roster = lock(Roster, roster.pk)
    if failure:
        _fail(roster, failure)
    else:
        move(roster, Roster.State.CHECKED)
        roster.counts, roster.checked_at = counts, clock.now()
    roster.save(update_fields=["state", "failure", "counts", "checked_at"])


def line_of(roster: Roster, checked: Checked) -> Line:
    """A checked line as a row: no ID number, no phone."""
    draft = checked.draft
    return Line(
        roster=roster,
        number=draft.number,
        outcome=checked.outcome,
        name=draft.name[:60],
        id_ending=draft.id_number[-4:],
        team=draft.team[:60],
        problems=draft.problems,
    )


def _locked(roster: Roster, by: User) -> Roster:
    roster = lock(Roster, roster.pk, "source")
    require(by, IMPORT, roster.scope)
    return roster


def _source(scope: str, name: str) -> Source | None:
    if not name:
        return None
    kept, _made = Source.objects.get_or_create(scope=scope, name=name, defaults={"used_at": clock.now()})
    return kept


def _remember(roster: Roster) -> None:
    if roster.source:
        roster.source.mapping = {
            roster.headings[int(column)]: field
            for column, field in roster.mapping.items()
            if int(column) < len(roster.headings)
        }
        roster.source.used_at = clock.now()
        roster.source.save(update_fields=["mapping", "used_at"])


def _book(roster: Roster) -> Book:
    if roster.file is None:
        raise Refused(_("文件已经按期删除，请重新上传。"))
    return Book(roster.file.open_bytes(), roster.file_name)


def _likely_sheet(book: Book, places: list[int]) -> int:
    """The first sheet with headings that we know, else the first."""
    return next((place for place in places if columns.head_of(_first_rows(book, place))), places[0])


def _read_head(roster: Roster, book: Book) -> None:
    rows = _first_rows(book, roster.sheet)
    head = columns.head_of(rows) or next(iter(rows), None)
    if head is None:
        raise Refused(_("这张表是空的，请看看是不是选错了文件。"))
    roster.head_row, roster.headings = head.number, columns.headings_of(head)
    known = roster.source.mapping if roster.source else {}
    roster.mapping = columns.remembered(roster.headings, known)


def _first_rows(book: Book, place: int) -> list[Row]:
    found = []
    for row in book.rows(place):
        if not all(map(is_blank, row.cells)):
            found.append(row)
        if len(found) == columns.ROWS_SEARCHED:
            break
    return found


def _rows_below_head(roster: Roster) -> Iterator[Row]:
    return (row for row in _book(roster).rows(roster.sheet) if row.number > roster.head_row)


def _check(roster: Roster) -> Check:
    places = Places(roster.uploaded_by)
    return Check(mapping=columns_of(roster), places=places, today=clock.today())


def _fail(roster: Roster, refused: Refused) -> None:
    move(roster, Roster.State.FAILED)
    roster.failure = str(refused)[:200]
