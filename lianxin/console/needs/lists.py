"""The lists of orders: 核实, 回访, and all of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lianxin.base.access import page
from lianxin.console.frame import show, signed_in
from lianxin.console.needs import rows
from lianxin.needs.models.orders import OrderSet

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
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "is_narrowed": any(form.asked().values()),
        "link_query": link.urlencode(),
    }


urlpatterns = [
    path("verify/", verify, name="verify"),
    path("confirm/", to_confirm, name="to_confirm"),
    path("orders/", orders, name="orders"),
]
