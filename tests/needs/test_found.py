"""平安 or 需关注: how whoever came found the resident, for the desk, the relative and the resident alone (rule E9)."""

from collections.abc import Callable

import pytest
from django.test import Client

from lianxin.base import clock
from lianxin.journal.models import Entry
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.residents import copy_of_orders, last_visit_to
from lianxin.notices.models import CallCard
from lianxin.people.models import Helper
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> make.City:
    return make.small_city()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ended(city: make.City, found: str, finish: Callable[[Assignment], object] | None = None) -> Assignment:
    """A visit that ended an hour after it began, by the volunteer's own word unless `finish` does it."""
    assignment, by = make.accepted_order(city), make.user_of(city.volunteer)
    with clock.at(assignment.order.planned_start):
        start_visit(assignment=assignment, by=by)
    with clock.at(assignment.order.planned_end):
        if finish:
            finish(assignment)
        else:
            finish_visit(assignment=assignment, by=by, found=found)
        make.everybody_hears()
    return assignment


def test_at_concern_the_station_hears_it_and_rings_the_resident(city: make.City) -> None:
    ended(city, Visit.Found.CONCERN)
    assert "需关注" in " ".join(make.told(city.worker.person))
    card = CallCard.objects.get()
    assert card.person_name == "王秀英" and "挂念您" in card.notice.text
    assert "concern" not in str(list(Entry.objects.values("subject_name", "facts")))


def test_at_well_and_at_nothing_nobody_is_rung(city: make.City) -> None:
    ended(city, Visit.Found.WELL)
    assert not CallCard.objects.exists() and not Entry.objects.filter(name="needs.look_after_wanted").exists()


def test_the_volunteer_says_it_with_one_tap_as_he_ends(city: make.City) -> None:
    client, said = signed_in(make.user_of(city.volunteer)), {"found": "well", "outcome": "修好了"}

    def finish(held: Assignment) -> None:
        assert "人看上去怎么样" in client.get(f"/tasks/{held.pk}/").content.decode()
        assert client.post(f"/tasks/{held.pk}/finish/", said | {"found": "ill"}).status_code == 422
        assert client.post(f"/tasks/{held.pk}/finish/", said).status_code == 303

    assignment = ended(city, "", finish)
    assert Visit.objects.get(assignment=assignment).found == Visit.Found.WELL


def test_it_stands_on_the_record_and_in_the_own_copy(city: make.City) -> None:
    ended(city, Visit.Found.WELL)
    page = signed_in(city.worker).get(f"/console/people/{city.resident.pk}/").content.decode()
    assert "最近一次上门" in page and "平安" in page
    assert [order["found"] for order in copy_of_orders(city.resident)] == [["平安"]]


def test_a_daughter_reads_it_only_if_she_may_see_visits(city: make.City) -> None:
    daughter, son = make.person("张敏"), make.person("张强")
    make.let_daughter_help(city, daughter, [Helper.Scope.VISITS])
    make.let_daughter_help(city, son, [Helper.Scope.FOLLOW])
    ended(city, Visit.Found.CONCERN)
    page = signed_in(make.user_of(daughter)).get(f"/family/{city.resident.pk}/").content.decode()
    assert "需关注" in page and "社区会打电话问候" in page
    assert "需关注" not in signed_in(make.user_of(son)).get(f"/family/{city.resident.pk}/").content.decode()
    for stranger in (make.person("路人"), city.second_volunteer.person):
        answer = signed_in(make.user_of(stranger)).get(f"/family/{city.resident.pk}/")
        assert answer.status_code == 404


def test_she_reads_when_somebody_comes_next(city: make.City) -> None:
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter, [Helper.Scope.VISITS])
    client = signed_in(make.user_of(daughter))
    assert "下一次" not in client.get(f"/family/{city.resident.pk}/").content.decode()
    make.accepted_order(city)
    page = client.get(f"/family/{city.resident.pk}/").content.decode()
    assert "下一次" in page and "和平里红帽队" in page and "李" not in page.partition("下一次")[2][:60]


def test_the_concern_of_one_of_two_stands_for_both(city: make.City) -> None:
    assignment = ended(city, Visit.Found.CONCERN)
    first = Visit.objects.get(assignment=assignment)
    second = Assignment.objects.create(
        order=assignment.order, volunteer=city.second_volunteer, accepted_at=assignment.accepted_at
    )
    later = {"started_at": first.started_at, "finished_at": first.finished_at, "found": Visit.Found.WELL}
    Visit.objects.create(assignment=second, **later)
    last = last_visit_to(city.resident)
    assert last is not None and last.found == Visit.Found.CONCERN
