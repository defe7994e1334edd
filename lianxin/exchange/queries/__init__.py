"""Questions about rosters, those on roll, and exports."""
