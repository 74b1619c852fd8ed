"""Opportunities: what may come of an account, until it is won or lost; they lead to offers (ORD-04, TEN-25)."""
