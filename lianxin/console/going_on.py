"""Where one goes on after a row was done: in the side sheet with the next row, else back to the list as it was.

A row's page carries its list along in the address: `list` names it, all else are the list's own filters.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.base.answers import SeeOther
from lianxin.base.todos import Rows, Todo
from lianxin.console.frame import signed_in
from lianxin.console.listed import listed
from lianxin.console.todos import BY_NAME

HOME = "home"
OTHERS: dict[str, tuple[str, str | Promise]] = {
    HOME: ("console:home", _("待办")),
    "orders": ("console:orders", _("全部单子")),
    "overdue": ("console:overdue", _("超时")),
    "dispatch": ("console:dispatch", _("派单")),
    "people": ("console:people", _("居民")),
    "families": ("console:families", _("家人")),
    "volunteers": ("console:volunteers", _("志愿者台账")),
    "kit": ("console:kit_out", _("物品在外")),
    "accounts": ("console:accounts", _("账号")),
    "call_log": ("console:call_log", _("通话记录")),
    "visits": ("console:visits", _("今天上门")),
}
"""Lists of which no kind of to-do says where they are and what they are called."""


def go_on(request: HttpRequest, name: str, row: Any) -> HttpResponse:
    """After a row of the kind `name` was done, which is given as it was before: on to the next row, or to the list."""
    following = _following(request, BY_NAME[name], row)
    if following and request.htmx:  # type: ignore[attr-defined]
        return SeeOther(following)
    return SeeOther(list_address(request.GET) or f"console:{BY_NAME[name].route}")


def list_address(query: QueryDict) -> str:
    """The list from which a page was opened, with its filters; nothing if the address names none."""
    route, _words = _list(query)
    kept = query.copy()
    kept.pop("list", None)
    return f"{reverse(route)}{'?' if kept else ''}{kept.urlencode()}" if route else ""


def list_words(query: QueryDict) -> str | Promise:
    """What that list is called."""
    return _list(query)[1]


def filtered(route: str, request: HttpRequest) -> str:
    """A list as its address asked for it, after something was done to several of its rows."""
    query = request.GET.urlencode()
    return f"{reverse(route)}{'?' if query else ''}{query}"


def with_query(href: str, query: QueryDict) -> str:
    """The address with what it carries along, before its fragment."""
    if not query:
        return href
    address, hash_, fragment = href.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query.urlencode()}{hash_}{fragment}"


def _list(query: QueryDict) -> tuple[str, str | Promise]:
    name = query.get("list", "")
    if name in BY_NAME:
        return f"console:{BY_NAME[name].route}", BY_NAME[name].words
    return OTHERS.get(name, ("", ""))


def _following(request: HttpRequest, kind: Todo, row: Any) -> str:
    """The page of the next row of the list from which this row was opened, or nothing."""
    user, query = signed_in(request), request.GET
    name = query.get("list", kind.name)
    if name not in {HOME, kind.name}:
        return ""
    found = listed(user, query)
    waiting = found.shown if name == HOME else found.of_all_kinds.narrowed(lambda each, rows: _only(kind, each, rows))
    following = waiting.after(kind, row) if any(each is kind for each, _rows in waiting.kinds) else None
    if following is None or not following[0].opens:
        return ""
    return with_query(following[0].line(following[1], user).href, query)


def _only(kind: Todo, each: Todo, rows: Rows) -> Rows | None:
    return rows if each is kind else None
