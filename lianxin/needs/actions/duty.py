"""首接负责 and 派单异议: who took an order first stays responsible; whose it is not may say so (rules D10 and D11)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.checking import require_reason
from lianxin.needs.actions.dispatching import held_places, withdraw_open_offers
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import desk
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may, require
from lianxin.users.models import User


@action
def hand_over(*, order: Order, to: User, by: User) -> Order:
    """Who is responsible, or somebody who dispatches or verifies there, names who is from now on (rule D10)."""
    order = lock(Order, order.pk, "item")
    if order.responsible_id != by.pk and not may(by, "needs.dispatch", order.place_path, order.team_path):
        require(by, "needs.verify", order.place_path)
    if order.state in Order.ENDED:
        raise Refused(_("这一单已经结束，不用再交接。"))
    if order.responsible_id == to.pk:
        raise Refused(_("已经由 %(name)s 负责。") % {"name": to.display_name}, field="to")
    if not desk.may_answer_for(to, order):
        raise Refused(_("%(name)s 不负责这里，请另选一位。") % {"name": to.display_name}, field="to")
    order.responsible = to
    order.save()
    note("needs.order_handed_over", order, by=by, scope=order.place_path, for_person=order.resident_id, to=to.pk)
    return order


@action
def object_to_dispatch(*, order: Order, by: User, reason: str) -> Objection:
    """Who answers for the order says that it is not his, and why; meanwhile it stays where it is (rule D11)."""
    order = lock(Order, order.pk, "item")
    require(by, "needs.object", order.place_path, order.team_path)
    require_reason(reason)
    _require_waits(order)
    if order.objections.filter(state=Objection.State.OPEN).exists():
        raise Refused(_("这一单的异议已经提过，正在等上级决定。"))
    team = desk.answering_node(order)
    if team is None:
        raise Refused(_("这一单还没有分到队伍，直接派给别人就行。"))
    objection = Objection.objects.create(order=order, team=team, reason=reason, made_by=by, made_at=clock.now())
    facts = {"team": team.pk, "objection": objection.pk}
    note("needs.objected", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return objection


@action
def decide_objection(*, objection: Objection, by: User, words: str, to: Node | None = None) -> Objection:
    """Somebody above, and not who objected, keeps the dispatch, or moves it to another team, with a reason."""
    order = lock(Order, objection.order_id, "item__skill", "resident")
    objection = lock(Objection, objection.pk, "team__parent")
    if objection.made_by_id == by.pk:
        raise Forbidden(_("自己提的异议，要由上级决定。"))
    if not desk.may_decide(by, objection, order):
        raise Forbidden(_("这个异议要由上级决定。"))
    if not words.strip():
        raise Refused(_("请写明决定的理由，提异议的人会看到。"), field="words")
    move(objection, Objection.State.MOVED if to else Objection.State.KEPT)
    objection.decided_by, objection.decided_at, objection.words, objection.moved_to = by, clock.now(), words, to
    objection.save()
    if to:
        _move_to(order, to)
    facts = {"objection": objection.pk, "state": objection.state, "to": to.pk if to else None}
    note("needs.objection_decided", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return objection


def _move_to(order: Order, team: Node) -> None:
    _require_waits(order)
    if team.tree != Tree.SERVICE or team.closed_on is not None or team.path == order.answering_path:
        raise Refused(_("请选另一支服务队。"), field="to")
    withdraw_open_offers(order)
    if order.state == Order.State.OFFERED:
        move(order, Order.State.WAITING)
    order.team_path, order.tier = team.path, 0
    order.due_at = order.rises_at = rules.Deadlines(clock.now()).dispatch(order)
    order.save()


def _require_waits(order: Order) -> None:
    if order.state not in {Order.State.WAITING, Order.State.OFFERED} or held_places(order):
        raise Refused(
            _("现在是「%(now)s」，不能再提异议或改派。请刷新页面看最新情况。") % {"now": order.get_state_display()}
        )
