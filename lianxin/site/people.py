"""Myself, who looked at me, complaints and suggestions, and the size of the type."""

from urllib.parse import urlencode

from django import forms
from django.core.signing import Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base.access import EVERYBODY, SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.context import ELDER_COOKIE, step_of
from lianxin.base.pages import page_of
from lianxin.journal.models import Entry
from lianxin.organisations.queries import roles_of
from lianxin.people.actions.complaints import complain as take_complaint
from lianxin.people.actions.complaints import look_up_complaint, own_words
from lianxin.people.models import Helper, Person
from lianxin.people.queries import complaint_scope, helped_by, hotline, looks_at, may_be_acted_for_by
from lianxin.site.known import PRIVATE_ROLES, Me, known
from lianxin.site.users.entering import address

A_YEAR = 365 * 24 * 60 * 60
A_PAGE, A_FEW = 20, 3
SIGNER = Signer(salt="complaint")
FIELDS = {
    "phone": _("电话"),
    "address": _("住址"),
    "id_number": _("证件号码"),
    "contact": _("联系方式"),
    "way_in": _("怎么进门"),
    "contacts": _("紧急联系人的电话"),
    "emergency_contacts": _("紧急联系人的电话"),
    "guardian_phone": _("监护人的电话"),
    "application": _("申请的内容"),
    "complaint": _("意见的内容"),
}


class ComplaintForm(forms.Form):
    """What is wrong, or could be better; a name is not asked."""

    text = forms.CharField(
        label=_("您想说什么？"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请写一句话。")},
    )
    contact = forms.CharField(
        label=_("怎么找您"),
        required=False,
        max_length=60,
        help_text=_("电话或别的方式，加密保存。不留也行，交上去后会给您一个看答复的网址。"),
    )
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


@page(SIGNED_IN)
@known
def me(request: HttpRequest, me: Me) -> HttpResponse:
    """What is known of me, what I may do, who may act for me, and who looked."""
    facts = {
        "person": me.person,
        "serves": me.serves,
        "roles": roles_of(me.user),
        "is_staff": any(held.role not in PRIVATE_ROLES for held in roles_of(me.user)),
        "helpers": [(each, _scopes(each)) for each in may_be_acted_for_by(me.person)],
        "helped": helped_by(me.person, Helper.Scope.FOLLOW),
        "looks": [_look(entry) for entry in looks_at(me.person)[:A_FEW]],
        "complaints": me.user.complaints.order_by("-pk")[:A_FEW],
        "hotline": hotline(me.person.home),
    }
    return render(request, "site/people/me.html", facts)


@page(SIGNED_IN)
@known
def looks(request: HttpRequest, me: Me) -> HttpResponse:
    """Everybody who ever opened my telephone or address."""
    shown = page_of(request, looks_at(me.person), A_PAGE)
    return render(request, "site/people/looks.html", {"page": shown, "looks": [_look(entry) for entry in shown]})


@page(EVERYBODY)
def complain(request: HttpRequest) -> HttpResponse:
    """From any page, by anybody, signed in or not."""
    form = ComplaintForm(request.POST or None, initial={"page": request.GET.get("page", "")[:200]})
    if request.method == "POST" and form.is_valid():
        user = request.user if request.user.is_authenticated else None
        person = Person.objects.select_related("home").filter(user=user).first() if user else None
        complaint = take_complaint(
            by=user, scope=complaint_scope(person), address=address(request), **form.cleaned_data
        )
        key = SIGNER.signature(complaint.number)
        return SeeOther(f"{reverse('site:complaint', args=[complaint.number])}?{urlencode({'key': key})}")
    return render(request, "site/people/complain.html", {"form": form}, status=422 if form.errors else 200)


@page(EVERYBODY)
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """Its state, to whoever knows the number; its words and the answer only to whoever wrote it (signed in, or by the
    unguessable link he was shown)."""
    found = look_up_complaint(number=number, address=address(request))
    if found is None:
        raise Http404
    is_by_me = request.user.is_authenticated and found.user_id == request.user.pk
    has_key = constant_time_compare(request.GET.get("key", ""), SIGNER.signature(number))
    is_author = is_by_me or has_key
    facts = {"complaint": found, "is_author": is_author, "is_signed": is_by_me}
    facts["words"] = own_words(found) if is_author else ""
    return render(request, "site/people/complaint.html", facts)


@page(EVERYBODY)
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Set the size of the type, in this browser, for a year."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    answer = SeeOther(wanted if is_ours else "site:home")
    answer.set_cookie(
        ELDER_COOKIE,
        step_of(request.POST.get("elder")),
        max_age=A_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _scopes(helper: Helper) -> str:
    return "、".join(str(Helper.Scope(scope).label) for scope in helper.scopes)


def _look(entry: Entry) -> dict[str, object]:
    opened = "、".join(str(FIELDS[name]) for name in entry.facts.get("fields", []) if name in FIELDS)
    return {"who": entry.actor_name, "at": entry.at, "what": opened, "about": entry.subject_name}


urlpatterns = [
    path("me/", me, name="me"),
    path("me/looks/", looks, name="looks"),
    path("complain/", complain, name="complain"),
    path("complain/<str:number>/", complaint, name="complaint"),
    path("elder/", elder, name="elder"),
]
