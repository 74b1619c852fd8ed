"""The ribbon of an order: who manages it, read when shown (BO-11, DN-29)."""

SAYS = {
    "marked": "This account is managed by {name} Tenant Reseller",
    "back_order": "This order was originated from {name} Tenant Reseller purchases",
}


def ribbon(standing: str, reseller: str | None) -> str | None:
    """Say it: a marked order carries its account's ribbon, a back order one of its own, others none."""
    return SAYS[standing].format(name=reseller or "a") if standing in SAYS else None
