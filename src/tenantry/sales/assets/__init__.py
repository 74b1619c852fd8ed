"""Assets: one-off purchases that are kept track of (ORD-03)."""
