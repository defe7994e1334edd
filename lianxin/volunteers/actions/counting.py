"""Counting the volunteers of a large city, so that its figures need not be counted for each who asks."""

from django.db import connection

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.organisations.models import Node
from lianxin.volunteers.models import Headcount
from lianxin.volunteers.queries import A_YEAR

ONE_AT_A_TIME = 7_305_002
COUNT = """
WITH promised AS (
    SELECT DISTINCT person_id FROM volunteers_commitment
    WHERE state = 'held' AND during && tstzrange(%(since)s, %(now)s)
), party AS (
    SELECT DISTINCT person_id FROM volunteers_membership
    WHERE kind IN ('full', 'probationary') AND agreed_at IS NOT NULL AND during @> %(today)s::date
), volunteer AS (
    SELECT v.id, v.team_id, p.home_id, v.state, p.is_imported, p.claimed_at IS NOT NULL AS is_confirmed,
        promised.person_id IS NOT NULL AND v.state = 'active' AS is_promised, party.person_id IS NOT NULL AS is_party
    FROM volunteers_volunteer v JOIN people_person p ON p.id = v.person_id
    LEFT JOIN promised ON promised.person_id = p.id LEFT JOIN party ON party.person_id = p.id
    WHERE v.state <> 'restricted'
), skilled AS (
    SELECT volunteer.*, NULL::bigint AS skill_id FROM volunteer
    UNION ALL
    SELECT volunteer.*, s.skill_id FROM volunteer JOIN volunteers_volunteer_skills s ON s.volunteer_id = volunteer.id
)
INSERT INTO volunteers_headcount
    (team_id, home_id, state, skill_id, many, imported, unclaimed, confirmed, active, party, counted_at)
SELECT team_id, home_id, state, skill_id, count(*), count(*) FILTER (WHERE is_imported),
    count(*) FILTER (WHERE is_imported AND NOT is_confirmed), count(*) FILTER (WHERE is_confirmed),
    count(*) FILTER (WHERE is_confirmed AND is_promised), count(*) FILTER (WHERE is_confirmed AND is_party), %(now)s
FROM skilled GROUP BY team_id, home_id, state, skill_id"""


@action
def count_heads() -> int:
    """Throw the headcounts away and count anew; how many rows it made. A small city has none: there each is counted
    when somebody asks. Nothing is noted, since nothing was done to anybody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        Headcount.objects.all().delete()
        if not Node.objects.all().are_many():
            return 0
        now = clock.now()
        cursor.execute(COUNT, {"now": now, "since": now - A_YEAR, "today": clock.today()})
        return int(cursor.rowcount)
