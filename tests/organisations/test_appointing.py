"""Who gives which role, administrators by two people, and accounts that nobody uses (rules A8, A10 and A11)."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianxin.base import clock
from lianxin.base.models import Installation
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.organisations.actions.appointing import (
    countersign,
    end_role,
    give_role,
    keep_roles,
    propose_administrator,
    switch_off_idle_accounts,
)
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.actions.delegating import delegate
from lianxin.organisations.models import Role, RoleHeld, RoleProposal
from lianxin.organisations.queries import roles_of
from lianxin.organisations.rules import ADMINISTRATORS, GIVEN_BY, PRIVATE, roles_with
from lianxin.users.models import Session, User
from lianxin.users.sessions import SessionStore
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.fixture
def three(city: City) -> dict[Role, User]:
    return {role: make.staff(str(role.label), role, city.city) for role in sorted(ADMINISTRATORS)}


@pytest.fixture
def security(three: dict[Role, User]) -> User:
    return three[Role.SECURITY_ADMINISTRATOR]


def held_by(user: User) -> RoleHeld:
    return RoleHeld.objects.exclude(role__in=PRIVATE).get(user=user)


@pytest.mark.parametrize("role", sorted(GIVEN_BY))
@pytest.mark.parametrize("giver", sorted(Role))
def test_a_role_is_given_by_whom_the_table_names_and_by_nobody_else(role: Role, giver: Role, city: City) -> None:
    by = make.staff("某人", giver, city.city)
    is_two_step, may = role in ADMINISTRATORS, giver in roles_with(GIVEN_BY[role])
    try:
        give_role(user=make.new_user(), role=role, node=city.city, by=by)
        outcome = "given"
    except Forbidden:
        outcome = "forbidden"
    except Refused:
        outcome = "to be proposed"
    assert outcome == ("to be proposed" if is_two_step else "given") if may else outcome == "forbidden"


def test_nobody_gives_or_ends_a_role_of_his_own(city: City, security: User) -> None:
    with pytest.raises(Forbidden, match="不能给自己"):
        give_role(user=security, role=Role.CITY_OFFICER, node=city.city, by=security)
    with pytest.raises(Forbidden, match="不能给自己"):
        end_role(held=held_by(security), by=security)


def test_a_role_is_given_within_ones_reach(city: City, security: User) -> None:
    officer = make.staff("区里", Role.CITY_OFFICER, city.street)
    with pytest.raises(Forbidden, match="不在您负责的范围内"):
        give_role(user=make.new_user(), role=Role.CAPTAIN, node=city.team, by=officer)
    assert give_role(user=make.new_user(), role=Role.CAPTAIN, node=city.team, by=security).node == city.team


def test_a_resident_is_made_by_a_claim_and_not_by_appointment(city: City, security: User) -> None:
    with pytest.raises(Refused, match="随登记和审核而来"):
        give_role(user=make.new_user(), role=Role.RESIDENT, node=city.community, by=security)
    with pytest.raises(Refused, match="要由管理员授予"):
        let_belong(users={make.new_user(): city.city}, role=Role.AUDITOR, by=security)


def test_an_ended_role_signs_out_and_opens_nothing(city: City, security: User) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(city.worker.pk)
    session.save()
    end_role(held=held_by(city.worker), by=security)
    worker = User.objects.get(pk=city.worker.pk)
    assert not worker.has_perm("needs.verify")
    assert not Session.objects.filter(user=worker).exists()
    assert Entry.objects.filter(name="organisations.role_ended").get().facts["user"] == worker.pk


def test_an_administrator_takes_two(city: City, three: dict[Role, User], security: User) -> None:
    newcomer = make.new_user()
    proposal = propose_administrator(user=newcomer, role=Role.AUDITOR, node=city.city, by=security)
    assert roles_of(newcomer) == []
    for wrong in (security, newcomer, three[Role.AUDITOR], city.worker):
        with pytest.raises(Forbidden):
            countersign(proposal=proposal, agrees=True, by=wrong)
    countersign(proposal=proposal, agrees=True, by=three[Role.SYSTEM_ADMINISTRATOR])
    assert [held.role for held in roles_of(User.objects.get(pk=newcomer.pk))] == [Role.AUDITOR]
    with pytest.raises(Refused):
        countersign(proposal=proposal, agrees=False, by=three[Role.SYSTEM_ADMINISTRATOR])


def test_whoever_is_not_agreed_to_gets_nothing(city: City, three: dict[Role, User], security: User) -> None:
    newcomer = make.new_user()
    proposal = propose_administrator(user=newcomer, role=Role.AUDITOR, node=city.city, by=security)
    countersign(proposal=proposal, agrees=False, by=three[Role.SYSTEM_ADMINISTRATOR])
    assert RoleProposal.objects.get().state == RoleProposal.State.DECLINED
    assert not RoleHeld.objects.filter(user=newcomer).exists()


def test_nobody_is_two_administrators_at_once(city: City, three: dict[Role, User]) -> None:
    for role, user in three.items():
        other = next(each for each in sorted(ADMINISTRATORS) if each != role)
        with pytest.raises(Refused, match="不能由同一个人担任"):
            give_role(user=user, role=other, node=city.city, by=None)


def test_an_administrator_has_no_stand_in(city: City, security: User) -> None:
    today = clock.today()
    with pytest.raises(Forbidden, match="三员不能代理"):
        delegate(role=held_by(security), to=make.new_user(), since=today, until=today, by=security)


def test_the_last_security_administrator_stays(city: City, security: User) -> None:
    with pytest.raises(Refused, match="最后一位安全管理员"):
        end_role(held=held_by(security), by=None)
    second = make.staff("另一位", Role.SECURITY_ADMINISTRATOR, city.city)
    end_role(held=held_by(security), by=second)
    with pytest.raises(Refused, match="已经结束"):
        end_role(held=held_by(security), by=second)


def test_the_review_is_written_down(city: City, three: dict[Role, User], security: User) -> None:
    assert keep_roles(held=[held_by(city.worker), held_by(city.captain)], by=security) == 2
    assert held_by(city.worker).reviewed_on == clock.today()
    with pytest.raises(Forbidden, match="自己的身份"):
        keep_roles(held=[held_by(security)], by=security)
    with pytest.raises(Forbidden):
        keep_roles(held=[held_by(city.worker)], by=three[Role.AUDITOR])


def test_accounts_at_a_desk_are_switched_off_when_idle_but_for_one_who_can_switch_on(
    city: City, three: dict[Role, User], security: User
) -> None:
    long_ago = clock.now() - timedelta(days=91)
    User.objects.update(made_at=long_ago, last_in_at=long_ago)
    RoleHeld.objects.update(during=DateRange(long_ago.date(), None))
    busy = city.dispatcher
    User.objects.filter(pk=busy.pk).update(last_in_at=clock.now() - timedelta(days=89))
    switch_off_idle_accounts()
    off = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    assert off == {city.worker.pk, city.operator.pk, three[Role.AUDITOR].pk, three[Role.SYSTEM_ADMINISTRATOR].pk}
    assert {user.off_because for user in User.objects.filter(pk__in=off)} == {"idle"}
    assert switch_off_idle_accounts() == 0


def test_a_demo_switches_nobody_off(city: City) -> None:
    Installation.objects.create(city="连心市", is_demo=True, key_fingerprint="0")
    User.objects.update(made_at=clock.now() - timedelta(days=500), last_in_at=None)
    RoleHeld.objects.update(during=DateRange((clock.now() - timedelta(days=500)).date(), None))
    assert switch_off_idle_accounts() == 0
