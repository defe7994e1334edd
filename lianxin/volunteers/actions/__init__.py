"""What becomes of a volunteer, and of what he promised."""
