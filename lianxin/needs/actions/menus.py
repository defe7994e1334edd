"""服务菜单: what can be ordered at a place, in which order, and what of it is closed for now."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.bulk import update_many
from lianxin.base.paths import is_under
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs.models.menu import Clock, MenuClosing, MenuItem
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may
from lianxin.users.models import User
from lianxin.volunteers.models import Skill


@dataclass(frozen=True)
class ItemFacts:
    """What a menu says of an item: in plain words, for whom, how long, with whom, and how fast."""

    name: str
    words: str
    icon: str
    minutes: int
    people: int = 1
    skill: Skill | None = None
    materials: MenuItem.Materials = MenuItem.Materials.NONE
    clock: Clock = Clock.PLAIN
    expect: str = ""
    script: str = ""
    from_age: int = 0
    is_low_risk: bool = False
    is_alone_at_first: bool = False


@action
def open_item(*, place: Node, facts: ItemFacts, by: User | None) -> MenuItem:
    """Put an item on the menu of a place and of all below it, behind those that stand there (rule O7)."""
    place = lock(Node, place.pk)
    _require_keeper(place, by)
    if place.tree != Tree.PLACE:
        raise Refused(_("菜单挂在社区、街道、区县或全市，请另选一个地方。"), field="place")
    last = MenuItem.objects.filter(place=place).aggregate(last=Max("rank"))["last"]
    item = MenuItem.objects.create(place=place, rank=(last or 0) + 1, **_columns(facts))
    note("needs.item_opened", item, by=by, scope=place.path)
    return item


@action
def change_item(*, item: MenuItem, facts: ItemFacts, by: User | None) -> MenuItem:
    """Say it otherwise. Orders already placed keep what was true on their day."""
    item = _kept(item, by)
    said = _columns(facts)
    changed = sorted(name for name, value in said.items() if getattr(item, name) != value)
    for name, value in said.items():
        setattr(item, name, value)
    item.save()
    note("needs.item_changed", item, by=by, scope=item.place.path, fields=changed)
    return item


@action
def move_item(*, item: MenuItem, up: bool, by: User | None) -> MenuItem:
    """One place up or down among the items of the same place."""
    item = _kept(item, by)
    ordered = list(MenuItem.objects.select_for_update().filter(place=item.place).order_by("rank", "pk"))
    here = ordered.index(item)
    there = here - 1 if up else here + 1
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
    for rank, each in enumerate(ordered, start=1):
        each.rank = rank
    update_many(ordered, "rank")
    note("needs.item_moved", item, by=by, scope=item.place.path, up=up)
    return item


@action
def set_item_open(*, item: MenuItem, is_open: bool, by: User | None) -> MenuItem:
    """Close an item everywhere for now, or open it again; what was ordered goes on."""
    item = _kept(item, by)
    item.is_open = is_open
    item.save(update_fields=["is_open"])
    note("needs.item_reopened" if is_open else "needs.item_closed", item, by=by, scope=item.place.path)
    return item


@action
def set_item_open_at(*, item: MenuItem, place: Node, is_open: bool, by: User | None) -> None:
    """Close an inherited item at one place and below, or open it there again; above and beside nothing changes."""
    place = lock(Node, place.pk)
    _require_keeper(place, by)
    if item.place_id == place.pk or not is_under(place.path, item.place.path):
        raise Refused(_("「%(item)s」不是从上级继承来的，请直接停开这个项目。") % {"item": item})
    if is_open:
        MenuClosing.objects.filter(item=item, place=place).delete()
    else:
        MenuClosing.objects.get_or_create(item=item, place=place)
    name = "needs.item_reopened_at" if is_open else "needs.item_closed_at"
    note(name, item, by=by, scope=place.path, place=place.pk)


def _kept(item: MenuItem, by: User | None) -> MenuItem:
    item = lock(MenuItem, item.pk, "place")
    _require_keeper(item.place, by)
    return item


def _require_keeper(place: Node, by: User | None) -> None:
    """None is the product itself, as when a demo is made."""
    if by is not None and not may(by, "needs.keep_menu", place.path):
        raise Forbidden(_("这里的菜单由%(place)s管，您不能改。") % {"place": place})


def _columns(facts: ItemFacts) -> dict[str, object]:
    return dict(vars(facts))
