"""Every page with every role: what the views say and what the tables grant is what happens, and nothing else.

The one table is `permissions()`, filled by each app's `rules.py`. The routes are those of the resolver; one that says
nothing, names a word that no table grants, or needs a row that is not listed here, fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from lianxin.base import clock
from lianxin.base.access import EVERYBODY, SIGNED_IN
from lianxin.base.calendar import load_shipped_notices
from lianxin.base.models import HolidayNotice, Installation
from lianxin.console.exchange.lists import LISTINGS, as_text
from lianxin.exchange.actions.confirming import write_sheet
from lianxin.exchange.actions.exports import want_export
from lianxin.exchange.actions.rosters import accept_roster, map_roster, upload_roster
from lianxin.exchange.models.exports import Export
from lianxin.exchange.models.roll import OnRoll, SignedSheet
from lianxin.exchange.models.rosters import Roster
from lianxin.exchange.rules.rights import IMPORT
from lianxin.hours.actions import dispute_record
from lianxin.hours.models import Dispute, Record
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.actions.calls.aids import make_sheet, write_knowledge
from lianxin.needs.actions.calls.events import open_event
from lianxin.needs.actions.calls.promises import hand_over
from lianxin.needs.actions.calls.rings import connect_line, ring
from lianxin.needs.actions.calls.taking import end_call, start_call
from lianxin.needs.actions.closing import rate_order
from lianxin.needs.actions.incidents import report_incident
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.aids import DaySheet, HomeVisit, Knowledge
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call, CallBack, Duty, Handover, Line, Ring
from lianxin.needs.models.events import Event
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.notices.models import CallCard, Notice
from lianxin.organisations.actions.aliases import name_place
from lianxin.organisations.actions.appointing import propose_administrator
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.opening import enter_opening
from lianxin.organisations.models import Kind, Opening, PlaceAlias, Role, RoleHeld, RoleProposal, Serves
from lianxin.organisations.rules import permissions
from lianxin.people.actions.applications import apply_to_help
from lianxin.people.actions.complaints import complain
from lianxin.people.actions.consents import Said, give_consent
from lianxin.people.actions.families import bar_relative
from lianxin.people.actions.registering import register_person
from lianxin.people.models import Application, Barred, Complaint, Consent, ContactBy, Helper, Purpose
from lianxin.users.models import User
from lianxin.volunteers.actions.keeping import issue_kit, open_skill
from lianxin.volunteers.actions.membership import record_member
from lianxin.volunteers.actions.transferring import ask_transfer
from lianxin.volunteers.models import Kit, Membership, Skill, Transfer
from tests import make
from tests.house import sealed
from tests.house.routes import Route, routes

REFUSED_BY_ROLE = "您的身份不能打开这个页面"
NOBODY, WITHOUT_ROLE = "nobody", "without a role"


@dataclass(frozen=True)
class Prepared:
    """A city with a row of each kind, and somebody in each role."""

    city: make.City
    users: dict[str, User]
    sessions: dict[str, str]
    clear: list[str]
    filled: dict[str, str]


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Prepared]:
    """Made once for all routes; nothing that a page does outlives its request."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield prepare()
        transaction.set_rollback(True)


def prepare() -> Prepared:
    """A row of each kind, made through the real actions, and the sealed columns filled with words to look for."""
    Installation.objects.create(city="连心市", is_demo=True)
    load_shipped_notices()
    city = make.small_city()
    lady = register_person(name="赵桂兰", home=city.community, phone="13800000001", contact_by=ContactBy.CALL, by=None)
    make.order(city, resident=lady, by=city.operator, way=Order.Way.CALL)
    make.offered_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    make.accepted_order(city)
    _go_wrong(city)
    report_incident(
        assignment=city.volunteer.assignments.order_by("pk")[0],
        kind=Incident.Kind.DAMAGE,
        where="厨房",
        done="关了水",
        by=make.user_of(city.volunteer),
    )
    raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    asked = make.verified_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20))
    offer_to_team(order=asked, team=city.team, by=city.dispatcher)
    complain(text="没人回电话", page="/", contact="", by=None, scope=city.community.path)
    prepare_desk(city)
    daughter, son = make.person("张敏", home=city.street), make.person("张强", home=city.street)
    make.let_daughter_help(city, daughter)
    bar_relative(person=city.resident, other=son, by=city.worker)
    give_consent(person=city.resident, purpose=Purpose.HEALTH, said=Said(Consent.How.CALL), by=city.worker)
    apply_to_help(
        name="王秀英", home=city.community, relation="儿子", scopes=[Helper.Scope.FOLLOW], by=make.user_of(son)
    )
    make.everybody_hears()
    _take_a_roster_in(city)
    prepare_ground(city)
    users = {role.value: make.staff(str(role.label), role, city.city) for role in Role}
    propose_administrator(
        user=make.new_user(), role=Role.AUDITOR, node=city.city, by=users[Role.SECURITY_ADMINISTRATOR.value]
    )
    own = {
        Role.RESIDENT.value: city.resident_user,
        Role.VOLUNTEER.value: make.user_of(city.volunteer),
        Role.CAPTAIN.value: city.captain,
        WITHOUT_ROLE: make.user_of(make.person("路人")),
    }
    sessions = {role: _signed_in(user) for role, user in (users | own).items()}
    sealed.one_of_each(city.worker, city.resident)
    return Prepared(city, users | own, sessions, sealed.in_the_clear(), sealed.fill())


