"""我的资料: see it, have a copy, say how to be told, have it put right, have the account closed (PIPL 44 to 47)."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import EVERYBODY, SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.base.words import moment_in_words
from lianxin.needs.actions.leaving import ask_to_close
from lianxin.needs.queries.leaving import what_must_be_handed_over
from lianxin.needs.queries.residents import copy_of_orders
from lianxin.people.actions.applications import apply_to_correct
from lianxin.people.actions.registering import choose_contact
from lianxin.people.actions.rights import copy_own_record
from lianxin.people.models import Application, Consent, ContactBy, Purpose
from lianxin.people.queries import consents_of, hotline, own_applications, the_city
from lianxin.people.rules import CONSENT_WORDS, is_current
from lianxin.site.known import Me, known
from lianxin.site.purposes import PURPOSES
from lianxin.volunteers.actions.consents import renew, withdraw

SHOWN = (Application.Kind.CORRECT, Application.Kind.CLOSE)
A_FEW = 5


class ContactForm(forms.Form):
    """How I want to be told."""

    contact_by = forms.ChoiceField(label=gettext_lazy("怎么通知我"), choices=ContactBy.choices)


class CorrectForm(forms.Form):
    """What is wrong."""

    words = forms.CharField(
        label=gettext_lazy("哪里不对，应该是什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写清楚哪里不对、应该是什么。")},
    )


@page(EVERYBODY)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, in one prominent place (PIPL 17): made from the table of purposes."""
    return render(request, "site/people/privacy.html", {"purposes": PURPOSES, "hotline": the_city()})


@page(SIGNED_IN)
@known
def mine(request: HttpRequest, me: Me) -> HttpResponse:
    """What is known of me in the clear, and what I may do about it."""
    return _page(request, me)


@page(SIGNED_IN)
@require_POST
@known
def mine_copy(request: HttpRequest, me: Me) -> HttpResponse:
    """Everything, sealed fields too: to read here, or (`as=json`) as a file for a machine."""
    copied = copy_own_record(by=me.user) | {"orders": copy_of_orders(me.person)}
    if request.POST.get("as") == "json":
        answer = HttpResponse(json.dumps(copied, ensure_ascii=False, indent=2), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="lianxin.json"'
        return answer
    return render(request, "site/people/mine_copy.html", {"copied": copied})


@page(SIGNED_IN)
@require_POST
@known
def mine_contact(request: HttpRequest, me: Me) -> HttpResponse:
    """Say how to be told."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, me, contact_form=form)
    choose_contact(person=me.person, contact_by=ContactBy(form.cleaned_data["contact_by"]), by=me.user)
    messages.success(request, _("记下了，以后就这样通知您。"))
    return SeeOther("site:mine")


@page(SIGNED_IN)
@require_POST
@known
def mine_correct(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask for something to be put right."""
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, me, correct_form=form)
    try:
        made = apply_to_correct(words=form.cleaned_data["words"], by=me.user)
    except Refused as refused:
        form.add_error("words", str(refused))
        return _page(request, me, correct_form=form)
    return _received(request, made)


@page(SIGNED_IN)
@require_POST
@known
def mine_consent(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Take back a yes, or say it again to the words that hold now."""
    consent = get_object_or_404(consents_of(me.person), pk=pk)
    if request.POST.get("answer") == "again":
        renew(consent=consent, by=me.user)
        messages.success(request, _("记下了，谢谢您。"))
    else:
        withdraw(consent=consent, by=me.user)
        messages.success(request, _("撤回了，马上停用。"))
    return SeeOther("site:mine")


@page(SIGNED_IN)
@require_POST
@known
def mine_close(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask for the account to be closed; what I still hold is named, to be handed over first (rule P13)."""
    return _received(request, ask_to_close(by=me.user))


def _standing(me: Me) -> list[Consent]:
    return [each for each in consents_of(me.person) if each.ended_at is None]


def _received(request: HttpRequest, made: Application) -> HttpResponse:
    messages.success(request, _("收到了，社区%(until)s前办好并告诉您。") % {"until": moment_in_words(made.due_at)})
    return SeeOther("site:mine")


def _page(request: HttpRequest, me: Me, **forms_shown: forms.Form) -> HttpResponse:
    facts: dict[str, Any] = {
        "person": me.person,
        "contact_form": ContactForm(initial={"contact_by": me.person.contact_by}),
        "correct_form": CorrectForm(),
        "applications": list(own_applications(me.user).filter(kind__in=SHOWN)[:A_FEW]),
        "consents": [(each, is_current(each), CONSENT_WORDS[Purpose(each.purpose)]) for each in _standing(me)],
        "held": what_must_be_handed_over(me.user, me.person),
        "hotline": hotline(me.person.home),
    }
    return render(request, "site/people/mine.html", facts | forms_shown, status=422 if forms_shown else 200)


urlpatterns = [
    path("privacy/", privacy, name="privacy"),
    path("me/data/", mine, name="mine"),
    path("me/data/copy/", mine_copy, name="mine_copy"),
    path("me/data/contact/", mine_contact, name="mine_contact"),
    path("me/data/correct/", mine_correct, name="mine_correct"),
    path("me/data/consents/<int:pk>/", mine_consent, name="mine_consent"),
    path("me/data/close/", mine_close, name="mine_close"),
]
