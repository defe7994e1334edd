"""What changes the trees, who serves whom, and who holds which role."""
