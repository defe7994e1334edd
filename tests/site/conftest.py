import pytest

from tests.make import City, small_city


@pytest.fixture
def city() -> City:
    """A small city of the test's own."""
    return small_city()
