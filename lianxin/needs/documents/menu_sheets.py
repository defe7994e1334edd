"""The printed menu of a place, and the card for the fridge of somebody who orders by telephone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from lianxin.base import clock, pdf
from lianxin.base.words import full_date_in_words, hours_in_words
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.queries.residents import menu_of
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import holders
from lianxin.people.models import Person
from lianxin.people.queries import hotline

HERE = Path(__file__).parent
Paper = Literal["a4", "a3"]
MOST_ON_A_CARD = 8
TO_WRITE_IN = "＿" * 7
"""Where no place has a public telephone yet: paper on which one can still write it."""


def menu_sheet(place: Node, paper: Paper = "a4") -> bytes:
    """What can be ordered here, large, for the wall of the station."""
    ring = hotline(place)
    facts: dict[str, Any] = {
        "paper": paper,
        "place": place.name,
        "title": _("您需要什么？"),
        "free": _("都不收钱"),
        "call": _("打电话就能点"),
        "phone": ring.phone if ring else TO_WRITE_IN,
        "items": [_line(item) for item in menu_of(place)],
        "door": _("来的人会先说一个暗语，和电话里告诉您的一样才开门。"),
        "made": full_date_in_words(clock.today()),
    }
    return pdf.made(HERE / "menu_sheet.typ", facts)


def fridge_cards(place: Node, people: Sequence[Person]) -> bytes:
    """A card (A6) for each of these residents of one place: whom to ring, one's own number, what can be asked for."""
    ring, worker = hotline(place), holders(Role.STATION_WORKER, place.path).first()
    facts: dict[str, Any] = {
        "phone": ring.phone if ring else TO_WRITE_IN,
        "place": place.name,
        "worker": worker.display_name if worker else "",
        "items": [item.name for item in menu_of(place)[:MOST_ON_A_CARD]],
        "cards": [{"name": each.name, "number": list(each.call_number)} for each in people],
        "words": {
            "call": _("要帮忙，打电话"),
            "number": _("您的号码"),
            "ask": _("可以点"),
            "worker": _("社区联系人"),
            "door": _("来的人先说暗语，对了才开门。不收钱，不用给验证码。"),
            "danger": _("有危险打 110，急病打 120"),
        },
    }
    return pdf.made(HERE / "fridge_card.typ", facts)


def _line(item: MenuItem) -> dict[str, str]:
    ages = _("%(age)d 岁以上") % {"age": item.from_age} if item.from_age else ""
    long = _("大约 %(long)s") % {"long": hours_in_words(item.minutes)}
    return {"name": item.name, "words": item.words, "long": long, "ages": ages}
