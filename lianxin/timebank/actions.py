"""Depositing confirmed minutes, and taking back what proves void."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from lianxin.base.actions import action
from lianxin.journal.actions import Deed, note_many
from lianxin.ledger.actions import Movement, open_accounts, open_source, transfer_many
from lianxin.ledger.models import Transfer, Unit
from lianxin.people.models import Person
from lianxin.timebank.rules import ACCOUNT, SOURCE, deposit_key, reversal_key


@dataclass(frozen=True)
class Deposit:
    """Confirmed minutes of one service record for one person."""

    record: models.Model
    person: Person
    minutes: int
    scope: str


@action
def deposit(deposits: Sequence[Deposit]) -> Sequence[Transfer]:
    """Bank confirmed minutes: one transfer per record, once, whoever repeats it (rule T1)."""
    if not deposits:
        return []
    accounts = open_accounts(ACCOUNT, [each.person for each in deposits], Unit.MINUTES)
    source = open_source(SOURCE, Unit.MINUTES)
    transfers = transfer_many(
        Movement(
            key=deposit_key(each.record),
            source=source,
            target=accounts[each.person.pk],
            amount=each.minutes,
            reason="timebank.deposit",
            about=each.record,
        )
        for each in deposits
    )
    banked = {transfer.key for transfer in transfers}
    fresh = [each for each in deposits if deposit_key(each.record) in banked]
    deeds = [Deed(each.record, each.scope, each.person.pk, {"minutes": each.minutes}) for each in fresh]
    note_many("timebank.deposited", deeds, by=None)
    return transfers


@action
def take_back(deposits: Sequence[Deposit]) -> Sequence[Transfer]:
    """What proves void is taken back, by a transfer that mirrors the deposit, once (rules T2 and H6)."""
    by_key = {deposit_key(each.record): each for each in deposits}
    banked = Transfer.objects.filter(key__in=by_key).select_related("source", "target").order_by("pk")
    transfers = transfer_many(
        Movement(
            key=reversal_key(by_key[transfer.key].record),
            source=transfer.target,
            target=transfer.source,
            amount=transfer.amount,
            reason="timebank.take_back",
            about=by_key[transfer.key].record,
            reverses=transfer,
        )
        for transfer in banked
    )
    deeds = [Deed(each.record, each.scope, each.person.pk, {"minutes": each.minutes}) for each in deposits]
    note_many("timebank.taken_back", deeds, by=None)
    return transfers
