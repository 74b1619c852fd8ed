"""What only this installation can make or read: keyed hashes, seals, and the secrets it gives out once."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from tenantry.kernel import clock
from tenantry.kernel.ids import as_id
from tenantry.settings import Settings

_told: list[str] = []


def use(key: str) -> None:
    """Say the installation's key, once, when the program starts; untold, it is the settings' key."""
    _told[:] = [key]
    _key.cache_clear()


def keyed(purpose: str, text: str) -> str:
    """Hash so that nobody without the installation's key can compute or try it; each purpose has hashes of its own."""
    return hmac.new(_key(purpose), text.encode(errors="replace"), hashlib.sha256).hexdigest()


def seal(purpose: str, text: str) -> str:
    """Encrypt so that only this installation reads it, and only for this purpose."""
    return _box(purpose).encrypt_at_time(text.encode(), _now()).decode()


def unseal(purpose: str, sealed: str, *, seconds: int | None = None) -> str | None:
    """Read what was sealed, no longer ago than `seconds`; None for anything else."""
    try:
        box, content = _box(purpose), sealed.encode(errors="replace")
        opened = box.decrypt(content) if seconds is None else box.decrypt_at_time(content, seconds, _now())
        return opened.decode()
    except InvalidToken:
        return None


@dataclass(frozen=True)
class Secret:
    """A secret as the database knows it: the tenant, which stands in it in clear, and the hash of the rest."""

    tenant_id: UUID
    hash: str


def new_secret(tenant_id: UUID) -> tuple[str, str]:
    """Make a secret `tnt_<tenant>_<256 bits>`; gives its text, to be shown once, and its hash, to be kept."""
    rest = secrets.token_urlsafe(32)
    return f"tnt_{tenant_id.hex}_{rest}", _hash(rest)


def read_secret(text: str) -> Secret | None:
    """Take a secret apart; None for what was never one of ours."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "tnt" or len(parts[1]) != 32 or not 40 <= len(parts[2]) <= 64:  # noqa: PLR2004 - the shape above
        return None
    tenant_id = as_id(parts[1])
    return Secret(tenant_id, _hash(parts[2])) if tenant_id else None


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _now() -> int:
    return int(clock.now().timestamp())


def _box(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_key(purpose)))


@cache
def _key(purpose: str) -> bytes:
    root = _told[0] if _told else Settings().key()
    return hmac.new(root.encode(), f"tenancy {purpose}".encode(), hashlib.sha256).digest()
