"""家人: who may act for whom, as the worker writes it down after asking the person himself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.people.forms import HelpForm, SearchForm
from lianxin.organisations.queries import reach
from lianxin.people.actions.families import bar_relative, let_help, stop_help, unbar_relative
from lianxin.people.models import Barred, Helper, Person
from lianxin.people.queries import residents_under, who_signs_in_matching

MAY, A_FEW = "people.keep", 10


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
    path("people/<int:pk>/helpers/new/", helper_new, name="helper_new"),
    path("helpers/<int:pk>/stop/", helper_stop, name="helper_stop"),
    path("barred/<int:pk>/end/", barred_end, name="barred_end"),
]
