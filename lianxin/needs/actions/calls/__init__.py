"""What the call desk does: taking calls, ordering and urging in them, promises, shifts, events, and its aids."""
