"""How the demo city is made: never beside real people, at any hour, and again after it was broken off."""

from datetime import datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base import clock
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.demo import city
from lianxin.demo.stories import visit_going_on
from lianxin.journal.models import Entry
from lianxin.needs.models.orders import Order
from lianxin.needs.rules import is_at_night
from lianxin.organisations.models import Role, RoleHeld
from lianxin.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


FIRST_OF_JANUARY = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())


class BrokenOffError(Exception):
    """As when somebody pulls the plug."""


def silent(words: str) -> None:
    pass


def broken_off_at(stage: str) -> city.Progress:
    def say(words: str) -> None:
        if stage in words:
            raise BrokenOffError

    return say


def states() -> set[str]:
    return set(Order.objects.values_list("state", flat=True))


def test_a_demo_is_refused_beside_real_people() -> None:
    make.person("王秀英")
    with pytest.raises(Refused, match="已经有真实人员"):
        city.make(progress=silent)
    assert not Installation.objects.exists()
    assert Person.objects.count() == 1


def test_a_demo_is_refused_in_a_real_city() -> None:
    Installation.objects.create(city="某市", is_demo=False, key_fingerprint="0" * 16)
    with pytest.raises(Refused, match="已经有真实人员"):
        city.make(progress=silent)
    assert not Person.objects.exists()


def test_broken_off_in_the_middle_of_its_history_the_city_can_be_signed_in_to_and_is_finished_by_the_next_call() -> (
    None
):
    with pytest.raises(BrokenOffError):
        city.make(progress=broken_off_at("250 of"), share=0.2)
    assert set(RoleHeld.objects.values_list("role", flat=True)) == set(Role)
    assert not Order.objects.exists()
    city.make(progress=silent, share=0.2)
    assert states() == set(Order.State)
    assert Person.objects.count() == 200


@given(
    st.integers(0, 366 * 24 * 60).map(lambda minutes: FIRST_OF_JANUARY + timedelta(minutes=minutes)),
    st.integers(15, 120),
    st.floats(0, 1),
)
def test_at_any_hour_a_visit_is_going_on_that_one_person_may_make(present: datetime, minutes: int, part: float) -> None:
    visit = visit_going_on(present, minutes, 8 + part * (minutes - 13))
    assert visit < present
    assert not is_at_night(DateTimeTZRange(visit, visit + timedelta(hours=2)), minutes)


def test_at_night_in_the_spring_festival_orders_stand_in_every_state_too() -> None:
    with clock.at(datetime(2026, 2, 18, 3, 10, tzinfo=timezone.get_current_timezone())):
        city.make(progress=silent, share=0.2)
    assert states() == set(Order.State)
    assert Entry.objects.filter(name="needs.order_placed").count() == Order.objects.count()
