"""A lady of eighty-one with a telephone on the wall and nothing else: she rings, is rung, and is helped."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.notices.models import CallCard, Sms
from lianxin.people.actions.registering import register_person
from lianxin.people.models import ContactBy, Person
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.stories.walk import People, now

pytestmark = pytest.mark.django_db

NUMBER = "13877770008"


@pytest.fixture
def people() -> People:
    return People(make.small_city())


@pytest.fixture
def lady(people: People) -> Person:
    home = people.city.community
    return register_person(name="赵桂兰", home=home, phone=NUMBER, contact_by=ContactBy.CALL, by=people.city.worker)


def order_by_telephone(people: People, lady: Person) -> Order:
    """The operator asks who it is, what, and when; the promise is read out before the call ends."""
    operator = people.operator
    operator.does("console:desk_answer", typed=NUMBER)
    call = Call.objects.get(ended_at=None)
    operator.does("console:desk_choose", call.pk, person=lady.pk)
    when = operator.client.get(reverse("console:desk_when", args=[call.pk, people.city.item.pk]))
    slug = when.context["parts"][0][1].slug
    key = make.new_key()
    operator.does("console:desk_place", call.pk, people.city.item.pk, slug, details="厨房灯不亮", key=key)
    operator.does("console:desk_end", call.pk, kind="")
    return Order.objects.get()


def ring(people: People, lady: Person) -> str:
    """The operator takes the card that waits, reads its script to her, and notes that she heard it."""
    card = CallCard.objects.get(notice__person_id=lady.pk, done_at=None)
    page = people.operator.sees("console:call_card", card.pk)
    people.operator.does("console:call_try", card.pk, result="reached")
    assert "赵桂兰您好" in page
    return page


def test_from_the_ring_to_the_stars_without_a_screen(people: People, lady: Person) -> None:
    order = order_by_telephone(people, lady)
    assert (order.state, order.way, order.responsible) == (Order.State.WAITING, Order.Way.CALL, people.city.operator)
    # The promise was read out to her in that call: nobody rings to say it again.
    make.everybody_hears()
    assert not CallCard.objects.exists()

    task = people.accept(people.ask(order, people.city.volunteer), people.volunteer)
    script = ring(people, lady)
    assert "红帽队李师傅上门" in script
    assert now(order).door_word in script
    assert "不收钱" in script

    people.serve(task, people.volunteer, at=now(order).planned_start)
    with clock.at(now(order).planned_start + timedelta(hours=2)):
        assert "做好了吗" in ring(people, lady)
        said = {"how": "call", "stars": 5, "words": "亮堂得很"}
        people.operator.does("console:order_confirm", order.pk, **said)
    rating = Rating.objects.get()
    assert (now(order).state, now(order).confirmed_how) == (Order.State.DONE, "call")
    assert (rating.stars, rating.how, rating.words) == (5, Rating.How.CALL, "亮堂得很")
    assert minutes_of(people.city.volunteer.person) == 50


def test_nothing_of_it_went_to_her_as_a_text(people: People, lady: Person) -> None:
    people.accept(people.ask(order_by_telephone(people, lady), people.city.volunteer), people.volunteer)
    ring(people, lady)
    assert not Sms.objects.filter(notice__person_id=lady.pk).exists()


def test_who_she_is_and_what_she_wants_is_for_the_desk_and_whoever_comes(people: People, lady: Person) -> None:
    order = order_by_telephone(people, lady)
    offer = people.ask(order, people.city.volunteer)
    before = people.volunteer.sees("site:tasks")
    assert "小修小补" in before
    assert "赵桂兰" not in before
    assert "小修小补" not in people.second_volunteer.sees("site:tasks")
    task = people.accept(offer, people.volunteer)
    assert "赵" in people.volunteer.sees("site:task", task)
    assert people.second_volunteer.is_kept_out("site:task", task)
