"""What a page of an order shows of its turns, and which turns this user may give it."""

from typing import Any

from lianxin.console.needs import turn_forms
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import candidates, desk, timeline
from lianxin.organisations.queries import may
from lianxin.users.models import User
from lianxin.volunteers.queries import blocks_of

OPEN_FOR_A_PAUSE = {Order.State.CHECKING, Order.State.WAITING, Order.State.OFFERED}


def turns(user: User, found: Order) -> dict[str, Any]:
    """The order's open turns, who is responsible, and the forms that this user may use now."""
    place, team, state = found.place_path, found.team_path, found.state
    held = timeline.who_comes(found)
    is_dispatcher = may(user, "needs.dispatch", place, team)
    return {
        "turn_held": held,
        "rung": desk.answering_node(found) if found.tier else None,
        **_detours(user, found),
        **_people(user, found),
        "pause_form": turn_forms.PauseForm(initial=turn_forms.usual_pause(), auto_id="pause_%s")
        if may(user, "needs.pause", place) and state in OPEN_FOR_A_PAUSE and not held
        else None,
        "may_resume": may(user, "needs.pause", place) and state == Order.State.PAUSED,
        "over_form": _hand_over(user, found, is_dispatcher=is_dispatcher),
        "when_form": turn_forms.WhenForm(auto_id="when_%s")
        if may(user, "needs.reschedule", place) and state in Order.BEFORE_THE_DOOR
        else None,
        "may_release": bool(held) and may(user, "needs.release", place, team),
        "fewer_form": turn_forms.FewerForm(auto_id="fewer_%s") if _may_send_fewer(user, found) else None,
        "may_again": may(user, "needs.place_for_others", place) and state == Order.State.DONE,
        "release_reasons": turn_forms.ReleaseForm.base_fields["because"].choices,  # type: ignore[attr-defined]
    }


def _detours(user: User, found: Order) -> dict[str, Any]:
    """Where it was handed, why it pauses, and whose it is said to be."""
    is_redirected, is_paused = found.state == Order.State.REDIRECTED, found.state == Order.State.PAUSED
    objections = found.objections.select_related("team__parent", "made_by").filter(state=Objection.State.OPEN)
    objection = objections.first() if found.state in desk.WAITS else None
    may_object = may(user, "needs.object", found.place_path, found.team_path)
    return {
        "redirect": found.redirects.order_by("-pk").first() if is_redirected else None,
        "outcome_form": turn_forms.OutcomeForm(auto_id="outcome_%s")
        if is_redirected and may(user, "needs.confirm_for_resident", found.place_path)
        else None,
        "pause": found.pauses.filter(ended_at=None).first() if is_paused else None,
        "objection": objection,
        "object_form": turn_forms.ObjectForm(auto_id="object_%s")
        if may_object and found.state in desk.WAITS and objection is None
        else None,
        "decide_form": turn_forms.DecideForm(order=found.pk, teams=candidates.teams_near(found))
        if objection and objection.made_by_id != user.pk and desk.may_decide(user, objection, found)
        else None,
    }


def _people(user: User, found: Order) -> dict[str, Any]:
    """Who has come to this resident, and whom he would rather not have; for the place's own desk alone."""
    if not may(user, "needs.spare", found.place_path):
        return {}
    spared = [each.volunteer for each in blocks_of(found.resident)]
    return {"comers": [each for each in desk.who_has_come(found.resident) if each not in spared], "spared": spared}


def _hand_over(user: User, found: Order, *, is_dispatcher: bool) -> turn_forms.HandOverForm | None:
    may_hand_over = found.responsible_id == user.pk or is_dispatcher or may(user, "needs.verify", found.place_path)
    if found.state in Order.ENDED or not may_hand_over:
        return None
    possible = [each for each in desk.who_may_answer_for(found) if each.pk != found.responsible_id]
    return turn_forms.HandOverForm(possible=possible) if possible else None


def _may_send_fewer(user: User, found: Order) -> bool:
    is_raised = bool(found.two_because) and found.people > found.item.people
    is_allowed = Order.Two.MINOR not in found.two_because and found.state in OPEN_FOR_A_PAUSE
    return is_raised and is_allowed and may(user, "needs.send_fewer", found.place_path)
