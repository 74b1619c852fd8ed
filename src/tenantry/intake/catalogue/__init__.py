"""Products and prices from files (CAT-04)."""
