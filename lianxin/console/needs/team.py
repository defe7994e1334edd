"""本队: what a captain's team is asked and holds; handing on and declining."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.base.todos import Kind
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed, narrowed_as
from lianxin.console.needs.todos import finds_of_held
from lianxin.console.todos import BY_NAME
from lianxin.needs.actions.teams import decline_for_team, hand_on
from lianxin.needs.models.offers import Offer
from lianxin.needs.queries.candidates import able_of_team
from lianxin.needs.queries.teams import held_by_teams, open_team_offers, team_offers
from lianxin.organisations.queries import reach
from lianxin.volunteers.models import Volunteer

LEADS = "needs.lead_team"
ROWS_A_PAGE, MOST_ROWS = 50, 50
HELD = Kind(paths=("volunteer__team__path",), finds=finds_of_held, choices=BY_NAME["team"].choices)
"""What members have promised is narrowed as what the team is asked."""


@page(may=LEADS)
def team(request: HttpRequest) -> HttpResponse:
    """What my team is asked, with its members who could go, and what it holds. The filters hold for both."""
    user = signed_in(request)
    paths = reach(user, LEADS)
    offers, filters = narrowed(request, "team", open_team_offers(paths))
    held, _filters = narrowed_as(request, HELD, "console:team", held_by_teams(paths))
    is_late = filters["form"].cleaned_data.get("late")
    facts = {"page": page_of(request, offers, ROWS_A_PAGE), "held": [] if is_late else held[:MOST_ROWS], **filters}
    return show(request, "console/needs/team.html", facts)


@page(may=LEADS)
def team_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One question to my team; before acceptance no more than rule D5 allows."""
    found = _found(request, pk)
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("to") if each.isdecimal()]
        members = Volunteer.objects.filter(pk__in=chosen).select_related("person", "team").order_by("pk")
        asked = hand_on(offer=found, to=list(members), by=signed_in(request))
        messages.success(request, _("问了 %(count)d 位队员，等他们答复。") % {"count": len(asked)})
        return go_on(request, "team", found)
    able = able_of_team(found.order, found.team) if found.team else Volunteer.objects.none()
    facts = {"offer": found, "order": found.order, "members": able[:MOST_ROWS]}
    return show(request, "console/needs/team_offer.html", facts)


@page(may=LEADS)
@require_POST
def team_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Not this time; nobody asks why."""
    found = _found(request, pk)
    decline_for_team(offer=found, by=signed_in(request))
    messages.success(request, _("没关系，我们去问别的队。"))
    return go_on(request, "team", found)


def _found(request: HttpRequest, pk: int) -> Offer:
    return get_object_or_404(team_offers(reach(signed_in(request), LEADS)), pk=pk)


urlpatterns = [
    path("team/", team, name="team"),
    path("team/<int:pk>/", team_offer, name="team_offer"),
    path("team/<int:pk>/decline/", team_decline, name="team_offer_decline"),
]
