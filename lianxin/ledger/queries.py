"""Questions to the book."""

from django.db.models import Case, F, Q, QuerySet, Sum, When, Window
from django.db.models.functions import Coalesce

from lianxin.ledger.models import Account, Transfer


def balance(account: Account) -> int:
    """What the transfers of the account add up to, in its unit; the kept balance must equal it."""
    sums = Transfer.objects.filter(Q(source=account) | Q(target=account)).aggregate(
        into=Coalesce(Sum("amount", filter=Q(target=account)), 0),
        out=Coalesce(Sum("amount", filter=Q(source=account)), 0),
    )
    return int(sums["into"] - sums["out"])


def statement(account: Account) -> QuerySet[Transfer]:
    """The account's transfers, newest first, each with the balance after it."""
    return (
        Transfer.objects.filter(Q(source=account) | Q(target=account))
        .annotate(is_income=Q(target_id=account.pk))
        .annotate(signed=Case(When(is_income=True, then="amount"), default=-F("amount")))
        .annotate(balance=Window(Sum("signed"), order_by="pk"))
        .order_by("-pk")
    )
