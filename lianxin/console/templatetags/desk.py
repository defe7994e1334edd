"""How long something has waited and how much time is left, in words."""

from datetime import datetime, timedelta

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.templatetags.parts import icon, moment
from lianxin.console.going_on import list_address, list_words
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import desk
from lianxin.organisations.models import Node
from lianxin.organisations.queries import may
from lianxin.people.models import Person
from lianxin.people.rules import name_in_lists
from lianxin.users.models import User

register = template.Library()

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@register.filter
def roughly(length: timedelta) -> str:
    """A length of time in one whole unit, rounded down: 5 分钟, 3 小时, 2 天."""
    if length >= DAY:
        return _("%(days)d 天") % {"days": length // DAY}
    if length >= HOUR:
        return _("%(hours)d 小时") % {"hours": length // HOUR}
    return _("%(minutes)d 分钟") % {"minutes": length // timedelta(minutes=1)}


@register.filter
def waited(since: datetime | None) -> str:
    """How long ago that was, as a length: 3 小时."""
    return roughly(max(clock.now() - since, timedelta())) if since else ""


@register.filter
def numbered(order: Order) -> str:
    """What people call the order by: 218 号."""
    return _("%(number)s 号") % {"number": order.number}


@register.filter
def is_past(value: datetime | None) -> bool:
    """Whether that moment is over."""
    return value is not None and value < clock.now()


@register.filter
def due(value: datetime | None) -> str:
    """What is left until then: 还剩 2 小时, from a day on the moment itself; in red words when it is over."""
    if value is None:
        return ""
    left = value - clock.now()
    if left < timedelta():
        words = _("刚到期") if -left < timedelta(minutes=1) else _("已超 %s") % roughly(-left)
        return format_html('<span class="text-danger strong nowrap">{}</span>', words)
    if left < DAY:
        return format_html('<span class="nowrap">{}</span>', _("还剩 %s") % roughly(left))
    return format_html("{} {}", moment(value), _("前"))


@register.simple_tag(takes_context=True)
def back_to_list(context: template.Context) -> str:
    """The way back to the list from which the page was opened, with the list's filters; nothing if there was none."""
    query = context["request"].GET
    address = list_address(query)
    words = _("回到%s") % list_words(query)
    return (
        format_html('<p class="page-only"><a href="{}">{}{}</a></p>', address, icon("arrow-left"), words)
        if address
        else ""
    )


@register.simple_tag(takes_context=True)
def carry(context: template.Context, name: str) -> str:
    """What a row's page carries along in its address: of which list it is a row, and that list's filters."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["list"] = name
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def node_link(context: template.Context, node: Node, *, is_row: bool = False) -> str:
    """The node's name, and the way to its page for who may open it there: no link leads to a refusal.

    One that stands for its row is walked to by keys.
    """
    if not may(context["request"].user, "organisations.see", node.path):
        return format_html("<span>{}</span>", node.name)
    step = SafeString(" data-step") if is_row else ""
    return format_html('<a{} href="{}">{}</a>', step, reverse("console:node", args=[node.pk]), node.name)


@register.filter
def listed(person: Person) -> str:
    """The name as a list shows it: a minor's is masked (rule P12)."""
    return name_in_lists(person, clock.today())


@register.filter
def name_seen_by(order: Order, user: User) -> str:
    """The resident's name, masked for who need not know it."""
    return desk.name_seen_by(user, order)
