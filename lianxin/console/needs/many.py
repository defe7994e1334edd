"""Many orders at once: verify what is ticked, ask for each whom the ranking suggests; and the lists of turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import filtered
from lianxin.console.listed import narrowed
from lianxin.console.many import tell_what_became
from lianxin.console.needs import rows
from lianxin.console.needs.turn_forms import HowManyForm
from lianxin.needs.actions.checking import verify_orders
from lianxin.needs.actions.dispatching import Ask, offer_orders
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.needs.queries import candidates, desk
from lianxin.organisations.queries import reach
from lianxin.volunteers.models import Volunteer

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Words:
    """What a list of orders by their due time is called, and what it says when it is empty."""

    title: str | Promise
    order: str | Promise
    picture: str
    empty: str | Promise
    why: str | Promise


WORDS = {
    "overdue": Words(
        lazy("超时的单"),
        lazy("拖得最久的在上面"),
        "clock",
        lazy("没有超时的单"),
        lazy("过了期限还没办的，会出现在这里。"),
    ),
    "redirected": Words(
        lazy("转办待回访"),
        lazy("先到期的在上面，问过结果才算了结"),
        "flag",
        lazy("都问过了"),
        lazy("转给别的单位的单，到时要打电话问结果，会出现在这里。"),
    ),
}


@page(may="needs.verify")
@require_POST
def verify_many(request: HttpRequest) -> HttpResponse:
    """What was ticked is real; who is refused is named, the others go through."""
    form = HowManyForm(request.POST)
    if form.is_valid():
        wanted = Order.objects.filter(pk__in=form.cleaned_data["orders"]).only("pk")
        result = verify_orders(orders=list(wanted), by=signed_in(request), how=form.cleaned_data["how"])
        words = _("%(count)d 单核实通过，转去派单。") % {"count": len(result.done)}
        tell_what_became(request, words if result.done else "", result.refused.items())
    else:
        messages.error(request, _("请先勾选几单。"))
    return SeeOther(filtered("console:verify", request))


@page(may="needs.dispatch")
def suggested(request: HttpRequest) -> HttpResponse:
    """For each order that waits, whom the ranking would ask; ticked ones are asked by one press."""
    user = signed_in(request)
    if request.method == "POST":
        return _offer_many(request)
    waiting = list(rows.to_dispatch(user, request.GET).select_related("item__skill")[:ROWS_A_PAGE])
    picks = candidates.picks_for(waiting)
    facts = {
        "rows": [(order, picks[order.pk], _value(order, picks[order.pk])) for order in waiting],
        "form": (narrowing := rows.Narrowing.of(user, request.GET)),
        "is_narrowed": any(narrowing.asked().values()),
    }
    return show(request, "console/needs/suggested.html", facts)


@page(may="needs.see_orders")
def overdue(request: HttpRequest) -> HttpResponse:
    """Whatever is past its time, over the whole reach."""
    narrowing = rows.Narrowing.of(signed_in(request), request.GET)
    return _list(request, "overdue", rows.overdue(signed_in(request), request.GET), narrowing)


@page(may="needs.confirm_for_resident")
def redirected(request: HttpRequest) -> HttpResponse:
    """What was handed on and waits for a call back."""
    narrowing = rows.RedirectNarrowing.of(signed_in(request), request.GET)
    return _list(request, "redirected", rows.redirected(signed_in(request), request.GET), narrowing)


@page(may="needs.decide_objection")
def objections(request: HttpRequest) -> HttpResponse:
    """Objections to a dispatch that wait for somebody above, the oldest first."""
    waiting = desk.objections(reach(signed_in(request), "needs.decide_objection"))
    found, filters = narrowed(request, "objections", waiting)
    return show(request, "console/needs/objections.html", {"page": page_of(request, found, ROWS_A_PAGE), **filters})


def _list(request: HttpRequest, name: str, found: OrderSet, narrowing: rows.Narrowing) -> HttpResponse:
    link = request.GET.copy()
    link["list"] = name
    facts = {
        "page": page_of(request, found, ROWS_A_PAGE),
        "form": narrowing,
        "is_narrowed": any(narrowing.asked().values()),
        "link_query": link.urlencode(),
        "name": name,
        "words": WORDS[name],
        "route": f"console:{name}",
    }
    return show(request, "console/needs/due.html", facts)


def _offer_many(request: HttpRequest) -> HttpResponse:
    asks = _asks(request)
    if asks:
        result = offer_orders(asks=asks, by=signed_in(request))
        orders = len({offer.order_id for offer in result.done})
        words = _("%(orders)d 单派出去了，问了 %(people)d 次。") % {"orders": orders, "people": len(result.done)}
        tell_what_became(request, words if result.done else "", result.refused.items())
    else:
        messages.error(request, _("请先勾选几单。"))
    return SeeOther(filtered("console:suggested", request))


def _asks(request: HttpRequest) -> Sequence[Ask]:
    """What was ticked: for each order, those who were shown beside it."""
    wanted = dict(_parsed(each) for each in request.POST.getlist("asks") if each.replace(":", "").replace(",", ""))
    volunteers = Volunteer.objects.select_related("person").in_bulk({key for keys in wanted.values() for key in keys})
    orders = Order.objects.filter(pk__in=wanted).only("pk")
    return [Ask(order, [volunteers[key] for key in wanted[order.pk] if key in volunteers]) for order in orders]


def _parsed(value: str) -> tuple[int, list[int]]:
    order, _colon, keys = value.partition(":")
    numbers = [int(key) for key in keys.split(",") if key.isdecimal()]
    return (int(order) if order.isdecimal() else 0), numbers


def _value(order: Order, volunteers: Sequence[Volunteer]) -> str:
    return f"{order.pk}:{','.join(str(each.pk) for each in volunteers)}"


urlpatterns: list[Any] = [
    path("verify/many/", verify_many, name="verify_many"),
    path("dispatch/suggested/", suggested, name="suggested"),
    path("overdue/", overdue, name="overdue"),
    path("redirected/", redirected, name="redirected"),
    path("objections/", objections, name="objections"),
]
