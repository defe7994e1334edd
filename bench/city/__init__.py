"""A whole city out of nothing, for benches and tests: people, teams, orders, hours, books, journal.

`make_city` fills the tables by COPY, deterministic by its seed, with figures as a city of three years has them. Keys
fit, sealed fields are really sealed under the installation's keys, balances are what their transfers add up to, and
the journal is sealed: `lianxin verify-books` finds nothing. Nobody in it lives anywhere.
"""
