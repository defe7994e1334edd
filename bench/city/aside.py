"""What stands beside the orders: families, applications, complaints, kit, transfers; alarms and incidents at orders."""

from random import Random

from bench.city.copying import Table, array
from bench.city.diary import Deed, Diary
from bench.city.ground import Ground
from bench.city.lived import Lived
from bench.city.moments import DAY, Moments
from bench.city.people import Helper, Society, Somebody
from bench.city.sealing import sealer
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.incidents import Incident
from lianxin.organisations.models import Role
from lianxin.people.models import Application, Complaint
from lianxin.people.models import Helper as Relative
from lianxin.volunteers.models import Kit, Transfer

HELPED, EQUIPPED, MOVED = 0.25, 0.4, 0.02
APPLICATIONS_PER_CLIENT, COMPLAINTS_PER_ORDER = 0.08, 0.01
NOBODY_OPENED, WENT_WRONG = 0.005, 0.0005
RELATIONS = ("女儿", "儿子", "儿媳", "外甥", "孙女")
COMPLAINTS = ("约好上午来，下午才到。", "希望社区多办几次义剪。", "电话打了三次才有人接。", "志愿者很好，谢谢你们。")
OUTCOMES, OUTCOME_WEIGHTS = ("out", "safe", "hospital", "other"), (70, 20, 5, 5)
KINDS = [kind.value for kind in Incident.Kind]
ANSWER_WITHIN = 7 * DAY


