"""From one team to another, with the receiving captain's yes (rule W7); or all at once, when teams were merged."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note, note_many
from lianxin.organisations.actions.belonging import let_belong, stop_belonging
from lianxin.organisations.models import Node, Role, Tree
from lianxin.organisations.queries import require
from lianxin.users.models import User
from lianxin.volunteers.actions.deeds import deed
from lianxin.volunteers.actions.standing import end_stay
from lianxin.volunteers.models import Membership, Stay, Transfer, Volunteer


@action
def ask_transfer(*, volunteer: Volunteer, to: Node, reason: str, by: User) -> Transfer:
    """The volunteer, or his captain for him, asks to go to another team; until it says yes he stays where he is."""
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    if volunteer.person.user_id != by.pk:
        require(by, "volunteers.lead", volunteer.team.path)
    to = lock(Node, to.pk)
    if to.tree != Tree.SERVICE or to.closed_on or to == volunteer.team:
        raise Refused(_("请选另一支服务队。"), field="to")
    if volunteer.state != Volunteer.State.ACTIVE:
        raise Refused(_("在册的志愿者才能转队。"))
    transfer = Transfer.objects.create(
        volunteer=volunteer,
        from_team=volunteer.team,
        to_team=to,
        reason=reason.strip(),
        asked_by=by,
        asked_at=clock.now(),
    )
    note("volunteers.transfer_asked", transfer, by=by, scope=to.path, for_person=volunteer.person_id)
    return transfer


@action
def accept_transfer(*, transfer: Transfer, by: User) -> Volunteer:
    """The receiving captain says yes; from today on the volunteer is of his team."""
    volunteer, transfer = _locked(transfer)
    require(by, "volunteers.lead", transfer.to_team.path)
    if volunteer.state != Volunteer.State.ACTIVE:
        raise Refused(_("他现在不在册，不能转队。请先恢复，再申请。"))
    if lock(Node, transfer.to_team_id).closed_on:
        raise Refused(_("接收的队伍已经撤销。"))
    _end(transfer, Transfer.State.ACCEPTED, by)
    _go_to(volunteer, transfer.to_team, by)
    note_many("volunteers.transferred", [deed(volunteer)], by=by)
    return volunteer


@action
def decline_transfer(*, transfer: Transfer, reason: str, by: User) -> Transfer:
    """The receiving captain says no, for a reason that the volunteer reads; he stays where he is."""
    _volunteer, transfer = _locked(transfer)
    require(by, "volunteers.lead", transfer.to_team.path)
    if not reason.strip():
        raise Refused(_("请写下原因，申请的人会看到。"), field="reason")
    transfer.reason = reason.strip()
    _end(transfer, Transfer.State.DECLINED, by)
    _note_end(transfer, "volunteers.transfer_declined", by)
    return transfer


@action
def withdraw_transfer(*, transfer: Transfer, by: User) -> Transfer:
    """Whoever asked, or the volunteer himself, no longer wants it."""
    volunteer, transfer = _locked(transfer)
    if by.pk not in {transfer.asked_by_id, volunteer.person.user_id}:
        raise Forbidden(_("只有申请的人可以撤回。"))
    _end(transfer, Transfer.State.WITHDRAWN, by)
    _note_end(transfer, "volunteers.transfer_withdrawn", by)
    return transfer


@action
def follow_merger(*, node: Node, into: Node) -> int:
    """Everybody of a merged team or branch is of its successor, set-based; how many. Twice is harmless (rule G4)."""
    today = clock.today()
    Membership.objects.filter(node=node, during__upper_inf=True).update(node=into)
    Transfer.objects.filter(to_team=node, state=Transfer.State.ASKED).update(to_team=into)
    Transfer.objects.filter(from_team=node, state=Transfer.State.ASKED).update(from_team=into)
    moved = list(Volunteer.objects.filter(team=node).order_by("pk").select_for_update(no_key=True))
    keys = [volunteer.pk for volunteer in moved]
    running = Stay.objects.filter(volunteer__in=keys, team=node, during__upper_inf=True)
    since = dict(running.values_list("volunteer", "during"))
    running.filter(during__startswith__gte=today).delete()
    for begun in {during.lower for during in since.values() if during.lower < today}:
        running.filter(during__startswith=begun).update(during=DateRange(begun, today))
    Stay.objects.bulk_create(Stay(volunteer_id=pk, team=into, during=DateRange(today, None)) for pk in since)
    Volunteer.objects.filter(pk__in=keys).update(team=into)
    for volunteer in moved:
        volunteer.team = into
    note_many("volunteers.followed_merger", [deed(volunteer) for volunteer in moved], by=None)
    return len(moved)


def _locked(transfer: Transfer) -> tuple[Volunteer, Transfer]:
    """The volunteer is locked before his transfer, as in every action on him."""
    volunteer = lock(Volunteer, transfer.volunteer_id, "team", "person__user")
    return volunteer, lock(Transfer, transfer.pk, "to_team", "volunteer")


def _end(transfer: Transfer, state: Transfer.State, by: User) -> None:
    move(transfer, state)
    transfer.answered_by, transfer.answered_at = by, clock.now()
    transfer.save()


def _note_end(transfer: Transfer, name: str, by: User) -> None:
    person = transfer.volunteer.person_id
    note(name, transfer, by=by, scope=transfer.to_team.path, for_person=person)


def _go_to(volunteer: Volunteer, team: Node, by: User) -> None:
    end_stay(volunteer)
    volunteer.team = team
    volunteer.save(update_fields=["team"])
    Stay.objects.create(volunteer=volunteer, team=team, during=DateRange(clock.today(), None))
    if user := volunteer.person.user:
        stop_belonging(users=[user], role=Role.VOLUNTEER, by=by)
        let_belong(users={user: team}, role=Role.VOLUNTEER, by=by)
