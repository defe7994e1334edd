"""From registering to leaving: review, suspension, transfer, membership, card, kit."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role
from lianxin.people.models import Consent, Person
from lianxin.users.models import User
from lianxin.volunteers import queries, rules
from lianxin.volunteers.actions.joining import Application, join, register_volunteer
from lianxin.volunteers.actions.keeping import close_skill, issue_kit, look_at_volunteer, open_skill, return_kit
from lianxin.volunteers.actions.membership import agree, end_membership, record_member, show, withdraw_agreement
from lianxin.volunteers.actions.reviewing import (
    approve_volunteer,
    approve_volunteers,
    ask_back,
    note_guardian,
    refuse_volunteer,
)
from lianxin.volunteers.actions.standing import leave, restrict, resume, suspend
from lianxin.volunteers.actions.transferring import accept_transfer, ask_transfer, decline_transfer
from lianxin.volunteers.models import Kit, Membership, Stay, Transfer, Volunteer
from lianxin.volunteers.queries.kit import kit_out
from lianxin.volunteers.tasks import resume_the_suspended
from tests import make

State = Volunteer.State


@pytest.fixture
def city(db: None) -> make.City:
    return make.small_city()


def applicant(city: make.City, name: str = "单国强", **facts: object) -> Volunteer:
    usual = {"team": city.team, "skills": [], "free": 0, "by": None}
    return register_volunteer(person=make.person(name, home=city.community), **usual | facts)  # type: ignore[arg-type]


def other_team(city: make.City) -> tuple[Node, User]:
    team = open_node(kind=Kind.TEAM, name="光明队", parent=city.corps, by=None)
    return team, make.staff("高队长", Role.CAPTAIN, team)


def serves(volunteer: Volunteer) -> bool:
    return User.objects.get(pk=make.user_of(volunteer).pk).has_perm("needs.serve")


def now(volunteer: Volunteer) -> Volunteer:
    return Volunteer.objects.get(pk=volunteer.pk)


def test_who_is_asked_back_reads_why_and_asks_again_under_his_number(city: make.City) -> None:
    first = applicant(city)
    with pytest.raises(Refused, match="写下原因"):
        ask_back(volunteer=first, reason=" ", by=city.captain)
    ask_back(volunteer=first, reason="请写一样会做的事", by=city.captain)
    assert (now(first).state, now(first).reason) == (State.ASKED_BACK, "请写一样会做的事")
    again = register_volunteer(person=first.person, team=city.team, skills=[], free=7, by=None)
    assert (again.pk, again.number, again.state, again.reason) == (first.pk, first.number, State.APPLIED, "")


def test_who_was_refused_may_ask_another_team(city: make.City) -> None:
    team, captain = other_team(city)
    first = refuse_volunteer(volunteer=applicant(city), reason="本队已经满了", by=city.captain)
    again = register_volunteer(person=first.person, team=team, skills=[], free=0, by=None)
    with pytest.raises(Forbidden):
        approve_volunteer(volunteer=again, by=city.captain)
    approve_volunteer(volunteer=again, by=captain)
    assert now(again).state == State.ACTIVE


def test_of_those_ticked_who_cannot_be_taken_on_is_named_and_the_others_are(city: make.City) -> None:
    one, two, elsewhere = applicant(city), applicant(city, "曾小妹"), applicant(city, "解小龙")
    other, _captain = other_team(city)
    Volunteer.objects.filter(pk=elsewhere.pk).update(team=other)
    suspended = suspend(volunteer=city.volunteer, reason="请假", until=None, by=city.captain)
    taken = approve_volunteers(volunteers=[one, two, suspended, elsewhere], by=city.captain)
    assert taken.done == [one, two]
    assert {pk: str(why)[:9] for pk, why in taken.refused.items()} == {
        suspended.pk: "现在是暂停的，请用",
        elsewhere.pk: "这不在您负责的范围",
    }
    assert [now(each).state for each in (one, two, elsewhere)] == [State.ACTIVE, State.ACTIVE, State.APPLIED]
    assert [serves(each) for each in (one, two, elsewhere)] == [True, True, False]


def test_taking_on_five_takes_as_many_statements_as_one(city: make.City) -> None:
    takes = []
    for many in (1, 5):
        waiting = [applicant(city, f"新人{many}{number}") for number in range(many)]
        by = User.objects.get(pk=city.captain.pk)
        with CaptureQueriesContext(connection) as caught:
            approve_volunteers(volunteers=waiting, by=by)
        takes.append(len(caught))
    assert takes[0] == takes[1]


@pytest.mark.parametrize(("years", "words"), [(13, "未满 14 周岁还不能登记"), (15, "请填监护人")])
def test_a_child_is_refused_kindly_and_a_minor_names_a_guardian(city: make.City, years: int, words: str) -> None:
    person = make.person("小明")
    Person.objects.filter(pk=person.pk).update(born_on=clock.today() - timedelta(days=years * 366))
    with pytest.raises(Refused, match=words):
        register_volunteer(person=person, team=city.team, skills=[], free=0, by=None)


def test_a_minor_is_taken_on_after_the_guardian_was_asked(city: make.City) -> None:
    person = make.person("小明")
    Person.objects.filter(pk=person.pk).update(born_on=clock.today() - timedelta(days=16 * 366))
    minor = register_volunteer(
        person=person,
        team=city.team,
        skills=[],
        free=0,
        by=None,
        guardian_name="王芳",
        guardian_phone="13800000009",
    )
    with pytest.raises(Refused, match="先问监护人"):
        approve_volunteer(volunteer=minor, by=city.captain)
    note_guardian(volunteer=minor, how=Consent.How.CALL, by=city.captain)
    approve_volunteer(volunteer=minor, by=city.captain)
    assert look_at_volunteer(volunteer=minor, by=city.captain)["guardian_phone"] == "13800000009"
    with pytest.raises(Forbidden):
        look_at_volunteer(volunteer=minor, by=city.worker)


def test_one_page_makes_a_stranger_an_applicant(city: make.City) -> None:
    user = make.new_user()
    said = Application(city.team, date(1990, 5, 20), [], 7, rules.notice_version())
    made = join(application=said, by=user, name="查良", home=city.community)
    assert (made.person.name, made.person.born_on, made.person.user, made.state) == (
        "查良",
        date(1990, 5, 20),
        user,
        State.APPLIED,
    )
    assert (made.agreed_to, len(made.agreed_to)) == (rules.notice_version(), 16)


def test_a_suspended_volunteers_promises_go_back_to_the_desk(city: make.City) -> None:
    task = make.accepted_order(city)
    suspend(volunteer=city.volunteer, reason="养伤", until=clock.today(), by=city.captain)
    make.everybody_hears()
    assert Order.objects.get(pk=task.order_id).state == Order.State.WAITING
    assert not serves(city.volunteer)
    with clock.at(clock.now() + timedelta(days=1)):
        resume_the_suspended(0)
        assert (now(city.volunteer).state, serves(city.volunteer)) == (State.ACTIVE, True)


def test_what_a_leaving_volunteer_was_asked_ends(city: make.City) -> None:
    _order, offer = make.offered_order(city)
    leave(volunteer=city.volunteer, by=make.user_of(city.volunteer))
    make.everybody_hears()
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.DECLINED
    assert not Stay.objects.filter(volunteer=city.volunteer, during__upper_inf=True).exists()
    with pytest.raises(Refused):
        resume(volunteer=city.volunteer, by=city.captain)


def test_only_himself_or_who_leads_him_lets_a_volunteer_go(city: make.City) -> None:
    for deed in (leave, restrict):
        with pytest.raises(Forbidden):
            deed(volunteer=city.volunteer, by=make.user_of(city.second_volunteer))
    with pytest.raises(Forbidden):
        suspend(volunteer=city.volunteer, reason="x", until=None, by=city.worker)


def test_the_restricted_stand_on_no_list_and_show_nothing(city: make.City) -> None:
    restrict(volunteer=city.volunteer, by=make.user_of(city.volunteer))
    assert set(queries.volunteers_within([city.corps.path])) == {city.second_volunteer}
    assert Volunteer.objects.filter(pk=city.volunteer.pk).exists()


def test_a_transfer_needs_the_receiving_captains_yes_and_keeps_the_days(city: make.City) -> None:
    team, captain = other_team(city)
    asked = ask_transfer(volunteer=city.volunteer, to=team, reason="搬家了", by=make.user_of(city.volunteer))
    with pytest.raises(Refused, match="已经有一份转队申请"):
        ask_transfer(volunteer=city.volunteer, to=team, reason="", by=city.captain)
    with pytest.raises(Forbidden):
        accept_transfer(transfer=asked, by=city.captain)
    with clock.at(clock.now() + timedelta(days=1)):
        accept_transfer(transfer=asked, by=captain)
        assert now(city.volunteer).team == team
        teams = [stay.team for stay in Stay.objects.filter(volunteer=city.volunteer).order_by("pk")]
        assert teams == [city.team, team]
        held = User.objects.get(pk=make.user_of(city.volunteer).pk)
        assert held.has_perm("needs.serve", team.path)
        assert not held.has_perm("needs.serve", city.team.path)


def test_a_declined_transfer_tells_why_and_leaves_everything(city: make.City) -> None:
    team, captain = other_team(city)
    asked = ask_transfer(volunteer=city.volunteer, to=team, reason="", by=make.user_of(city.volunteer))
    decline_transfer(transfer=asked, reason="今年满了", by=captain)
    make.everybody_hears()
    assert (Transfer.objects.get().state, now(city.volunteer).team) == (Transfer.State.DECLINED, city.team)
    assert "没有接收您" in make.told(city.volunteer.person)[-1]


def branch_and_secretary() -> tuple[Node, User]:
    branch = open_node(kind=Kind.BRANCH, name="和平里党支部", parent=None, by=None)
    return branch, make.staff("许书记", Role.SECRETARY, branch)


def test_membership_counts_by_ones_own_yes_and_shows_by_ones_own_wish(city: make.City) -> None:
    branch, secretary = branch_and_secretary()
    person, user = city.volunteer.person, make.user_of(city.volunteer)
    kept = record_member(person=person, node=branch, kind=Membership.Kind.FULL, by=secretary)
    everybody = Volunteer.objects.all()
    assert queries.standing(everybody).party == 0
    with pytest.raises(Refused, match="先确认"):
        show(membership=kept, is_shown=True, by=user)
    with pytest.raises(Forbidden):
        agree(membership=kept, by=secretary)
    agree(membership=kept, by=user)
    assert (queries.standing(everybody).party, queries.standing(everybody).others) == (1, 1)
    assert queries.shown_membership(person) is None
    show(membership=kept, is_shown=True, by=user)
    assert queries.shown_membership(person) == kept
    withdraw_agreement(membership=kept, by=user)
    assert (queries.standing(everybody).party, queries.shown_membership(person)) == (0, None)


def test_one_is_in_one_branch_at_a_time_and_a_captain_writes_nobody_down(city: make.City) -> None:
    branch, secretary = branch_and_secretary()
    record_member(person=city.resident, node=branch, kind=Membership.Kind.PROBATIONARY, by=secretary)
    other = open_node(kind=Kind.BRANCH, name="光明党支部", parent=None, by=None)
    with pytest.raises(Refused, match="已经登记在一个党支部"):
        record_member(
            person=city.resident,
            node=other,
            kind=Membership.Kind.FULL,
            by=make.staff("钱书记", Role.SECRETARY, other),
        )
    with pytest.raises(Forbidden):
        record_member(person=city.resident, node=branch, kind=Membership.Kind.FULL, by=city.captain)
    assert list(queries.memberships_within([city.corps.path, city.city.path])) == []


def test_who_does_not_belong_there_has_the_entry_removed(city: make.City) -> None:
    branch, secretary = branch_and_secretary()
    kept = record_member(person=city.resident, node=branch, kind=Membership.Kind.FULL, by=secretary)
    end_membership(membership=kept, by=city.resident_user)
    assert not Membership.objects.exists()


def test_one_piece_of_a_kind_until_it_comes_back(city: make.City) -> None:
    vest = issue_kit(volunteer=city.volunteer, kind=Kit.Kind.VEST, number="L", by=city.captain)
    with pytest.raises(Refused, match="先登记归还"):
        issue_kit(volunteer=city.volunteer, kind=Kit.Kind.VEST, number="XL", by=city.captain)
    return_kit(kit=vest, by=city.captain)
    issue_kit(volunteer=city.volunteer, kind=Kit.Kind.VEST, number="XL", by=city.captain)
    assert [kit.number for kit in kit_out([city.team.path])] == ["XL"]


def test_skills_are_kept_by_the_city(city: make.City) -> None:
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.city)
    skill = open_skill(name="理发", by=officer)
    with pytest.raises(Refused, match="已经有这项技能"):
        open_skill(name="理发", by=officer)
    close_skill(skill=skill, by=officer)
    assert list(queries.open_skills()) == []
    assert open_skill(name="理发", by=officer) == skill
    with pytest.raises(Forbidden):
        open_skill(name="陪诊", by=city.captain)


@pytest.mark.parametrize("words", ["国强", "sgq", "dgq", "单国强"])
def test_a_name_is_found_by_two_characters_and_by_the_initials_of_its_surname(city: make.City, words: str) -> None:
    found = applicant(city)
    everybody = queries.volunteers_within([city.corps.path])
    assert list(queries.narrowed(everybody, queries.Asked(words=words))) == [found]


def test_the_ledger_is_narrowed_by_number_phone_ending_state_skill_team_and_place(city: make.City) -> None:
    found = applicant(city, "曾小妹")
    skill = open_skill(name="理发", by=make.staff("罗主任", Role.CITY_OFFICER, city.city))
    found.skills.add(skill)
    everybody = queries.volunteers_within([city.corps.path])
    ending = found.person.phone_ending or ""
    for asked in (
        queries.Asked(words=found.number.lower()),
        queries.Asked(words=ending),
        queries.Asked(state=State.APPLIED),
        queries.Asked(skill=skill),
        queries.Asked(place=city.street),
        queries.Asked(team=city.team, state=State.APPLIED),
    ):
        assert list(queries.narrowed(everybody, asked)) == [found]


def test_whoever_sees_one_subtree_reads_nobody_of_another(city: make.City) -> None:
    team, _captain = other_team(city)
    assert list(queries.volunteers_within([team.path])) == []
    assert list(queries.to_review([team.path])) == []
    assert list(queries.transfers_to([team.path])) == []


def test_the_counts_agree_with_the_list(city: make.City) -> None:
    applicant(city)
    counts = queries.counts(queries.volunteers_within([city.corps.path]))
    assert {words: many for _value, words, many in counts.by_state} == {"待审核": 1, "在册": 2}
    assert [(node.pk, many) for node, many in counts.by_team] == [(city.team.pk, 3)]
    assert queries.members_below(city.corps) == dict.fromkeys(map(int, city.team.path.split(".")), 2)
