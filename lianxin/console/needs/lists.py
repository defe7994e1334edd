"""The lists of orders: 核实, 回访, and all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import filtered
from lianxin.console.many import tell_what_became
from lianxin.console.needs import rows
from lianxin.needs.actions.closing import confirm_orders
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.organisations.queries import reach

ROWS_A_PAGE = 50


@page(may="needs.verify")
def verify(request: HttpRequest) -> HttpResponse:
    """What is to be verified, what is due first on top."""
    user = signed_in(request)
    facts = _facts(request, "verify", rows.to_verify(user, request.GET), rows.Narrowing.of(user, request.GET))
    return show(request, "console/needs/verify.html", facts)


@page(may="needs.confirm_for_resident")
def to_confirm(request: HttpRequest) -> HttpResponse:
    """Whom to ring and ask whether it was done."""
    user = signed_in(request)
    facts = _facts(request, "to_confirm", rows.to_confirm(user, request.GET), rows.Narrowing.of(user, request.GET))
    return show(request, "console/needs/to_confirm.html", facts | {"shows_all": "all" in request.GET})


@page(may="needs.confirm_for_resident")
@require_POST
def confirm_many(request: HttpRequest) -> HttpResponse:
    """All that were ticked are done; what is refused is named, the others go through."""
    ticked = [int(key) for key in request.POST.getlist("order")[:ROWS_A_PAGE] if key.isdecimal()]
    found = Order.objects.under_any(reach(signed_in(request), "needs.confirm_for_resident")).filter(pk__in=ticked)
    how = "slip" if request.POST.get("how") == "slip" else "call"
    confirmation = confirm_orders(orders=list(found.order_by("pk")), by=signed_in(request), how=how)
    words = _("%(count)d 单确认好了。") % {"count": len(confirmation.done)} if confirmation.done else ""
    tell_what_became(request, words, ((order.number, refused) for order, refused in confirmation.refused))
    if not ticked:
        messages.warning(request, _("请先在左边选几单。"))
    return SeeOther(filtered("console:to_confirm", request))


@page(may="needs.see_orders")
def orders(request: HttpRequest) -> HttpResponse:
    """All orders in reach, with filters."""
    user = signed_in(request)
    facts = _facts(request, "orders", rows.every(user, request.GET), rows.WiderNarrowing.of(user, request.GET))
    return show(request, "console/needs/orders.html", facts)


def _facts(request: HttpRequest, name: str, found: OrderSet, form: rows.Narrowing) -> dict[str, Any]:
    link = request.GET.copy()
    link["list"] = name
    return {
        "page": page_of(request, found, ROWS_A_PAGE),
        "form": form,
        "is_narrowed": any(form.asked().values()),
        "link_query": link.urlencode(),
    }


urlpatterns = [
    path("verify/", verify, name="verify"),
    path("confirm/", to_confirm, name="to_confirm"),
    path("confirm/many/", confirm_many, name="confirm_many"),
    path("orders/", orders, name="orders"),
]
