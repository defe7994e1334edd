"""What is owed: one book of accounts and transfers for hours, money and goods, in whole units.

A *transfer* is one row that moves an amount from one account to another, once, under a key. Rows are never updated;
a mistake is taken back by a transfer that names the one it reverses.
"""
