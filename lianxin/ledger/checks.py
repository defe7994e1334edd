"""The proof of the book: a list of plain checks, each a query for what must not exist, and its words."""

from collections.abc import Iterator, Mapping

from django.db import connection

CHECKS = {
    "account %s keeps %s, its transfers make %s": """
        SELECT a.id, a.balance, coalesce(t.total, 0)
        FROM ledger_account a LEFT JOIN (
            SELECT account, sum(amount) AS total FROM (
                SELECT target_id AS account, amount FROM ledger_transfer
                UNION ALL SELECT source_id, -amount FROM ledger_transfer) AS sides GROUP BY account) t
        ON t.account = a.id
        WHERE NOT a.may_owe AND a.balance IS DISTINCT FROM coalesce(t.total, 0)""",
    "transfer %s is in %s, its accounts in %s and %s": """
        SELECT t.key, t.unit, s.unit, g.unit FROM ledger_transfer t
        JOIN ledger_account s ON s.id = t.source_id JOIN ledger_account g ON g.id = t.target_id
        WHERE t.unit <> s.unit OR t.unit <> g.unit""",
    "transfer %s does not mirror transfer %s that it reverses": """
        SELECT r.key, t.key FROM ledger_transfer r JOIN ledger_transfer t ON t.id = r.reverses_id
        WHERE (r.source_id, r.target_id, r.amount) IS DISTINCT FROM (t.target_id, t.source_id, t.amount)""",
}


def faults() -> Iterator[str]:
    """Every fault in the book, in words; none when it balances."""
    return found_by(CHECKS)


def found_by(checks: Mapping[str, str]) -> Iterator[str]:
    """Run each query; a row that it finds fills its words."""
    with connection.cursor() as cursor:
        for words, query in checks.items():
            cursor.execute(query)
            for row in cursor.fetchall():
                yield words % row
