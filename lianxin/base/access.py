"""Who may open a page. Every view says it in one line; a route that says nothing fails the matrix test."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.base.refused import Forbidden

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

EVERYBODY, SIGNED_IN = "everybody", "signed in"


def page(may: str) -> Callable[[View[P]], View[P]]:
    """Open the view to `EVERYBODY`, to whoever is `SIGNED_IN`, or to users with the permission `may` anywhere.

    Which rows such a user sees is the query's business; the action asks again for the very row.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if may == EVERYBODY:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if may != SIGNED_IN and not request.user.has_perm(may):
                raise Forbidden(_("您的身份不能打开这个页面。如果需要，请联系您单位的管理员。"))
            return view(request, *args, **kwargs)

        guarded.may = may  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return decorate


def may_of(view: Any) -> str | None:
    """What the view said of who may open it, or None."""
    return getattr(view, "may", None)
