"""What every test has. The database server and the folders are made earlier, in `plugin`."""

import re
from collections.abc import Iterator, Sequence

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
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
    """After a test that commits, Django empties all tables; for that alone triggers look away.

    A few hundred rows are deleted in a sixth of the time that ninety tables take to be truncated.
    """
    flush = DatabaseOperations.execute_sql_flush

    def delete_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
        tables = [table for statement in sql_list for table in re.findall(r'"(\w+)"', statement)]
        deletions = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        flush(self, ["SET LOCAL session_replication_role = replica", "; ".join(deletions)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", delete_all)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_with_little_memory() -> Iterator[None]:
    """By the same algorithm; a hundred megabytes for each of a thousand hashes would prove nothing more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "memory_cost", 1024)
        yield


@pytest.fixture(autouse=True)
def the_calendar_is_read_anew() -> None:
    """What another test has put into it was rolled back."""
    working_time.forget_table()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A thread gives its connection back when it is done, or the tests' database could not be dropped."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0
