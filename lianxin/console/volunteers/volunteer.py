"""One volunteer, as those see him who lead his team; and what they may do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.words import WEEKDAYS
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import HOME, go_on
from lianxin.console.organisations.forms import DayField, NodeField
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may, reach
from lianxin.people.models import Consent, Purpose
from lianxin.people.queries import guardian_of, standing_consent
from lianxin.people.rules import ASKED_HOW, CONSENT_WORDS, age, is_minor
from lianxin.users.models import User
from lianxin.volunteers import queries, rules
from lianxin.volunteers.actions import keeping, reviewing, standing, transferring
from lianxin.volunteers.models import Kit, Volunteer
from lianxin.volunteers.queries.kit import kit_of

SEE, APPROVE, LEAD = "volunteers.see", "volunteers.approve", "volunteers.lead"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因，本人会看到"), max_length=200, error_messages={"required": _("请写下原因。")}
    )


class SuspendForm(ReasonForm):
    until = DayField(label=_("到哪一天为止"), required=False)


class GuardianForm(forms.Form):
    how = forms.ChoiceField(label=_("怎么问的监护人"), choices=ASKED_HOW, help_text=CONSENT_WORDS[Purpose.MINOR_SERVES])
    witness = forms.CharField(label=_("见证人（签字的要填）"), max_length=50, required=False)


class TransferForm(forms.Form):
    to = NodeField(label=_("转到哪支队伍"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        teams = Node.objects.open().filter(tree=Tree.SERVICE)
        self.fields["to"] = NodeField(label=_("转到哪支队伍"), nodes=teams, tree=Tree.SERVICE)


class KitForm(forms.Form):
    kind = forms.ChoiceField(label=_("物品"), choices=Kit.Kind.choices)
    number = forms.CharField(label=_("编号或尺码"), max_length=20, required=False)


Do = Callable[[Volunteer, dict[str, Any], User], object]

DEEDS: dict[str, tuple[Any, str, type[forms.Form], Do, Any]] = {
    "approve": (
        _("通过"),
        APPROVE,
        forms.Form,
        lambda found, _said, by: reviewing.approve_volunteer(volunteer=found, by=by),
        _("%(name)s 已通过，可以参加服务了。"),
    ),
    "guardian": (
        _("记下监护人同意"),
        APPROVE,
        GuardianForm,
        lambda found, said, by: reviewing.note_guardian(
            volunteer=found, how=Consent.How(said["how"]), witness=said["witness"], by=by
        ),
        _("已记下监护人同意。"),
    ),
    "ask": (
        _("请他补充"),
        APPROVE,
        ReasonForm,
        lambda found, said, by: reviewing.ask_back(volunteer=found, by=by, **said),
        _("已退回 %(name)s 补充。"),
    ),
    "refuse": (
        _("不通过"),
        APPROVE,
        ReasonForm,
        lambda found, said, by: reviewing.refuse_volunteer(volunteer=found, by=by, **said),
        _("已答复 %(name)s：不通过。"),
    ),
    "kit": (
        _("发放物品"),
        LEAD,
        KitForm,
        lambda found, said, by: keeping.issue_kit(
            volunteer=found, kind=Kit.Kind(said["kind"]), number=said["number"], by=by
        ),
        _("已登记发放。"),
    ),
    "transfer": (
        _("转队"),
        LEAD,
        TransferForm,
        lambda found, said, by: transferring.ask_transfer(volunteer=found, by=by, **said),
        _("已提出，等对方队长答复。"),
    ),
    "suspend": (
        _("暂停"),
        LEAD,
        SuspendForm,
        lambda found, said, by: standing.suspend(volunteer=found, by=by, **said),
        _("%(name)s 已暂停；约好的单已退回派单台。"),
    ),
    "resume": (
        _("恢复"),
        LEAD,
        forms.Form,
        lambda found, _said, by: standing.resume(volunteer=found, by=by),
        _("%(name)s 已恢复。"),
    ),
    "leave": (
        _("登记退出"),
        LEAD,
        forms.Form,
        lambda found, _said, by: standing.leave(volunteer=found, by=by),
        _("%(name)s 已退出，记录保留。"),
    ),
}
"""What may be done, by the last word of its address: name, permission, what is asked, what does it, what is said."""

FITS = {
    "approve": {"applied"},
    "guardian": {"applied", "suspended"},
    "ask": {"applied"},
    "refuse": {"applied"},
    "kit": {"active"},
    "transfer": {"active"},
    "suspend": {"active"},
    "resume": {"suspended"},
    "leave": {"active", "suspended", "asked_back"},
}
"""In which states which of these makes sense; the actions ask again."""
ANSWERS = {"approve", "ask", "refuse"}
"""After which of these the next applicant's turn comes."""


