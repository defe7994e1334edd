"""Questions about what was sent."""

from django.db.models import Count, Min, QuerySet

from lianxin.base import clock
from lianxin.notices.models import CallCard, Notice, Sms
from lianxin.users.models import User


def inbox(user: User) -> QuerySet[Notice]:
    """What was sent to this user in-app, newest first."""
    return Notice.objects.filter(user=user).order_by("-pk")


def unread_count(user: User) -> int:
    """How many of them he has not seen."""
    return Notice.objects.filter(user=user, read_at=None).count()


def recent_sms() -> QuerySet[Sms]:
    """The outbox, the latest message first."""
    return Sms.objects.order_by("-pk")


def calls_under(paths: list[str]) -> QuerySet[CallCard]:
    """All calls below these paths, made and to be made."""
    return CallCard.objects.filter(scope__under_any=paths).select_related("notice").order_by("pk")


def open_calls_to(person_id: int) -> QuerySet[CallCard]:
    """The calls still to be made to one person, what he was told first on top."""
    return CallCard.objects.filter(done_at=None, notice__person_id=person_id).select_related("notice").order_by("pk")


def whom_to_ring(paths: list[str], many: int) -> list[tuple[int, str, int]]:
    """Whom to ring next below these paths, the most overdue first: the person, his name, how much there is to tell."""
    due = CallCard.objects.filter(done_at=None, scope__under_any=paths, due_at__lte=clock.now())
    people = due.values("notice__person_id", "person_name").annotate(first=Min("due_at"), much=Count("pk"))
    found = people.order_by("first", "notice__person_id")[:many]
    return [(each["notice__person_id"], each["person_name"], each["much"]) for each in found]


def calls_about(about: str) -> QuerySet[CallCard]:
    """The calls whose keys begin so, made and to be made, with how they were tried."""
    cards = CallCard.objects.filter(notice__key__startswith=about)
    return cards.select_related("notice").prefetch_related("tries").order_by("pk")


def open_calls(paths: list[str]) -> QuerySet[CallCard]:
    """The calls still to be made below these paths, the most overdue first."""
    cards = CallCard.objects.filter(done_at=None, scope__under_any=paths)
    return cards.select_related("notice").prefetch_related("tries").order_by("due_at", "pk")
