"""Look-ups that are compiled once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.base.actions import lock
from lianxin.base.paths import PathField
from lianxin.base.prepared import Prepared, PreparedValues, is_any_of
from lianxin.base.sealed import Sealed
from lianxin.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_prepared_look_up_finds_what_the_queryset_itself_finds() -> None:
    city = make.small_city()
    people = Person.objects.select_related("home", "volunteer")
    prepared = Prepared(lambda pk: people.filter(pk=pk), models.BigIntegerField())
    for person in (city.resident, city.volunteer.person):
        [found], wanted = prepared(person.pk), people.get(pk=person.pk)
        with CaptureQueriesContext(connection) as queries:
            assert (found, found.home, getattr(found, "volunteer", None)) == (
                wanted,
                wanted.home,
                getattr(wanted, "volunteer", None),
            )
        assert len(queries) == 0
        assert _clear(found) == _clear(wanted)


def _clear(person: Person) -> dict[str, object]:
    facts = {each.attname: getattr(person, each.attname) for each in Person._meta.concrete_fields}
    return {name: fact.open() if isinstance(fact, Sealed) else fact for name, fact in facts.items()}


def test_prepared_values_are_those_of_the_queryset_with_sums_and_converted_fields() -> None:
    city = make.small_city()

    def rows(paths: object, pk: object) -> "models.QuerySet[Person, tuple[object, ...]]":
        known = Person.objects.filter(is_any_of("home__path", paths), pk__gte=pk).order_by("pk")  # type: ignore[arg-type]
        return known.annotate(many=models.Count("orders")).values_list("many", "phone", "home__path", "pk")

    prepared = PreparedValues(rows, ArrayField(PathField()), models.BigIntegerField())
    for order in range(2):
        make.order(city, details=str(order))
    wanted = Person.objects.filter(home__path=city.community.path).order_by("pk")
    found = prepared([city.community.path, "1"], 1)
    assert [(many, phone.open(), path, pk) for many, phone, path, pk in found] == [
        (each.orders.count(), each.phone.open(), city.community.path, each.pk) for each in wanted
    ]
    assert 2 in {many for many, *_others in found}


def test_its_values_are_bound_and_never_become_part_of_the_statement() -> None:
    make.small_city()
    named = Prepared(lambda name: Person.objects.filter(name=name), models.CharField())
    assert named("'; drop table people_person; --") == []
    assert Person.objects.exists()


def test_it_serves_many_threads_at_once() -> None:
    city = make.small_city()
    prepared = Prepared(lambda pk: Person.objects.filter(pk=pk), models.BigIntegerField())

    def names(_: int) -> list[str]:
        try:
            return [person.name for person in prepared(city.resident.pk)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(names, range(24))) == [[city.resident.name]] * 24


def test_a_lock_is_refused_where_it_would_not_last() -> None:
    city = make.small_city()
    with pytest.raises(transaction.TransactionManagementError):
        lock(Person, city.resident.pk)


def test_a_lock_on_a_row_that_is_not_there_says_so() -> None:
    with transaction.atomic(), pytest.raises(Person.DoesNotExist):
        lock(Person, 0)
