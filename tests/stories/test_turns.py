"""What does not go straight: declined, handed on to 12345, not done well, and time that two say differently."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.hours import checks
from lianxin.hours.models import Dispute, Record
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.stories.walk import People, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return People(make.small_city())


def done(people: People, order: Order, *, minutes: int = 50) -> None:
    """Asked, accepted, served by the first volunteer, and confirmed by the resident."""
    task = people.accept(people.ask(order, people.city.volunteer), people.volunteer)
    people.serve(task, people.volunteer, at=now(order).planned_start, minutes=minutes)
    with clock.at(now(order).planned_end + timedelta(minutes=30)):
        people.resident.does("site:order_confirm", order.pk)


def test_the_first_says_no_and_the_second_comes(people: People) -> None:
    order = make.verified_order(people.city)
    people.volunteer.does("site:offer_decline", people.ask(order, people.city.volunteer).pk)
    assert now(order).state == Order.State.WAITING
    page = people.dispatcher.sees("console:dispatch", order=order.pk)
    assert "孙晓梅" in page
    task = people.accept(people.ask(order, people.city.second_volunteer), people.second_volunteer)
    people.serve(task, people.second_volunteer, at=now(order).planned_start)
    people.resident.does("site:order_confirm", order.pk)
    answers = Offer.objects.order_by("pk").values_list("state", flat=True)
    assert list(answers) == [Offer.State.DECLINED, Offer.State.ACCEPTED]
    assert (minutes_of(people.city.volunteer.person), minutes_of(people.city.second_volunteer.person)) == (0, 50)
    assert "拒" not in people.captain.sees("console:volunteer", people.city.volunteer.pk)


def test_what_is_for_12345_stays_open_until_somebody_has_asked_what_came_of_it(people: People) -> None:
    order = make.order(people.city, details="楼下井盖没了")
    facts = {"to": Redirect.To.HOTLINE, "outside_number": "GD20261122", "words": "井盖归城管"}
    people.worker.does("console:order_redirect", order.pk, **facts)
    assert any("12345" in text for text in make.told(people.city.resident))
    assert str(order.pk) in people.worker.sees("console:redirected")

    people.worker.does("console:order_outcome", order.pk, came=Redirect.Came.GOES_ON, outcome="城管说明天来")
    assert str(order.pk) in people.worker.sees("console:redirected")
    people.worker.does("console:order_outcome", order.pk, came=Redirect.Came.SETTLED, outcome="井盖装好了")
    assert "井盖装好了" in make.told(people.city.resident)[-1]
    assert "井盖装好了" in people.resident.sees("site:order", order.pk)
    assert Record.objects.count() == 0


def test_one_star_is_asked_after_and_what_is_not_done_is_served_again(people: People) -> None:
    order = make.verified_order(people.city)
    done(people, order)
    with clock.at(now(order).planned_end + timedelta(hours=1)):
        people.resident.does("site:order_rate", order.pk, stars=1, words="灯又不亮了")
        follow_up = FollowUp.objects.get()
        assert people.volunteer.is_kept_out("console:follow_up", follow_up.pk)
        assert "灯又不亮了" not in people.volunteer.sees("site:tasks")
        assert "灯又不亮了" in people.worker.sees("console:follow_up", follow_up.pk)

        again = now(order).planned_end + timedelta(hours=20)
        facts = {"words": "灯又不亮了", "who": "same", "start": again.strftime("%Y-%m-%dT%H:%M")}
        people.resident.does("site:order_reopen", order.pk, **facts)
        people.worker.does("console:follow_up", follow_up.pk, finding=FollowUp.Finding.TRUE, done="换了灯座")
    assert any("换了灯座" in text for text in make.told(people.city.resident))
    task = now(order).assignments.get()
    people.serve(task.pk, people.volunteer, at=now(order).planned_start, minutes=20)
    with clock.at(now(order).planned_start + timedelta(hours=1)):
        people.resident.does("site:order_confirm", order.pk)
    assert minutes_of(people.city.volunteer.person) == 70
    assert list(checks.faults()) == []


def test_time_that_clashes_is_settled_and_time_that_is_wrong_is_disputed(people: People) -> None:
    city = people.city
    start = make.tomorrow_at(9)
    for minutes in (50, 40):
        done(people, make.verified_order(city, start=start, end=start + timedelta(hours=3)), minutes=minutes)
        start += timedelta(minutes=90)
    first, second = Record.objects.order_by("pk")
    assert minutes_of(city.volunteer.person) == 90

    with clock.at(start + timedelta(days=1)):
        begins = first.during.lower.astimezone(start.tzinfo)
        wanted = {"start": begins, "end": begins + timedelta(minutes=70), "reason": "少记了二十分钟"}
        facts = {name: f"{fact:%Y-%m-%dT%H:%M}" if name != "reason" else fact for name, fact in wanted.items()}
        people.volunteer.does("site:record", first.pk, **facts)
        dispute = Dispute.objects.get()
        assert people.second_volunteer.is_kept_out("site:record", first.pk)
        people.captain.does("console:dispute", dispute.pk, is_right="yes", answer="问过王秀英，是七十分钟")
    assert "七十分钟" in make.told(city.volunteer.person)[-1]
    assert minutes_of(city.volunteer.person) == 110
    assert "少记了二十分钟" in people.volunteer.sees("site:record", first.pk)
    assert second.pk in Record.objects.filter(state=Record.State.CONFIRMED).values_list("pk", flat=True)
    assert list(checks.faults()) == []
