"""Rosters in, lists out, and who is on roll."""
