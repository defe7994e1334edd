"""The first run: a city's name and its three administrators, each with a sign-in slip of his own (rule A11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.base.actions import action
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role, RoleHeld, Tree
from lianxin.organisations.queries import roots
from lianxin.organisations.rules import ADMINISTRATORS
from lianxin.people.actions.registering import claim, register_person
from lianxin.people.queries import the_city
from lianxin.users.actions.slips import issue_slip
from lianxin.users.models import User
from lianxin.users.rules import grouped, mobile


@dataclass(frozen=True)
class Founder:
    """One of the three: whoever holds this slip becomes the administrator."""

    role: Role
    name: str
    code: str


@action
def found_city(*, city: str, administrators: Mapping[Role, tuple[str, str]]) -> list[Founder]:
    """Make the installation and its three administrators (name and phone by role), and give back their slips.

    Nobody gets a password here: each sets his own, and a second factor, when he comes in by his slip.
    """
    if Installation.objects.exists():
        raise Refused(_("这个数据库已经装过了。"))
    phones = {mobile(phone) for _name, phone in administrators.values()}
    if set(administrators) != ADMINISTRATORS or len(phones) != len(ADMINISTRATORS):
        raise Refused(_("系统、安全、审计三员要由三个人担任，各用各的手机号。"))
    Installation.objects.create(city=city, is_demo=False, key_fingerprint=settings.KEYS.fingerprint)
    node = the_city() or open_node(kind=Kind.CITY, name=city, parent=None, by=None)
    _plant(Tree.SERVICE, Kind.CORPS, _("%(city)s党员志愿服务总队") % {"city": city})
    _plant(Tree.PARTY, Kind.COMMITTEE, _("%(city)s党委") % {"city": city})
    return [_found(role, *administrators[role], node) for role in sorted(administrators)]


@action
def slips_again() -> list[Founder]:
    """New slips for those of the first three who have not come in yet; the old ones are void."""
    held = RoleHeld.objects.filter(role__in=ADMINISTRATORS, during__endswith=None, user__last_in_at=None)
    waiting = list(held.select_related("user").order_by("role", "pk"))
    if not waiting:
        raise Refused(_("三员都已经登录过了。要重置，请另一位安全管理员来办。"))
    return [_with_slip(Role(each.role), each.user) for each in waiting]


def _plant(tree: Tree, kind: Kind, name: str) -> None:
    """The top of a tree, which nobody could open from within (rule G1); the city gives it the name that it has."""
    if not roots(tree).exists():
        open_node(kind=kind, name=name, parent=None, by=None)


def _found(role: Role, name: str, phone: str, node: Node) -> Founder:
    person = register_person(name=name, phone=mobile(phone), by=None)
    user = User.objects.get_by_phone(mobile(phone)) or User.objects.make(mobile(phone))
    claim(person=person, user=user, by=None)
    give_role(user=user, role=role, node=node, by=None)
    return _with_slip(role, user)


def _with_slip(role: Role, user: User) -> Founder:
    _slip, code = issue_slip(user=user, by=None, scope=None, id_card_seen=True)
    return Founder(role, user.display_name, grouped(code))
