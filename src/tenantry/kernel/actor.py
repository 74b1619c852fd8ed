"""Who acts: a signed-in user, a token, or the system itself on somebody's behalf."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """The one who asks, with what he may do.

    `permissions` are `area:verb` words, `*` for all (TEN-20). `readable`, `editable` and `owned` are the permission
    rules that give him that much of a record (TEN-21);
    None means every rule, which is what an administrator and the system have.
    """

    id: UUID | None
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    readable: frozenset[UUID] | None = frozenset()
    editable: frozenset[UUID] | None = frozenset()
    owned: frozenset[UUID] | None = frozenset()

    def may(self, permission: str) -> bool:
        """Say whether this user may do such things at all; which records is the permission rule's word."""
        return "*" in self.permissions or permission in self.permissions


SYSTEM = Actor(None, "Tenantry", frozenset({"*"}), None, None, None)
