"""志愿者: the ledger (台账) with its filters in the address, and its counts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext_lazy as _

from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.exchange.queries.standing import many_waiting, with_roll
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import nodes_within, reach
from lianxin.users.models import User
from lianxin.volunteers import queries
from lianxin.volunteers.models import Skill, Volunteer
from lianxin.volunteers.queries.headcounts import figures_within

SEE = "volunteers.see"
ROWS_A_PAGE = 50


class Narrowing(forms.Form):
    """The filters of the ledger; what makes no sense is passed over. `at` is a node of any tree.

    By a branch, a unit or a mass organisation only its own chain asks: who belongs to it nobody else learns (rule W9).
    """

    q = forms.CharField(
        label=_("姓名、拼音首字母、手机尾号或编号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    skill = forms.ModelChoiceField(queryset=Skill.objects.none(), empty_label=_("全部"), required=False)
    team = NodeField(label=_("队伍"), required=False)
    place = NodeField(label=_("住在"), required=False)
    unit = NodeField(label=_("支部、单位或群团"), required=False)
    imported = forms.BooleanField(label=_("只看导入未确认"), required=False)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.units = nodes_within(user, SEE).filter(tree=Tree.PARTY)
        shown = [each for each in Volunteer.State.choices if each[0] != Volunteer.State.RESTRICTED]
        self.fields["state"].choices = [("", _("全部")), *shown]  # type: ignore[attr-defined]
        self.fields["skill"].label = _("技能")
        self.fields["skill"].queryset = Skill.objects.order_by("name", "pk")  # type: ignore[attr-defined]
        for name, tree in (("team", Tree.SERVICE), ("place", Tree.PLACE)):
            label = self.fields[name].label
            self.fields[name] = NodeField(label=label, nodes=Node.objects.filter(tree=tree), tree=tree, required=False)
        if self.units.exists():
            label = self.fields["unit"].label
            self.fields["unit"] = NodeField(label=label, nodes=self.units, tree=Tree.PARTY, required=False)
        else:
            del self.fields["unit"]

    def asked(self) -> queries.Asked:
        """What was asked for and makes sense."""
        self.is_valid()
        said = self.cleaned_data
        return queries.Asked(
            words=said.get("q") or "",
            state=said.get("state") or "",
            skill=said.get("skill"),
            team=said.get("team"),
            place=said.get("place"),
            imported=bool(said.get("imported")),
        )

    def at_node(self) -> Node | None:
        """The node of any tree on which somebody came here."""
        pk = self.cleaned_data.get("at")
        found = Node.objects.filter(pk=pk).first() if pk else None
        return found if found is None or found.tree != Tree.PARTY else self.units.filter(pk=found.pk).first()

    def unit_meant(self) -> Node | None:
        """The branch, unit or mass organisation that was asked for."""
        return self.cleaned_data.get("unit")


@page(may=SEE)
def volunteers(request: HttpRequest) -> HttpResponse:
    """Everybody within reach who was asked for, the newest first."""
    form = Narrowing(request.GET, signed_in(request))
    found, facts = _asked(signed_in(request), form, queries.volunteers_within)
    facts["page"] = page_of(request, queries.for_list(found), ROWS_A_PAGE)
    return show(request, "console/volunteers/ledger.html", facts)


@page(may=SEE)
def volunteer_counts(request: HttpRequest) -> HttpResponse:
    """The same people counted: by skill, by state, by team, by community; each count leads to its rows."""
    user = signed_in(request)
    form = Narrowing(request.GET, user)
    asked = form.asked()
    # Whom words mean is looked up by them first; without words each within reach is needed.
    within = queries.volunteers_within if asked.words else queries.all_volunteers_within
    found, facts = _asked(user, form, within)
    waiting = many_waiting(reach(user, SEE), asked, filter(None, (facts["at"], form.unit_meant())))
    kept = None if form.unit_meant() else figures_within(reach(user, SEE), asked, facts["at"])
    counts, standing = (kept.counts, kept.standing) if kept else (queries.counts(found), queries.standing(found))
    facts |= {"counts": counts, "standing": with_roll(standing, waiting), "kept": kept}
    return show(request, "console/volunteers/counts.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[Volunteer]:
    """The volunteers that were asked for."""
    return _asked(user, Narrowing(query, user), queries.volunteers_within)[0]


def _asked(
    user: User, form: Narrowing, within: Callable[[list[str]], QuerySet[Volunteer]]
) -> tuple[QuerySet[Volunteer], dict[str, Any]]:
    asked = form.asked()
    paths = reach(user, SEE)
    found, at, unit = within(paths), form.at_node(), form.unit_meant()
    for node in filter(None, (at, unit)):
        found = queries.at_node(found, node, paths=paths)
    is_narrowed = asked != queries.Asked() or at is not None or unit is not None
    facts = {"form": form, "at": at, "is_narrowed": is_narrowed}
    return queries.narrowed(found, asked), facts


urlpatterns = [
    path("volunteers/", volunteers, name="volunteers"),
    path("volunteers/counts/", volunteer_counts, name="volunteer_counts"),
]
