"""Workbooks in and out, without a word of the domain: reading what offices send, writing what they may take away.

`safety` looks at a file before anything is unpacked, `reading` gives its rows, `cells` says what a cell holds once
half-width and trimmed, `writing` streams rows out so that no cell can act as a formula.
"""
