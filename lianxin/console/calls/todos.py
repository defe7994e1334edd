"""What waits at the call desk: promises, shifts to take over, calls that nobody took, homes to go to."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.search import pieces_of_query
from lianxin.base.todos import Choice, Line, Todo, shortened
from lianxin.needs.models.aids import HomeVisit
from lianxin.needs.models.calls import CallBack, Handover, Ring
from lianxin.needs.queries import calls
from lianxin.users.models import User

TAKE = "needs.take_calls"


def _ending(number_ending: str | None) -> str:
    return gettext("尾号 %(ending)s") % {"ending": number_ending} if number_ending else ""


def _call_back(promise: CallBack, _user: User) -> Line:
    who = promise.person.name if promise.person else _ending(promise.number_ending)
    href = f"{reverse('console:call_backs')}#promise-{promise.pk}"
    under = gettext("%(name)s答应的") % {"name": promise.owner.display_name}
    return Line(gettext("回电"), href, under, who, promise.scope, promise.promised_at)


def _ring(ring: Ring, _user: User) -> Line:
    return Line(
        gettext("没接到的电话"), reverse("console:desk"), "", _ending(ring.number_ending), ring.scope, ring.rung_at
    )


def _handover(handover: Handover, _user: User) -> Line:
    who = handover.left_by.display_name
    return Line(gettext("接班"), reverse("console:shift"), "", who, handover.scope, handover.left_at)


def _home_visit(visit: HomeVisit, _user: User) -> Line:
    href = reverse("console:home_visit", args=[visit.pk])
    under = gettext("去过 %(times)d 次") % {"times": visit.times}
    return Line(shortened(visit.text), href, under, visit.person.name, visit.place_path, visit.made_at)


def _of_promise(words: str, by_name: bool) -> Q:
    """Also by the end of the telephone number, and by the order's number."""
    found = _of_person(words, by_name)
    return found | Q(number_ending=words) | Q(order=int(words)) if words.isdecimal() else found


def _of_person(words: str, _by_name: bool) -> Q:
    """By call number or name; whoever works here sees both."""
    if words.isdecimal():
        return Q(person__call_number=words)
    pieces = pieces_of_query(words)
    return Q(person__search__contains=pieces) if pieces else Q(pk__in=[])


TODOS = (
    Todo(
        name="call_backs",
        permission=TAKE,
        picture="clock",
        words=_("答应的回电"),
        unit=_("个"),
        route="call_backs",
        rows=calls.open_call_backs,
        line=_call_back,
        paths=("scope",),
        due="due_at",
        shown=lambda rows: rows.select_related("person", "owner"),
        finds=_of_promise,
        choices=(
            Choice(
                "about",
                _("什么事"),
                (("order", _("单子")), ("other", _("别的"))),
                lambda value: Q(order__isnull=value == "other"),
            ),
        ),
        opens=False,
    ),
    Todo(
        name="missed_calls",
        permission=TAKE,
        picture="phone",
        words=_("没接到的电话"),
        unit=_("个"),
        route="desk",
        rows=calls.missed,
        line=_ring,
        paths=("scope",),
        due="rung_at",
        opens=False,
    ),
    Todo(
        name="handovers",
        permission=TAKE,
        picture="refresh",
        words=_("等接班"),
        unit=_("班"),
        route="shift",
        rows=calls.open_handovers,
        line=_handover,
        paths=("scope",),
        shown=lambda rows: rows.select_related("left_by"),
        not_by=("left_by",),
        opens=False,
        stands_at="desk",
    ),
    Todo(
        name="home_visits",
        permission="needs.visit_homes",
        picture="map-pin",
        words=_("要上门告知的"),
        unit=_("家"),
        route="home_visits",
        rows=calls.home_visits,
        line=_home_visit,
        paths=("place_path",),
        due="due_at",
        shown=lambda rows: rows.select_related("person"),
        finds=_of_person,
    ),
)
