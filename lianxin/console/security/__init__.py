"""Accounts, roles and their review, the numbers of signing in, and slips: the administrators at work."""
