"""Moving value: set-based, once per key, both sides in one row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.bulk import insert_new
from lianxin.base.database.asking import rows_of
from lianxin.base.prepared import Prepared, is_any_of
from lianxin.base.refused import Refused
from lianxin.ledger.models import Account, Transfer, Unit


@dataclass(frozen=True)
class Movement:
    """What is to be moved: `amount` of the accounts' unit, for which `reason`, about which row."""

    key: str
    source: Account
    target: Account
    amount: int
    reason: str
    about: models.Model
    reverses: Transfer | None = None


@action
def open_accounts(kind: str, holders: Sequence[models.Model], unit: Unit) -> dict[int, Account]:
    """The accounts of this kind held by these rows (all of one model), by the holder's id; made where missing."""
    if not holders:
        return {}
    holder_type = holders[0]._meta.label_lower
    keys = sorted({int(holder.pk) for holder in holders})
    kept = {account.holder_id: account for account in _accounts(kind, holder_type, keys, unit)}
    missing = [key for key in keys if key not in kept]
    if not missing:
        return kept
    fresh = [Account(kind=kind, holder_type=holder_type, holder_id=key, unit=unit, balance=0) for key in missing]
    new = insert_new(fresh, key="holder_id", within=("kind", "holder_type", "unit"))
    opened = {account.holder_id: account for account in new}
    others = [key for key in missing if key not in opened]  # somebody else has opened them meanwhile
    found = _accounts(kind, holder_type, others, unit) if others else []
    return kept | opened | {account.holder_id: account for account in found}


_accounts = Prepared(
    lambda kind, holder_type, holders, unit: Account.objects.filter(
        is_any_of("holder_id", holders), kind=kind, holder_type=holder_type, unit=unit
    ),
    models.CharField(),
    models.CharField(),
    ArrayField(models.BigIntegerField()),
    models.CharField(),
)


@action
def open_source(kind: str, unit: Unit) -> Account:
    """The account by which value of this kind enters the book; it may owe and keeps no balance."""
    kept = next(iter(_accounts(kind, "", [0], unit)), None)
    if kept is None:
        kept, _made = Account.objects.get_or_create(
            kind=kind, holder_type="", holder_id=0, unit=unit, defaults={"may_owe": True}
        )
    return kept


@action
def transfer_many(movements: Iterable[Movement]) -> Sequence[Transfer]:
    """Write the movements that are new, and bring balances up to date; a key met before moves nothing again.

    A known key with other facts is refused, and so is a second reversal or a balance that would fall below zero; then
    nothing moves.
    """
    moved = list(movements)
    rows = [_row(movement) for movement in moved]
    wanted = {row.key: row for row in rows}
    _lock_balances(moved)
    _require_not_reversed([row for row in wanted.values() if row.reverses_id])
    fresh = insert_new(wanted.values(), key="key")
    standing = {row.key: row for row in fresh}
    if len(fresh) < len(wanted):
        standing |= {row.key: row for row in _by_key([key for key in wanted if key not in standing])}
    if any(_facts(row) != _facts(standing[row.key]) for row in rows):
        raise Refused(_("这笔账已经记过，内容不同，没有重复记账。"))
    _add_to_balances(fresh)
    return fresh


_by_key = Prepared(lambda keys: Transfer.objects.filter(is_any_of("key", keys)), ArrayField(models.CharField()))


def _row(movement: Movement) -> Transfer:
    return Transfer(
        key=movement.key,
        source=movement.source,
        target=movement.target,
        unit=movement.source.unit,
        amount=movement.amount,
        reason=movement.reason,
        about_type=movement.about._meta.label_lower,
        about_id=movement.about.pk,
        reverses=movement.reverses,
        at=clock.now(),
    )


def _facts(row: Transfer) -> tuple[object, ...]:
    return row.source_id, row.target_id, row.unit, row.amount, row.about_type, row.about_id, row.reverses_id


def _require_not_reversed(reversals: Sequence[Transfer]) -> None:
    """A transfer is taken back once, under one key; the caller holds the balances."""
    keys = {row.reverses_id: row.key for row in reversals}
    is_twice = len(keys) < len(reversals)
    taken_back = Transfer.objects.filter(reverses__in=keys).values_list("reverses", "key") if reversals else []
    if is_twice or any(keys[transfer] != key for transfer, key in taken_back):
        raise Refused(_("这笔账已经冲回过了，不能再冲一次。"))


def _lock_balances(movements: Sequence[Movement]) -> None:
    """Lock the accounts with a balance by key, so that who moves between the same ones never waits crosswise.

    Of a single one the new row of the book says enough: who repeats its key waits for the first, and then finds it. One
    who repeats it among others may wait crosswise with that one; then the database stops one, and it is tried again.
    """
    sides = {side.pk: side for each in movements for side in (each.source, each.target)}
    kept = [pk for pk, side in sides.items() if not side.may_owe]
    if len(kept) > 1 or any(each.reverses for each in movements):
        _balances_locked(kept)


_balances_locked = Prepared(
    lambda accounts: (
        Account.objects.filter(is_any_of("pk", accounts), may_owe=False).order_by("pk").select_for_update(no_key=True)
    ),
    ArrayField(models.BigIntegerField()),
)


def _add_to_balances(rows: Iterable[Transfer]) -> None:
    change: Counter[int] = Counter()
    for row in rows:
        change[row.target_id] += row.amount
        change[row.source_id] -= row.amount
    if not change:
        return
    rows_of(
        "UPDATE ledger_account SET balance = balance + change.amount"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS change (account, amount)"
        " WHERE id = change.account AND NOT may_owe",
        [list(change), list(change.values())],
    )
