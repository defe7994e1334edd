"""What happened: one append-only row for whatever is done, written in the transaction that did it.

An *entry* names the deed (`needs.order_placed`), the actor, whom he acted for, the subject and its place in the
trees; its facts are ids and field names, never private values. Whoever must act on a deed *listens*. A *seal*
chains the entries' digests, so that tampering shows.
"""
