"""People on roll say that it is them: by phone, with a slip, or on a signed sheet before a witness (rules I7 to I9)."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import update_many
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.exchange.models.roll import WRONG_TRIES, OnRoll, SignedSheet
from lianxin.exchange.queries.names import teams_of
from lianxin.exchange.queries.rosters import slip_hash, to_claim
from lianxin.exchange.rules.identity import name_of
from lianxin.exchange.rules.rights import SLIP_LIVES
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.models import Node
from lianxin.people.actions.registering import claim
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.actions.taking_on import Named, take_on_many
from lianxin.volunteers.models import Volunteer

SLIP_SIGNS = "ABCDEFGHJKLMNPQRTUVWXY346789"
"""No signs that are taken for another one when read from paper."""

SLIP_LENGTH = 10


@action
def confirm(*, row: OnRoll, name: str, ending: str, how: OnRoll.How, by: User) -> OnRoll | None:
    """The person says who he is; None when name or ending are wrong, which counts (rule I8).

    `by` has proven the phone of this row, or holds its slip: the face has found the row by one of them.
    """
    row = lock(OnRoll, row.pk, "person", "team")
    _require_open(row)
    if row.person.user_id != by.pk and not _is_it(row, name, ending):
        row.wrong_tries += 1
        row.save(update_fields=["wrong_tries"])
        note("exchange.wrong_try", row, by=by, scope=row.team.path, for_person=row.person_id)
        return None
    if row.person.user_id != by.pk:
        # Not the desk but name, ending and proven phone (or slip) have made sure.
        row.person = claim(person=row.person, user=by, by=None)
    _confirmed([row], how, by)
    return row


@action
def say_it_is_not_me(*, row: OnRoll, by: User) -> OnRoll:
    """Nobody serves by being written on a list: who says no is never put on roll again by one (rule I7)."""
    row = lock(OnRoll, row.pk, "person", "team")
    if not to_claim(by).filter(pk=row.pk).exists():
        raise Forbidden(_("请用名单上的手机号登录再说。"))
    _require_open(row)
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])
    note("exchange.declined", row, by=by, scope=row.team.path, for_person=row.person_id)
    return row


@action
def make_slips(*, rows: Iterable[OnRoll], by: User) -> list[tuple[OnRoll, str]]:
    """One-time codes for people without a phone of their own on the list; earlier slips of theirs end (rule I8).

    The codes are shown this once; only their keyed hashes are kept.
    """
    found = _waiting(rows, by)
    slips = [(row, "".join(secrets.choice(SLIP_SIGNS) for _sign in range(SLIP_LENGTH))) for row in found]
    for row, code in slips:
        row.slip_hash, row.slip_until, row.wrong_tries = slip_hash(code), clock.now() + SLIP_LIVES, 0
    update_many(found, "slip_hash", "slip_until", "wrong_tries")
    note_many("exchange.slip_made", [_deed(row) for row in found], by=by)
    return slips


@action
def write_sheet(*, rows: Iterable[OnRoll], team: Node, witness: str, signed_on: date, by: User) -> SignedSheet:
    """Write down who signed a sheet before which witness; nothing counts until a second person confirms (rule I9)."""
    found = [row for row in _waiting(rows, by) if row.team_id == team.pk and row.sheet_id is None]
    if not found:
        raise Refused(_("请至少勾选一位已经签字的人。"), field="rows")
    if not witness.strip():
        raise Refused(_("请写下见证人的姓名。"), field="witness")
    if signed_on > clock.today():
        raise Refused(_("签字日期还没到。"), field="signed_on")
    if any(row.person.name == name_of(witness.strip()) for row in found):
        raise Refused(_("见证人不能是签字人自己。"), field="witness")
    sheet = SignedSheet.objects.create(
        team=team, scope=team.path, witness=witness.strip(), signed_on=signed_on, written_by=by, written_at=clock.now()
    )
    OnRoll.objects.filter(pk__in=[row.pk for row in found]).update(sheet=sheet)
    note("exchange.sheet_written", sheet, by=by, scope=team.path, people=len(found))
    return sheet


@action
def confirm_sheet(*, sheet: SignedSheet, by: User) -> SignedSheet:
    """A second person has seen the paper: all who signed it have confirmed."""
    sheet = _locked_sheet(sheet, by)
    if sheet.written_by_id == by.pk:
        raise Refused(_("登记和核对不能是同一个人，请另一位同事来核对。"))
    move(sheet, SignedSheet.State.CONFIRMED)
    sheet.confirmed_by, sheet.confirmed_at = by, clock.now()
    sheet.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    signed = OnRoll.objects.filter(sheet=sheet, confirmed_at=None, left_at=None).select_related("person", "team")
    rows = list(signed.order_by("pk"))
    _claim_on_paper([row.person for row in rows])
    _confirmed(rows, OnRoll.How.SHEET, by)
    note("exchange.sheet_confirmed", sheet, by=by, scope=sheet.scope)
    return sheet


@action
def void_sheet(*, sheet: SignedSheet, by: User) -> SignedSheet:
    """The sheet was written down wrongly: those on it wait again."""
    sheet = _locked_sheet(sheet, by)
    move(sheet, SignedSheet.State.VOID)
    sheet.save(update_fields=["state"])
    OnRoll.objects.filter(sheet=sheet, confirmed_at=None).update(sheet=None)
    note("exchange.sheet_voided", sheet, by=by, scope=sheet.scope)
    return sheet


def _is_it(row: OnRoll, name: str, ending: str) -> bool:
    said = name_of(" ".join(name.split()))
    return said == row.person.name and ending.strip().upper() == (row.person.id_ending or "")


def _require_open(row: OnRoll) -> None:
    if row.confirmed_at:
        raise Refused(_("您已经确认过了。"))
    if row.left_at or row.wrong_tries >= WRONG_TRIES:
        raise Refused(_("这里不能再确认了，请带身份证到社区或队长那里办。"))


def _confirmed(rows: Sequence[OnRoll], how: OnRoll.How, by: User) -> None:
    for row in rows:
        row.confirmed_at, row.confirmed_how, row.slip_hash = clock.now(), how, None
    OnRoll.objects.bulk_update(rows, ["confirmed_at", "confirmed_how", "slip_hash"], batch_size=500)
    people = [row.person_id for row in rows]
    serving = set(Volunteer.objects.filter(person__in=people).values_list("person", flat=True))
    named = [Named(row.person, row.team, row.skills) for row in rows if row.person_id not in serving]
    take_on_many(named=named, by=by)
    deeds = [Deed(row, row.team.path, row.person_id, {"how": how}) for row in rows]
    note_many("exchange.confirmed", deeds, by=by)


def _claim_on_paper(people: Sequence[Person]) -> None:
    now = clock.now()
    Person.objects.filter(pk__in=[person.pk for person in people], claimed_at=None).update(claimed_at=now)


def _waiting(rows: Iterable[OnRoll], by: User) -> list[OnRoll]:
    """These rows under lock, as far as they wait and this user answers for their teams."""
    keys = [row.pk for row in rows]
    locked = OnRoll.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=keys, confirmed_at=None, left_at=None, team__in=teams_of(by)
    )
    found = list(locked.select_related("person", "team").order_by("pk"))
    if len(found) < len(keys):
        raise Refused(_("名单里有人刚刚确认了，或者不在您负责的队里。请刷新页面再选。"))
    return found


def _locked_sheet(sheet: SignedSheet, by: User) -> SignedSheet:
    sheet = lock(SignedSheet, sheet.pk)
    if not teams_of(by).filter(pk=sheet.team_id).exists():
        raise Forbidden(_("这不在您负责的范围内，不能这样做。"))
    return sheet


def _deed(row: OnRoll) -> Deed:
    return Deed(row, scope=row.team.path, for_person=row.person_id)