class Aside:
    """The tables, filled with a luck of its own, so that orders go the same with them and without them."""

    def __init__(self, ground: Ground, society: Society, diary: Diary, moments: Moments, luck: Random) -> None:
        self.ground, self.society, self.diary, self.moments, self.luck = ground, society, diary, moments, luck
        self._relatives = Table(
            Relative, "id", "person", "helper", "relation", "scopes", "given_how", "recorded_by", "during"
        )
        self._applications = Table(
            Application,
            *("id", "kind", "user", "person", "scope", "facts", "state", "made_at", "due_at", "answer"),
            *("answered_by", "answered_at"),
        )
        self._complaints = Table(
            Complaint,
            *("id", "number", "text", "user", "scope", "state", "answer", "answered_by", "made_at", "due_at"),
            "answered_at",
        )
        self._kit = Table(Kit, "id", "volunteer", "kind", "number", "issued_on", "issued_by", "returned_on")
        self._transfers = Table(
            Transfer,
            *("id", "volunteer", "from_team", "to_team", "state", "asked_by", "asked_at", "answered_by", "answered_at"),
        )
        self._alarms = Table(
            Alarm,
            *("id", "person", "order", "kind", "state", "place_path", "team_path", "raised_by", "raised_at", "due_at"),
            *("outcome", "ended_by", "ended_at"),
        )
        self._incidents = Table(
            Incident,
            *("id", "order", "place_path", "team_path", "at", "where", "kind", "done", "reported_by", "due_at"),
            *("closed_by", "closed_at", "ended"),
        )
        self.tables = (
            *(self._relatives, self._applications, self._complaints, self._kit, self._transfers, self._alarms),
            self._incidents,
        )
        self._seal_facts, self._seal_text = sealer(Application, "facts"), sealer(Complaint, "text")

    def settle(self, orders: int) -> None:
        """Everything that hangs on no order; before the orders, so that the journal has it in its place."""
        clients = self.society.clients
        for client in clients:
            if self.luck.random() < HELPED:
                self._relate(client)
        for number in range(int(len(clients) * APPLICATIONS_PER_CLIENT)):
            self._apply(clients[number])
        for number in range(int(orders * COMPLAINTS_PER_ORDER)):
            self._complain(number)
        for team, crew in enumerate(self.society.crews):
            for helper in crew:
                self._equip(helper, team)

    def befall(self, lived: Lived) -> None:
        """What may go wrong with an order that somebody accepted."""
        if lived.helper is None or lived.start > self.moments.now:
            return
        chance = self.luck.random()
        if chance < NOBODY_OPENED:
            self._ring(lived, lived.helper)
        elif chance > 1 - WENT_WRONG and lived.helper.user:
            self._report(lived, lived.helper.user)

    def _relate(self, client: Somebody) -> None:
        crew = self.society.crews[client.community]
        if not crew:
            return
        worker, scopes = self._worker(client.community), array(("order", "follow", "notices"))
        how = self.luck.choice(("call", "visit", "paper"))
        since = self.moments.day(self.luck.randrange(self.moments.now // DAY))
        row = (client.key, self.luck.choice(crew).person, self.luck.choice(RELATIONS), scopes, how, worker)
        self._relatives.add((self._relatives.key(), *row, f"[{since},)"))

    def _apply(self, client: Somebody) -> None:
        if client.user is None:
            return
        key, at, worker = self._applications.key(), self._some_time(), self._worker(client.community)
        scope, answered = self.ground.communities[client.community].path, self.moments.past(at + 3 * DAY)
        state, answer = ("granted", "已经改好") if answered else ("received", "")
        facts = (scope, self._seal_facts('{"words": "门牌号写错了"}'), state, *self._made_and_due(at), answer)
        came = (worker, answered) if answered else (None, None)
        self._applications.add((key, "correct", client.user, client.key, *facts, *came))
        self._note("people.applied", at, Application, key, str(key), client.community, client.user)

    def _complain(self, number: int) -> None:
        client, at = self.luck.choice(self.society.clients), self._some_time()
        key, worker = self._complaints.key(), self._worker(client.community)
        called, answered = f"{self.moments.day(at // DAY)[2:].replace('-', '')}{number:06}", at + 4 * DAY
        scope, is_answered = self.ground.communities[client.community].path, answered <= self.moments.now
        said = ("answered", "已经和队里说了，谢谢提醒。", worker) if is_answered else ("received", "", None)
        facts = (called, self._seal_text(self.luck.choice(COMPLAINTS)), client.user, scope, *said)
        self._complaints.add((key, *facts, *self._made_and_due(at), self.moments.past(answered)))
        self._note("people.complained", at, Complaint, key, called, client.community, client.user)
        if is_answered:
            self._note("people.complaint_answered", answered, Complaint, key, called, client.community, worker)

    def _equip(self, helper: Helper, team: int) -> None:
        captain = self.society.desks[Role.CAPTAIN][team]
        chance = self.luck.random()
        if chance < EQUIPPED:
            issued = self.luck.randrange(self.moments.now // DAY - 1)
            returned = self.moments.day(issued + 1) if chance < EQUIPPED / 4 else None
            row = ("vest", f"{self.luck.choice('SMLX')}码", self.moments.day(issued), captain, returned)
            self._kit.add((self._kit.key(), helper.key, *row))
        elif chance > 1 - MOVED and helper.user:
            self._move(helper, helper.user, team, captain)

    def _move(self, helper: Helper, user: int, team: int, captain: int) -> None:
        """He asks to go to the team beside his own; some still wait, the others were told no."""
        at, teams = self._some_time(), self.ground.teams
        answered = self.moments.past(at + DAY)
        said = ("declined", user, self.moments.text(at), captain, answered) if answered else None
        to = teams[(team + 1) % len(teams)].key
        if to != teams[team].key:
            row = said or ("asked", user, self.moments.text(at), None, None)
            self._transfers.add((self._transfers.key(), helper.key, teams[team].key, to, *row))

    def _ring(self, lived: Lived, helper: Helper) -> None:
        key, at, ended = self._alarms.key(), lived.start + 5, lived.start + self.luck.randint(20, 300)
        community, is_ended = lived.resident.community, ended <= self.moments.now
        paths = (self.ground.communities[community].path, self.ground.teams[community].path)
        [outcome] = self.luck.choices(OUTCOMES, OUTCOME_WEIGHTS)
        worker = self._worker(community)
        came = (outcome, worker, self.moments.text(ended)) if is_ended else ("", None, None)
        facts = (lived.resident.key, lived.key, "no_answer", "ended" if is_ended else "ringing", *paths, helper.user)
        times = (self.moments.text(at), self.moments.text(at + 10))
        self._alarms.add((key, *facts, *times, *came))
        self._note("needs.alarm_raised", at, Alarm, key, "没人应门", community, helper.user)
        if is_ended:
            self._note("needs.alarm_ended", ended, Alarm, key, "没人应门", community, worker)

    def _report(self, lived: Lived, user: int) -> None:
        key, community, closed = self._incidents.key(), lived.resident.community, self.moments.past(lived.end + DAY)
        paths = (self.ground.communities[community].path, self.ground.teams[community].path)
        told = (self.moments.text(lived.start), "居民家里", self.luck.choice(KINDS), "先停下来，打了电话", user)
        came = (self._worker(community), closed, "已经处理好") if closed else (None, None, "")
        self._incidents.add((key, lived.key, *paths, *told, self.moments.text(lived.start + 2 * DAY), *came))
        self._note("needs.incident_reported", lived.start, Incident, key, "出事了", community, user)

    def _some_time(self) -> int:
        return self.luck.randrange(DAY, self.moments.now)

    def _made_and_due(self, at: int) -> tuple[str, str]:
        return self.moments.text(at), self.moments.text(at + ANSWER_WITHIN)

    def _worker(self, community: int) -> int:
        return self.society.desks[Role.STATION_WORKER][community]

    def _note(self, name: str, at: int, model: type, key: int, called: str, community: int, by: int | None) -> None:
        kind, scope = model._meta.label_lower, self.ground.communities[community].path  # type: ignore[attr-defined]
        self.diary.note(Deed(at, name, kind, key, called, scope, by, "工作人员", None, {}))
