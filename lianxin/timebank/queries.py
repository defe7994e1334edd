"""Questions about banked time."""

from django.db.models import QuerySet

from lianxin.ledger import queries
from lianxin.ledger.models import Account, Transfer, Unit
from lianxin.people.models import Person
from lianxin.timebank.rules import ACCOUNT


def account_of(person: Person) -> Account | None:
    """The person's account; None before the first deposit."""
    return Account.objects.filter(
        kind=ACCOUNT, holder_type=Person._meta.label_lower, holder_id=person.pk, unit=Unit.MINUTES
    ).first()


def minutes_of(person: Person) -> int:
    """The person's balance in minutes."""
    account = account_of(person)
    return account.balance or 0 if account else 0


def statement(person: Person) -> QuerySet[Transfer]:
    """What came in and went out, newest first."""
    account = account_of(person)
    return queries.statement(account) if account else Transfer.objects.none()
