"""Pure maths of who should be asked first; no tables, no time, no permissions."""
