"""Living through the demo city's history: everything in the order of time, at its moment, the bell heard at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.demo import lines
from lianxin.demo.cast import Cast
from lianxin.demo.days import at_hour, chance_of
from lianxin.demo.deeds import DEEDS, Story
from lianxin.demo.repertoire import WEEKS, stories
from lianxin.demo.settlers import known
from lianxin.demo.stories import Step
from lianxin.journal.bell import heard_at_once
from lianxin.needs.tasks.clocks import lapse, rise
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallTry
from lianxin.notices.queries import open_calls
from lianxin.notices.tasks import carry
from lianxin.people.actions.complaints import answer_complaint, complain

Progress = Callable[[str], None]
SEED = "calls and complaints"
CALL_HOURS = (9.5, 11.0, 14.5, 16.75)
WORKER_EVERY, STEPS_BETWEEN_WORDS = timedelta(minutes=30), 250
CALLS_LEFT_FOR = timedelta(hours=20)
"""What is younger than this on the last day is left to the visitors of the demo."""
RESULTS = {
    CallTry.Result.REACHED: 72, CallTry.Result.FAMILY: 10, CallTry.Result.NO_ANSWER: 16, CallTry.Result.WRONG_NUMBER: 2,
}  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """Something to be done at a moment."""

    at: datetime
    do: Callable[[], None]


def live(cast: Cast, present: datetime, share: float, progress: Progress) -> list[str]:
    """Live from the first order to the present moment; what was refused on the way, in words."""
    told = stories(cast, present, share)
    happenings = [*_of_stories(told, cast), *_of_calls(cast, present), *_of_complaints(cast, present)]
    past = sorted((each for each in happenings if each.at <= present), key=lambda each: each.at)
    refused, worked_at = [], past[0].at
    for number, happening in enumerate(past):
        if number % STEPS_BETWEEN_WORDS == 0:
            progress(f"demo: living through {happening.at:%Y-%m-%d}, {number} of {len(past)} steps")
        if happening.at - worked_at >= WORKER_EVERY:
            worked_at = happening.at
            _do_as_the_worker(worked_at)
        with clock.at(happening.at), heard_at_once():
            try:
                happening.do()
            except Refused as refusal:
                refused.append(f"{happening.at:%Y-%m-%d %H:%M} {refusal}")
    _do_as_the_worker(present)
    return refused


def _do_as_the_worker(at: datetime) -> None:
    """What the job worker does every minute: offers lapse, messages leave."""
    with clock.at(at), heard_at_once():
        lapse(timestamp=0)
        rise(timestamp=0)
        carry(timestamp=0)


def _of_stories(told: list[Story], cast: Cast) -> Iterator[Happening]:
    for story in told:
        for step in story.plan.steps:
            yield Happening(step.at, _deed(story, step, cast))


def _deed(story: Story, step: Step, cast: Cast) -> Callable[[], None]:
    return lambda: DEEDS[step.deed](story, cast)


def _of_calls(cast: Cast, present: datetime) -> Iterator[Happening]:
    """The operators' rounds, some times a day."""
    for days_ago in range(WEEKS * 7, -1, -1):
        for hour in CALL_HOURS:
            at = at_hour(present - timedelta(days=days_ago), hour)
            yield Happening(at, _round_of_calls(cast, at, present))


def _round_of_calls(cast: Cast, at: datetime, present: datetime) -> Callable[[], None]:
    rng = chance_of(f"{SEED}:{at}")
    is_late = present - at < CALLS_LEFT_FOR

    def call() -> None:
        for card in open_calls([cast.city.path]).filter(due_at__lte=at):
            if is_late and rng.random() < 0.6:
                continue
            result = rng.choices(list(RESULTS), list(RESULTS.values()))[0]
            try_call(card=card, result=CallTry.Result.NO_ANSWER if is_late else result, by=cast.operator(rng))

    return call


def _of_complaints(cast: Cast, present: datetime) -> Iterator[Happening]:
    for page, text, answer, days_ago in lines.COMPLAINTS:
        rng = chance_of(f"{SEED}:{text}")
        at = at_hour(present - timedelta(days=days_ago), rng.uniform(9, 17))
        yield from _complaint(cast, rng, page, text, answer, min(at, present - timedelta(hours=1)))


def _complaint(cast: Cast, rng: Random, page: str, text: str, answer: str, at: datetime) -> Iterator[Happening]:
    person = cast.somebody(rng, on_the_web=True)
    scope = known(person.home).path
    made = []

    def send() -> None:
        user = cast.voices[person.pk] if rng.random() < 0.7 else None
        made.append(complain(text=text, page=page, contact="", by=user, scope=scope))

    def reply() -> None:
        answer_complaint(complaint=made[0], answer=answer, by=cast.station(scope, rng))

    yield Happening(at, send)
    if answer:
        yield Happening(at + timedelta(hours=rng.uniform(20, 50)), reply)
