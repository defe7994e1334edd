"""The proof that service time and the book agree: queries for what must not exist, and its words."""

from collections.abc import Iterator

from lianxin.ledger.checks import found_by

CHECKS = {
    "record %s is confirmed with %s minutes, %s are banked": """
        SELECT r.id, r.minutes, coalesce(sum(t.amount), 0) FROM hours_record r
        LEFT JOIN ledger_transfer t ON t.about_type = 'hours.record' AND t.about_id = r.id AND t.reverses_id IS NULL
            AND NOT EXISTS (SELECT FROM ledger_transfer b WHERE b.reverses_id = t.id)
        WHERE r.state = 'confirmed' GROUP BY r.id HAVING coalesce(sum(t.amount), 0) <> r.minutes""",
    "transfer %s banks record %s, which is not confirmed": """
        SELECT t.key, t.about_id FROM ledger_transfer t LEFT JOIN hours_record r ON r.id = t.about_id
        WHERE t.about_type = 'hours.record' AND t.reverses_id IS NULL AND r.state IS DISTINCT FROM 'confirmed'
            AND NOT EXISTS (SELECT FROM ledger_transfer b WHERE b.reverses_id = t.id)""",
}


def faults() -> Iterator[str]:
    """Every record and transfer that do not agree, in words."""
    return found_by(CHECKS)
