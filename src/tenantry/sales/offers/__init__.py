"""Offers: what an account could buy, until it accepts, which makes the order, or is lost (ORD-04, TEN-25)."""
