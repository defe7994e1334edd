"""出事了: what is still open, with the 48 hours for the insurer running; policies; slip and proof on paper."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther, pdf_named
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.needs.actions.incidents import close_incident, keep_policy, look_at_volunteers_contacts
from lianxin.needs.documents.visit_papers import proof_sheet, visit_slip
from lianxin.needs.models.incidents import Incident, Policy
from lianxin.needs.queries.incidents import incidents_under, insured_teams, open_incidents, policy_of, roster
from lianxin.needs.queries.tasks import assignments_under
from lianxin.organisations.queries import reach

SEE, KEEP, RECORD = "needs.see_incidents", "needs.keep_policies", "needs.record_visits"


class CloseForm(forms.Form):
    """How it ended, and what came in meanwhile."""

    handed_to = forms.CharField(label=gettext_lazy("交给了谁"), required=False, max_length=60)
    reference = forms.CharField(label=gettext_lazy("警情号或报案号"), required=False, max_length=40)
    ended = forms.CharField(
        label=gettext_lazy("怎么了结的"),
        max_length=200,
        help_text=gettext_lazy("不要写别人的姓名、电话和病情。"),
        error_messages={"required": gettext_lazy("请写一句怎么了结的。")},
    )


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """With whom a team is insured."""

    class Meta:
        model = Policy
        fields = ("insurer", "number", "phone", "until")
        widgets = {"until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


@page(may=SEE)
def incidents(request: HttpRequest) -> HttpResponse:
    """The open ones, what is due first on top."""
    rows, filters = narrowed(request, "incidents", open_incidents(reach(signed_in(request), SEE)))
    return show(request, "console/needs/incidents.html", {"rows": rows, **filters})


@page(may=SEE)
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; POST says how it ended."""
    found = _found(request, pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        close_incident(incident=found, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("记下了。"))
        return go_on(request, "incidents", found)
    return _sheet(request, found, form)


@page(may=SEE)
@require_POST
def incident_contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to ring for the volunteers, opened for this one answer and noted."""
    found = _found(request, pk)
    contacts = look_at_volunteers_contacts(incident=found, by=signed_in(request))
    return _sheet(request, found, CloseForm(), contacts=contacts)


@page(may=SEE)
def incident_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof sheet for the insurer."""
    found = _found(request, pk)
    return pdf_named(proof_sheet(found, list(roster(found)), policy_of(found.team_path)), f"{found.order_id}.pdf")


@page(may=KEEP)
def policies(request: HttpRequest) -> HttpResponse:
    """Each team with the policy it has."""
    return show(request, "console/needs/policies.html", {"teams": insured_teams(reach(signed_in(request), KEEP))})


@page(may=KEEP)
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """The policy of one team."""
    team = get_object_or_404(insured_teams(reach(signed_in(request), KEEP)), pk=pk)
    kept = getattr(team, "policy", None)
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        keep_policy(team=team, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("%(team)s 的保单记下了。") % {"team": team})
        return SeeOther("console:policies")
    return show(request, "console/needs/policy.html", {"team": team, "form": form}, status=422 if form.errors else 200)


@page(may=RECORD)
def visit_slip_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip to print for who has no phone."""
    found = get_object_or_404(assignments_under(reach(signed_in(request), RECORD)), pk=pk)
    return pdf_named(visit_slip(found), f"{found.order.number}.pdf")


def _found(request: HttpRequest, pk: int) -> Incident:
    return get_object_or_404(incidents_under(reach(signed_in(request), SEE)), pk=pk)


def _sheet(
    request: HttpRequest,
    found: Incident,
    form: CloseForm,
    *,
    contacts: dict[str, list[tuple[str, str, str]]] | None = None,
) -> HttpResponse:
    facts = {
        "incident": found,
        "form": form,
        "roster": roster(found),
        "policy": policy_of(found.team_path),
        "contacts": contacts,
    }
    return show(request, "console/needs/incident.html", facts, status=422 if form.errors else 200)


urlpatterns = [
    path("incidents/", incidents, name="incidents"),
    path("incidents/<int:pk>/", incident, name="incident"),
    path("incidents/<int:pk>/contacts/", incident_contacts, name="incident_contacts"),
    path("incidents/<int:pk>/proof/", incident_proof, name="incident_proof"),
    path("policies/", policies, name="policies"),
    path("policies/<int:pk>/", policy, name="policy"),
    path("visits/<int:pk>/paper/", visit_slip_pdf, name="visit_paper"),
]
