"""Ordering, one's orders, and a volunteer's tasks."""
