"""Update Tenant: carry changes of the catalogue down to a tenant reseller (CAT-20)."""
