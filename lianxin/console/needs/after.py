"""差评跟进: one and two stars, looked into by the station of the place."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.needs.actions.closing import close_follow_up
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.queries.ratings import follow_ups_under, open_follow_ups
from lianxin.needs.queries.timeline import who_comes
from lianxin.organisations.queries import reach

ROWS_A_PAGE = 50
FOLLOW = "needs.follow_up"


class FindingForm(forms.Form):
    """What was found, and what was done about it."""

    finding = forms.TypedChoiceField(
        label=gettext_lazy("查明"),
        coerce=FollowUp.Finding,
        choices=FollowUp.Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选查明的结果。")},
    )
    done = forms.CharField(
        label=gettext_lazy("怎么办的"),
        max_length=200,
        widget=forms.Textarea,
        help_text=gettext_lazy("居民会看到。不要写别人的姓名、电话和病情。"),
        error_messages={"required": gettext_lazy("请写一句怎么办的，居民会看到。")},
    )


@page(may=FOLLOW)
def follow_ups(request: HttpRequest) -> HttpResponse:
    """What waits to be looked into, what is due first on top."""
    found, filters = narrowed(request, "follow_ups", open_follow_ups(reach(signed_in(request), FOLLOW)))
    shown = page_of(request, found, ROWS_A_PAGE)
    return show(request, "console/needs/follow_ups.html", {"page": shown, **filters})


@page(may=FOLLOW)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; POST says what was found and done."""
    found = get_object_or_404(follow_ups_under(reach(signed_in(request), FOLLOW)), pk=pk)
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        close_follow_up(follow_up=found, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("记下了，会告诉居民。"))
        return go_on(request, "follow_ups", found)
    facts = {"follow_up": found, "order": found.rating.order, "comers": who_comes(found.rating.order), "form": form}
    return show(request, "console/needs/follow_up.html", facts, status=422 if form.errors else 200)


urlpatterns = [
    path("follow-ups/", follow_ups, name="follow_ups"),
    path("follow-ups/<int:pk>/", follow_up, name="follow_up"),
]
