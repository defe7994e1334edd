"""居民: finding somebody, writing him down, and his page."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.people.forms import ChangeForm, CircumstancesForm, ContactsForm, PersonForm, SearchForm
from lianxin.console.people.rows import contact_lines, look_line
from lianxin.needs.actions.found import correct_found
from lianxin.needs.queries.desk import orders_of_resident
from lianxin.needs.queries.residents import last_visit_to
from lianxin.organisations.models import Node
from lianxin.organisations.queries import reach
from lianxin.people.actions.circumstances import describe_circumstances, set_emergency_contacts
from lianxin.people.actions.looking import look_at_person
from lianxin.people.actions.registering import change_person, register_resident
from lianxin.people.actions.withdrawing import take_up_again
from lianxin.people.models import Circumstances, Consent, ContactBy, Person, Purpose
from lianxin.people.queries import (
    alike,
    barred_by,
    consents_of,
    emergency_contacts_of,
    looks_at,
    may_be_acted_for_by,
    residents_matching,
    residents_under,
    restricted_with_phone,
)
from lianxin.people.rules import age_in_words, is_minor, telephone
from lianxin.users.models import User
from lianxin.volunteers.actions.consents import withdraw

ROWS_A_PAGE, A_FEW_ORDERS, A_FEW_LOOKS = 50, 5, 5
MAY = "people.keep"


@page(may=MAY)
def people(request: HttpRequest) -> HttpResponse:
    """Whoever lives in this worker's places; searched by what people say on the telephone."""
    user = signed_in(request)
    found, form, query = asked_for(user, request.GET)
    paths = reach(user, MAY)
    shown = page_of(request, found, ROWS_A_PAGE)
    kept = list(restricted_with_phone(paths, "".join(query.split()))) if query else []
    facts = {"page": shown, "form": form, "query": query, "restricted": kept}
    return show(request, "console/people/people.html", facts)


@page(may=MAY)
@require_POST
def person_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Who had closed his account has rung and wants to be helped again."""
    kept = Person.objects.filter(home__path__under_any=reach(signed_in(request), MAY), restricted_at__isnull=False)
    found = take_up_again(person=get_object_or_404(kept, pk=pk), by=signed_in(request))
    messages.success(request, _("%(name)s的资料恢复了，可以点单。") % {"name": found.name})
    return SeeOther("console:person", pk)


@page(may=MAY)
@require_POST
def person_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The person, or a child's guardian, has taken a yes back, with one call."""
    rows = Consent.objects.filter(person__in=residents_under(reach(signed_in(request), MAY)), ended_at=None)
    ended = withdraw(consent=get_object_or_404(rows, pk=pk), by=signed_in(request))
    if ended.purpose == Purpose.CHILD:
        messages.success(request, _("监护人撤回了，孩子的资料封存了。"))
        return SeeOther("console:people")
    messages.success(request, _("撤回了，马上停用。"))
    return SeeOther("console:person", ended.person_id)


def asked_for(user: User, query: QueryDict) -> tuple[QuerySet[Person], SearchForm, str]:
    """The residents that were asked for, with the form and the words."""
    form, paths = SearchForm(query), reach(user, MAY)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    return (residents_matching(paths, words) if words else residents_under(paths)), form, words


@page(may="people.register")
def person_new(request: HttpRequest) -> HttpResponse:
    """Write somebody down; who may already stand there is shown first, and the worker says whether it is he."""
    data = request.POST if request.method == "POST" else None
    similar = _similar(request)
    form = PersonForm(data, by=signed_in(request), alike=similar, initial={"name": request.GET.get("name", "")})
    if data is not None and form.is_valid():
        try:
            made = _register(request, form)
        except Refused as refused:
            similar = _similar(request)  # anew: a colleague may have written him down a moment ago
            if refused.field != "unlike":
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            words = _("%(name)s登记好了，点单号码 %(number)s。")
            messages.success(request, words % {"name": made.name, "number": made.call_number})
            opens_it = signed_in(request).has_perm(MAY)
            return SeeOther("console:person", made.pk) if opens_it else SeeOther("console:person_new")
    status = 422 if data is not None else 200
    return show(request, "console/people/person_new.html", {"form": form, "similar": similar}, status=status)


