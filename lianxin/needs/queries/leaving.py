"""What somebody still holds who wants to close his account (rule P13)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.needs.models.calls import CallBack
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import RoleHeld
from lianxin.organisations.rules import PRIVATE
from lianxin.people.models import Person
from lianxin.users.models import User


def what_must_be_handed_over(user: User, person: Person) -> list[str]:
    """Line by line what is still his, and what to do about it; empty when the account may be closed."""
    return [*_roles(user), *_tasks(person), *_promises(user), *_orders(user, person)]


def _roles(user: User) -> list[str]:
    standing = Q(during__endswith=None) | Q(during__endswith__gt=clock.today())
    held = RoleHeld.objects.filter(standing, user=user, during__isempty=False).exclude(role__in=PRIVATE)
    words = _("您还是%(node)s的「%(role)s」。请先让单位安排别人，再请管理员结束这个身份。")
    rows = held.select_related("node").order_by("pk")
    return [words % {"node": each.node.name, "role": each.get_role_display()} for each in rows]


def _tasks(person: Person) -> list[str]:
    held = Assignment.objects.filter(volunteer__person=person, state=Assignment.State.HELD)
    many = held.exclude(order__state__in=Order.ENDED).count()
    return [_("您接的单还有 %(many)d 单没完。做完它，或者在单里点「去不了了」。") % {"many": many}] if many else []


def _promises(user: User) -> list[str]:
    many = CallBack.objects.filter(owner=user, kept_at=None).count()
    return [_("您答应的回电还有 %(many)d 个没打。请打完，或者交给接班的人。") % {"many": many}] if many else []


def _orders(user: User, person: Person) -> list[str]:
    open_ones = Order.objects.exclude(state__in=Order.ENDED)
    own, led = open_ones.filter(resident=person).count(), open_ones.filter(responsible=user).count()
    lines = []
    if own:
        lines.append(_("您点的单还有 %(many)d 单没办完。等办完，或者先取消。") % {"many": own})
    if led:
        lines.append(_("您首接负责的单还有 %(many)d 单。请先在单里交接给同事。") % {"many": led})
    return lines