@page(may=SEE)
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who he is, what he can do, where he was, what he has."""
    return _sheet(request, _found(request, pk))


@page(may=LEAD)
@require_POST
def volunteer_look(request: HttpRequest, pk: int) -> HttpResponse:
    """The telephone, opened for this one answer and noted."""
    found = _found(request, pk)
    contact = keeping.look_at_volunteer(volunteer=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(
            request,
            "console/volunteers/volunteer.html#contact",
            {"volunteer": found, "contact": contact, "leads": True},
        )
    return _sheet(request, found, contact=contact)


def _doing(name: str) -> Callable[..., HttpResponse]:
    _words, permission, form_class, do, done = DEEDS[name]

    @page(may=permission)
    @require_POST
    def change(request: HttpRequest, pk: int) -> HttpResponse:
        found = _found(request, pk)
        form = form_class(request.POST, prefix=name)
        if form.is_valid():
            try:
                do(found, form.cleaned_data, signed_in(request))
            except Forbidden:
                raise
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                messages.success(request, str(done) % {"name": found.person.name})
                is_answered = name in ANSWERS and request.GET.get("list") in {HOME, "review"}
                return go_on(request, "review", found) if is_answered else SeeOther("console:volunteer", pk)
        return _sheet(request, found, bound={name: form}, status=422)

    return change


def _found(request: HttpRequest, pk: int) -> Volunteer:
    rows = queries.for_list(queries.volunteers_within(reach(signed_in(request), SEE)))
    return get_object_or_404(rows, pk=pk)


def _sheet(
    request: HttpRequest,
    found: Volunteer,
    *,
    contact: dict[str, str] | None = None,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, path_of_team = signed_in(request), found.team.path
    born_on = found.person.born_on
    years = age(born_on, clock.today()) if born_on else None
    leads = may(user, LEAD, path_of_team)
    allowed = {permission for permission in (APPROVE, LEAD) if may(user, permission, path_of_team)}
    deeds = [
        (name, words, (bound or {}).get(name) or form_class(prefix=name))
        for name, (words, permission, form_class, _do, _done) in DEEDS.items()
        if permission in allowed and found.state in FITS[name]
    ]
    guardian = guardian_of(found.person)
    if guardian is None:
        deeds = [deed for deed in deeds if deed[0] != "guardian"]
    facts = {
        "volunteer": found,
        "contact": contact,
        "leads": leads,
        "years": years,
        "is_minor": is_minor(found.person, clock.today()),
        "guardian": guardian,
        "guardian_said": standing_consent(found.person, Purpose.MINOR_SERVES),
        "stays": queries.stays_of(found),
        "transfers": queries.transfers_of(found)[:5],
        "kit": kit_of(found),
        "free": week_in_words(found.free),
        "deeds": deeds,
        "opened": next(iter(bound or {}), ""),
    }
    return show(request, "console/volunteers/volunteer.html", facts, status=status)


def week_in_words(free: int) -> list[tuple[Any, list[Any]]]:
    """The days with free parts, and which parts these are."""
    parts = rules.parts_of(free)
    return [
        (WEEKDAYS[day], [part.label for each, part in parts if each == day])
        for day in range(7)
        if any(each == day for each, _part in parts)
    ]


urlpatterns = [
    path("volunteers/<int:pk>/", volunteer, name="volunteer"),
    path("volunteers/<int:pk>/look/", volunteer_look, name="volunteer_look"),
    *[path(f"volunteers/<int:pk>/{name}/", _doing(name), name=f"volunteer_{name}") for name in DEEDS],
]
