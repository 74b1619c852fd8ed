"""Reconcile: compare a tenant reseller with what his distributor has of him, and put it right on request (UP-44)."""
