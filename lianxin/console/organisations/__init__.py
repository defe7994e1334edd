"""The trees at work: who stands where, who holds which role, and what was before the system."""
