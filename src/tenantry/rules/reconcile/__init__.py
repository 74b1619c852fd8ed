"""Reconcile (UP-44): what is compared between a tenant reseller and his distributor, and why it may differ."""
