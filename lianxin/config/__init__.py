"""How the product is put together and kept running: settings, addresses, health, and what `lianxin up` starts.

`supervisor` keeps the parts alive; `embedded` is the PostgreSQL of whoever has none; `preparation` is what must be so
before a page is served; `server` and `jobs` are the two parts that do the work.
"""
