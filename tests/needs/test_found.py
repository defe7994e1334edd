"""平安 or 需关注: how whoever came found the resident, for the desk, the relative and the resident alone (rule E9)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianxin.base import clock
from lianxin.base.refused import Forbidden
from lianxin.hours.models import Record
from lianxin.journal.models import Entry
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.actions.found import correct_found
from lianxin.needs.actions.leaving import close_account
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.residents import copy_of_orders, last_visit_to
from lianxin.notices.models import CallCard
from lianxin.people.actions.applications import apply_to_close
from lianxin.people.models import Helper
from lianxin.site.purposes import PURPOSES
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


def test_the_journal_says_the_same_of_a_visit_at_concern_and_at_nothing(city: make.City) -> None:
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    ended(city, Visit.Found.CONCERN)
    noted = set(Entry.objects.filter(pk__gt=before, name__startswith="needs.").values_list("name", flat=True))
    again = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with clock.at(clock.now() + timedelta(days=7)):
        ended(city, "")
    assert noted == set(Entry.objects.filter(pk__gt=again, name__startswith="needs.").values_list("name", flat=True))


def test_at_well_and_at_nothing_nobody_is_rung(city: make.City) -> None:
    ended(city, Visit.Found.WELL)
    assert not CallCard.objects.exists()


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
    copied = [visit["found"] for order in copy_of_orders(city.resident) for visit in order["visits"]]
    assert copied == ["平安"]
    assert "平安" in signed_in(city.resident_user).post("/me/data/copy/").content.decode()


def test_the_privacy_page_says_what_for_who_sees_it_and_how_long(city: make.City) -> None:
    [purpose] = [each for each in PURPOSES if "needs.Visit.found" in each.facts]
    page = Client().get("/privacy/").content.decode()
    assert [str(words) for words in (purpose.what, purpose.kept, purpose.seen_by) if str(words) not in page] == []


def test_the_resident_has_it_put_right_or_deleted_by_the_desk_that_keeps_his_record(city: make.City) -> None:
    visit = Visit.objects.get(assignment=ended(city, Visit.Found.CONCERN))
    address, desk = f"/console/people/{city.resident.pk}/found/", signed_in(city.worker)
    assert "本人说不是这样" in desk.get(f"/console/people/{city.resident.pk}/").content.decode()
    assert desk.post(address, {"found": "ill"}).status_code == 409
    for said in ("well", ""):
        assert desk.post(address, {"found": said}).status_code == 303
        visit.refresh_from_db()
        assert visit.found == said
    assert desk.post(address, {"found": ""}).status_code == 409
    assert Entry.objects.filter(name="needs.found_corrected", for_person_id=city.resident.pk).count() == 2
    for stranger in (city.captain, city.dispatcher, make.user_of(city.volunteer)):
        with pytest.raises(Forbidden):
            correct_found(visit=visit, found="well", by=stranger)


def test_it_is_forgotten_when_the_record_is_restricted_and_the_service_time_stays(city: make.City) -> None:
    assignment = ended(city, Visit.Found.CONCERN)
    order = assignment.order
    confirm_order(order=order, by=city.resident_user)
    close_account(application=apply_to_close(by=city.resident_user), by=city.worker)
    make.everybody_hears()
    visit = Visit.objects.get(assignment=assignment)
    assert (visit.found, visit.finished_at is None) == ("", False)
    assert Record.objects.get().minutes > 0


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