def _take_a_roster_in(city: make.City) -> None:
    """A roster with one person on it, who signed a sheet; and a list that was taken away."""
    data = f"姓名,身份证号,服务队\n王芳,11010519491231002X,{city.team}".encode()
    roster = upload_roster(data=data, file_name="名单.csv", source="", by=city.captain)
    make.everybody_hears()
    roster.refresh_from_db()
    accept = map_roster(roster=roster, mapping=roster.mapping, by=city.captain)
    make.everybody_hears()
    accept_roster(roster=accept, by=city.captain)
    make.everybody_hears()
    today = clock.today()
    write_sheet(rows=OnRoll.objects.all(), team=city.team, witness="何见证", signed_on=today, by=city.captain)
    want_export(
        listing="roll",
        title="在册名单",
        query="",
        permission=IMPORT,
        with_sealed=False,
        reason="",
        rows=1,
        by=city.captain,
    )


def _asked_for(city: make.City) -> int:
    """An order of whoever is on the telephone that may still be agreed for another time."""
    return Order.objects.filter(resident=city.resident, state=Order.State.OFFERED).order_by("pk")[0].pk


def prepare_desk(city: make.City) -> None:
    """A call that goes on and one that is over, and a row of whatever else the call desk has."""
    lady, officer = city.resident, make.staff("罗主任", Role.CITY_OFFICER, city.city)
    over = start_call(by=city.worker, number="13800000009", person=lady)
    end_call(call=over, by=city.worker, kind="question", call_back_at=make.tomorrow_at(10))
    hand_over(words="", by=city.worker)
    start_call(by=city.operator, number="13800000009", person=lady)
    line, _secret = connect_line(
        desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city)
    )
    ring(line=line, number="13800000008")
    open_event(name="停水", place=city.community, script="正在抢修。", by=officer)
    write_knowledge(place=city.city, words="退休金", answer="打人社热线。", number="12333", by=officer)
    tonight = DateTimeTZRange(make.tomorrow_at(18), make.tomorrow_at(23))
    Duty.objects.create(desk=city.city, user=city.operator, during=tonight)
    name_place(place=city.community, words="老粮店后头", by=officer)
    make_sheet(place=city.city, by=city.operator)
    HomeVisit.objects.create(
        card=1, person=lady, place_path=city.community.path, text="灯修好了吗", made_at=clock.now(), due_at=clock.now()
    )


def _go_wrong(city: make.City) -> None:
    """A poor rating, and time that who served says is wrong."""
    done = make.done_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20))
    rate_order(order=done, by=city.resident_user, stars=1)
    record = Record.objects.get()
    with clock.at(make.tomorrow_at(23)):
        dispute_record(
            record=record,
            start=record.during.lower,
            end=record.during.upper,
            reason="记少了",
            by=make.user_of(city.volunteer),
        )


def prepare_ground(city: make.City) -> None:
    """A past figure, a transfer asked for, a vest, a member, a skill."""
    officer = make.staff("郑主任", Role.CITY_OFFICER, city.corps)
    enter_opening(
        node=city.team,
        what=Opening.What.PEOPLE,
        number=7,
        unit="人",
        as_of=clock.today(),
        source="2025 年总结",
        by=officer,
    )
    ask_transfer(volunteer=city.second_volunteer, to=city.corps, reason="", by=city.captain)
    issue_kit(volunteer=city.volunteer, kind=Kit.Kind.VEST, number="L", by=city.captain)
    branch = open_node(kind=Kind.BRANCH, name="和平里党支部", parent=None, by=None)
    secretary = make.staff("许书记", Role.SECRETARY, branch)
    record_member(person=city.volunteer.person, node=branch, kind=Membership.Kind.FULL, by=secretary)
    open_skill(name="理发", by=officer)


