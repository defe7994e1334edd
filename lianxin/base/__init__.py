"""The ground under every app; no word of the domain in it.

Refusals in people's words, moves between states, the clock and the working calendar, sealed fields and
their keys, tree paths, search by two characters, the one way to write (`action`), and the parts of a page.
"""
