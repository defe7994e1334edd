"""代理: who stands in for me while I am away."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Forbidden, Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import LendForm
from lianxin.organisations.actions.delegating import delegate, end_delegation
from lianxin.organisations.models import RoleHeld
from lianxin.organisations.queries import lendable_roles, lent_by, roles_of


@page(may="organisations.open_console")
def stand_ins(request: HttpRequest) -> HttpResponse:
    """My roles, who stands in for me, and for whom I do."""
    user = signed_in(request)
    mine = {str(held.pk): held for held in lendable_roles(user)}
    form = LendForm(request.POST if request.method == "POST" else None)
    form.fields["role"].choices = [(pk, str(held)) for pk, held in mine.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            lent = delegate(role=mine[said.pop("role")], by=user, **said)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("%(name)s 代理「%(role)s」。") % {"name": lent.user.display_name, "role": lent})
            return SeeOther("console:stand_ins")
    borrowed = [held for held in roles_of(user) if held.lent_from_id]
    facts = {"form": form, "mine": mine.values(), "lent": lent_by(user), "borrowed": borrowed}
    return show(request, "console/organisations/stand_ins.html", facts, status=422 if form.errors else 200)


@page(may="organisations.open_console")
@require_POST
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back earlier than planned."""
    user = signed_in(request)
    own = RoleHeld.objects.filter(Q(lent_from__user=user) | Q(user=user, lent_from__isnull=False))
    end_delegation(lent=get_object_or_404(own, pk=pk), by=user)
    messages.success(request, _("代理已经结束。"))
    return SeeOther("console:stand_ins")


urlpatterns = [
    path("stand-ins/", stand_ins, name="stand_ins"),
    path("stand-ins/<int:pk>/end/", stand_in_end, name="stand_in_end"),
]
