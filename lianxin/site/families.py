"""家人: for whom I may do things, what I may see of theirs, and what I ask the community for."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.refused import Refused
from lianxin.base.words import moment_in_words
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.alarms import alarm_for_family
from lianxin.needs.queries.residents import last_visit_to, next_visit_to, open_orders_of_resident
from lianxin.people.actions.applications import apply_to_help, withdraw_application
from lianxin.people.actions.families import stop_help
from lianxin.people.models import Application, Helper, Person
from lianxin.people.queries import helps_of, hotline, may_be_acted_for_by, own_applications
from lianxin.site.known import Me, known
from lianxin.site.needs.orders import comers
from lianxin.site.places import HOME, NamedNode, named_nodes

A_FEW = 5


class HelpForm(forms.Form):
    """Whom I want to help, and with what; the community asks the person himself."""

    name = forms.CharField(
        label=gettext_lazy("家人的姓名"), max_length=50, error_messages={"required": gettext_lazy("请填家人的姓名。")}
    )
    home = NamedNode(
        of=HOME,
        label=gettext_lazy("家人住在哪个社区"),
        error_messages={"required": gettext_lazy("请选家人住的社区。")},
    )
    relation = forms.CharField(
        label=gettext_lazy("您是他的什么人"),
        max_length=10,
        help_text=gettext_lazy("例如：女儿、儿子、侄女"),
        error_messages={"required": gettext_lazy("请写您是他的什么人。")},
    )
    phone = forms.CharField(label=gettext_lazy("家人的电话"), max_length=20, required=False)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("您想帮家人做什么"),
        choices=Helper.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选您想帮家人做什么。")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "home", named_nodes(HOME))


@page(SIGNED_IN)
@known
def family(request: HttpRequest, me: Me) -> HttpResponse:
    """Those whom I may help, what I have applied for, and who may help me."""
    applied = own_applications(me.user).filter(kind=Application.Kind.HELP).exclude(state=Application.State.GRANTED)
    facts = {
        "helps": list(helps_of(me.person)),
        "applications": list(applied[:A_FEW]),
        "helpers": list(may_be_acted_for_by(me.person)),
        "hotline": hotline(me.person.home),
    }
    return render(request, "site/families/family.html", facts)


@page(SIGNED_IN)
@known
def family_new(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask to help a relative."""
    everything = [scope.value for scope in Helper.Scope]
    form = HelpForm(request.POST or None, initial={"scopes": everything})
    if request.method == "POST" and form.is_valid():
        try:
            made = apply_to_help(by=me.user, **_said(form))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            words = _("记下了。社区会先问家人本人，%(until)s前给您回话。")
            messages.success(request, words % {"until": moment_in_words(made.due_at)})
            return SeeOther("site:family")
    return render(request, "site/families/family_new.html", {"form": form}, status=422 if form.errors else 200)


@page(SIGNED_IN)
@known
def relative(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """One relative: the course of the orders, the last visit, and what to do when nobody answers (rule F2)."""
    given = _given(me, pk)
    person, scopes = given.person, set(given.scopes)
    orders = open_orders_of_resident(person) if Helper.Scope.FOLLOW in scopes else []
    facts: dict[str, Any] = {
        "given": given,
        "person": person,
        "orders": [(order, comers(order)) for order in orders[:A_FEW]],
        "may_order": Helper.Scope.ORDER in scopes and person.home,
        "may_follow": Helper.Scope.FOLLOW in scopes,
        "sees_visits": Helper.Scope.VISITS in scopes,
        "alarm": _alarm(me, given),
        "hotline": hotline(person.home),
    }
    if Helper.Scope.VISITS in scopes:
        coming = next_visit_to(person)
        facts |= {"visit": last_visit_to(person), "coming": coming, "coming_team": _team(coming)}
    return render(request, "site/families/relative.html", facts)


@page(SIGNED_IN)
@known
def unreachable(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Nobody answers: 110 and 120 first, then one button that rings at the community and the desk (rule S1)."""
    given = _given(me, pk)
    person = given.person
    if request.method == "POST":
        raise_alarm(person=person, kind=Alarm.Kind.UNREACHABLE, by=me.user)
        messages.success(request, _("社区已经收到，马上打电话、找人去看。有结果就告诉您。"))
        return SeeOther("site:unreachable", pk)
    standing = Alarm.objects.standing().filter(person=person, kind=Alarm.Kind.UNREACHABLE).first()
    facts = {
        "person": person,
        "visit": last_visit_to(person) if Helper.Scope.VISITS in given.scopes else None,
        "is_ringing": standing is not None,
        "alarm": standing or _alarm(me, given),
        "hotline": hotline(person.home),
    }
    return render(request, "site/families/unreachable.html", facts)


@page(SIGNED_IN)
@require_POST
@known
def helper_end(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """End it: what somebody may do for me, or what I may do for somebody (rule F3)."""
    helper = get_object_or_404(Helper.objects.filter(person=me.person) | Helper.objects.filter(helper=me.person), pk=pk)
    stop_help(helper=helper, by=me.user)
    messages.success(request, _("取消了，两边都会收到通知。"))
    return SeeOther("site:family")


@page(SIGNED_IN)
@require_POST
@known
def family_withdraw(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Think again about an application."""
    withdraw_application(application=get_object_or_404(Application, pk=pk, user=me.user), by=me.user)
    messages.success(request, _("申请撤回了。"))
    return SeeOther("site:family")


def _said(form: HelpForm) -> dict[str, Any]:
    return {**form.cleaned_data, "scopes": [Helper.Scope(scope) for scope in form.cleaned_data["scopes"]]}


def _team(coming: Order | None) -> str:
    """Whose members come; with what a relative may read (rule F2)."""
    return "、".join(dict.fromkeys(str(team) for _name, team in comers(coming))) if coming else ""


def _alarm(me: Me, given: Helper) -> Alarm | None:
    """What rings or rang about the relative, for whoever is told of it or rang it himself (rule F2)."""
    is_told = Helper.Scope.NOTICES in given.scopes
    return alarm_for_family(given.person, raised_by=None if is_told else me.user)


def _given(me: Me, pk: int) -> Helper:
    """What this relative has given me; nothing is to be seen of anybody else."""
    return get_object_or_404(helps_of(me.person), person=get_object_or_404(Person.objects.only("pk"), pk=pk))


urlpatterns = [
    path("family/", family, name="family"),
    path("family/new/", family_new, name="family_new"),
    path("family/<int:pk>/", relative, name="relative"),
    path("family/<int:pk>/unreachable/", unreachable, name="unreachable"),
    path("family/ended/<int:pk>/", helper_end, name="helper_end"),
    path("family/applications/<int:pk>/withdraw/", family_withdraw, name="family_withdraw"),
]
