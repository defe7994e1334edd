"""One city, timed, and its rows copied once more; run by `bench.filling` in a process of its own."""

import sys
from time import perf_counter

import django

SAMPLE = 200_000


def main() -> None:
    """Make the city, then measure what COPY alone would take."""
    django.setup()
    drive(sys.argv[1])


def drive(size: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from bench.city.making import make_city  # noqa: PLC0415
    from bench.city.sizes import SIZES  # noqa: PLC0415
    from bench.filling import report  # noqa: PLC0415
    from lianxin.base import clock  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    city = make_city(size=SIZES[size], until=clock.now())
    bare = sum(_bare_copy(table) * many for table, many in city.rows.items())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1e6")
        megabytes = float(cursor.fetchone()[0])
    report(size, rows=city.total, filling=city.filling, checking=city.checking, bare=bare, megabytes=megabytes)


def _bare_copy(table: str) -> float:
    """How many seconds COPY takes for one row of this table, into a table without indexes."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        with cursor.copy(f'COPY (SELECT * FROM "{table}" LIMIT {SAMPLE}) TO STDOUT') as copying:  # noqa: S608
            rows = [bytes(row) for row in copying]
        if not rows:
            return 0.0
        cursor.execute(f'CREATE TEMPORARY TABLE bare AS SELECT * FROM "{table}" WITH NO DATA')  # noqa: S608
        began = perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copying:
            copying.write(b"".join(rows))
        took = perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return took / len(rows)


if __name__ == "__main__":
    main()
