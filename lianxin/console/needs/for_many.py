"""替居民点单: one item for one resident or for a list of them, in one go."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.day_parts import DayPart, Part
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.placing import Placed, place_orders
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.residents import items_around
from lianxin.organisations.queries import reach
from lianxin.people.queries import meant_by, residents_matching, residents_under
from lianxin.users.models import User

MAY, MOST_SHOWN, MOST_LINES = "needs.place_for_others", 100, 100
NUMBERED = re.compile(r"^\d{1,3}[.、．)）:：]\s*")
WAYS = ((Order.Way.CALL, gettext_lazy("本人打电话或托社区")), (Order.Way.VISIT, gettext_lazy("走访时说的")))


class ListForm(forms.Form):
    """What, when and for whom."""

    item = forms.ModelChoiceField(
        label=gettext_lazy("点什么"), queryset=MenuItem.objects.none(), empty_label=gettext_lazy("请选择")
    )
    day = forms.DateField(
        label=gettext_lazy("哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    part = forms.ChoiceField(label=gettext_lazy("什么时候"), choices=Part.choices)
    way = forms.ChoiceField(label=gettext_lazy("怎么知道的"), choices=WAYS)
    details = forms.CharField(label=gettext_lazy("要说明的"), max_length=200, required=False)
    residents = forms.TypedMultipleChoiceField(
        required=True, coerce=int, error_messages={"required": gettext_lazy("请勾选要替谁点。")}
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        paths = reach(by, MAY)
        self.fields["item"].queryset = items_around(paths)  # type: ignore[attr-defined]
        ticked = _numbers(cast("QueryDict", self.data).getlist("residents")) if self.is_bound else []
        people = residents_under(paths).filter(pk__in=ticked)
        self.fields["residents"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]

    def window(self) -> tuple[datetime, datetime] | None:
        """From when to when; None when it is over or too short."""
        wanted = DayPart(self.cleaned_data["day"], Part(self.cleaned_data["part"]))
        has_room = wanted.has_room_for(self.cleaned_data["item"].minutes) and wanted.end > clock.now()
        return (wanted.start, wanted.end) if has_room else None


@page(may=MAY)
def order_list(request: HttpRequest) -> HttpResponse:
    """Tick residents, search for more, or paste names; `place` orders, and each of them gets an order of his own."""
    by, data = signed_in(request), request.POST if request.method == "POST" else None
    is_placing = data is not None and "place" in data
    form = ListForm(data, by=by) if is_placing else ListForm(initial=_kept(request), by=by)
    if is_placing and form.is_valid() and (placed := _place(form, by)):
        done = sum(each.order is not None for each in placed)
        messages.success(request, _("点好了 %(done)d 单。") % {"done": done})
        return show(request, "console/needs/order_list_done.html", {"placed": placed})
    return show(request, "console/needs/order_list.html", _facts(request, form), status=422 if form.errors else 200)


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was chosen so far, while he still looks for people."""
    names = ("item", "day", "part", "way", "details", "key")
    usual = {"key": uuid4(), "day": clock.today() + timedelta(days=1)}
    return usual | {name: request.POST[name] for name in names if request.POST.get(name)}


def _place(form: ListForm, by: User) -> list[Placed]:
    window = form.window()
    if window is None:
        form.add_error("day", _("这个时间已经过去了，请另选时间。"))
        return []
    said = form.cleaned_data
    try:
        return place_orders(
            item=said["item"],
            residents=list(residents_under(reach(by, MAY)).filter(pk__in=said["residents"])),
            start=window[0],
            end=window[1],
            by=by,
            way=Order.Way(said["way"]),
            details=said["details"],
            key=said["key"],
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return []


def _facts(request: HttpRequest, form: ListForm) -> dict[str, Any]:
    """The people ticked, those whom pasted lines mean, with the doubtful apart, and those to tick."""
    paths, text = reach(signed_in(request), MAY), request.POST.get("text", "")
    lines = meant_by(paths, _lines(text)) if "lines" in request.POST else []
    sure = [people[0].pk for _line, people in lines if len(people) == 1]
    ticked = _numbers([*request.GET.getlist("to"), *request.POST.getlist("residents")])
    query = request.POST.get("q", "").strip()
    chosen = list(residents_under(paths).filter(pk__in=[*ticked, *sure]))
    found = residents_matching(paths, query) if query else residents_under(paths)
    others = found.exclude(pk__in=[each.pk for each in chosen])[:MOST_SHOWN]
    doubts = [(line, people) for line, people in lines if len(people) != 1]
    return {"form": form, "q": query, "text": text, "chosen": chosen, "others": others, "doubts": doubts}


def _lines(text: str) -> list[str]:
    """What was pasted, line by line, without the numbers of a 接龙."""
    bare = (NUMBERED.sub("", line.strip()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in bare if line))[:MOST_LINES]


def _numbers(typed: Iterable[str]) -> list[int]:
    return [int(each) for each in typed if each.isdecimal()]


urlpatterns = [path("order-for/", order_list, name="order_list")]
