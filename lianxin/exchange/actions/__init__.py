"""Bringing rosters in, letting people confirm, and taking lists out."""
