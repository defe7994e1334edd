"""出事了: from any task; first the numbers to ring, then four lines, then what to write down. And the paper slip."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther, pdf_named
from lianxin.needs.actions.incidents import report_incident
from lianxin.needs.documents.visit_papers import visit_slip
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.incidents import policy_of
from lianxin.needs.queries.tasks import task_of
from lianxin.people.actions.looking import look_at_contacts
from lianxin.people.queries import emergency_contacts_of, hotline
from lianxin.site.known import Me, known

SERVES = "needs.serve"


class IncidentForm(forms.Form):
    """Five fields; no name of anybody else."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("什么事"),
        coerce=Incident.Kind,
        choices=Incident.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个。")},
    )
    where = forms.CharField(
        label=gettext_lazy("在哪里"), max_length=60, error_messages={"required": gettext_lazy("请写在哪里。")}
    )
    done = forms.CharField(
        label=gettext_lazy("做了什么"),
        max_length=200,
        help_text=gettext_lazy("不要写别人的姓名、电话和车牌。"),
        error_messages={"required": gettext_lazy("请写一句做了什么。")},
    )
    handed_to = forms.CharField(label=gettext_lazy("交给了谁（120、110、物业）"), required=False, max_length=60)
    reference = forms.CharField(label=gettext_lazy("警情号或报案号"), required=False, max_length=40)


@page(SERVES)
@known
def accident(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Whom to ring and what to do; POST writes it down and tells the chain."""
    own = _own(me, pk)
    form = IncidentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        report_incident(assignment=own, by=me.user, **form.cleaned_data)
        messages.success(request, _("记下了，队长、站点和市里马上知道。"))
        return SeeOther("site:accident", pk)
    return _accident(request, me, own, form)


@page(SERVES)
@require_POST
@known
def accident_contacts(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Whom to ring for me, opened for this one answer and noted."""
    own = _own(me, pk)
    contacts = look_at_contacts(person=me.person, by=me.user, about=own)
    return _accident(request, me, own, IncidentForm(), contacts=contacts)


@page(SERVES)
@known
def task_slip(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """The slip to print and have signed."""
    own = _own(me, pk)
    return pdf_named(visit_slip(own), f"{own.order.number}.pdf")


def _own(me: Me, pk: int) -> Assignment:
    own = task_of(me.volunteer, pk)
    if own is None:
        raise Http404
    own.volunteer = me.volunteer
    return own


def _accident(
    request: HttpRequest,
    me: Me,
    own: Assignment,
    form: IncidentForm,
    *,
    contacts: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:
    facts = {
        "task": own,
        "order": own.order,
        "form": form,
        "contacts": contacts,
        "kept": [] if contacts else list(emergency_contacts_of(me.person)),
        "policy": policy_of(me.volunteer.team.path),
        "incidents": Incident.objects.filter(order=own.order, reported_by=me.user).order_by("-pk"),
        "hotline": hotline(own.order.place),
    }
    return render(request, "site/needs/accident.html", facts, status=422 if form.errors else 200)


urlpatterns = [
    path("tasks/<int:pk>/accident/", accident, name="accident"),
    path("tasks/<int:pk>/accident/contacts/", accident_contacts, name="accident_contacts"),
    path("tasks/<int:pk>/slip/", task_slip, name="task_slip"),
]
