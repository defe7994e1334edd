"""What waits about volunteers and their time: who wants to serve, to change teams, whose hours are in dispute."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.search import pieces_of_query
from lianxin.base.todos import Finder, Line, Todo
from lianxin.base.words import moment_in_words
from lianxin.hours.models import Dispute, Record
from lianxin.hours.queries import contested_under, open_disputes
from lianxin.users.models import User
from lianxin.volunteers.models import Membership, Transfer, Volunteer
from lianxin.volunteers.queries import silent_members, to_review, transfers_to

SETTLE, KEEP_MEMBERS = "hours.settle", "volunteers.keep_members"


def _applicant(volunteer: Volunteer, _user: User) -> Line:
    href = reverse("console:volunteer", args=[volunteer.pk])
    return Line(volunteer.team.name, href, "", volunteer.person.name, volunteer.team.path, volunteer.registered_at)


def _transfer(row: Transfer, _user: User) -> Line:
    what, who = f"{row.from_team.name} → {row.to_team.name}", row.volunteer.person.name
    return Line(what, reverse("console:transfers"), row.reason, who, row.to_team.path, row.asked_at)


def _dispute(row: Dispute, _user: User) -> Line:
    href, record = reverse("console:dispute", args=[row.pk]), row.record
    return Line(record.what, href, row.reason, record.person.name, record.place_path, row.raised_at)


def _clash(record: Record, _user: User) -> Line:
    href, under = reverse("console:contested_record", args=[record.pk]), moment_in_words(record.during.lower)
    return Line(record.what, href, under, record.person.name, record.place_path, record.claimed_at)


def _member(row: Membership, _user: User) -> Line:
    what = gettext("%(kind)s，还没说是不是") % {"kind": row.get_kind_display()}
    return Line(what, reverse("console:members"), "", row.person.name, row.node.path, row.recorded_at)


def _named(person: str) -> Finder:
    """By the name of whom `person` is the way to; whoever decides about him sees it."""

    def finds(words: str, _by_name: bool) -> Q:
        pieces = pieces_of_query(words)
        return Q(**{f"{person}__search__contains": pieces}) if pieces else Q(pk__in=[])

    return finds


TODOS = (
    Todo(
        name="contested",
        permission=SETTLE,
        picture="scale",
        words=_("时间异议"),
        unit=_("件"),
        route="contested",
        rows=open_disputes,
        line=_dispute,
        paths=("record__place_path", "record__team_path"),
        due="due_at",
        shown=lambda rows: rows.select_related("record__person"),
        finds=_named("record__person"),
    ),
    Todo(
        name="clashes",
        permission=SETTLE,
        picture="scale",
        words=_("时间重叠"),
        unit=_("件"),
        route="contested",
        rows=contested_under,
        line=_clash,
        paths=("place_path", "team_path"),
        shown=lambda rows: rows.select_related("person"),
        finds=_named("person"),
    ),
    Todo(
        name="review",
        permission="volunteers.approve",
        picture="clipboard-check",
        words=_("报名待审核"),
        unit=_("人"),
        route="review",
        rows=to_review,
        line=_applicant,
        paths=("team__path",),
        due="due_at",
        shown=lambda rows: rows.select_related("person", "team"),
        finds=_named("person"),
    ),
    Todo(
        name="transfers",
        permission="volunteers.lead",
        picture="route",
        words=_("转入待答复"),
        unit=_("份"),
        route="transfers",
        rows=transfers_to,
        line=_transfer,
        paths=("to_team__path",),
        due="due_at",
        shown=lambda rows: rows.select_related("volunteer__person", "from_team", "to_team"),
        finds=_named("volunteer__person"),
        opens=False,
    ),
    Todo(
        name="members",
        permission=KEEP_MEMBERS,
        picture="id",
        words=_("等本人确认的成员"),
        unit=_("人"),
        route="members",
        rows=silent_members,
        line=_member,
        paths=("node__path",),
        shown=lambda rows: rows.select_related("person", "node"),
        finds=_named("person"),
        opens=False,
    ),
)
