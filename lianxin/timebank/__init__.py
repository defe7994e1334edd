"""Time that was given, kept in the ledger: confirmed minutes are deposited, once each, and stand in a statement.

No cash value, no sale, no interest (rule T2). An account is made with its first deposit.
"""
