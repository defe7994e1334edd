"""Papers about orders."""
