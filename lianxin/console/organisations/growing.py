"""批量新建: many organisations, teams or places below one, pasted from a list; shown first, then opened."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Forbidden, Refused
from lianxin.console.frame import show, signed_in
from lianxin.organisations.actions.growing import Plan, open_nodes, plan
from lianxin.organisations.models import TREE_OF, Kind, Node
from lianxin.organisations.queries import reach
from lianxin.organisations.rules import USUALLY_BELOW, Line, lines_of

SHAPE = "organisations.shape"
SHOWN = 50


class ManyForm(forms.Form):
    """The list, and what its columns are."""

    kind = forms.ChoiceField(label=gettext_lazy("第一列是"))
    lower_kind = forms.ChoiceField(label=gettext_lazy("第二列是"), required=False)
    lines = forms.CharField(
        label=gettext_lazy("名单"),
        strip=False,
        help_text=gettext_lazy("从 Excel 里复制一列或两列贴进来，一行一个；第二列是第一列的下级。"),
        error_messages={"required": gettext_lazy("请把名单贴进来。")},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, *, node: Node) -> None:
        kind = USUALLY_BELOW.get(Kind(node.kind))
        super().__init__(data, initial={"kind": kind, "lower_kind": USUALLY_BELOW.get(kind) if kind else None})
        kinds = [(kind.value, kind.label) for kind in Kind if TREE_OF[kind] == node.tree]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["lower_kind"].choices = [("", _("没有第二列")), *kinds]  # type: ignore[attr-defined]

    def clean_lines(self) -> list[Line]:
        try:
            return lines_of(self.cleaned_data["lines"])
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    def clean(self) -> None:
        """A second column has a kind; asked before anything is shown."""
        said = self.cleaned_data
        if any(lower for _upper, lower in said.get("lines", [])) and not said.get("lower_kind"):
            self.add_error("lower_kind", _("有第二列，请选第二列是什么类型。"))


@page(may=SHAPE)
def node_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste; see what would be opened; open it."""
    within = Node.objects.under_any(reach(signed_in(request), SHAPE)).open()
    node = get_object_or_404(within, pk=pk)
    form = ManyForm(request.POST or None, node=node)
    planned: Plan | None = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if "sure" in request.POST:
            try:
                done = open_nodes(
                    parent=node,
                    kind=Kind(said["kind"]),
                    lower_kind=Kind(said["lower_kind"]) if said["lower_kind"] else None,
                    lines=said["lines"],
                    by=signed_in(request),
                    seen=request.POST["sure"],
                )
            except Forbidden:
                raise
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                messages.success(request, _("新建了 %(many)s 个。") % {"many": done.many})
                return SeeOther("console:node", node.pk)
        planned = plan(parent=node, lines=said["lines"])
    facts = {"node": node, "form": form, "plan": planned, "shown": SHOWN}
    return show(request, "console/organisations/many.html", facts, status=422 if form.errors else 200)


urlpatterns = [path("organisations/<int:pk>/many/", node_many, name="node_many")]
