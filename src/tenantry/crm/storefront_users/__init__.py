"""Storefront users: contacts who may sign in to a tenant's shop, and nowhere else (SF-01)."""
