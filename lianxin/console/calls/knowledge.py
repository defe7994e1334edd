"""知识库: what people ask, how to answer, and where to pass them on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.pages import page_of
from lianxin.base.paths import is_under
from lianxin.base.refused import Refused
from lianxin.console.calls.log import SEE
from lianxin.console.calls.places import HIGHER, below
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.needs.actions.calls.aids import close_knowledge, write_knowledge
from lianxin.needs.models.aids import Knowledge
from lianxin.needs.queries import calls
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import reach
from lianxin.users.models import User

EDIT = "needs.edit_knowledge"
ROWS_A_PAGE = 50


class KnowledgeForm(forms.Form):
    """One entry."""

    words = forms.CharField(
        label=gettext_lazy("问什么"), max_length=40, error_messages={"required": gettext_lazy("请写别人会问什么。")}
    )
    answer = forms.CharField(
        label=gettext_lazy("怎么答"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请写怎么答。")},
    )
    number = forms.RegexField(
        r"^[0-9\- ]*$",
        label=gettext_lazy("转哪个号码"),
        max_length=20,
        required=False,
        error_messages={"invalid": gettext_lazy("号码只写数字。")},
    )
    place = NodeField(
        label=gettext_lazy("哪里适用"),
        tree=Tree.PLACE,
        may=EDIT,
        kinds=HIGHER,
        error_messages={"required": gettext_lazy("请选在哪里适用。")},
    )

    def __init__(self, data: object, places: QuerySet[Node], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        offer(self, "place", places)


@page(may=SEE)
def knowledge(request: HttpRequest) -> HttpResponse:
    """Everything the desk may answer, narrowed while typing."""
    user = signed_in(request)
    shown, own = page_of(request, asked_for(user, request.GET), ROWS_A_PAGE), reach(user, EDIT)
    editable = {entry.pk for entry in shown if any(is_under(entry.place.path, path) for path in own)}
    facts = {"page": shown, "query": _words(request.GET), "editable": editable}
    return show(request, "console/calls/knowledge.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[Knowledge]:
    """The entries that were asked for."""
    return calls.knowledge_for(reach(user, SEE), _words(query))


def _words(query: QueryDict) -> str:
    return query.get("q", "")[:20]


@page(may=EDIT)
def knowledge_new(request: HttpRequest) -> HttpResponse:
    """Write down something new."""
    return _written(request, None)


@page(may=EDIT)
def knowledge_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an entry right."""
    return _written(request, _found(request, pk))


@page(may=EDIT)
@require_POST
def knowledge_close(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no longer."""
    found = close_knowledge(entry=_found(request, pk), by=signed_in(request))
    messages.success(request, _("「%(words)s」不再显示。") % {"words": found})
    return SeeOther("console:knowledge")


def _written(request: HttpRequest, entry: Knowledge | None) -> HttpResponse:
    user = signed_in(request)
    initial = {name: getattr(entry, name) for name in ("words", "answer", "number", "place") if entry is not None}
    form = KnowledgeForm(request.POST if request.method == "POST" else None, below(reach(user, EDIT)), initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_knowledge(**form.cleaned_data, entry=entry, by=user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("记下了，接线员马上能查到。"))
            return SeeOther("console:knowledge")
    facts = {"form": form, "entry": entry}
    return show(request, "console/calls/knowledge_form.html", facts, status=422 if form.errors else 200)


def _found(request: HttpRequest, pk: int) -> Knowledge:
    user = signed_in(request)
    entries = Knowledge.objects.filter(closed_at=None, place__path__under_any=reach(user, EDIT))
    return get_object_or_404(entries.select_related("place"), pk=pk)


urlpatterns = [
    path("knowledge/", knowledge, name="knowledge"),
    path("knowledge/new/", knowledge_new, name="knowledge_new"),
    path("knowledge/<int:pk>/", knowledge_edit, name="knowledge_edit"),
    path("knowledge/<int:pk>/close/", knowledge_close, name="knowledge_close"),
]
