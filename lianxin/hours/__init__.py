"""Who served from when to when, and how it is known.

A *record* is claimed when service ends, confirmed by somebody else, and only then counts. Confirmed records of one
person never overlap: a clash is kept as contested, outside the count and the ledger, until it is settled.
"""
