"""Keep the catalogue, and what follows from finding something in it."""
