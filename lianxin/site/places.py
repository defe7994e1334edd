"""A community or a team as people say it: by its name, or by two characters of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base import search
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.choosing import SHOWN, SUGGESTED, Typed
from lianxin.organisations.models import CORPS_KINDS, Kind, Node

HOME, TEAM = "home", "team"
KINDS = {HOME: frozenset({Kind.COMMUNITY}), TEAM: CORPS_KINDS}


class NamedNode(Typed):
    """A community or a team by its name, by two characters of it when these name one alone, or by what stands above it
    and its name (和平街道 幸福社区), as the suggestions write it."""

    model = Node
    several = _("是哪一个？请这样填全：%(some)s")

    def __init__(self, *, of: str, **options: Any) -> None:
        options.setdefault("help_text", _("打两个字就会有提示。"))
        super().__init__(suggest=lambda: f"{reverse('site:places')}?of={of}", rows=named_nodes(of), **options)

    def written(self, row: Node) -> str:
        """With what stands above it: there is more than one 幸福社区 in a city."""
        return f"{row.parent} {row}" if row.parent else str(row)

    def meant_by(self, typed: str, rows: QuerySet[Any]) -> list[Node]:
        """Those of that name, below what was named before it; else those that have what was typed in their names."""
        above, _blank, name = typed.replace("\N{IDEOGRAPHIC SPACE}", " ").rpartition(" ")
        exact = rows.filter(name=name, **({"parent__name": above.strip()} if above.strip() else {}))
        pieces = search.pieces_of_query(typed)
        alike = rows.filter(search__contains=pieces) if pieces else rows.none()
        return list(exact[: SHOWN + 1]) or list(alike[: SHOWN + 1])

    def words_for_none(self, typed: str) -> str:
        """What to do."""
        return gettext("没有找到，请再打两个字试试，或问问服务站。")


def named_nodes(of: str) -> QuerySet[Node]:
    """The open communities, or the open teams."""
    return Node.objects.open().filter(kind__in=KINDS[of]).select_related("parent").order_by("path", "pk")


@page(SIGNED_IN)
def places(request: HttpRequest) -> HttpResponse:
    """Names of communities or teams for the line in which one is typed."""
    nodes = named_nodes(TEAM if request.GET.get("of") == TEAM else HOME)
    pieces = search.pieces_of_query(request.GET.get("q", "")[:20])
    found = nodes.filter(search__contains=pieces)[:SUGGESTED] if pieces else []
    return render(request, "site/places.html", {"found": found})


urlpatterns = [path("join/places/", places, name="places")]