def _signed_in(user: User) -> str:
    """The key of a session of this user's, made once for all routes."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def own_order(prepared: Prepared) -> Order:
    return Order.objects.filter(resident=prepared.city.resident).order_by("pk")[0]


def accepted(prepared: Prepared) -> int:
    return prepared.city.volunteer.assignments.order_by("pk")[0].pk


def record_of(prepared: Prepared) -> Record:
    return Record.objects.filter(person=prepared.city.volunteer.person).order_by("pk")[0]


ROWS: dict[str, Callable[[Prepared], Any]] = {
    "order_when": lambda prepared: prepared.city.item.pk,
    "order_place": lambda prepared: prepared.city.item.pk,
    "order": lambda prepared: own_order(prepared).pk,
    "task": accepted,
    "offer": lambda prepared: (
        Offer.objects.filter(state=Offer.State.OPEN, volunteer__isnull=False).order_by("pk")[0].pk
    ),
    "team_offer": lambda _prepared: Offer.objects.get(team__isnull=False).pk,
    "team_offer_decline": lambda _prepared: Offer.objects.get(team__isnull=False).pk,
    "notice": lambda prepared: Notice.objects.filter(user=prepared.city.resident_user).order_by("pk")[0].pk,
    "visit": accepted,
    "accident": accepted,
    "incident": lambda _prepared: Incident.objects.get().pk,
    "policy": lambda prepared: prepared.city.team.pk,
    "follow_up": lambda _prepared: FollowUp.objects.get().pk,
    "record": lambda prepared: record_of(prepared).pk,
    "contested_record": lambda prepared: record_of(prepared).pk,
    "dispute": lambda _prepared: Dispute.objects.get().pk,
    "alarm": lambda _prepared: Alarm.objects.order_by("pk")[0].pk,
    "menu": lambda prepared: prepared.city.item.pk,
    "menu_print": lambda prepared: prepared.city.community.pk,
    "fridge_card": lambda prepared: prepared.city.resident.pk,
    "fridge_batch": lambda prepared: prepared.city.community.pk,
    "person": lambda prepared: prepared.city.resident.pk,
    "relative": lambda prepared: prepared.city.resident.pk,
    "unreachable": lambda prepared: prepared.city.resident.pk,
    "helper_new": lambda prepared: prepared.city.resident.pk,
    "helper": lambda _prepared: Helper.objects.get().pk,
    "barred": lambda _prepared: Barred.objects.get().pk,
    "mine_consent": lambda _prepared: Consent.objects.order_by("pk")[0].pk,
    "application": lambda _prepared: Application.objects.get().pk,
    "family": lambda _prepared: Application.objects.get().pk,
    "account": lambda prepared: prepared.city.worker.pk,
    "role_give": lambda prepared: prepared.city.worker.pk,
    "role_end": lambda _prepared: RoleHeld.objects.filter(role=Role.CAPTAIN).order_by("pk")[0].pk,
    "proposal": lambda _prepared: RoleProposal.objects.get().pk,
    "slip_print": lambda prepared: prepared.city.resident.pk,
    "elsewhere": lambda _prepared: "oidc",
    "back": lambda _prepared: "oidc",
    "call": lambda _prepared: CallCard.objects.order_by("pk")[0].pk,
    "desk": lambda _prepared: Call.objects.get(ended_at=None).pk,
    "desk_when": lambda prepared: (Call.objects.get(ended_at=None).pk, prepared.city.item.pk),
    "desk_place": lambda prepared: (Call.objects.get(ended_at=None).pk, prepared.city.item.pk, "soon"),
    "desk_reschedule_when": lambda prepared: (Call.objects.get(ended_at=None).pk, _asked_for(prepared.city)),
    "desk_reschedule_last": lambda prepared: (
        Call.objects.get(ended_at=None).pk,
        _asked_for(prepared.city),
        f"{make.tomorrow_at(9):%Y-%m-%d}-morning",
    ),
    "call_row": lambda _prepared: Call.objects.exclude(ended_at=None)[0].pk,
    "call_read": lambda _prepared: Call.objects.exclude(ended_at=None)[0].pk,
    "ring_out": lambda prepared: prepared.city.resident.pk,
    "ring": lambda _prepared: Ring.objects.get().pk,
    "promise": lambda _prepared: CallBack.objects.get().pk,
    "handover": lambda _prepared: Handover.objects.get().pk,
    "event": lambda _prepared: Event.objects.get().pk,
    "knowledge": lambda _prepared: Knowledge.objects.get().pk,
    "duty": lambda _prepared: Duty.objects.get().pk,
    "alias": lambda _prepared: PlaceAlias.objects.get().pk,
    "sheet_open": lambda _prepared: DaySheet.objects.get().pk,
    "home_visit": lambda _prepared: HomeVisit.objects.get().pk,
    "home_visit_look": lambda _prepared: HomeVisit.objects.get().pk,
    "holidays": lambda _prepared: HolidayNotice.objects.get().pk,
    "line": lambda _prepared: Line.objects.get().pk,
    "complaint": lambda _prepared: Complaint.objects.get().pk,
    "roster": lambda _prepared: Roster.objects.get().pk,
    "sheet": lambda _prepared: SignedSheet.objects.get().pk,
    "export": lambda _prepared: Export.objects.get().pk,
    "console:export_new": lambda _prepared: "exports",
    "console:export_text": lambda _prepared: "exports",
    "site:roll_yes": lambda _prepared: OnRoll.objects.order_by("pk")[0].pk,
    "site:roll_no": lambda _prepared: OnRoll.objects.order_by("pk")[0].pk,
    "node": lambda prepared: prepared.city.team.pk,
    "node_many": lambda prepared: prepared.city.street.pk,
    "node_role_end": lambda prepared: RoleHeld.objects.filter(role=Role.CAPTAIN, node=prepared.city.team)[0].pk,
    "serves": lambda _prepared: Serves.objects.order_by("pk")[0].pk,
    "opening": lambda _prepared: Opening.objects.get().pk,
    "stand": lambda _prepared: RoleHeld.objects.order_by("pk")[0].pk,
    "console:volunteer": lambda prepared: prepared.city.volunteer.pk,
    "volunteer": lambda prepared: prepared.city.volunteer.pk,
    "transfer": lambda _prepared: Transfer.objects.get().pk,
    "kit": lambda _prepared: Kit.objects.get().pk,
    "member": lambda _prepared: Membership.objects.get().pk,
    "membership": lambda _prepared: Membership.objects.get().pk,
    "skill": lambda _prepared: Skill.objects.order_by("pk")[0].pk,
    "card": lambda prepared: prepared.city.volunteer.card_code,
    "site:complaint": lambda _prepared: Complaint.objects.get().number,
}
"""For a route with a row: a fitting one, under the route's own name, its last part, or that part's first word."""


def address_of(route: Route, prepared: Prepared) -> str:
    if "<" not in route.pattern:
        return reverse(route.name)
    last = route.name.rpartition(":")[2]
    for name in (route.name, last, last.partition("_")[0]):
        if name in ROWS:
            found = ROWS[name](prepared)
            return reverse(route.name, args=found if isinstance(found, tuple) else [found])
    raise LookupError(f"{route.name} needs a row: say in ROWS which one fits")


def roles_that_may(may: str) -> set[str]:
    everybody_in = {*Role.values, WITHOUT_ROLE}
    if may == EVERYBODY:
        return {*everybody_in, NOBODY}
    return everybody_in if may == SIGNED_IN else {role.value for role in permissions()[may]}


def asked(client: Client, method: str, address: str) -> HttpResponse:
    """The answer; what it changed is undone."""
    with transaction.atomic():
        answer = getattr(client, method)(address)
        transaction.set_rollback(True)
    return answer  # type: ignore[no-any-return]


def turned_away(answer: HttpResponse) -> str:
    """How the guard refused: to the sign-in page, by a page that says so, or not at all."""
    if answer.status_code == 302 and answer["Location"].startswith(f"{reverse('site:sign_in')}?next="):
        return "to sign in"
    return "refused" if answer.status_code == 403 and REFUSED_BY_ROLE in answer.content.decode() else ""


@pytest.mark.django_db
@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_a_route_opens_to_the_roles_of_its_permission_and_to_nobody_else(route: Route, prepared: Prepared) -> None:
    assert route.may is not None, f"{route.name} does not say who may open it"
    assert route.may in {EVERYBODY, SIGNED_IN, *permissions()}, f"no table grants {route.may}"
    address, allowed = address_of(route, prepared), roles_that_may(route.may)
    for role in [NOBODY, WITHOUT_ROLE, *Role.values]:
        client = Client(raise_request_exception=True)
        if role != NOBODY:
            client.cookies[settings.SESSION_COOKIE_NAME] = prepared.sessions[role]
        for method in ("get", "post"):
            answer = asked(client, method, address)
            said = turned_away(answer)
            if method == "get" or role not in allowed:
                seen = sealed_in(answer, prepared) - (OPEN_TO.get(route.name, set()) if role in allowed else set())
                assert seen == set(), f"{role} reads what is sealed at {method} {address}"
            if role in allowed:
                assert said == "", f"{role} may {method} {address}"
                assert answer.status_code < 500 or route.name == "healthz"
                assert method == "post" or answer.status_code != 403, f"{role} may see {address}"
            else:
                wanted = "to sign in" if role == NOBODY else "refused"
                assert said == wanted, f"{role} may not {method} {address}: {answer.status_code}"


OPEN_TO = {
    "site:outbox": {"notices.Sms.phone", "notices.Sms.text"},
    "console:sheet_open": {"needs.DaySheet.pdf"},
    "console:export_file": {"exchange.Export.file"},
}
"""What a page gives at once to who may open it: the demo's outbox, the day's sheet (noted), one's own export."""


