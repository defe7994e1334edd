"""What must hold when a relative is let go, or a resident is written down, by two at the same moment."""

import pytest

from lianxin.base.refused import Refused
from lianxin.needs.models.orders import Order
from lianxin.people.actions.families import stop_help
from lianxin.people.actions.registering import register_resident
from lianxin.people.models import Helper, Person
from lianxin.people.queries import may_act_for
from tests import make
from tests.races.test_races import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_who_write_down_the_same_phone_at_once_make_one_person() -> None:
    city = make.small_city()
    results = at_once(
        *[lambda: register_resident(name="赵桂兰", home=city.community, phone="13877770001", by=city.worker)] * 4
    )
    assert (done(results), Person.objects.filter(name="赵桂兰").count()) == (1, 1)
    assert {each.field for each in results if isinstance(each, Refused)} == {"unlike"}


def test_a_relative_let_go_while_ordering_has_ordered_before_or_not_at_all() -> None:
    city = make.small_city()
    daughter = make.person("张敏", home=city.street)
    given = make.let_daughter_help(city, daughter)
    ordered, stopped = at_once(
        lambda: make.order(city, by=make.user_of(daughter)), lambda: stop_help(helper=given, by=city.worker)
    )
    assert isinstance(stopped, Helper)
    assert Order.objects.count() == isinstance(ordered, Order)
    assert not may_act_for(daughter, city.resident, Helper.Scope.ORDER)


def test_ended_twice_at_once_it_has_ended_once() -> None:
    city = make.small_city()
    given = make.let_daughter_help(city, make.person("张敏", home=city.street))
    results = at_once(*[lambda: stop_help(helper=given, by=city.worker)] * 3)
    assert done(results) == 1
