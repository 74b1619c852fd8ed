"""What a shop shows its storefront users: the catalogue at their prices, and what they have (SF-01)."""
