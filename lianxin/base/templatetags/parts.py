"""Small parts of a page, in every template without `{% load %}`: icons, states, and words for numbers and times."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from django import template
from django.db import models
from django.forms import BoundField, CheckboxInput, Select, Textarea, Widget
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxin.base.clock import today
from lianxin.base.words import (
    REMEMBERED,
    calendar_day_in_words,
    day_in_words,
    full_date_in_words,
    full_moment_in_words,
    hours_in_words,
    moment_in_words,
)

register = template.Library()

ICONS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "tabler"
TONES = frozenset({"waiting", "active", "done", "urgent", "stopped"})
KILOMETRE = 1000
DJANGOS_ROWS = "10"  # too tall for a phone


@register.simple_tag
def icon(name: str) -> SafeString:
    """The Tabler icon `name`, as large as the text beside it and silent to screen readers."""
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    drawing = re.sub(r"\s+", " ", (ICONS / f"{name}.svg").read_text()).partition(">")[2].rpartition("</svg>")[0]
    kind = "icon icon-filled" if name.endswith("-filled") else "icon"
    # The drawing is our own vendored file, never anything a person typed.
    return SafeString(
        f'<svg class="{kind}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{drawing.strip()}</svg>'
    )


class HasState(Protocol):
    """A row with a state in words, and the table of the tones in which to show them."""

    state: Any

    @property
    def TONES(self) -> Mapping[Any, str]: ...  # noqa: N802 a constant table, read-only to us

    @property
    def State(self) -> type[models.Choices]: ...  # noqa: N802 the table's own class of states


@register.simple_tag
def state(row: HasState) -> SafeString:
    """The row's state in words on the colour of its tone."""
    # Django's own `get_state_display` puts every state of the table into words to find the one.
    return badge(row.State(row.state).label, row.TONES[row.state])


@register.simple_tag
def badge(words: str, tone: str) -> SafeString:
    """`words` on the colour of a tone: waiting, active, done, urgent or stopped."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return format_html('<span class="state state-{}">{}</span>', tone, words)


def _time_element(value: datetime, words: str, title: str) -> SafeString:
    machine = timezone.localtime(value).isoformat(timespec="minutes")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, words)


register.filter("day_words", day_in_words)
register.filter("calendar_day", calendar_day_in_words)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as people say it (今天 14:30), with the full date on hover; nothing for no moment."""
    return _moment(value, today(), get_language()) if value else ""


@lru_cache(maxsize=REMEMBERED)
def _moment(value: datetime, _present: date, _language: str | None) -> SafeString:
    return _time_element(value, moment_in_words(value), full_moment_in_words(value))


@register.filter
def day(value: date | None) -> str:
    """A day as people say it, with the full date on hover; nothing for no day."""
    if value is None:
        return ""
    title = full_date_in_words(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', f"{value:%Y-%m-%d}", title, day_in_words(value))


@register.simple_tag
def span_of_time(start: Any, end: datetime | None = None) -> str:
    """From when to when: 今天 14:30–16:30, or both days when they differ. Takes two moments or one range."""
    if hasattr(start, "lower") and hasattr(start, "upper"):
        start, end = start.lower, start.upper
    if start is None or end is None:
        return moment(start or end)
    return _span(start, end, today(), get_language())


@lru_cache(maxsize=REMEMBERED)
def _span(start: datetime, end: datetime, _present: date, _language: str | None) -> SafeString:
    first, last = timezone.localtime(start), timezone.localtime(end)
    until = f"{last:%H:%M}" if first.date() == last.date() else moment_in_words(end)
    return _time_element(
        start, f"{moment_in_words(start)}–{until}", f"{full_moment_in_words(start)} – {full_moment_in_words(end)}"
    )


@register.filter
def hours(minutes: int | None, signed: str = "") -> str:
    """Whole minutes in words, never rounded: 45 分钟, 2 小时, 1.5 小时, 1 小时 20 分钟. With "signed", +1.5 小时."""
    if minutes is None:
        return ""
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+" if signed and minutes else ""
    return sign + hours_in_words(abs(minutes))


@register.filter
def distance(metres: float | None) -> str:
    """How far, no finer than it is known: 100 米以内, 600 米, 1.2 公里, 12 公里."""
    if metres is None:
        return ""
    rounded = round(metres / 100) * 100
    if rounded <= 100:
        return _("100 米以内")
    if rounded < KILOMETRE:
        return _("%(metres)d 米") % {"metres": rounded}
    kilometres = rounded / KILOMETRE
    shown = f"{kilometres:.0f}" if kilometres >= 10 else f"{kilometres:.1f}".removesuffix(".0")
    return _("%(kilometres)s 公里") % {"kilometres": shown}


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether the user holds the permission anywhere; asked once per user and request."""
    asked: dict[str, bool] | None = getattr(user, "_may_asked", None)
    if asked is None:
        asked = user._may_asked = {}
    if permission not in asked:
        asked[permission] = bool(user.has_perm(permission))
    return asked[permission]


@register.simple_block_tag(takes_context=True)
def remember(context: template.Context, content: str, name: str) -> str:
    """Keep what stands inside as the variable `name`, so that a layout can ask what a page put into a block."""
    context[name] = SafeString(content.strip())
    return ""


@register.simple_block_tag(takes_context=True)
def active_tab(context: template.Context, content: str) -> str:
    """Keep the name of the page's tab, said in its block `tab`, as the variable `tab`."""
    return remember(context, content, "tab")


MOST_SHOWN = 99


@register.simple_tag
def count(name: str, many: int = 0, words: str = "", *, fresh: bool = False) -> SafeString:
    """A small red number with the `name` of its tab, so that it can be put right later; `fresh` when it comes alone."""
    swap, hidden = SafeString(' hx-swap-oob="true"' if fresh else ""), SafeString("" if many else " hidden")
    opening = format_html('<span class="count" id="count-{}"{}{}>', name, swap, hidden)
    return opening + _counted(many, words)


def _counted(many: int, words: str) -> SafeString:
    shown = f"{MOST_SHOWN}+" if many > MOST_SHOWN else str(many or 0)
    return format_html('{}<span class="visually-hidden"> {}</span></span>', shown, words or _("件"))


@register.simple_tag(takes_context=True)
def tab(
    context: template.Context,
    to: str,
    name: str,
    picture: str,
    words: str,
    *,
    many: int = 0,
    many_words: str = "",
    is_live: bool = False,
) -> SafeString:
    """One entry of a tab bar or side menu: the route `to`, perhaps with a number; `is_live` where that changes by
    itself. A tag, since a page has thirty of them, and a template for each costs more than a long list's rows.
    """
    here = SafeString(' aria-current="page"' if context.get("tab") == name else "")
    number = SafeString("")
    if is_live:
        number = count(name, many or 0)
    elif many:
        number = SafeString('<span class="count">') + _counted(many, many_words)
    inner = format_html("{}<span>{}</span>{}", _icon(picture), words, number)
    return format_html('<li><a class="tab" href="{}"{}>{}</a></li>', reverse(to), here, inner)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the class that our styles know; Django adds the aria attributes."""
    widget = field.field.widget
    classes = f"{widget.attrs.get('class', '')} {_class_of(widget)} {'is-invalid' if field.errors else ''}".split()
    attributes: dict[str, str | bool] = {"class": " ".join(classes)}
    if isinstance(widget, Textarea) and widget.attrs["rows"] == DJANGOS_ROWS:
        attributes["rows"] = "3"
    return field.as_widget(attrs=attributes)


def _class_of(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"
