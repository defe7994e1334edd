"""居民申请: what people ask of the community about a record; nothing happens before the worker has made sure."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.console.people.forms import AnswerForm, HelpForm
from lianxin.needs.actions.leaving import close_account
from lianxin.organisations.queries import reach
from lianxin.people.actions.applications import look_at_application, refuse_application
from lianxin.people.actions.claims import grant_claim, grant_correction
from lianxin.people.actions.families import grant_help
from lianxin.people.models import Application, Helper, Person
from lianxin.people.queries import applications_under, open_applications, residents_matching, residents_under
from lianxin.people.rules import HELP_LASTS_DAYS, words_to_read

ROWS_A_PAGE, A_FEW, MAY = 50, 10, "people.keep"


@page(may=MAY)
def applications(request: HttpRequest) -> HttpResponse:
    """What waits, what is due first on top."""
    found, filters = narrowed(request, "applications", open_applications(reach(signed_in(request), MAY)))
    shown = page_of(request, found, ROWS_A_PAGE)
    return show(request, "console/people/applications.html", {"page": shown, **filters})


@page(may=MAY)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application; what was written in it opens with a button, and that is noted."""
    return _sheet(request, _found(request, pk))


@page(may=MAY)
@require_POST
def application_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what was written, with whom it may mean."""
    found = _found(request, pk)
    said = look_at_application(application=found, by=signed_in(request))
    return _sheet(request, found, said=said)


@page(may=MAY)
@require_POST
def application_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """The worker has made sure."""
    found, by = _found(request, pk), signed_in(request)
    if found.kind == Application.Kind.HELP:
        return _grant_help(request, found)
    grants = {
        Application.Kind.CLAIM: grant_claim,
        Application.Kind.CORRECT: grant_correction,
        Application.Kind.CLOSE: close_account,
    }
    grants[Application.Kind(found.kind)](application=found, by=by)
    messages.success(request, _("办好了，会告诉申请人。"))
    return go_on(request, "applications", found)


@page(may=MAY)
@require_POST
def application_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """It cannot be done, and why."""
    found, form = _found(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _sheet(request, found, answer_form=form, status=422)
    refuse_application(application=found, answer=form.cleaned_data["answer"], by=signed_in(request))
    messages.success(request, _("记下了，会告诉申请人。"))
    return go_on(request, "applications", found)


def _grant_help(request: HttpRequest, found: Application) -> HttpResponse:
    form, by = HelpForm(request.POST), signed_in(request)
    people = residents_under(reach(by, MAY))
    named = request.POST.get("person", "")
    person = people.filter(pk=int(named)).first() if named.isdecimal() else None
    if person is None:
        form.add_error(None, _("请先选本人是谁；没有登记过的，先去登记。"))
    if form.is_valid() and person:
        try:
            grant_help(application=found, person=person, by=by, **form.said())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("办好了，本人和家人都会收到通知。"))
            return go_on(request, "applications", found)
    said = look_at_application(application=found, by=by)
    return _sheet(request, found, said=said, help_form=form, status=422)


def _found(request: HttpRequest, pk: int) -> Application:
    return get_object_or_404(applications_under(reach(signed_in(request), MAY)), pk=pk)


def _sheet(
    request: HttpRequest,
    found: Application,
    *,
    said: dict[str, Any] | None = None,
    help_form: HelpForm | None = None,
    answer_form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    facts: dict[str, Any] = {"application": found, "said": said, "answer_form": answer_form or AnswerForm()}
    facts["applicant"] = Person.objects.filter(user=found.user).first()
    if said and found.kind == Application.Kind.HELP:
        paths = reach(signed_in(request), MAY)
        facts["candidates"] = _meant(paths, said)
        facts["help_form"] = help_form or HelpForm(initial=_proposal(said, facts["applicant"]))
        facts["scope_labels"] = "、".join(str(Helper.Scope(each).label) for each in said["scopes"])
    return show(request, "console/people/application.html", facts, status=status)


def _meant(paths: list[str], said: dict[str, Any]) -> list[Person]:
    """Whom the applicant may mean: under the phone he gave, and of the name."""
    by_phone = list(residents_matching(paths, said["phone"])[:A_FEW]) if said["phone"] else []
    by_name = [each for each in residents_matching(paths, said["name"])[:A_FEW] if each not in by_phone]
    return by_phone + by_name


def _proposal(said: dict[str, Any], applicant: Person | None) -> dict[str, Any]:
    until = clock.today() + timedelta(days=HELP_LASTS_DAYS)
    scopes = [Helper.Scope(each) for each in said["scopes"]]
    words = words_to_read(said["relation"], applicant.name if applicant else "", scopes, until)
    return {"relation": said["relation"], "scopes": said["scopes"], "words": words, "until": until}


urlpatterns = [
    path("applications/", applications, name="applications"),
    path("applications/<int:pk>/", application, name="application"),
    path("applications/<int:pk>/look/", application_look, name="application_look"),
    path("applications/<int:pk>/grant/", application_grant, name="application_grant"),
    path("applications/<int:pk>/refuse/", application_refuse, name="application_refuse"),
]
