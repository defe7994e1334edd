"""Who may, which heading means what, what makes a line good, and the words for what is wrong with it."""
