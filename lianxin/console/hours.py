"""时间争议: contested times to settle, and disputes to answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.access import page
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import as_asked, narrowed
from lianxin.console.needs.forms import Moment
from lianxin.hours.actions import Ruling, answer_dispute, settle
from lianxin.hours.models import Dispute, Record
from lianxin.hours.queries import (
    clashing_with,
    contested_under,
    disputes_under,
    open_disputes,
    records_under,
    versions_of,
)
from lianxin.organisations.queries import reach
from lianxin.users.models import User

SETTLE = "hours.settle"


class SettleForm(forms.Form):
    """For each of the clashing records: whether it stands, and at which times; and why."""

    def __init__(self, data: Any, records: list[Record]) -> None:
        super().__init__(data)
        self.records = records
        for record in records:
            self.fields[f"stands_{record.pk}"] = forms.BooleanField(label=_("算这一次"), required=False, initial=True)
            self.fields[f"start_{record.pk}"] = Moment(label=_("从"), initial=record.during.lower)
            self.fields[f"end_{record.pk}"] = Moment(label=_("到"), initial=record.during.upper)
        self.fields["reason"] = forms.CharField(
            label=_("理由"), max_length=200, error_messages={"required": _("请写明理由，本人会看到。")}
        )

    def rows(self) -> list[tuple[Record, list[forms.BoundField]]]:
        """Each record with its own three fields."""
        return [(each, [self[f"{name}_{each.pk}"] for name in ("stands", "start", "end")]) for each in self.records]

    def rulings(self) -> list[Ruling]:
        """What was decided about each; a time left as it was is the record's own, to the second."""
        return [self._ruling(record) for record in self.records]

    def _ruling(self, record: Record) -> Ruling:
        if not self.cleaned_data[f"stands_{record.pk}"]:
            return Ruling(record)
        changed = self.changed_data
        start = self.cleaned_data[f"start_{record.pk}"] if f"start_{record.pk}" in changed else record.during.lower
        end = self.cleaned_data[f"end_{record.pk}"] if f"end_{record.pk}" in changed else record.during.upper
        return Ruling(record, start, end)


class AnswerForm(forms.Form):
    """Whether he is right, and a line that he will read."""

    is_right = forms.TypedChoiceField(
        label=gettext_lazy("他说得对吗？"),
        coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("对，照他说的更正")), ("no", gettext_lazy("不对，维持原记录"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个。")},
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写一句答复，本人会看到。")},
    )


@page(may=SETTLE)
def contested(request: HttpRequest) -> HttpResponse:
    """Times that overlap, and what members say is wrong."""
    user = signed_in(request)
    _rows, filters = narrowed(request, "contested", open_disputes(reach(user, SETTLE)))
    disputes, clashes = asked_for(user, request.GET)
    return show(request, "console/hours/contested.html", {"contested": clashes, "disputes": disputes, **filters})


def asked_for(user: User, query: QueryDict) -> tuple[QuerySet[Dispute], QuerySet[Record]]:
    """What members say is wrong, and the times that overlap, as far as they were asked for."""
    paths = reach(user, SETTLE)
    disputes = as_asked(user, query, "contested", open_disputes(paths))
    return disputes, as_asked(user, query, "clashes", contested_under(paths))


@page(may=SETTLE)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One contested record beside those it overlaps; POST settles it."""
    found = get_object_or_404(records_under(reach(signed_in(request), SETTLE)), pk=pk)
    is_contested = found.state == Record.State.CONTESTED
    records = [found, *clashing_with(found)] if is_contested else []
    form = SettleForm(request.POST if request.method == "POST" else None, records)
    if request.method == "POST" and form.is_valid():
        try:
            settle(rulings=form.rulings(), reason=form.cleaned_data["reason"], by=signed_in(request))
        except Refused as refused:
            form.add_error("reason" if refused.field == "reason" else None, str(refused))
        else:
            messages.success(request, _("裁定好了，会告诉本人。"))
            return go_on(request, "clashes", found)
    facts = {"record": found, "form": form, "is_contested": is_contested, "versions": versions_of(found)}
    return show(request, "console/hours/record.html", facts, status=422 if form.errors else 200)


@page(may=SETTLE)
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member says is wrong with his record; POST answers."""
    found = get_object_or_404(disputes_under(reach(signed_in(request), SETTLE)), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer_dispute(dispute=found, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("答复了，会告诉本人。"))
        return go_on(request, "contested", found)
    facts = {
        "dispute": found,
        "record": found.record,
        "form": form,
        "is_open": found.state == Dispute.State.OPEN,
        "versions": versions_of(found.record),
    }
    return show(request, "console/hours/dispute.html", facts, status=422 if form.errors else 200)


urlpatterns = [
    path("contested/", contested, name="contested"),
    path("contested/<int:pk>/", record, name="contested_record"),
    path("disputes/<int:pk>/", dispute, name="dispute"),
]