def sealed_in(answer: Any, prepared: Prepared) -> set[str]:
    """The sealed columns whose words stand in an answer, or in where it leads to."""
    text = answer.getvalue().decode(errors="ignore") if answer.streaming else answer.content.decode(errors="ignore")
    said = f"{text} {answer.headers.get('Location', '')}"
    return {name for name, words in prepared.filled.items() if words in said}


@pytest.mark.django_db
def test_every_sealed_field_is_looked_for_and_no_table_holds_one_in_the_clear(prepared: Prepared) -> None:
    assert set(prepared.filled) | sealed.NOT_FILLED == {name for name, _model, _field in sealed.columns()}
    assert prepared.clear == []


@pytest.mark.django_db
def test_somebody_of_another_place_opens_nothing(prepared: Prepared, caplog: pytest.LogCaptureFixture) -> None:
    with transaction.atomic():
        elsewhere = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=prepared.city.street, by=None)
        team = open_node(kind=Kind.TEAM, name="青松队", parent=prepared.city.corps, by=None)
        others = [
            make.staff("外站长", Role.STATION_WORKER, elsewhere),
            make.staff("外接线", Role.CALL_OPERATOR, elsewhere),
            make.staff("外队长", Role.CAPTAIN, team),
            make.user_of(make.person("外人", home=elsewhere)),
        ]
        for route in [each for each in routes() if "<" in each.pattern]:
            for user in others:
                client = Client(raise_request_exception=True)
                client.force_login(user)
                for method in ("get", "post"):
                    answer = asked(client, method, address_of(route, prepared))
                    assert sealed_in(answer, prepared) == set(), f"{user} {method} {route.name}"
        transaction.set_rollback(True)
    assert [name for name, words in prepared.filled.items() if words in caplog.text] == []


