"""出事了: writing down what went wrong, following it up, and under which policy it is insured."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.models.incidents import Incident, Policy
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may, require
from lianxin.people.actions.looking import look_at_contacts
from lianxin.users.models import User


@action
def report_incident(
    *,
    assignment: Assignment,
    kind: Incident.Kind,
    where: str,
    done: str,
    by: User,
    handed_to: str = "",
    reference: str = "",
) -> Incident:
    """Who is at work, or captain and desk for him, writes down what happened; the chain hears it at once (rule S4)."""
    order = lock(Order, assignment.order_id, "item", "place")
    assignment = Assignment.objects.select_related("volunteer__person", "volunteer__team").get(pk=assignment.pk)
    team = assignment.volunteer.team
    is_own = assignment.volunteer.person.user_id == by.pk and assignment.state == Assignment.State.HELD
    if not is_own and not may(by, "needs.record_visits", order.place_path, team.path):
        raise Forbidden(_("这不是您接的单。急事请直接打 120 或 110。"))
    now = clock.now()
    incident = Incident.objects.create(
        order=order,
        place_path=order.place_path,
        team_path=team.path,
        at=now,
        where=where,
        kind=kind,
        done=done,
        handed_to=handed_to,
        reference=reference,
        reported_by=by,
        due_at=now + rules.CLAIM_WITHIN,
    )
    note("needs.incident_reported", incident, by=by, scope=order.place_path, order=order.pk)
    return incident


@action
def close_incident(*, incident: Incident, ended: str, by: User, handed_to: str = "", reference: str = "") -> Incident:
    """How it ended; until then it stays on the list, with the 48 hours for the insurer running."""
    incident = lock(Incident, incident.pk)
    require(by, "needs.see_incidents", incident.place_path, incident.team_path)
    if incident.closed_at:
        raise Refused(_("这件事已经了结了。请刷新页面看最新情况。"))
    if not ended.strip():
        raise Refused(_("请写一句怎么了结的。"), field="ended")
    incident.ended, incident.closed_by, incident.closed_at = ended, by, clock.now()
    incident.handed_to, incident.reference = handed_to or incident.handed_to, reference or incident.reference
    incident.save()
    note("needs.incident_closed", incident, by=by, scope=incident.place_path, order=incident.order_id)
    return incident


@action
def look_at_volunteers_contacts(*, incident: Incident, by: User) -> dict[str, list[tuple[str, str, str]]]:
    """Whom to ring for who was at work, by his name; the looks are noted (rule P2)."""
    require(by, "needs.see_incidents", incident.place_path, incident.team_path)
    there = Assignment.objects.filter(order=incident.order_id, state=Assignment.State.HELD)
    people = [each.volunteer.person for each in there.select_related("volunteer__person__home").order_by("pk")]
    return {person.name: look_at_contacts(person=person, by=by, about=incident) for person in people}


@action
def keep_policy(*, team: Node, insurer: str, number: str, phone: str, until: date, by: User) -> Policy:
    """Under which policy this team is insured, and whom to ring (rule S5)."""
    require(by, "needs.keep_policies", team.path)
    if team.tree != Tree.SERVICE:
        raise Refused(_("请选一支服务队。"), field="team")
    facts = {"insurer": insurer, "number": number, "phone": phone, "until": until}
    policy, _made = Policy.objects.update_or_create(team=lock(Node, team.pk), defaults=facts)
    note("needs.policy_kept", policy, by=by, scope=team.path)
    return policy
