"""成员: who belongs to my branch, unit or mass organisation; seen by its own chain only. And the list of skills."""

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
from lianxin.base.pages import page_of
from lianxin.base.refused import Forbidden, Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.listed import ByPlace
from lianxin.console.organisations.forms import NodeField, UserField
from lianxin.organisations.models import NodeSet
from lianxin.organisations.queries import nodes_within, reach
from lianxin.people.queries import people_named
from lianxin.users.models import User
from lianxin.volunteers.actions.keeping import close_skill, open_skill
from lianxin.volunteers.actions.membership import end_membership, record_member
from lianxin.volunteers.models import Membership, Skill
from lianxin.volunteers.queries import memberships_within
from lianxin.volunteers.queries.headcounts import skills_with_holders

KEEP, LIST_SKILLS = "volunteers.keep_members", "volunteers.list_skills"
ROWS_A_PAGE = 50


class MemberForm(forms.Form):
    """Who belongs where, and as what."""

    who = UserField(label=gettext_lazy("他的手机号"), help_text=gettext_lazy("他登录用的手机号"))
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Membership.Kind.choices)
    node = NodeField(label=gettext_lazy("哪个支部、单位或群团"))

    def __init__(self, data: Any, *, nodes: NodeSet) -> None:
        tops = list(nodes.order_by("path")[:2])
        initial = {"node": f"{tops[0].name} #{tops[0].pk}"} if len(tops) == 1 else {}
        super().__init__(data, initial=initial)
        self.fields["node"] = NodeField(label=self.fields["node"].label, nodes=nodes, tree="party")


class Narrowing(ByPlace):
    """The filters of the list; what makes no sense is passed over."""

    q = forms.CharField(
        label=gettext_lazy("姓名或拼音首字母"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    place = forms.ChoiceField(label=gettext_lazy("组织"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=[("", gettext_lazy("全部")), *Membership.Kind.choices], required=False
    )
    waiting = forms.BooleanField(label=gettext_lazy("只看等本人确认的"), required=False)
    field_order = ("q", "place", "kind", "waiting")


class SkillForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("技能名称"), max_length=20)


@page(may=KEEP)
def members(request: HttpRequest) -> HttpResponse:
    """Who belongs to us, and a form for one more."""
    user = signed_in(request)
    data = request.POST if request.method == "POST" else None
    form = MemberForm(data, nodes=nodes_within(user, KEEP).filter(tree="party"))
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            kept = record_member(
                person=said["who"].person, node=said["node"], kind=Membership.Kind(said["kind"]), by=user
            )
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("已登记 %(name)s，等本人确认。") % {"name": kept.person.name})
            return SeeOther("console:members")
    narrowing = Narrowing(user, request.GET)
    facts = {
        "page": page_of(request, _narrowed(user, narrowing), ROWS_A_PAGE),
        "form": form,
        "narrowing": narrowing,
        "is_narrowed": any(narrowing.asked().values()),
    }
    return show(request, "console/volunteers/members.html", facts, status=422 if form.errors else 200)


def asked_for(user: User, query: QueryDict) -> QuerySet[Membership]:
    """The members that were asked for."""
    return _narrowed(user, Narrowing(user, query))


def _narrowed(user: User, narrowing: Narrowing) -> QuerySet[Membership]:
    asked, found = narrowing.asked(), memberships_within(reach(user, KEEP))
    if narrowing.node is not None:
        found = found.filter(node__path__under=narrowing.node.path)
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("waiting"):
        found = found.filter(agreed_at=None)
    return found.filter(person__in=people_named(asked["q"]).values("pk")) if asked.get("q") else found


@page(may=KEEP)
@require_POST
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """He no longer belongs here."""
    found = get_object_or_404(memberships_within(reach(signed_in(request), KEEP)), pk=pk)
    end_membership(membership=found, by=signed_in(request))
    messages.success(request, _("已转出 %(name)s。") % {"name": found.person.name})
    return SeeOther("console:members")


@page(may=LIST_SKILLS)
def skills(request: HttpRequest) -> HttpResponse:
    """The list of skills, with how many have each."""
    form = SkillForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        skill = open_skill(name=form.cleaned_data["name"].strip(), by=signed_in(request))
        messages.success(request, _("「%(name)s」可以选了。") % {"name": skill.name})
        return SeeOther("console:skills")
    facts = {"skills": skills_with_holders(), "form": form}
    return show(request, "console/volunteers/skills.html", facts, status=422 if form.errors else 200)


@page(may=LIST_SKILLS)
@require_POST
def skill_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody is asked for it any more."""
    skill = close_skill(skill=get_object_or_404(Skill, pk=pk), by=signed_in(request))
    messages.success(request, _("「%(name)s」已停用，已有的人保留。") % {"name": skill.name})
    return SeeOther("console:skills")


urlpatterns = [
    path("members/", members, name="members"),
    path("members/<int:pk>/end/", member_end, name="member_end"),
    path("skills/", skills, name="skills"),
    path("skills/<int:pk>/close/", skill_close, name="skill_close"),
]
