"""Baskets: what somebody is about to buy in the storefront, and the checkout that makes it an order (SF-01, SF-02)."""
