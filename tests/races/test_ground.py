"""What must hold when trees are changed, volunteers taken on and consents said by two at the same moment."""

import pytest

from lianxin.base.refused import Refused
from lianxin.needs.actions.leaving import ask_to_close, close_account
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.shaping import merge_node, move_node
from lianxin.organisations.models import Kind, Node, Role, RoleHeld
from lianxin.people.actions.consents import Said, give_consent
from lianxin.people.models import Consent, Person, Purpose
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.reviewing import approve_volunteer
from lianxin.volunteers.actions.transferring import accept_transfer, ask_transfer, withdraw_transfer
from lianxin.volunteers.models import Stay, Transfer, Volunteer
from tests import make
from tests.make import City
from tests.races.test_races import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)


def street(city: City, name: str) -> Node:
    return open_node(kind=Kind.STREET, name=name, parent=city.street.parent, by=None)


def is_a_tree() -> bool:
    """Whether every path is that of the parent and the node's own key."""
    paths = dict(Node.objects.values_list("pk", "path"))
    rows = Node.objects.values_list("pk", "parent", "path")
    return all(path == (f"{paths[parent]}.{pk}" if parent else str(pk)) for pk, parent, path in rows)


def test_two_nodes_moved_below_each_other_at_once_stay_a_tree() -> None:
    city = make.small_city()
    one = open_node(kind=Kind.DETACHMENT, name="甲支队", parent=city.corps, by=None)
    other = open_node(kind=Kind.DETACHMENT, name="乙支队", parent=city.corps, by=None)
    results = at_once(
        lambda: move_node(node=one, to=other, by=None),
        lambda: move_node(node=other, to=one, by=None),
    )
    assert done(results) == 1
    assert is_a_tree()


def test_what_is_opened_below_a_node_that_moves_goes_along() -> None:
    city = make.small_city()
    goal = open_node(kind=Kind.DETACHMENT, name="新支队", parent=city.corps, by=None)
    old = city.team.parent
    assert old is not None
    results = at_once(
        lambda: move_node(node=old, to=goal, by=None),
        *[lambda name=name: open_node(kind=Kind.TEAM, name=name, parent=old, by=None) for name in ("一队", "二队")],
    )
    assert done(results) == 3
    assert is_a_tree()
    assert Node.objects.filter(path__under=Node.objects.get(pk=goal.pk).path, kind=Kind.TEAM).count() == 3


def test_merged_and_moved_at_once_one_comes_after_the_other() -> None:
    city = make.small_city()
    into = street(city, "幸福街道")
    results = at_once(
        lambda: merge_node(node=city.street, into=into, by=None),
        lambda: move_node(node=city.community, to=into, by=None),
        lambda: merge_node(node=city.street, into=into, by=None),
    )
    assert 1 <= done(results) <= 2
    assert is_a_tree()
    community = Node.objects.get(pk=city.community.pk)
    assert community.path.startswith(Node.objects.get(pk=into.pk).path)
    assert Node.objects.get(pk=city.street.pk).merged_into_id == into.pk


def test_taken_on_four_times_at_once_he_is_taken_on_once() -> None:
    city = make.small_city()
    new = register_volunteer(person=make.person("新人"), team=city.team, skills=[], free=0, by=None)
    results = at_once(*[lambda: approve_volunteer(volunteer=new, by=city.captain)] * 4)
    assert done(results) == 1
    assert Stay.objects.filter(volunteer=new).count() == 1
    assert RoleHeld.objects.filter(user=make.user_of(new), role=Role.VOLUNTEER).count() == 1


def test_a_transfer_taken_back_while_it_is_accepted_ends_in_one_of_both() -> None:
    city = make.small_city()
    team = open_node(kind=Kind.TEAM, name="青松队", parent=city.corps, by=None)
    captain = make.staff("金队长", Role.CAPTAIN, team)
    asked = ask_transfer(volunteer=city.volunteer, to=team, reason="", by=make.user_of(city.volunteer))
    results = at_once(
        lambda: accept_transfer(transfer=asked, by=captain),
        lambda: withdraw_transfer(transfer=asked, by=make.user_of(city.volunteer)),
    )
    assert done(results) == 1
    is_there = Volunteer.objects.get(pk=city.volunteer.pk).team_id == team.pk
    assert is_there == (Transfer.objects.get().state == Transfer.State.ACCEPTED)
    assert Stay.objects.filter(volunteer=city.volunteer, during__upper_inf=True).count() == 1


def test_said_and_closed_at_once_no_yes_outlives_the_account() -> None:
    city = make.small_city()
    application = ask_to_close(by=city.resident_user)
    results = at_once(
        *[
            lambda: give_consent(
                person=city.resident, purpose=Purpose.HEALTH, said=Said(Consent.How.CALL), by=city.worker
            )
        ]
        * 2,
        lambda: close_account(application=application, by=city.worker),
    )
    assert not [each for each in results if isinstance(each, Refused) and "封存" not in str(each)]
    assert Consent.objects.filter(person=city.resident, ended_at=None).count() == 0


def test_ordered_and_closed_at_once_the_account_stays_or_nobody_is_sent() -> None:
    city = make.small_city()
    application = ask_to_close(by=city.resident_user)
    at_once(lambda: make.order(city), lambda: close_account(application=application, by=city.worker))
    make.everybody_hears()
    is_closed = Person.objects.get(pk=city.resident.pk).restricted_at is not None
    open_ones = Order.objects.filter(resident=city.resident).exclude(state__in=Order.ENDED)
    assert not (is_closed and open_ones.exists())
