"""家人: who may act for whom, as the worker writes it down after asking the person himself; and the list of all."""

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.listed import ByPlace
from lianxin.console.people.forms import HelpForm, SearchForm
from lianxin.organisations.queries import may, reach
from lianxin.people.actions.families import bar_relative, let_help, stop_help, unbar_relative
from lianxin.people.models import Barred, Helper, Person
from lianxin.people.queries import families_matching, families_under, residents_under, who_signs_in_matching
from lianxin.people.rules import HELP_ENDS_SOON, name_in_lists
from lianxin.users.models import User

MAY, SEE = "people.keep", "people.see_families"
A_FEW, ROWS_A_PAGE = 10, 50
SOON, ENDED, EVER = "soon", "ended", "ever"


class Narrowing(ByPlace):
    """The filters of the list of families; what makes no sense is passed over. Who sees no names searches by none."""

    q = forms.CharField(
        label=gettext_lazy("姓名、点单号码或尾号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    place = forms.ChoiceField(label=gettext_lazy("住在"), required=False)
    scope = forms.ChoiceField(
        label=gettext_lazy("能办什么"), choices=[("", gettext_lazy("全部")), *Helper.Scope.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("有效期"),
        choices=[
            ("", gettext_lazy("现在有效")),
            (SOON, gettext_lazy("30 天内到期")),
            (ENDED, gettext_lazy("已经结束")),
            (EVER, gettext_lazy("全部")),
        ],
        required=False,
    )

    field_order = ("q", "place", "scope", "state")

    def __init__(self, user: User, query: QueryDict) -> None:
        super().__init__(user, query)
        if not user.has_perm(MAY):
            del self.fields["q"]


@page(may=SEE)
def families(request: HttpRequest) -> HttpResponse:
    """Who helps whom in this user's places, what ends first on top (rule F5)."""
    user = signed_in(request)
    form = Narrowing(user, request.GET)
    shown = page_of(request, _narrowed(user, form), ROWS_A_PAGE)
    facts = {
        "page": shown,
        "form": form,
        "is_narrowed": any(form.asked().values()),
        "rows": [(given, *names_seen_by(user, given), *state_of(given)) for given in shown],
    }
    return show(request, "console/people/families.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[Helper]:
    """The families that were asked for."""
    return _narrowed(user, Narrowing(user, query))


def names_seen_by(user: User, given: Helper) -> tuple[str, str, str]:
    """The resident's name, the relative's, and the end of his telephone; masked for who does not keep these records."""
    person, helper, today = given.person, given.helper, clock.today()
    if may(user, MAY, person.home.path if person.home else None):
        return name_in_lists(person, today), name_in_lists(helper, today), helper.phone_ending or ""
    return person.masked_name, helper.masked_name, ""


def state_of(given: Helper) -> tuple[str, str]:
    """Whether it holds, in words and as a tone."""
    ends, today = given.during.upper, clock.today()
    if ends is None or ends <= today:
        return _("已结束"), "stopped"
    return (_("快到期"), "waiting") if ends <= today + HELP_ENDS_SOON else (_("有效"), "active")


def _narrowed(user: User, form: Narrowing) -> QuerySet[Helper]:
    asked, today = form.asked(), clock.today()
    found = families_under(reach(user, SEE))
    if form.node is not None:
        found = found.filter(person__home__path__under=form.node.path)
    if asked.get("scope"):
        found = found.filter(scopes__contains=[asked["scope"]])
    if asked.get("state") == ENDED:
        found = found.filter(Q(during__isempty=True) | Q(during__endswith__lte=today))
    elif asked.get("state") != EVER:
        found = found.filter(during__contains=today)
    if asked.get("state") == SOON:
        found = found.filter(during__endswith__lte=today + HELP_ENDS_SOON)
    return families_matching(found, asked["q"]) if asked.get("q") else found


@page(may=MAY)
def helper_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a relative help: find him by phone, read the words aloud, write down what the person said."""
    person = _person(request, pk)
    search = SearchForm(request.GET)
    query = search.cleaned_data["q"] if search.is_valid() else ""
    found = list(who_signs_in_matching(query).exclude(pk=person.pk)[:A_FEW]) if query else []
    form = HelpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        helper = get_object_or_404(Person, pk=_number(request.POST.get("helper")), user__isnull=False)
        try:
            let_help(person=person, helper=helper, by=signed_in(request), **form.said())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            words = _("%(helper)s可以替%(person)s办事了，两边都会收到通知。")
            messages.success(request, words % {"helper": helper.name, "person": person.name})
            return SeeOther("console:person", pk)
    facts = {"person": person, "form": form, "search": search, "query": query, "found": found}
    return show(request, "console/people/helper_new.html", facts, status=422 if form.errors else 200)


@page(may=MAY)
@require_POST
def helper_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """One call ends it; `bar` also keeps the relative out from now on."""
    helpers = Helper.objects.filter(person__home__path__under_any=reach(signed_in(request), MAY))
    helper = get_object_or_404(helpers.select_related("person", "helper"), pk=pk)
    names = {"helper": helper.helper.name, "person": helper.person.name}
    if "bar" in request.POST:
        bar_relative(person=helper.person, other=helper.helper, by=signed_in(request))
        messages.success(request, _("%(helper)s不再替%(person)s办事，以后也不再受理他的申请。") % names)
    else:
        stop_help(helper=helper, by=signed_in(request))
        messages.success(request, _("%(helper)s不再替%(person)s办事，两边都会收到通知。") % names)
    return SeeOther("console:person", helper.person_id)


@page(may=MAY)
@require_POST
def barred_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has changed his mind."""
    rows = Barred.objects.filter(person__home__path__under_any=reach(signed_in(request), MAY))
    barred = get_object_or_404(rows.select_related("person"), pk=pk)
    unbar_relative(barred=barred, by=signed_in(request))
    messages.success(request, _("记下了：本人改了主意。"))
    return SeeOther("console:person", barred.person_id)


def _person(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(residents_under(reach(signed_in(request), MAY)), pk=pk)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() else 0


urlpatterns = [
    path("families/", families, name="families"),
    path("people/<int:pk>/helpers/new/", helper_new, name="helper_new"),
    path("helpers/<int:pk>/stop/", helper_stop, name="helper_stop"),
    path("barred/<int:pk>/end/", barred_end, name="barred_end"),
]
