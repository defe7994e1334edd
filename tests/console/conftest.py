"""A small city, and browsers of those who work in it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.organisations.models import Role
from lianxin.users.models import User
from tests.make import City, small_city, staff


@pytest.fixture
def city(db: None) -> City:
    return small_city()


@pytest.fixture
def officer(city: City) -> User:
    return staff("罗主任", Role.CITY_OFFICER, city.city)


@pytest.fixture
def auditor(city: City) -> User:
    return staff("何审计", Role.AUDITOR, city.city)


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A browser in which this user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """How many queries a page takes."""

    def count(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    return count
