"""派单: who waits for a volunteer, whom to ask, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.base.templatetags.parts import distance
from lianxin.base.words import moment_in_words
from lianxin.console.frame import show, signed_in
from lianxin.console.needs import rows
from lianxin.console.needs.turn_facts import turns
from lianxin.needs.actions.dispatching import offer_order
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import candidates, desk, timeline
from lianxin.organisations.queries import may, reach
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

MOST_ROWS = 40
GONE = (Order.State.PAUSED, Order.State.CANCELLED, Order.State.REDIRECTED)
TERMS = {
    "way": gettext_lazy("路程"),
    "load": gettext_lazy("前后一周的任务"),
    "continuity": gettext_lazy("去过这家"),
    "team": gettext_lazy("不是服务这里的队"),
    "wished": gettext_lazy("居民想再请这位"),
}
QUESTIONS = {
    "team": gettext_lazy("附近各队在册"),
    "skill": gettext_lazy("其中技能符合"),
    "free": gettext_lazy("其中这段时间有空"),
    "promise": gettext_lazy("其中没有别的约定"),
    "asked": gettext_lazy("其中还没问过"),
}


@dataclass(frozen=True)
class Pick:
    """A volunteer who may be asked: why he stands where he stands, and the points that add up to it."""

    volunteer: Volunteer
    reasons: list[str]
    terms: Sequence[tuple[str | Promise, int]]
    points: int


class AskForm(forms.Form):
    """Whom to ask."""

    to = forms.ModelMultipleChoiceField(
        queryset=Volunteer.objects.select_related("person"),
        error_messages={"required": gettext_lazy("请至少选一位志愿者。")},
    )


@page(may="needs.dispatch")
def dispatch(request: HttpRequest) -> HttpResponse:
    """The orders that wait, and beside them the chosen one (the first, if none was chosen)."""
    number = request.GET.get("order", "")
    return _desk(request, _found(request, int(number)) if number.isdecimal() else None)


@page(may="needs.dispatch")
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the chosen volunteers, then go on with the next order that waits."""
    known, form = rows.known(signed_in(request), "needs.dispatch", pk), AskForm(request.POST)
    if form.is_valid():
        try:
            offers = offer_order(order=known, to=list(form.cleaned_data["to"]), by=signed_in(request))
        except Refused as refused:
            form.add_error("to", str(refused))
        else:
            messages.success(request, _words(known, offers))
            return SeeOther(_next_address(request, known))
    return _desk(request, _found(request, pk), form=form, status=422)


def _desk(request: HttpRequest, found: Order | None, *, form: AskForm | None = None, status: int = 200) -> HttpResponse:
    """The lists, and the order that was found or else the first that waits."""
    user, query = signed_in(request), request.GET.copy()
    query.pop("order", None)
    narrowing = rows.Narrowing.of(user, query)
    waiting = list(rows.to_dispatch(user, query).select_related("item__skill")[:MOST_ROWS])
    found = found or next(iter(waiting), None)
    facts = {
        "form": narrowing,
        "ask": form,
        "is_narrowed": any(narrowing.asked().values()),
        "waiting_orders": waiting,
        "asked_orders": rows.asked_already(user, query)[:MOST_ROWS],
        "most": MOST_ROWS,
        "is_chosen": "order" in request.GET or form is not None,
        "link_query": query.urlencode(),
        **(_about(request, found) if found else {}),
    }
    part = "#answer" if request.htmx else ""  # type: ignore[attr-defined]
    return show(request, f"console/needs/dispatch.html{part}", facts, status=status)


def _about(request: HttpRequest, found: Order) -> dict[str, Any]:
    wants = found.state in {Order.State.WAITING, Order.State.OFFERED}
    picks = [_pick(found, each) for each in candidates.suggestions(found)] if wants else []
    held = timeline.who_comes(found)
    offers = list(candidates.offers_of(found))
    missing = found.people - len(held)
    unasked = missing - sum(each.state == Offer.State.OPEN for each in offers)
    return {
        "order": found,
        "resident_name": _name(signed_in(request), found),
        "teams": candidates.teams_to_ask(found) if wants else [],
        **turns(signed_in(request), found),
        "offers": offers,
        "held": held,
        "left": {each.volunteer_id for each in found.assignments.all()} - {each.volunteer_id for each in held},
        "wants": wants,
        "picks": picks,
        "preselected": {pick.volunteer.pk for pick in picks[:missing]} if found.state == Order.State.WAITING else set(),
        "remaining": _remaining(found) if wants and len(picks) < max(unasked, 1) else [],
    }


def _name(user: User, found: Order) -> str:
    """A captain learns no name, not even a masked one, before somebody has accepted (rule D5)."""
    return desk.name_seen_by(user, found) if may(user, "needs.see_orders", found.place_path) else ""


def _pick(found: Order, suggestion: candidates.Suggestion) -> Pick:
    terms = [(TERMS[name], points) for name, points in suggestion.ranked.terms.items() if points]
    return Pick(suggestion.volunteer, list(_reasons(found, suggestion)), terms, suggestion.ranked.cost)


def _reasons(found: Order, suggestion: candidates.Suggestion) -> Iterator[str]:
    candidate = suggestion.ranked.candidate
    yield distance(candidate.metres) or _("距离不详")
    yield _("前后一周 %(times)d 次") % {"times": candidate.load}
    if candidate.is_wished:
        yield _("居民想再请这位")
    if candidate.visits:
        yield _("去过这家 %(times)d 次") % {"times": candidate.visits}
    yield _("本队") if candidate.is_serving_team else _("邻队")
    if found.item.skill:
        yield _("会%(skill)s") % {"skill": found.item.skill}


def _remaining(found: Order) -> list[tuple[str | Promise, int]]:
    return [(QUESTIONS[name], count) for name, count in candidates.why_nobody(found).items()]


def _words(found: Order, offers: Sequence[Offer]) -> str:
    names = "、".join(offer.volunteer.person.name for offer in offers if offer.volunteer)
    until = moment_in_words(offers[0].lapses_at)
    return _("%(number)d 号「%(item)s」已派给 %(names)s，%(until)s 前等回应。") % {
        "number": found.number,
        "item": found.item,
        "names": names,
        "until": until,
    }


def _found(request: HttpRequest, pk: int) -> Order:
    return get_object_or_404(desk.orders_under(reach(signed_in(request), "needs.dispatch")), pk=pk)


def dispatch_after(request: HttpRequest, known: Order) -> str:
    """The desk after a turn of an order: with the same one, or with the next if it has nothing to wait for there."""
    query = request.GET.copy()
    query.pop("list", None)
    within = Order.objects.under_any(reach(signed_in(request), "needs.dispatch")).filter(pk=known.pk)
    if not within.exclude(state__in=GONE).exists():
        return _next_address(request, known, is_gone=True)
    query["order"] = str(known.pk)
    return f"{reverse('console:dispatch')}?{query.urlencode()}"


def _next_address(request: HttpRequest, known: Order, *, is_gone: bool = False) -> str:
    query = request.GET.copy()
    query.pop("list", None)
    query.pop("order", None)
    following = rows.next_to_dispatch(signed_in(request), query, known)
    if following or not is_gone:
        query["order"] = str(following or known.pk)
    return f"{reverse('console:dispatch')}?{query.urlencode()}"


urlpatterns = [
    path("dispatch/", dispatch, name="dispatch"),
    path("orders/<int:pk>/offer/", offer, name="order_offer"),
]
