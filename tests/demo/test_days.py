"""When things happen in the demo city."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lianxin.demo.days import DOWN, UP, awake, hour_of

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_nobody_orders_at_night_but_on_the_evening_before(moment: datetime) -> None:
    said = awake(moment)
    assert UP <= hour_of(said) <= DOWN
    assert said <= moment
    assert (moment - said).total_seconds() < (24 - DOWN + UP) * 3600
    assert (said == moment) == (UP <= hour_of(moment) <= DOWN)
