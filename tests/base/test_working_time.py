"""The worked examples of rule C2, and what must hold of working time whatever the calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.base import working_time
from lianxin.base.calendar import load_shipped_notices
from tests.make import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar() -> None:
    load_shipped_notices()


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-18 10:00", 7.5, "2026-11-19 10:00"),
        ("2026-11-20 16:30", 7.5, "2026-11-23 16:30"),
        ("2026-11-21 09:00", 7.5, "2026-11-23 17:30"),
        ("2026-11-18 08:30", 3.5, "2026-11-18 12:00"),
        ("2026-11-18 08:30", 3.75, "2026-11-18 13:45"),
        ("2026-11-18 12:10", 1, "2026-11-18 14:30"),
        ("2026-11-18 17:30", 0, "2026-11-19 08:30"),
        ("2026-11-18 23:59", 1, "2026-11-19 09:30"),
        ("2026-02-13 17:00", 7.5, "2026-02-14 17:00"),
        ("2026-02-15 09:00", 7.5, "2026-02-24 17:30"),
        ("2026-02-14 17:00", 1, "2026-02-24 09:00"),
        ("2026-02-27 17:00", 1, "2026-02-28 09:00"),
        ("2026-09-30 17:00", 7.5, "2026-10-08 17:00"),
        ("2026-10-09 16:30", 7.5, "2026-10-10 16:30"),
        ("2026-09-18 16:30", 2, "2026-09-20 09:30"),
    ],
)
@pytest.mark.usefixtures("calendar")
def test_worked_examples(since: str, hours: float, until: str) -> None:
    assert working_time.after(moment(since), timedelta(hours=hours)) == moment(until)


@pytest.mark.usefixtures("calendar")
def test_the_moment_may_be_given_in_any_zone() -> None:
    friday_evening = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert working_time.after(friday_evening, working_time.WORKDAY) == moment("2026-11-23 16:30")


def test_one_question_to_the_calendar_is_enough(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        working_time.after(moment("2026-02-13 17:00"), 5 * working_time.WORKDAY)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(timezone.make_aware)  # noqa: DTZ001 made aware
SPANS = st.timedeltas(timedelta(minutes=1), timedelta(hours=60))
PROPERTY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def is_at_work(instant: datetime) -> bool:
    local = timezone.localtime(instant)
    table = working_time.exceptions(local.date(), local.date())
    is_in_a_shift = any(opens <= local.time() <= closes for opens, closes in working_time.SHIFTS)
    return working_time.is_workday(local.date(), table) and is_in_a_shift


@PROPERTY
@given(since=MOMENTS, worked=SPANS)
@pytest.mark.usefixtures("calendar")
def test_it_ends_within_working_hours_and_never_before_as_much_time_has_passed(
    since: datetime, worked: timedelta
) -> None:
    until = working_time.after(since, worked)
    assert is_at_work(until)
    assert until - since >= worked


@PROPERTY
@given(moments=st.lists(MOMENTS, min_size=2, max_size=5), worked=SPANS)
@pytest.mark.usefixtures("calendar")
def test_who_asks_earlier_is_answered_no_later(moments: list[datetime], worked: timedelta) -> None:
    ends = [working_time.after(each, worked) for each in sorted(moments)]
    assert all(earlier <= later for earlier, later in pairwise(ends))


@PROPERTY
@given(since=MOMENTS, first=SPANS, second=SPANS)
@pytest.mark.usefixtures("calendar")
def test_two_spans_after_each_other_are_one_long_span(since: datetime, first: timedelta, second: timedelta) -> None:
    in_two_steps = working_time.after(working_time.after(since, first), second)
    assert in_two_steps == working_time.after(since, first + second)
