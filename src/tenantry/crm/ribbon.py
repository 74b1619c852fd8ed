"""The ribbon of an account and of its contacts: who manages it, read when shown (UP-11)."""


def ribbon(reseller_name: str | None) -> str | None:
    """Say who manages the account, by the name that the reseller's account has here; None when nobody else does."""
    return f"This account is managed by {reseller_name} Tenant Reseller" if reseller_name is not None else None
