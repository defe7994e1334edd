"""通话记录: every call in reach, with filters; and one of them."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.taking import look_at_number, read_note
from lianxin.needs.models.calls import Call
from lianxin.needs.queries import calls
from lianxin.organisations.queries import may, reach
from lianxin.people.queries import people_named
from lianxin.users.models import User

ROWS_A_PAGE = 50
SEE = "needs.see_calls"


class Narrowing(forms.Form):
    """The filters of the list; what makes no sense is passed over."""

    q = forms.CharField(
        label=_("姓名、单号或号码末四位"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("什么事"), choices=[("", _("全部")), *Call.Kind.choices], required=False)
    since = forms.DateField(label=_("日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    mine = forms.BooleanField(label=_("只看我接的"), required=False)


@page(may=SEE)
def call_log(request: HttpRequest) -> HttpResponse:
    """All calls in reach, the newest first."""
    form = Narrowing(request.GET)
    found = narrowed(signed_in(request), form)
    facts = {
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
        "page": page_of(request, found, ROWS_A_PAGE),
    }
    return show(request, "console/calls/log.html", facts)


@page(may=SEE)
def call_row(request: HttpRequest, pk: int) -> HttpResponse:
    """One call that is over."""
    return _sheet(request, _found(request, pk))


@page(may=SEE)
@require_POST
def call_read(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said in it, and the number; noted."""
    call, user = _found(request, pk), signed_in(request)
    words = read_note(call=call, by=user)
    number = look_at_number(call=call, by=user) if may(user, "needs.read_call_notes", call.scope) else ""
    return _sheet(request, call, opened=True, words=words, number=number)


def narrowed(user: User, form: Narrowing) -> QuerySet[Call]:
    """The calls that were asked for."""
    form.is_valid()
    asked = form.cleaned_data
    found = calls.calls_under(reach(user, SEE))
    if asked.get("q"):
        found = found.filter(_meant(asked["q"]))
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("since"):
        found = found.filter(started_at__gte=clock.day_begins(asked["since"]))
    if asked.get("until"):
        found = found.filter(started_at__lte=clock.day_ends(asked["until"]))
    return found.filter(operator=user) if asked.get("mine") else found


def _meant(query: str) -> Q:
    """Each way is looked up by its own index: an «or» across tables would have every call looked at."""
    if not query.isdecimal():
        return Q(person__in=people_named(query).values("pk"))
    known = Call.objects.filter(person__call_number=query).values("pk")
    about = Call.objects.filter(order=int(query)).values("pk")
    return Q(pk__in=Call.objects.filter(number_ending=query).values("pk").union(about, known))


def _found(request: HttpRequest, pk: int) -> Call:
    return get_object_or_404(calls.calls_under(reach(signed_in(request), SEE)), pk=pk)


def _sheet(request: HttpRequest, call: Call, **opened: object) -> HttpResponse:
    user = signed_in(request)
    may_read = call.operator_id == user.pk or may(user, "needs.read_call_notes", call.scope)
    return show(request, "console/calls/row.html", {"call": call, "may_read": may_read, **opened})


urlpatterns = [
    path("call-log/", call_log, name="call_log"),
    path("call-log/<int:pk>/", call_row, name="call_row"),
    path("call-log/<int:pk>/read/", call_read, name="call_read"),
]
