"""Under 18: who serves goes by day beside an adult; who is served is served by adults, who ring the guardian."""

from datetime import date, timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.checking import verify_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order, withdraw
from lianxin.needs.actions.serving import look_at_contact, start_visit
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import able
from lianxin.people.actions.circumstances import Contact, Guardian
from lianxin.people.actions.registering import register_person
from lianxin.people.models import Consent, Person
from lianxin.volunteers.actions.consents import withdraw as take_back
from lianxin.volunteers.actions.joining import Application, join
from lianxin.volunteers.actions.reviewing import approve_volunteer, note_guardian
from lianxin.volunteers.actions.standing import resume
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db

MOTHER = Contact("张敏", "母亲", "13866660002")


@pytest.fixture
def city() -> City:
    return make.small_city()


def born(years: int) -> date:
    return (clock.today() - timedelta(days=30)).replace(year=clock.today().year - years)


def minor(city: City, name: str = "小林") -> Volunteer:
    """A volunteer of sixteen whose guardian has said yes."""
    said = Application(
        city.team, born(16), [], make.ALWAYS_FREE, "", guardian_name="王芳", guardian_phone="13800000009"
    )
    made = join(application=said, by=make.user_of(make.person(name, home=city.community)))
    note_guardian(volunteer=made, how=Consent.How.CALL, by=city.captain)
    return approve_volunteer(volunteer=made, by=city.captain)


def offered(city: City, *to: Volunteer, item: MenuItem, **facts: object) -> tuple[Order, list[Offer]]:
    placed = make.verified_order(city, item=item, **facts)
    return placed, list(offer_order(order=placed, to=to, by=city.dispatcher))


@pytest.fixture
def for_two(city: City) -> MenuItem:
    return make.menu_item(city.city, "陪聊", people=2, is_low_risk=True)


@pytest.mark.parametrize(
    ("facts", "hours", "may"),
    [
        ({"people": 2, "is_low_risk": True}, (9, 12), True),
        ({"people": 1, "is_low_risk": True}, (9, 12), False),
        ({"people": 2, "is_low_risk": False}, (9, 12), False),
        ({"people": 2, "is_low_risk": True}, (21, 22), False),
        ({"people": 2, "is_low_risk": True, "clock": "urgent"}, (9, 12), False),
    ],
)
def test_a_minor_is_asked_only_for_what_is_harmless(
    city: City, facts: dict[str, object], hours: tuple[int, int], may: bool
) -> None:
    young = minor(city)
    start, end = (make.tomorrow_at(hour) for hour in hours)
    placed = make.verified_order(city, item=make.menu_item(city.city, "陪聊", **facts), start=start, end=end)
    found = set(able(placed))
    assert (young in found) == may
    assert city.volunteer in found


def test_one_place_is_left_to_an_adult(city: City, for_two: MenuItem) -> None:
    young, younger = minor(city), minor(city, "小杨")
    _placed, offers = offered(city, young, younger, city.volunteer, item=for_two)
    accept_offer(offer=offers[0], by=make.user_of(young))
    with pytest.raises(Refused, match="另一位要是成年人"):
        accept_offer(offer=offers[1], by=make.user_of(younger))
    accept_offer(offer=offers[2], by=make.user_of(city.volunteer))


def test_a_minor_begins_only_beside_an_adult(city: City, for_two: MenuItem) -> None:
    young = minor(city)
    _placed, offers = offered(city, young, city.volunteer, item=for_two)
    own = accept_offer(offer=offers[0], by=make.user_of(young))
    other = accept_offer(offer=offers[1], by=make.user_of(city.volunteer))
    withdraw(assignment=other, by=make.user_of(city.volunteer))
    with clock.at(make.tomorrow_at(9)), pytest.raises(Refused):
        start_visit(assignment=own, by=make.user_of(young))


def test_when_the_guardian_says_no_he_serves_no_more_until_he_says_yes_again(city: City) -> None:
    young = minor(city)
    take_back(consent=Consent.objects.get(person=young.person), by=city.captain)
    young.refresh_from_db()
    assert (young.state, young.reason) == (Volunteer.State.SUSPENDED, "监护人撤回了同意。")
    with pytest.raises(Refused, match="请先问监护人"):
        resume(volunteer=young, by=city.captain)
    note_guardian(volunteer=young, how=Consent.How.VISIT, by=city.captain)
    assert resume(volunteer=young, by=city.captain).state == Volunteer.State.ACTIVE


def child_served(city: City) -> Person:
    said = Guardian(MOTHER, Consent.How.CALL)
    return register_person(
        name="张小宝", home=city.community, born_on=born(9), phone="13866660009", guardian=said, by=city.worker
    )


def test_a_child_is_served_by_two_adults_who_ring_the_mother(city: City) -> None:
    young, small = minor(city), child_served(city)
    placed = make.order(
        city, resident=small, item=make.menu_item(city.city, "作业辅导", is_low_risk=True), by=city.worker,
        way=Order.Way.VISIT,
    )  # fmt: skip
    placed = Order.objects.get(pk=placed.pk)
    if placed.state == Order.State.CHECKING:
        placed = verify_order(order=placed, by=city.worker, how="call")
    assert placed.people == 2
    assert young not in set(able(placed))
    first, second = offer_order(order=placed, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    own = accept_offer(offer=first, by=make.user_of(city.volunteer))
    accept_offer(offer=second, by=make.user_of(city.second_volunteer))
    contact = look_at_contact(assignment=own, by=make.user_of(city.volunteer))
    assert (contact["phone"], contact["guardian"]) == ("13866660002", "张敏（母亲）")
    assert "13866660009" not in contact.values()
    looks = Entry.objects.filter(name="people.looked", for_person_id=small.pk)
    assert {field for entry in looks for field in entry.facts["fields"]} == {"guardian_phone"}
