"""The ledger of volunteers: found, reviewed, looked after."""
