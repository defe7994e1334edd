"""Belonging to a branch, a unit or a mass organisation, by the person's own yes (rule W9)."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import PARTY_KINDS, Node, Tree
from lianxin.organisations.queries import require
from lianxin.people.models import Person, Purpose
from lianxin.users.models import User
from lianxin.volunteers.actions.consents import end_about, say_yes
from lianxin.volunteers.models import Membership

KEEP = "volunteers.keep_members"


@action
def record_member(*, person: Person, node: Node, kind: Membership.Kind, by: User) -> Membership:
    """The secretary or the unit's officer writes down who belongs there; the person is asked whether it is so."""
    require(by, KEEP, node.path)
    node = lock(Node, node.pk)
    if node.tree != Tree.PARTY or node.closed_on:
        raise Refused(_("请选一个支部、单位或群团组织。"), field="node")
    if (kind != Membership.Kind.MEMBER) != (node.kind in PARTY_KINDS):
        raise Refused(_("党员登记在党组织，成员登记在单位和群团组织。"), field="kind")
    membership = Membership.objects.create(
        person=person,
        node=node,
        kind=kind,
        during=DateRange(clock.today(), None),
        recorded_by=by,
        recorded_at=clock.now(),
    )
    note("volunteers.member_recorded", membership, by=by, scope=node.path, for_person=person.pk)
    return membership


@action
def agree(*, membership: Membership, by: User) -> Membership:
    """«Yes, I belong there»: from now on it counts in figures; it still shows on no card."""
    membership = _own(membership, by)
    if membership.agreed_at:
        raise Refused(_("您已经确认过了。"))
    say_yes(membership.person, Purpose.MEMBER, by, about=membership.pk)
    membership.agreed_at = clock.now()
    membership.save(update_fields=["agreed_at"])
    _note("volunteers.member_agreed", membership, by)
    return membership


@action
def show(*, membership: Membership, is_shown: bool, by: User) -> Membership:
    """Show on the card that one is a member, or no longer; off unless the person wants it, and at any time again."""
    membership = _own(membership, by)
    if is_shown and not membership.agreed_at:
        raise Refused(_("请先确认身份，再选择是否亮出来。"))
    if is_shown:
        say_yes(membership.person, Purpose.MEMBER_SHOWN, by, about=membership.pk)
    else:
        end_about(membership.person, Purpose.MEMBER_SHOWN, membership.pk, by)
    membership.is_shown = is_shown
    membership.save(update_fields=["is_shown"])
    _note("volunteers.member_shown" if is_shown else "volunteers.member_hidden", membership, by)
    return membership


@action
def withdraw_agreement(*, membership: Membership, by: User) -> Membership:
    """The person takes back his yes: it counts in no figure and shows nowhere; the branch's own list stays its own."""
    membership = _own(membership, by)
    _end_consents(membership, by)
    membership.agreed_at, membership.is_shown = None, False
    membership.save(update_fields=["agreed_at", "is_shown"])
    _note("volunteers.member_withdrew", membership, by)
    return membership


@action
def end_membership(*, membership: Membership, by: User) -> None:
    """He no longer belongs there: as the secretary writes down, or because he never did and says so."""
    membership = lock(Membership, membership.pk, "person", "node")
    if membership.person.user_id != by.pk:
        require(by, KEEP, membership.node.path)
    if membership.during.upper:
        raise Refused(_("这条记录已经结束了。"))
    _end_consents(membership, by)
    _note("volunteers.member_ended", membership, by)
    today = clock.today()
    if membership.during.lower == today:
        membership.delete()
        return
    membership.during, membership.is_shown = DateRange(membership.during.lower, today), False
    membership.save(update_fields=["during", "is_shown"])


def _end_consents(membership: Membership, by: User) -> None:
    for purpose in (Purpose.MEMBER_SHOWN, Purpose.MEMBER):
        end_about(membership.person, purpose, membership.pk, by)


def _own(membership: Membership, by: User) -> Membership:
    membership = lock(Membership, membership.pk, "person", "node")
    if membership.person.user_id != by.pk:
        raise Forbidden(_("只有本人可以决定。"))
    if membership.during.upper:
        raise Refused(_("这条记录已经结束了。"))
    return membership


def _note(name: str, membership: Membership, by: User) -> None:
    note(name, membership, by=by, scope=membership.node.path, for_person=membership.person_id)
