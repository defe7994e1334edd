"""What does not go its usual way: calls, one event behind many, alarms, an accident, teams asked, disputes, wishes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db.models import F

from lianxin.base import clock
from lianxin.demo import faces, lines, menu
from lianxin.demo.days import at_hour, awake
from lianxin.demo.growth import said
from lianxin.demo.growth.rolls import leave_one_to_correct
from lianxin.demo.growth.sizes import Size
from lianxin.demo.places import CITY, HOME, HOME_TEAM
from lianxin.demo.settlers import known, user_of
from lianxin.hours.actions import answer_dispute, dispute_record
from lianxin.hours.models import Record
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.calls.events import link_event, open_event, update_event
from lianxin.needs.actions.calls.orders import urge_order
from lianxin.needs.actions.calls.promises import hand_over, ring_back
from lianxin.needs.actions.calls.taking import choose_caller, end_call, start_call
from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.actions.incidents import close_incident, report_incident
from lianxin.needs.actions.placing import place_order
from lianxin.needs.actions.teams import decline_for_team, hand_on, offer_to_team
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call, CallBack
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates
from lianxin.organisations.actions.appointing import propose_administrator
from lianxin.organisations.models import Kind, Node, Role
from lianxin.organisations.queries import holders, holders_at
from lianxin.people.actions.applications import apply_to_correct, apply_to_help
from lianxin.people.actions.complaints import answer_complaint, complain
from lianxin.people.actions.families import let_help
from lianxin.people.models import Helper, Person
from lianxin.users.models import User
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.transferring import accept_transfer, ask_transfer
from lianxin.volunteers.models import Skill, Volunteer

Step = Callable[[Size, datetime, Random], list[str] | None]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def log_calls(size: Size, present: datetime, rng: Random) -> None:
    """What rang at the hotline during the last days, and what was promised: kept, open, overdue."""
    desk = operators()
    people = _residents(rng, 40)
    begun = sorted(_office_hour(present - timedelta(days=rng.uniform(1, 12)), rng) for _ in said.CALLS * 2)
    for number, (at, (kind, note, passed)) in enumerate(zip(begun, said.CALLS * 2, strict=True)):
        with clock.at(at):
            operator = desk[number % len(desk)]
            _call(operator, people[number % len(people)], kind, note, passed, rng)
    for number, (note, hours) in enumerate(said.PROMISES):
        with clock.at(present - timedelta(hours=hours)):
            call = start_call(by=desk[number % 2], person=people[-1 - number])
            due = clock.now() + 3 * HOUR
            end_call(call=call, by=call.operator, kind=Call.Kind.QUESTION, words=note, call_back_at=due)
    for kept in CallBack.objects.filter(kept_at=None, due_at__lt=present - HOUR).select_related("owner").order_by("pk"):
        with clock.at(kept.due_at - 30 * MINUTE):
            call = ring_back(promise=kept, by=kept.owner)
            end_call(call=call, by=kept.owner, words="已经说清楚了。")
    with clock.at(present - 90 * MINUTE):
        hand_over(words="待回的电话都在单子上，先打停水那家；保安室的新号码写在白板上。", by=desk[1])


def _call(operator: User, person: Person, kind: str, note: str, passed: str, rng: Random) -> None:
    is_known = kind not in {Call.Kind.WRONG, Call.Kind.SILENT}
    call = start_call(by=operator, person=person if is_known else None)
    with clock.at(clock.now() + rng.uniform(0.5, 5) * MINUTE):
        end_call(call=call, by=operator, kind=kind, words=note, passed_to=passed)


def tell_of_an_event(size: Size, present: datetime, rng: Random) -> None:
    """A burst pipe at home: many ring, all are told at once; and one of last month that is over."""
    desk, home = operators(), _home()
    people = [person for person in _residents(rng, 200) if person.home_id == home.pk][:9]
    opened = present - timedelta(hours=3)
    with clock.at(opened):
        event = open_event(name=said.EVENT, place=home, script=said.SCRIPT, by=desk[0])
    for number, person in enumerate(people):
        with clock.at(opened + (4 + 9 * number) * MINUTE):
            call = start_call(by=desk[number % len(desk)], person=person)
            call = link_event(call=call, event=event, by=call.operator)
        with clock.at(opened + (5 + 9 * number) * MINUTE):
            end_call(call=call, by=call.operator)
    with clock.at(present - 40 * MINUTE):
        update_event(event=event, text=said.UPDATE, by=desk[0])
    with clock.at(present - timedelta(days=24)):
        over = open_event(name=said.PAST_EVENT, place=home, script=said.PAST_SCRIPT, by=desk[1])
    with clock.at(present - timedelta(days=24) + 5 * HOUR):
        update_event(event=over, text=said.PAST_UPDATE, by=desk[1], is_over=True)


def ring_alarms(size: Size, present: datetime, rng: Random) -> None:
    """Nobody could be reached: found well each time; one rings at the home station now."""
    desk = operators()
    for number, (kind, outcome, note) in enumerate(said.ALARMS):
        person = _residents(rng, 60)[number]
        at = _office_hour(present - timedelta(days=4 + 9 * number), rng)
        with clock.at(at):
            alarm = raise_alarm(person=person, kind=Alarm.Kind(kind), by=desk[0])
        with clock.at(at + rng.uniform(9, 14) * MINUTE):
            worker = holders_at(known(person.home).path, Role.STATION_WORKER)[0]
            end_alarm(alarm=alarm, outcome=Alarm.Outcome(outcome), by=worker, words=note)
    with clock.at(present - 6 * MINUTE):
        neighbour = next(each for each in _residents(rng, 200) if each.home_id == _home().pk and not each.user_id)
        raise_alarm(person=neighbour, kind=Alarm.Kind.UNREACHABLE, by=desk[0])


def report_accidents(size: Size, present: datetime, rng: Random) -> None:
    """A slip on the stairs, told to the insurer; and a broken vase that is not settled yet."""
    held = Assignment.objects.filter(state=Assignment.State.HELD, order__state=Order.State.ACCEPTED)
    known_ones = held.exclude(volunteer__person__name__in=faces.NAMES).select_related("volunteer__person__user")
    found = [each for each in known_ones.order_by("pk")[:6] if each.volunteer.person.user]
    for number, (each, (kind, where, done, ended)) in enumerate(zip(found, said.ACCIDENTS, strict=False)):
        with clock.at(max(each.accepted_at, present - (28 - 9 * number) * HOUR)):
            incident = report_incident(
                assignment=each, kind=Incident.Kind(kind), where=where, done=done, by=user_of(each.volunteer.person)
            )
        if ended:
            with clock.at(present - 2 * HOUR):
                worker = holders_at(incident.place_path, Role.STATION_WORKER)[0]
                close_incident(incident=incident, ended=ended, by=worker)


def ask_teams(size: Size, present: datetime, rng: Random) -> None:
    """Teams are asked: the home team twice, whose captain has not looked yet; others handed on or declined."""
    home, dispatcher = _home(), _dispatcher()
    team = Node.objects.get(name=HOME_TEAM)
    orders = list(_told_at_home(present, rng, 4))
    for number, order in enumerate(orders):
        with clock.at(present - (50 - 8 * number) * MINUTE):
            offer_to_team(order=order, team=team, by=dispatcher)
    captain = holders_at(team.path, Role.CAPTAIN)[0]
    with clock.at(present - 15 * MINUTE):
        offers = list(Offer.objects.filter(order__in=orders, team=team).order_by("pk"))
        members = candidates.able_of_team(orders[0], team)[:2]
        if members:
            hand_on(offer=offers[0], to=list(members), by=captain)
        decline_for_team(offer=offers[1], by=captain)
    with clock.at(present - 12 * MINUTE):
        waiting = Order.objects.filter(place=home, state=Order.State.WAITING, objections=None).order_by("-pk").first()
        if waiting:
            object_to_dispatch(order=waiting, by=captain, reason="这两天队里人都在值岗，专业队更合适。")


def _told_at_home(present: datetime, rng: Random, many: int) -> Iterator[Order]:
    """Told to the worker of the home station within the last hours that people were awake."""
    home = _home()
    worker = holders_at(home.path, Role.STATION_WORKER)[0]
    neighbours = [each for each in _residents(rng, 200) if each.home_id == home.pk]
    items = {item.name: item for item in MenuItem.objects.select_related("place", "skill")}
    for number in range(many):
        item = items[said.TOLD[number % len(said.TOLD)]]
        start = at_hour(present + (2 + number) * DAY, 9.5)
        with clock.at(awake(present - (95 - 6 * number) * MINUTE)):
            yield place_order(
                item=item,
                resident=neighbours[number % len(neighbours)],
                start=start,
                end=start + 3 * HOUR,
                by=worker,
                way=Order.Way.VISIT,
                details=lines.wish(rng, rng.choice(menu.BY_NAME[item.name].wishes)),
            )


def hear_complaints(size: Size, present: datetime, rng: Random) -> None:
    """From every part of the city, answered within days; the latest wait."""
    people = _residents(rng, 80)
    for number, (page, text, answer) in enumerate(said.COMPLAINTS):
        person = people[number]
        ago = 58 - 4.6 * number if answer else 1.4 * (len(said.COMPLAINTS) - number) - 1
        at = _office_hour(present - timedelta(days=max(ago, 0.3)), rng)
        with clock.at(min(at, present - 30 * MINUTE)):
            made = complain(text=text, page=page, contact="", by=person.user, scope=known(person.home).path)
        if answer:
            with clock.at(min(at + timedelta(hours=rng.uniform(20, 44)), present - 10 * MINUTE)):
                worker = holders_at(known(person.home).path, Role.STATION_WORKER)[0]
                answer_complaint(complaint=made, answer=answer, by=worker)


def bring_families(size: Size, present: datetime, rng: Random) -> None:
    """Grown children who order for their parents, and some who have just asked to."""
    found = _residents(rng, 400)
    parents = [each for each in found if each.user_id is None][:10]
    children = [each for each in found if each.user_id and each.home not in {parent.home for parent in parents[:3]}]
    for number, (parent, child) in enumerate(zip(parents, children[5:], strict=False)):
        with clock.at(_office_hour(present - timedelta(days=20 + 3 * number), rng)):
            let_help(
                person=parent,
                helper=child,
                relation="女儿" if number % 2 else "儿子",
                scopes=[Helper.Scope.ORDER, Helper.Scope.FOLLOW, Helper.Scope.NOTICES],
                given_how=Helper.GivenHow.CALL if number % 3 else Helper.GivenHow.VISIT,
                by=holders_at(known(parent.home).path, Role.STATION_WORKER)[0],
            )
    home = _home()
    at_home = [each for each in found if each.home_id == home.pk and each.user_id is None]
    for number, (child, parent) in enumerate(zip(children[:2], at_home[-2:], strict=False)):
        with clock.at(present - (7 + 20 * number) * HOUR):
            apply_to_help(
                name=parent.name,
                home=home,
                relation="女儿",
                scopes=[Helper.Scope.ORDER, Helper.Scope.NOTICES],
                by=user_of(child),
            )
    with clock.at(present - 26 * HOUR):
        apply_to_correct(words="门牌号写错了，应该是 3 单元。", by=user_of(children[3]))


def ask_to_serve(size: Size, present: datetime, rng: Random) -> None:
    """Residents who want to serve, and volunteers who want to change teams; the home captain has some of each."""
    team = Node.objects.get(name=HOME_TEAM)
    others = list(Node.objects.filter(kind=Kind.TEAM, closed_on=None).exclude(pk=team.pk).order_by("pk")[:8])
    willing = [each for each in _residents(rng, 400) if each.user_id and _is_under(each, 60, present)]
    skills = list(Skill.objects.order_by("pk"))
    for number, person in enumerate(willing[:9]):
        with clock.at(present - rng.uniform(3, 70) * HOUR):
            register_volunteer(
                person=person,
                team=team if number < 3 else others[number % len(others)],
                skills=rng.sample(skills, 2),
                free=rng.choice(said.FREE),
                by=person.user,
            )
    serving = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__in=others, person__user__isnull=False)
    for number, volunteer in enumerate(serving.select_related("person__user").order_by("-pk")[:5]):
        to = team if number < 2 else others[number]
        if volunteer.team_id != to.pk:
            with clock.at(present - (6 + 11 * number) * HOUR):
                asked = ask_transfer(
                    volunteer=volunteer, to=to, reason=said.WHY_MOVE[number], by=user_of(volunteer.person)
                )
            if number == 4:
                with clock.at(present - 30 * HOUR):
                    accept_transfer(transfer=asked, by=holders_at(to.path, Role.CAPTAIN)[0])


def _is_under(person: Person, years: int, present: datetime) -> bool:
    return person.born_on is not None and (present.date() - person.born_on).days < years * 365


def dispute_time(size: Size, present: datetime, rng: Random) -> None:
    """Volunteers who say that their time was written down wrongly: one was right, others wait."""
    known_ones = Record.objects.filter(state=Record.State.CONFIRMED, confirmed_at__lt=present - 2 * HOUR)
    found = known_ones.filter(recorder=F("person__user"))  # what a worker wrote down he could not judge himself
    records = list(found.select_related("person__user").order_by("-pk")[:40])
    for number, record in enumerate(records[:: max(1, len(records) // 4)][:4]):
        longer = record.during.upper + timedelta(minutes=20)
        raised = max(known(record.confirmed_at) + HOUR, present - (60 - 12 * number) * HOUR)
        with clock.at(raised):
            dispute = dispute_record(
                record=record,
                start=record.during.lower,
                end=longer,
                reason=said.WHY_LONGER[number],
                by=user_of(record.person),
            )
        if number == 0:
            with clock.at(max(raised + 30 * MINUTE, present - 9 * HOUR)):
                worker = holders_at(record.place_path, Role.STATION_WORKER)[0]
                answer_dispute(dispute=dispute, is_right=True, answer="问过居民，确实晚走了二十分钟。", by=worker)


def urge(size: Size, present: datetime, rng: Random) -> None:
    """Residents who ring to ask where it stays."""
    waiting = Order.objects.filter(state__in=[Order.State.CHECKING, Order.State.WAITING]).select_related("resident")
    desk = operators()
    for number, order in enumerate(waiting.order_by("pk")[:5]):
        with clock.at(max(order.placed_at + 30 * MINUTE, present - (100 - 12 * number) * MINUTE)):
            call = start_call(by=desk[number % len(desk)])
            call = choose_caller(call=call, person=order.resident, relation=Call.Relation.SELF, by=call.operator)
            urge_order(call=call, order=order, by=call.operator)
            end_call(call=call, by=call.operator, words=rng.choice(said.URGED))


def leave_papers(size: Size, present: datetime, rng: Random) -> None:
    """A list with lines to correct, and an auditor who is proposed and not countersigned yet."""
    leave_one_to_correct(size, size.streets - 1, _office_hour(present - 2 * DAY, rng), rng)
    city = _city()
    security = holders_at(city.path, Role.SECURITY_ADMINISTRATOR)[0]
    somebody = holders_at(city.path, Role.DISPATCHER)[0]
    with clock.at(_office_hour(present - DAY, rng)):
        propose_administrator(user=somebody, role=Role.AUDITOR, node=city, by=security)


STEPS: tuple[Step, ...] = (
    log_calls,
    tell_of_an_event,
    ring_alarms,
    report_accidents,
    ask_teams,
    hear_complaints,
    bring_families,
    ask_to_serve,
    dispute_time,
    urge,
    leave_papers,
)


def operators() -> list[User]:
    """Who answers the hotline."""
    return list(holders(Role.CALL_OPERATOR, _city().path))


def _dispatcher() -> User:
    return holders_at(_home().path, Role.DISPATCHER)[0]


def _city() -> Node:
    return Node.objects.get(name=CITY, parent=None)


def _home() -> Node:
    return Node.objects.get(name=HOME, kind=Kind.COMMUNITY)


def _residents(rng: Random, many: int) -> list[Person]:
    """So many who are helped and do not serve, drawn by chance; not the faces."""
    lived = Person.objects.filter(home__isnull=False, volunteer=None).exclude(name__in=faces.NAMES)
    found = list(lived.select_related("home", "user__person").order_by("pk"))
    at_home = [each for each in found if each.home and each.home.name == HOME]
    return rng.sample(found, min(many, len(found))) + (at_home if many >= AT_HOME_TOO else [])


AT_HOME_TOO = 200


def _office_hour(moment: datetime, rng: Random) -> datetime:
    """The same day while desks are open."""
    return at_hour(moment, rng.uniform(8.8, 17.0))
