"""The city's time, real or pretended."""

import pytest

from lianxin.base import clock
from tests import make


@pytest.mark.parametrize(
    ("local", "line"), [("08:30", "30 0 * * *"), ("00:10", "10 16 * * *"), ("04:17", "17 20 * * *")]
)
def test_a_time_of_day_in_the_city_is_written_in_universal_time_for_cron(local: str, line: str) -> None:
    assert clock.daily(local) == line


def test_inside_a_pretended_moment_it_is_that_moment() -> None:
    with clock.at(make.moment("2026-01-31 23:59")):
        assert clock.today().isoformat() == "2026-01-31"
