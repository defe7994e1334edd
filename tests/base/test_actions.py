"""An action is wholly done or not at all, and says no in people's words."""

import pytest
from django.db import connection, transaction

from lianxin.base.actions import action, lock
from lianxin.base.moves import may_move, move
from lianxin.base.refused import Refused
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node

pytestmark = pytest.mark.django_db


@action
def open_and_fail() -> None:
    open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    raise Refused("不行")


def test_what_a_refused_action_did_is_undone() -> None:
    with pytest.raises(Refused):
        open_and_fail()
    assert not Node.objects.exists()


def test_an_action_within_an_action_is_undone_with_it() -> None:
    @action
    def outer() -> None:
        open_node(kind=Kind.CITY, name="一市", parent=None, by=None)
        open_and_fail()

    with pytest.raises(Refused):
        outer()
    assert not Node.objects.exists()


def test_a_refused_inner_action_can_be_survived_by_nobody_but_its_whole() -> None:
    open_node(kind=Kind.CITY, name="一市", parent=None, by=None)
    with pytest.raises(Refused):
        open_and_fail()
    assert [node.name for node in Node.objects.order_by("pk")] == ["一市"]


def test_a_broken_constraint_refuses_in_its_own_words() -> None:
    city = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    open_node(kind=Kind.COUNTY, name="东湖区", parent=city, by=None)
    with pytest.raises(Refused, match="上级下面已经有同名的组织。"):
        open_node(kind=Kind.COUNTY, name="东湖区", parent=city, by=None)


def test_the_row_is_locked_against_other_writers() -> None:
    city = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    with transaction.atomic():
        lock(Node, city.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock' AND pid = pg_backend_pid()")
            assert cursor.fetchone()[0] >= 1


@pytest.mark.parametrize("state", Order.State.values)
def test_a_state_moves_only_as_the_table_says(state: str) -> None:
    for to in Order.State:
        order = Order(state=state)
        if may_move(order, to):
            move(order, to)
            assert order.state == to
        else:
            label = Order.State(state).label
            words = f"已经是「{label}」了" if to == state else f"现在是「{label}」，不能改为「{to.label}」"
            with pytest.raises(Refused, match=words):
                move(order, to)
            assert order.state == state
