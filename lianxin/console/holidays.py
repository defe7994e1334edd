"""节假日: the yearly notices that working time is reckoned by; loaded from a file, shown as the notice says them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import condition
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.models import CalendarDay, HolidayNotice
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.organisations.actions.holidays import drop_holidays, load_holidays
from lianxin.organisations.rules import LOAD_HOLIDAYS

MOST_BYTES = 200_000
DAY = timedelta(days=1)


class NoticeForm(forms.Form):
    """One notice as a file."""

    file = forms.FileField(
        label=gettext_lazy("节假日文件"),
        help_text=gettext_lazy("holiday-cn 格式的 JSON 文件，一年一个。"),
        error_messages={"required": gettext_lazy("请选择文件。")},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("这个文件太大，不像是一年的节假日，请检查。"))
        return bytes(file.read())


@dataclass
class Holiday:
    """One holiday of a notice: the stretches of days off, first and last, and the weekend days worked for it."""

    name: str
    off: list[tuple[date, date]] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)


@page(may=LOAD_HOLIDAYS)
def holidays(request: HttpRequest) -> HttpResponse:
    """Every notice that is loaded, the newest first; POST takes another one, or a corrected one."""
    form = NoticeForm(request.POST, request.FILES) if request.method == "POST" else NoticeForm()
    if request.method == "POST" and form.is_valid():
        try:
            notice = load_holidays(file=form.cleaned_data["file"], by=signed_in(request))
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            words = _("%(year)s 年的节假日已经装入，请和通知对一遍。从现在起，新定的时限按它算。")
            messages.success(request, words % {"year": notice.year})
            return SeeOther("console:holidays")
    notices = HolidayNotice.objects.order_by("-year").prefetch_related("days")
    facts = {
        "form": form,
        "notices": [(notice, in_holidays(notice.days.all())) for notice in notices],
        "missing_years": condition.years_without_holidays(),
    }
    return show(request, "console/health/holidays.html", facts, status=422 if form.errors else 200)


@page(may=LOAD_HOLIDAYS)
@require_POST
def holidays_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice that should not have been loaded."""
    notice = get_object_or_404(HolidayNotice, pk=pk)
    drop_holidays(notice=notice, by=signed_in(request))
    messages.success(request, _("%(year)s 年的节假日已经删除。") % {"year": notice.year})
    return SeeOther("console:holidays")


def in_holidays(days: Iterable[CalendarDay]) -> list[Holiday]:
    """The days of a notice by holiday, in the order of the days off; weekends may be worked before another."""
    found: dict[str, Holiday] = {}
    for each in sorted(days, key=lambda one: (one.is_workday, one.day)):
        holiday = found.setdefault(each.name, Holiday(each.name))
        if each.is_workday:
            holiday.worked.append(each.day)
        elif holiday.off and holiday.off[-1][1] == each.day - DAY:
            holiday.off[-1] = (holiday.off[-1][0], each.day)
        else:
            holiday.off.append((each.day, each.day))
    return list(found.values())


urlpatterns = [
    path("holidays/", holidays, name="holidays"),
    path("holidays/<int:pk>/drop/", holidays_drop, name="holidays_drop"),
]
