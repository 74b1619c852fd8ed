"""Subscriptions: started by orders, changed verb by verb, and what falls due by itself (SUB-01 to SUB-04)."""
