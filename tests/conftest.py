"""What every test has. The database server and the folders are made earlier, in `plugin`."""

from collections.abc import Iterator, Sequence

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations

from lianxin.base import working_time
from lianxin.config.static_files import collect_if_changed


@pytest.fixture(scope="session", autouse=True)
def collected_static_files() -> None:
    """Pages name static files by their hashed names, as in production."""
    collect_if_changed()


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_for_when_asked_for() -> None:
    """Not all of them at the first request of each of thousands of test clients; the running product does that once."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_may_be_emptied_between_tests() -> Iterator[None]:
    """After a test that commits, Django truncates all tables; for that statement alone triggers look away."""
    truncate = DatabaseOperations.execute_sql_flush

    def truncate_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
        truncate(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", truncate_all)
        yield


@pytest.fixture(autouse=True)
def the_calendar_is_read_anew() -> None:
    """What another test has put into it was rolled back."""
    working_time.forget_table()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A thread gives its connection back when it is done, or the tests' database could not be dropped."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0
