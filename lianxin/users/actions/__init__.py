"""Everything that changes who may come in, a file for each noun."""
