"""Running subscriptions from files (CAT-04)."""