@page(may=MAY)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: how to reach him, how he lives, who acts for him, his orders, who looked."""
    return _page(request, _found(request, pk))


@page(may=MAY)
@require_POST
def person_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone, address, way in and the contacts' numbers, opened for this one answer and noted."""
    found = _found(request, pk)
    opened = look_at_person(person=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/people/person.html#contact", {"person": found, "opened": opened})
    return _page(request, found, opened=opened)


@page(may=MAY)
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the record right."""
    found = _found(request, pk)
    initial = {
        name: getattr(found, name) for name in ("name", "home", "born_on", "contact_by", "helped_how")
    }  # what is sealed stays closed
    if is_minor(found, clock.today()):
        del initial["born_on"]
    form = ChangeForm(request.POST if request.method == "POST" else None, by=signed_in(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, found, form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("%(name)s的资料改好了。") % {"name": form.cleaned_data["name"]})
            return SeeOther("console:person", pk)
    facts = {"form": form, "person": found, "heading": _("改资料")}
    return show(request, "console/people/person_form.html", facts, status=422 if form.errors else 200)


@page(may=MAY)
def person_lives(request: HttpRequest, pk: int) -> HttpResponse:
    """How he lives and what to mind."""
    found = _found(request, pk)
    row = Circumstances.objects.filter(person=found).first()
    form = CircumstancesForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            describe_circumstances(person=found, by=signed_in(request), **form.said())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("记下了。上门的志愿者会知道该注意什么。"))
            return SeeOther("console:person", pk)
    facts = {"form": form, "person": found, "heading": _("生活情况")}
    return show(request, "console/people/person_form.html", facts, status=422 if form.errors else 200)


@page(may=MAY)
def person_contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to ring when nobody opens; typed anew each time, since the numbers are sealed."""
    found = _found(request, pk)
    form = ContactsForm(request.POST if request.method == "POST" else None, initial=contact_lines(found))
    if request.method == "POST" and form.is_valid():
        try:
            set_emergency_contacts(person=found, contacts=form.contacts(), by=signed_in(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("紧急联系人记下了。"))
            return SeeOther("console:person", pk)
    facts = {"form": form, "person": found, "heading": _("紧急联系人")}
    return show(request, "console/people/person_form.html", facts, status=422 if form.errors else 200)


def _similar(request: HttpRequest) -> list[Person]:
    """Who may be the same as what was typed; the action looks again under its lock."""
    home = _home(request)
    if home is None:
        return []
    try:
        phone = telephone(request.POST["phone"]) if request.POST.get("phone", "").strip() else ""
    except Refused:
        phone = ""
    return list(alike(name=request.POST.get("name", ""), phone=phone, home=home)[:ROWS_A_PAGE])


def _home(request: HttpRequest) -> Node | None:
    """The community chosen in the form, if it is one in reach."""
    form = PersonForm(request.POST, by=signed_in(request))
    form.is_valid()
    chosen: Node | None = form.cleaned_data.get("home")
    return chosen


def _register(request: HttpRequest, form: PersonForm) -> Person:
    said = form.cleaned_data
    return register_resident(
        name=said["name"],
        home=said["home"],
        phone=said["phone"],
        born_on=said["born_on"],
        address=said["address"],
        contact_by=ContactBy(said["contact_by"]) if said["contact_by"] else None,
        helped_how=said["helped_how"],
        unlike=said["unlike"],
        guardian=form.guardian(),
        by=signed_in(request),
    )


def _change(request: HttpRequest, found: Person, form: ChangeForm) -> None:
    said = form.cleaned_data
    change_person(
        person=found,
        name=said["name"],
        home=said["home"],
        born_on=said["born_on"] or (found.born_on if is_minor(found, clock.today()) else None),
        contact_by=ContactBy(said["contact_by"]),
        helped_how=said["helped_how"],
        phone=said["phone"] or None,
        address=said["address"] or None,
        guardian=form.guardian(),
        by=signed_in(request),
    )


@page(may=MAY)
@require_POST
def person_found(request: HttpRequest, pk: int) -> HttpResponse:
    """How whoever came found him is put right at his own word, or no longer kept (rule E9)."""
    known = _found(request, pk)
    visit = last_visit_to(known)
    if visit is None:
        raise Http404
    correct_found(visit=visit, found=request.POST.get("found", ""), by=signed_in(request))
    messages.success(request, _("改好了。"))
    return SeeOther("console:person", pk)


def _found(request: HttpRequest, pk: int) -> Person:
    rows = residents_under(reach(signed_in(request), MAY)).select_related("circumstances", "user")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, found: Person, *, opened: dict[str, str] | None = None) -> HttpResponse:
    facts: dict[str, Any] = {
        "person": found,
        "opened": opened,
        "contacts": list(emergency_contacts_of(found)),
        "helpers": list(may_be_acted_for_by(found)),
        "barred": list(barred_by(found)),
        "orders": list(orders_of_resident(found)[:A_FEW_ORDERS]),
        "looks": [look_line(entry) for entry in looks_at(found)[:A_FEW_LOOKS]],
        "visit": last_visit_to(found),
        "lives": getattr(found, "circumstances", None),
        "age_words": age_in_words(found, clock.today()),
        "consents": list(consents_of(found)[:A_FEW_LOOKS]),
    }
    return show(request, "console/people/person.html", facts)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", person_new, name="person_new"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/found/", person_found, name="person_found"),
    path("people/<int:pk>/again/", person_again, name="person_again"),
    path("people/consents/<int:pk>/withdraw/", person_consent, name="person_consent"),
    path("people/<int:pk>/look/", person_look, name="person_look"),
    path("people/<int:pk>/change/", person_change, name="person_change"),
    path("people/<int:pk>/lives/", person_lives, name="person_lives"),
    path("people/<int:pk>/contacts/", person_contacts, name="person_contacts"),
]
