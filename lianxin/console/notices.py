"""电话卡: the calls to make, what to say, and how each went."""

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
from lianxin.base.words import moment_in_words
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallCard, CallTry
from lianxin.notices.queries import calls_under, open_calls
from lianxin.organisations.queries import reach
from lianxin.people.actions.looking import look_at_callee
from lianxin.people.queries import contacts_by_key, people_by_key

ROWS_A_PAGE = 50
TO_CONTACTS = [
    (CallTry.Result.REACHED, gettext_lazy("打通了")),
    (CallTry.Result.NO_ANSWER, CallTry.Result.NO_ANSWER.label),
    (CallTry.Result.WRONG_NUMBER, CallTry.Result.WRONG_NUMBER.label),
]
"""How a call to an emergency contact may go."""


class TryForm(forms.Form):
    """How the try went."""

    result = forms.ChoiceField(choices=CallTry.Result.choices)


@page(may="people.call")
def call_cards(request: HttpRequest) -> HttpResponse:
    """The calls to make, what is due first on top."""
    cards, filters = narrowed(request, "call_cards", open_calls(reach(signed_in(request), "people.call")))
    shown = page_of(request, cards, ROWS_A_PAGE)
    people = people_by_key(card.notice.person_id for card in shown)
    rows = [(card, people[card.notice.person_id]) for card in shown]
    return show(request, "console/notices/call_cards.html", {"page": shown, "rows": rows, **filters})


@page(may="people.call")
def call_card(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: the words to say, earlier tries, and a button for each way it may end."""
    return _sheet(request, _found(request, pk))


@page(may="people.call")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The number to ring, opened for this one answer and noted."""
    card = _found(request, pk)
    contact = look_at_callee(card=card, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/notices/call_card.html#contact", {"card": card, "contact": contact})
    return _sheet(request, card, contact=contact)


@page(may="people.call")
@require_POST
def call_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down how the try went, then go on with the next call."""
    card, form = _found(request, pk), TryForm(request.POST)
    if not form.is_valid():
        return _sheet(request, card, status=422)
    tried = try_call(card=card, result=CallTry.Result(form.cleaned_data["result"]), by=signed_in(request))
    messages.success(request, _words(tried))
    return go_on(request, "call_cards", card)


def _found(request: HttpRequest, pk: int) -> CallCard:
    return get_object_or_404(calls_under(reach(signed_in(request), "people.call")), pk=pk)


def _sheet(
    request: HttpRequest, card: CallCard, *, contact: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    callee = people_by_key([card.notice.person_id])[card.notice.person_id]
    named = contacts_by_key([card.contact_id]).get(card.contact_id) if card.contact_id else None
    facts = {
        "card": card,
        "callee": callee,
        "contact": contact,
        "ending": named.phone_ending if named else "" if card.contact_id else callee.phone_ending,
        "tries": card.tries.select_related("by").order_by("pk"),
        "results": TO_CONTACTS if card.contact_id else CallTry.Result.choices,
        "may_take_calls": not card.contact_id and signed_in(request).has_perm("needs.take_calls"),
    }
    return show(request, "console/notices/call_card.html", facts, status=status)


def _words(card: CallCard) -> str:
    if card.done_at:
        return _("%(name)s：%(outcome)s。") % {"name": card.person_name, "outcome": card.get_outcome_display()}
    again = {"name": card.person_name, "again": moment_in_words(card.due_at)}
    return _("%(name)s：这次没打通，%(again)s 再打。") % again


urlpatterns = [
    path("calls/", call_cards, name="call_cards"),
    path("calls/<int:pk>/", call_card, name="call_card"),
    path("calls/<int:pk>/look/", look, name="call_look"),
    path("calls/<int:pk>/try/", call_try, name="call_try"),
]
