"""What waits about people: applications, complaints, and the telephone calls to make."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.todos import Line, Todo, shortened
from lianxin.notices.models import CallCard
from lianxin.notices.queries import open_calls
from lianxin.people.models import Application, Complaint
from lianxin.people.queries import open_applications, open_complaints
from lianxin.users.models import User


def _application(row: Application, _user: User) -> Line:
    href, who = reverse("console:application", args=[row.pk]), row.user.display_name
    return Line(row.get_kind_display(), href, "", who, row.scope, row.made_at)


def _complaint(row: Complaint, _user: User) -> Line:
    """Without its words, which are sealed and open on its page to whoever answers it."""
    href, number = reverse("console:complaint", args=[row.pk]), gettext("%(number)s 号") % {"number": row.number}
    return Line(gettext("投诉与建议"), href, number, "", row.scope, row.made_at)


def _call_card(card: CallCard, _user: User) -> Line:
    href, what = reverse("console:call_card", args=[card.pk]), shortened(card.notice.text)
    return Line(what, href, "", card.person_name, card.scope, card.notice.made_at)


TODOS = (
    Todo(
        name="call_cards",
        permission="people.call",
        picture="phone-call",
        words=_("要打的电话"),
        unit=_("个"),
        route="call_cards",
        rows=open_calls,
        line=_call_card,
        paths=("scope",),
        due="due_at",
        shown=lambda rows: rows.select_related("notice"),
        finds=lambda words, _by_name: Q(person_name__contains=words),
    ),
    Todo(
        name="applications",
        permission="people.keep",
        picture="id",
        words=_("居民申请"),
        unit=_("件"),
        route="applications",
        rows=open_applications,
        line=_application,
        paths=("scope",),
        due="due_at",
        shown=lambda rows: rows.select_related("user"),
        finds=lambda words, _by_name: Q(user__display_name__contains=words),
    ),
    Todo(
        name="complaints",
        permission="people.answer_complaints",
        picture="message-report",
        words=_("投诉待答复"),
        unit=_("件"),
        route="complaints",
        rows=open_complaints,
        line=_complaint,
        paths=("scope",),
        due="due_at",
        finds=lambda words, _by_name: Q(number=words),
    ),
)
