"""本队 on the captain's phone: what the team is asked, whom to ask, what it holds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.needs.actions.teams import decline_for_team, hand_on
from lianxin.needs.models.offers import Offer
from lianxin.needs.queries.candidates import able_of_team
from lianxin.needs.queries.teams import held_by_teams, open_team_offers, team_offers
from lianxin.organisations.queries import reach
from lianxin.site.known import Me, known
from lianxin.volunteers.models import Volunteer

LEADS = "needs.lead_team"
MOST_ROWS = 30


@page(LEADS)
@known
def team(request: HttpRequest, me: Me) -> HttpResponse:
    """What my team is asked, and what its members have promised."""
    paths = reach(me.user, LEADS)
    facts = {"offers": open_team_offers(paths)[:MOST_ROWS], "held": held_by_teams(paths)[:MOST_ROWS]}
    return render(request, "site/needs/team.html", facts)


@page(LEADS)
@known
def team_offer(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Whom of my team to ask; before acceptance no name and no door (rule D5)."""
    found = _found(me, pk)
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("to") if each.isdecimal()]
        members = Volunteer.objects.filter(pk__in=chosen).select_related("person", "team").order_by("pk")
        asked = hand_on(offer=found, to=list(members), by=me.user)
        messages.success(request, _("问了 %(count)d 位队员，等他们答复。") % {"count": len(asked)})
        return SeeOther("site:team")
    able = able_of_team(found.order, found.team) if found.team else Volunteer.objects.none()
    return render(
        request, "site/needs/team_offer.html", {"offer": found, "order": found.order, "members": able[:MOST_ROWS]}
    )


@page(LEADS)
@require_POST
@known
def team_decline(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Not this time; nobody asks why."""
    decline_for_team(offer=_found(me, pk), by=me.user)
    messages.success(request, _("没关系，我们去问别的队。"))
    return SeeOther("site:team")


def _found(me: Me, pk: int) -> Offer:
    return get_object_or_404(team_offers(reach(me.user, LEADS)), pk=pk)


urlpatterns = [
    path("team/", team, name="team"),
    path("team/<int:pk>/", team_offer, name="team_offer"),
    path("team/<int:pk>/decline/", team_decline, name="team_offer_decline"),
]
