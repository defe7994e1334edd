"""A team is asked: its captain hands the order on to members, or declines without penalty (rule D7)."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many
from lianxin.base.moves import move
from lianxin.base.paths import is_under
from lianxin.base.refused import Refused
from lianxin.journal.actions import note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.dispatching import after_a_no, begin_offer, deed, require_able
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import candidates
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import require
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer


@action
def offer_to_team(*, order: Order, team: Node, by: User) -> Offer:
    """Ask a team; a team that let an offer lapse may be asked again, one that declined may not."""
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.dispatch", order.place_path, order.team_path)
    if team.tree != Tree.SERVICE or team.closed_on is not None:
        raise Refused(_("请选一支服务队。"), field="team")
    if candidates.asked_about(order).filter(team=team).exists():
        raise Refused(_("%(team)s 已经问过了。请换一支队伍。") % {"team": team}, field="team")
    lapses_at = rules.Deadlines(clock.now()).lapse(order)
    begin_offer(order, lapses_at, by)
    order.save()
    offer = Offer.objects.create(
        order=order, team=team, asking=order.asking, offered_by=by, offered_at=clock.now(), lapses_at=lapses_at
    )
    note_many("needs.team_asked", [deed(order, offer)], by=by)
    return offer


@action
def hand_on(*, offer: Offer, to: Sequence[Volunteer], by: User) -> list[Offer]:
    """The captain asks members of his team under the team's offer; each of them may decline as ever."""
    order, offer = _locked(offer, by)
    if not to:
        raise Refused(_("请至少选一位队员。"), field="to")
    if offer.state != Offer.State.OPEN or offer.lapses_at <= clock.now():
        raise Refused(_("这一单已经不用再找人了，谢谢您和队员们。"))
    prefetch_related_objects(list(to), "person", "team")
    for member in to:
        if not is_under(member.team.path, _team(offer).path):
            raise Refused(_("%(name)s 不是本队的队员。") % {"name": member.person.name}, field="to")
    require_able(order, to, candidates.able_pairs({order: [member.pk for member in to]}))
    now = clock.now()
    lapses_at = max(offer.lapses_at, now + rules.SHORTEST_OFFER)
    asked = insert_many(
        Offer(
            order=order,
            volunteer=member,
            under=offer,
            asking=order.asking,
            offered_by=by,
            offered_at=now,
            lapses_at=lapses_at,
            metres=candidates.metres_to(order, member),
        )
        for member in to
    )
    order.due_at = order.rises_at = max(lapses_at, order.due_at or lapses_at)
    order.save()
    note_many("needs.offered", [deed(order, each) for each in asked], by=by)
    return list(asked)


@action
def decline_for_team(*, offer: Offer, by: User) -> Offer:
    """The team cannot this time: whom the captain had asked need not answer; nothing is counted (rule D3)."""
    order, offer = _locked(offer, by)
    move(offer, Offer.State.DECLINED)
    offer.answered_at = clock.now()
    offer.save()
    asked = list(offer.handed_on.filter(state=Offer.State.OPEN).order_by("pk"))
    offer.handed_on.filter(pk__in=[each.pk for each in asked]).update(
        state=Offer.State.WITHDRAWN, answered_at=clock.now()
    )
    note_many("needs.offer_withdrawn", [deed(order, each) for each in asked], by=by)
    note(
        "needs.team_declined",
        offer,
        by=by,
        scope=order.place_path,
        for_person=order.resident_id,
        order=order.pk,
        team=offer.team_id,
    )
    after_a_no(order)
    return offer


def _locked(offer: Offer, by: User) -> tuple[Order, Offer]:
    order = lock(Order, offer.order_id, "item__skill", "resident", "place")
    offer = lock(Offer, offer.pk, "team")
    require(by, "needs.lead_team", _team(offer).path)
    return order, offer


def _team(offer: Offer) -> Node:
    if offer.team is None:
        raise Refused(_("这一单问的是个人，不是队伍。"))
    return offer.team
