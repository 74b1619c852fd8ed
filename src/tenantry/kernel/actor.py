"""Who acts: a signed-in user, a token, or the system itself on somebody's behalf."""

from dataclasses import dataclass, field
from uuid import UUID

from tenantry.kernel.problems import Verdict


@dataclass(frozen=True)
class Actor:
    """The one who asks, with what he may do.

    `permissions` are `area:verb` words, `*` for all (TEN-20). `readable`, `editable` and `owned` are the permission
    rules that give him that much of a record (TEN-21);
    None means every rule, which is what an administrator and the system have. `looks_only` is the verdict that keeps
    whoever works for a suspended organisation from everything but looking, whatever his roles say (TEN-07).
    """

    id: UUID | None
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    readable: frozenset[UUID] | None = frozenset()
    editable: frozenset[UUID] | None = frozenset()
    owned: frozenset[UUID] | None = frozenset()
    looks_only: Verdict | None = None

    def may(self, permission: str) -> bool:
        """Say whether this user may do such things at all; which records is the permission rule's word."""
        held = self.looks_only is not None and not looks(permission)
        return not held and ("*" in self.permissions or permission in self.permissions)


def looks(permission: str) -> bool:
    """Say whether it is for looking only: it changes nothing."""
    return permission.endswith(":view")


SYSTEM = Actor(None, "Tenantry", frozenset({"*"}), None, None, None)
