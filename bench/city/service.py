"""What came of accepted orders: promises of time, visits, hours, the book, ratings."""

from random import Random

from bench.city.copying import Table
from bench.city.diary import Deed, Diary
from bench.city.ground import Ground
from bench.city.lived import Lived
from bench.city.moments import DAY, Moments
from bench.city.people import Helper, Society
from lianxin.hours.models import Grade, Record
from lianxin.ledger.models import Account, Transfer, Unit
from lianxin.needs.models.ratings import FollowUp, Rating
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.organisations.models import Role
from lianxin.people.models import Person
from lianxin.timebank.rules import ACCOUNT, SOURCE
from lianxin.volunteers.models import Commitment

RATED, POOR = 0.6, 2
STARS, STAR_WEIGHTS = (5, 4, 3, 2, 1), (780, 160, 45, 10, 5)
ASSIGNMENT, VISIT, RECORD = Assignment._meta.label_lower, Visit._meta.label_lower, Record._meta.label_lower


class Service:
    """The tables of what was done, and of the time that it is worth."""

    def __init__(self, ground: Ground, society: Society, diary: Diary, moments: Moments, luck: Random) -> None:
        self.ground, self.society, self.diary, self.moments, self.luck = ground, society, diary, moments, luck
        self._assignments = Table(Assignment, "id", "order", "volunteer", "accepted_at")
        self._commitments = Table(Commitment, "id", "person", "during", "about_type", "about_id")
        self._visits = Table(Visit, "id", "assignment", "started_at", "finished_at", "finished_how", "outcome")
        self._records = Table(
            Record,
            *("id", "person", "what", "during", "minutes", "grade", "state", "about_type", "about_id", "team_path"),
            *("place_path", "recorder", "confirmer", "confirmed_how", "claimed_at", "confirmed_at"),
        )
        self._accounts = Table(Account, "id", "kind", "holder_type", "holder_id", "unit", "may_owe", "balance")
        self._transfers = Table(
            Transfer, "id", "key", "source", "target", "unit", "amount", "reason", "about_type", "about_id", "at"
        )
        self._ratings = Table(Rating, "id", "order", "stars", "words", "how", "by", "at")
        self._follow_ups = Table(
            FollowUp,
            *("id", "rating", "place", "place_path", "state", "opened_at", "due_at", "finding", "done", "closed_by"),
            "closed_at",
        )
        self.tables = (
            *(self._assignments, self._commitments, self._visits, self._records, self._accounts, self._transfers),
            *(self._ratings, self._follow_ups),
        )
        self._source = self._accounts.key()
        self._holders: dict[int, tuple[int, int]] = {}

    def serve(self, lived: Lived, helper: Helper) -> None:
        """From the volunteer's yes to the resident's stars, as far as it has come."""
        now, moments = self.moments.now, self.moments
        key = self._assignments.key()
        self._assignments.add((key, lived.key, helper.key, moments.text(lived.accepted)))
        promised = moments.range(lived.start, lived.planned_end)
        self._commitments.add((self._commitments.key(), helper.person, promised, ASSIGNMENT, key))
        self._note(lived, lived.accepted, "needs.accepted", ASSIGNMENT, key, helper)
        if lived.start <= now:
            self._visit(lived, helper, key)

    def close_the_book(self) -> None:
        """The accounts, with what their transfers add up to."""
        self._accounts.add((self._source, SOURCE, "", 0, Unit.MINUTES.value, "True", None))
        for person, (key, balance) in self._holders.items():
            holder = (ACCOUNT, Person._meta.label_lower, person, Unit.MINUTES.value, "False", balance)
            self._accounts.add((key, *holder))

    def _visit(self, lived: Lived, helper: Helper, assignment: int) -> None:
        moments, luck = self.moments, self.luck
        key, finished = self._visits.key(), moments.past(lived.end)
        outcome = luck.choice(lived.offered.done) if finished else ""
        row = (assignment, moments.text(lived.start), finished, "own" if finished else "", outcome)
        self._visits.add((key, *row))
        self._note(lived, lived.start, "needs.visit_started", VISIT, key, helper)
        if finished:
            self._note(lived, lived.end, "needs.visit_finished", VISIT, key, helper)
            self._claim(lived, helper, key)
        if lived.confirmed <= moments.now and luck.random() < RATED:
            self._rate(lived)

    def _claim(self, lived: Lived, helper: Helper, visit: int) -> None:
        moments, place = self.moments, self.ground.communities[lived.resident.community]
        team, minutes = self.ground.teams[lived.resident.community], lived.end - lived.start
        confirmed = moments.past(lived.confirmed)
        worker = self.society.desks[Role.STATION_WORKER][lived.resident.community]
        by = (worker, "call") if confirmed else (None, "")
        key, state = self._records.key(), "confirmed" if confirmed else "claimed"
        self._records.add(
            (
                *(key, helper.person, lived.offered.name, moments.range(lived.start, lived.end), minutes),
                *(Grade.B.value, state, VISIT, visit, team.path, place.path),
                *(helper.user, *by, moments.text(lived.end), confirmed),
            )
        )
        if confirmed:
            self._bank(key, helper.person, minutes, confirmed)
            self._note(lived, lived.confirmed, "hours.confirmed", RECORD, key, helper)

    def _bank(self, record: int, person: int, minutes: int, at: str) -> None:
        account, balance = self._holders.get(person) or (self._accounts.key(), 0)
        self._holders[person] = account, balance + minutes
        movement = (f"deposit:{RECORD}:{record}", self._source, account, Unit.MINUTES.value, minutes)
        self._transfers.add((self._transfers.key(), *movement, "timebank.deposit", RECORD, record, at))

    def _rate(self, lived: Lived) -> None:
        moments, at = self.moments, lived.confirmed
        [stars] = self.luck.choices(STARS, STAR_WEIGHTS)
        is_own = lived.resident.user is not None and not lived.is_called
        worker = self.society.desks[Role.STATION_WORKER][lived.resident.community]
        by = (lived.resident.user, "own") if is_own else (worker, "call")
        key = self._ratings.key()
        self._ratings.add(
            (key, lived.key, stars, "谢谢" if stars > POOR else "来得太晚", by[1], by[0], moments.text(at))
        )
        if stars <= POOR:
            self._follow_up(lived, key, worker)

    def _follow_up(self, lived: Lived, rating: int, worker: int) -> None:
        moments, place = self.moments, self.ground.communities[lived.resident.community]
        closed = moments.past(lived.confirmed + 2 * DAY)
        facts = (place.key, place.path, "closed" if closed else "open", moments.text(lived.confirmed))
        found = ("true", "上门道歉，换了人再去", worker) if closed else ("", "", None)
        due = moments.text(lived.confirmed + 3 * DAY)
        self._follow_ups.add((self._follow_ups.key(), rating, *facts, due, *found, closed))

    def _note(self, lived: Lived, at: int, name: str, kind: str, key: int, helper: Helper) -> None:
        scope, about = self.ground.communities[lived.resident.community].path, lived.resident.key
        called = lived.offered.name if kind == RECORD else str(lived.key)
        self.diary.note(Deed(at, name, kind, key, called, scope, helper.user, helper.name, about, {"order": lived.key}))
