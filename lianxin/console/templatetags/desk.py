"""How long something has waited and how much time is left, in words."""

from datetime import datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.templatetags.parts import moment
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import desk
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
        return format_html('<span class="text-danger strong nowrap">{}</span>', _("已超 %s") % roughly(-left))
    if left < DAY:
        return format_html('<span class="nowrap">{}</span>', _("还剩 %s") % roughly(left))
    return format_html("{} {}", moment(value), _("前"))


@register.filter
def name_seen_by(order: Order, user: User) -> str:
    """The resident's name, masked for who need not know it."""
    return desk.name_seen_by(user, order)
