"""Tenant resellers: an account of the distributor that has a tenant of its own (TEN-04 to TEN-06)."""
