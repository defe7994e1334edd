"""Making the demo city: first the ground, so that everybody can sign in, then its history up to now.

Each stage is one transaction and notes in it that it is complete. A stage that was broken off has left nothing and is
made anew by the next call, around the same present moment and from the same seeds.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.db import transaction

from lianxin.base import clock
from lianxin.base.actions import lock
from lianxin.base.calendar import load_shipped_notices
from lianxin.base.models import Installation
from lianxin.demo import life, menu, people, places
from lianxin.demo.actions import GROUND_LAID, HISTORY_LIVED, is_complete, note_stage, start_demo
from lianxin.demo.cast import Cast
from lianxin.demo.days import at_hour
from lianxin.journal.bell import heard_at_once

NAME = "连心市（演示）"
WEEKS_BEFORE = 27
"""When the city began: its history may go back as far."""

Progress = Callable[[str], None]


def make(progress: Progress, share: float = 1.0) -> None:
    """Make the first little city, or finish it, or say that it is there; refused beside real people.

    200 people, and with a `share` of 1 as many orders.
    """
    began = monotonic()
    installation = start_demo(city_name=NAME)
    for stage, words, make_stage in STAGES:
        with transaction.atomic():
            # Whoever comes second waits here, and then finds the stage complete.
            lock(Installation, installation.pk)
            if is_complete(stage):
                progress(f"demo: {words}, since before")
                continue
            make_stage(installation, share, progress)
            note_stage(installation=installation, stage=stage)
        progress(f"demo: {words}, after {monotonic() - began:.0f} s")


def _lay_the_ground(installation: Installation, share: float, progress: Progress) -> None:
    load_shipped_notices()
    first_day = at_hour(installation.made_at - timedelta(weeks=WEEKS_BEFORE), 7.0)
    with heard_at_once():
        with clock.at(first_day):
            nodes = places.build(first_day.date())
            skills = menu.open_menu(nodes[places.CITY])
        people.settle(nodes, skills, first_day)


def _live_the_history(installation: Installation, share: float, progress: Progress) -> None:
    for refusal in life.live(Cast(), installation.made_at, share, progress):
        progress(f"demo: refused on the way: {refusal}")


STAGES = (
    (GROUND_LAID, "places, teams and people are there, sign in as anybody", _lay_the_ground),
    (HISTORY_LIVED, "the history is there, up to the last minute", _live_the_history),
)
