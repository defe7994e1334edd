"""Becoming a volunteer on a telephone, my service as a volunteer, and the card that anybody can check."""

from collections.abc import Callable
from typing import Any, cast

import segno
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import EVERYBODY, SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.day_parts import Part
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.words import WEEKDAYS
from lianxin.organisations.models import CORPS_KINDS, Node
from lianxin.people.models import Person, Purpose
from lianxin.people.rules import CONSENT_WORDS
from lianxin.site.known import Me, known
from lianxin.site.places import HOME, TEAM, NamedNode
from lianxin.site.users.entering import address
from lianxin.users import rules as users
from lianxin.users.models import User
from lianxin.volunteers import rules
from lianxin.volunteers.actions import keeping, membership, standing, transferring
from lianxin.volunteers.actions.consents import show_name
from lianxin.volunteers.actions.joining import Application, join
from lianxin.volunteers.models import Skill, Transfer, Volunteer
from lianxin.volunteers.queries import (
    memberships_of,
    open_skills,
    shown_membership,
    shows_name,
    transfers_of,
)

FREE = [(f"{day}-{part.value}", f"{WEEKDAYS[day]}{part.label}") for day in range(7) for part in Part]


class OfferForm(forms.Form):
    """What I can do and when I am free."""

    skills = forms.ModelMultipleChoiceField(
        label=_("会做什么（最多三样）"),
        queryset=Skill.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    free = forms.MultipleChoiceField(
        label=_("什么时候有空"), choices=FREE, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["skills"].queryset = open_skills()  # type: ignore[attr-defined]

    def clean_skills(self) -> list[Skill]:
        """Three at most: what one does best."""
        chosen = list(self.cleaned_data["skills"])
        if len(chosen) > rules.MOST_SKILLS:
            raise ValidationError(_("最多选三样，请留下最拿手的。"))
        return chosen

    def mask(self) -> int:
        """The chosen times as slots of the week."""
        chosen = (each.split("-") for each in self.cleaned_data["free"])
        return rules.mask_of((int(day), Part(part)) for day, part in chosen)


class JoinForm(OfferForm):
    """Everything that registering asks; name and community only of who has not said them yet."""

    name = forms.CharField(label=_("姓名"), min_length=2, max_length=50, error_messages={"required": _("请填姓名。")})
    home = NamedNode(of=HOME, label=_("住在哪个社区"))
    team = NamedNode(of=TEAM, label=_("加入哪支队伍"))
    born_on = forms.DateField(
        label=_("出生日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请填出生日期。"), "invalid": _("请这样填：1970-05-20。")},
    )
    guardian_name = forms.CharField(label=_("监护人姓名（满 14 未满 18 岁填）"), max_length=50, required=False)
    guardian_phone = forms.CharField(
        label=_("监护人电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    agree = forms.BooleanField(
        label=_("我看过告知书，自愿报名"), error_messages={"required": _("请先看告知书，同意再打勾。")}
    )
    field_order = ("name", "home", "team", "born_on", "skills", "free", "guardian_name", "guardian_phone", "agree")

    def __init__(self, data: Any, *, person: Person | None, team: Node | None) -> None:
        super().__init__(data, initial={"team": team})
        if person is not None:
            del self.fields["name"], self.fields["home"]
            if person.born_on:
                self.fields["born_on"].initial = person.born_on
                self.fields["born_on"].disabled = True

    def clean_guardian_phone(self) -> str:
        """A mobile number, or none."""
        typed = self.cleaned_data["guardian_phone"]
        try:
            return users.mobile(typed) if typed else ""
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    def application(self) -> Application:
        """What was said, as the action takes it."""
        said = self.cleaned_data
        return Application(
            team=said["team"],
            born_on=said["born_on"],
            skills=said["skills"],
            free=self.mask(),
            agreed_to=rules.notice_version(),
            guardian_name=said["guardian_name"],
            guardian_phone=said["guardian_phone"],
        )


class TransferForm(forms.Form):
    to = NamedNode(of=TEAM, label=_("想去哪支队伍"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


@page(SIGNED_IN)
def join_in(request: HttpRequest) -> HttpResponse:
    """One page: which team, what one can do, when, and yes. Party membership is never asked here."""
    user = cast("User", request.user)
    person = Person.objects.select_related("volunteer").filter(user=user).first()
    own = getattr(person, "volunteer", None)
    if own and own.state in {Volunteer.State.APPLIED, Volunteer.State.ACTIVE, Volunteer.State.SUSPENDED}:
        return redirect("site:volunteer")
    form = JoinForm(request.POST if request.method == "POST" else None, person=person, team=_team(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            join(application=form.application(), by=user, name=said.get("name", ""), home=said.get("home"))
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return SeeOther("site:volunteer")
    facts = {"form": form, "notice": rules.NOTICE, "days": list(enumerate(WEEKDAYS)), "parts": Part, "own": own}
    facts["chosen"] = form["free"].value() or []
    return render(request, "site/volunteers/join.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@known
def volunteer(request: HttpRequest, me: Me) -> HttpResponse:
    """How my registration stands, where I am, and what I may change."""
    own = _own_or_none(me)
    if own is None and not memberships_of(me.person):
        return redirect("site:join")
    facts: dict[str, Any] = {"own": own, "memberships": memberships_of(me.person)}
    facts |= {"member_words": CONSENT_WORDS[Purpose.MEMBER], "shown_words": CONSENT_WORDS[Purpose.MEMBER_SHOWN]}
    if own:
        facts |= {"skills": own.skills.order_by("name", "pk"), "transfers": transfers_of(own)[:3]}
        facts |= {"transfer_form": TransferForm(), "reads": own.state in READS_REASON}
    return render(request, "site/volunteers/volunteer.html", facts)


READS_REASON = {Volunteer.State.ASKED_BACK, Volunteer.State.REFUSED, Volunteer.State.SUSPENDED}


@page(SIGNED_IN)
@known
def volunteer_offer(request: HttpRequest, me: Me) -> HttpResponse:
    """My skills and my free times."""
    own = _own(me)
    parts = [f"{day}-{part.value}" for day, part in rules.parts_of(own.free)]
    initial = {"skills": list(own.skills.values_list("pk", flat=True)), "free": parts}
    form = OfferForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keeping.set_offer(volunteer=own, skills=form.cleaned_data["skills"], free=form.mask(), by=me.user)
        messages.success(request, _("已保存。"))
        return SeeOther("site:volunteer")
    facts = {"form": form, "days": list(enumerate(WEEKDAYS)), "parts": Part, "chosen": form["free"].value() or []}
    return render(request, "site/volunteers/offer.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@require_POST
@known
def volunteer_transfer(request: HttpRequest, me: Me) -> HttpResponse:
    """I should like to go to another team; or no longer."""
    own = _own(me)
    if request.POST.get("withdraw"):
        open_ones = Transfer.objects.filter(volunteer=own, state=Transfer.State.ASKED)
        transferring.withdraw_transfer(transfer=get_object_or_404(open_ones), by=me.user)
        messages.success(request, _("已撤回转队申请。"))
        return SeeOther("site:volunteer")
    form = TransferForm(request.POST)
    if not form.is_valid():
        raise Refused("".join(str(error) for errors in form.errors.values() for error in errors))
    transferring.ask_transfer(volunteer=own, by=me.user, **form.cleaned_data)
    messages.success(request, _("已提出，等那边的队长答复。"))
    return SeeOther("site:volunteer")


@page(SIGNED_IN)
@require_POST
@known
def volunteer_leave(request: HttpRequest, me: Me) -> HttpResponse:
    """I no longer serve; or I want my data used no more."""
    if request.POST.get("restrict"):
        standing.restrict(volunteer=_own(me), by=me.user)
        messages.success(request, _("已封存：记录依法保留，别的都停了。"))
    else:
        standing.leave(volunteer=_own(me), by=me.user)
        messages.success(request, _("您已退出。谢谢您做过的一切，随时欢迎回来。"))
    return SeeOther("site:volunteer")


@page(SIGNED_IN)
@require_POST
@known
def membership_answer(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Yes I belong there, no I do not; show it, show it no more; count it no more."""
    found = get_object_or_404(memberships_of(me.person), pk=pk)
    answers: dict[str, tuple[Callable[[], object], Any]] = {
        "agree": (lambda: membership.agree(membership=found, by=me.user), _("已确认。默认不亮身份。")),
        "deny": (lambda: membership.end_membership(membership=found, by=me.user), _("已删除，谢谢您告诉我们。")),
        "show": (lambda: membership.show(membership=found, is_shown=True, by=me.user), _("电子证上会亮出来。")),
        "hide": (lambda: membership.show(membership=found, is_shown=False, by=me.user), _("不再亮出来。")),
        "withdraw": (
            lambda: membership.withdraw_agreement(membership=found, by=me.user),
            _("已撤回，不再计入统计。"),
        ),
    }
    answer = request.POST.get("answer", "")
    if answer not in answers:
        raise Refused(_("请点其中一个按钮。"))
    do, done = answers[answer]
    do()
    messages.success(request, str(done))
    return SeeOther("site:volunteer")


@page(SIGNED_IN)
@known
def card(request: HttpRequest, me: Me) -> HttpResponse:
    """My card: number, team, and a code that anybody can check."""
    own = _own(me)
    if request.method == "POST":
        if request.POST.get("renew"):
            keeping.renew_card(volunteer=own, by=me.user)
            messages.success(request, _("已换新码，旧的立刻作废。"))
        else:
            show_name(person=me.person, shows_name=request.POST.get("shows_name") == "yes", by=me.user)
            messages.success(request, _("已保存。"))
        return SeeOther("site:volunteer_card")
    link = request.build_absolute_uri(reverse("site:card_check", args=[own.card_code]))
    facts = {
        "own": own,
        "person": me.person,
        "is_active": own.state == Volunteer.State.ACTIVE,
        "shown": shown_membership(me.person),
        "shows_name": shows_name(me.person),
        "name_words": CONSENT_WORDS[Purpose.CARD_NAME],
        "code": segno.make(link, error="m").svg_inline(scale=6, border=2),
        "today": clock.today(),
    }
    return render(request, "site/volunteers/card.html", facts)


@page(EVERYBODY)
def card_check(request: HttpRequest, code: str) -> HttpResponse:
    """«Is a registered volunteer», and nothing of him but what he shows himself; a code that nobody has says so."""
    found = keeping.check_card(code=code, address=address(request))
    is_valid = found is not None and found.state == Volunteer.State.ACTIVE
    facts: dict[str, Any] = {"is_valid": is_valid, "at": clock.now()}
    if found and is_valid:
        facts |= {"number": found.number, "team": found.team.name, "shown": shown_membership(found.person)}
        facts["name"] = found.person.name if shows_name(found.person) else ""
    return render(request, "site/volunteers/check.html", facts, status=200 if is_valid else 404)


def _team(request: HttpRequest) -> Node | None:
    """The team whose code was scanned."""
    pk = request.GET.get("team", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return Node.objects.open().filter(kind__in=CORPS_KINDS, pk=int(pk)).first()


def _own_or_none(me: Me) -> Volunteer | None:
    return Volunteer.objects.select_related("team").filter(person=me.person).first()


def _own(me: Me) -> Volunteer:
    own = _own_or_none(me)
    if own is None:
        raise Refused(_("您还没有报名。请先到「加入志愿者」。"))
    return own


urlpatterns = [
    path("join/", join_in, name="join"),
    path("volunteer/", volunteer, name="volunteer"),
    path("volunteer/offer/", volunteer_offer, name="volunteer_offer"),
    path("volunteer/transfer/", volunteer_transfer, name="volunteer_transfer"),
    path("volunteer/leave/", volunteer_leave, name="volunteer_leave"),
    path("volunteer/membership/<int:pk>/", membership_answer, name="membership"),
    path("volunteer/card/", card, name="volunteer_card"),
    path("v/<str:code>/", card_check, name="card_check"),
]
