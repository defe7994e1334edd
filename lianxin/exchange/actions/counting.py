"""Counting who is on roll of a large city, so that they need not be counted for each who asks."""

from django.db import connection

from lianxin.base.actions import action
from lianxin.exchange.models.roll import RollCount
from lianxin.organisations.models import Node

ONE_AT_A_TIME = 7_305_003
COUNT = """
INSERT INTO exchange_rollcount (team_id, home_id, many)
SELECT r.team_id, p.home_id, count(*)
FROM exchange_onroll r JOIN people_person p ON p.id = r.person_id
WHERE r.confirmed_at IS NULL AND r.left_at IS NULL
    AND NOT EXISTS (SELECT FROM volunteers_volunteer v WHERE v.person_id = r.person_id)
GROUP BY r.team_id, p.home_id"""


@action
def count_roll() -> int:
    """Throw the counts away and count anew; how many rows it made. A small city has none (rule G11)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        RollCount.objects.all().delete()
        if not Node.objects.all().are_many():
            return 0
        cursor.execute(COUNT)
        return int(cursor.rowcount)