@pytest.mark.django_db
def test_no_list_that_leaves_holds_what_is_sealed(prepared: Prepared) -> None:
    users = [prepared.users[role.value] for role in Role]
    for name, listing in LISTINGS.items():
        user = next(each for each in users if each.has_perm(listing.permission))
        text = as_text(name, user, QueryDict(), "名单")
        cells = [row for batch in listing.batches(user, QueryDict()) for row in listing.cells(user, batch)]
        assert {len(row) for row in cells} <= {len(listing.heads)}, name
        assert [column for column, words in prepared.filled.items() if words in text] == [], name


@pytest.mark.django_db
def test_a_page_that_breaks_shows_and_logs_nothing_of_it(prepared: Prepared, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(prepared.city.worker)
    with transaction.atomic():
        sealed.break_seal(prepared.city.resident_user)
        answer = client.post(reverse("console:person_look", args=[prepared.city.resident.pk]))
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert sealed_in(answer, prepared) == set()
    assert [name for name, words in prepared.filled.items() if words in caplog.text] == []


def test_every_role_can_do_something_that_not_everybody_can() -> None:
    granted = {role for roles in permissions().values() for role in roles}
    assert set(Role) - granted == {Role.RESIDENT}


def test_every_permission_opens_a_page_or_is_asked_by_an_action() -> None:
    from_pages = {route.may for route in routes()}
    assert set(permissions()) - from_pages == ASKED_BY_ACTIONS_ONLY


ASKED_BY_ACTIONS_ONLY = {
    "exchange.take_sealed",
    "needs.read_call_notes",
    "users.work_at_a_desk",
    "users.administer",
    "organisations.propose_administrators",
}
