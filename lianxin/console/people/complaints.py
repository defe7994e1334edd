"""投诉: complaints and suggestions that wait for an answer."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.organisations.queries import reach
from lianxin.people.actions.complaints import answer_complaint
from lianxin.people.actions.looking import look_at_complaint
from lianxin.people.models import Complaint
from lianxin.people.queries import complaints_under, open_complaints

ROWS_A_PAGE = 50


class AnswerForm(forms.Form):
    """The answer, as it can be read by whoever knows the number."""

    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("凭查询号码就能看到，请不要写别人的姓名、电话和住址。"),
        error_messages={"required": gettext_lazy("请写下答复。")},
    )


@page(may="people.answer_complaints")
def complaints(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, what is due first on top."""
    waiting = open_complaints(reach(signed_in(request), "people.answer_complaints"))
    found, filters = narrowed(request, "complaints", waiting)
    shown = page_of(request, found, ROWS_A_PAGE)
    return show(request, "console/people/complaints.html", {"page": shown, **filters})


@page(may="people.answer_complaints")
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint; POST answers it."""
    found = _found(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer_complaint(complaint=found, answer=form.cleaned_data["answer"], by=signed_in(request))
        messages.success(request, _("%(number)s 号已经答复。") % {"number": found.number})
        return go_on(request, "complaints", found)
    return _sheet(request, found, form=form, status=422 if form.errors else 200)


@page(may="people.answer_complaints")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says and how to reach whoever complained, opened for this one answer and noted."""
    found = _found(request, pk)
    opened = look_at_complaint(complaint=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/people/complaint.html#contact", {"complaint": found, "opened": opened})
    return _sheet(request, found, form=AnswerForm(), opened=opened)


def _found(request: HttpRequest, pk: int) -> Complaint:
    return get_object_or_404(complaints_under(reach(signed_in(request), "people.answer_complaints")), pk=pk)


def _sheet(
    request: HttpRequest, found: Complaint, *, form: AnswerForm, opened: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    facts = {"complaint": found, "form": form, "opened": opened}
    return show(request, "console/people/complaint.html", facts, status=status)


urlpatterns = [
    path("complaints/", complaints, name="complaints"),
    path("complaints/<int:pk>/", complaint, name="complaint"),
    path("complaints/<int:pk>/look/", look, name="complaint_look"),
]
