"""What suspending, resuming or closing a tenant reseller brings about, counted and said before it is done (TEN-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.tenant_resellers.below import COUNTS
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.channel import tenant_reseller
from tenantry.tenancy import permissions

Act = Literal["suspend", "resume", "close"]


@dataclass(frozen=True)
class Effect:
    """What becomes of so many records; `count` is None for what has no number. While something `stops` the act it is
    refused, and `remedy` is the way out.
    """

    code: str
    count: int | None
    things: str
    says: str
    stops: bool
    remedy: str

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        return f"{self.count:,} {self.things}: {self.says}" if self.count is not None else self.says


@dataclass(frozen=True)
class _Effect:
    """An effect as it is declared: what is counted (nothing: it is said where `when` is counted), and its words."""

    code: str
    one: str
    many: str
    says: str
    stops: bool = False
    remedy: str = ""
    counts: bool = True


def _on(code: str, one: str, many: str, says: str) -> _Effect:
    return _Effect(code, one, many, says)


def _said(code: str, says: str) -> _Effect:
    return _Effect(code, "", "", says, counts=False)


def _stops(code: str, one: str, many: str, says: str, remedy: str) -> _Effect:
    return _Effect(code, one, many, says, stops=True, remedy=remedy)


EFFECTS: Mapping[Act, Sequence[_Effect]] = {
    "suspend": (
        _on("users", "user", "users", "may look, but neither sell nor change anything: on pages, by API, by command."),
        _on("tokens", "API token", "API tokens", "may read, and nothing else."),
        _said("shop", "His shop can be looked at; it says that nothing can be bought at present."),
        _on("subscriptions", "running subscription", "running subscriptions", "will go on, with renewals and charges."),
        _on("orders", "submitted order", "submitted orders", "will wait until he is resumed."),
        _on("messages", "message on the way", "messages on the way", "will be applied here as ever."),
        _on("set_aside", "message set aside", "messages set aside", "can be tried again or resolved as ever."),
        _on("planned", "handover to him", "handovers to him", "cannot be confirmed, or stop, until he is resumed."),
        _on("resellers", "tenant reseller of his own", "tenant resellers of his own", "will go on as before."),
    ),
    "resume": (
        _on("users", "user", "users", "may sell and change again what their roles let them."),
        _on("tokens", "API token", "API tokens", "may do again what their scopes say."),
        _said("shop", "His shop sells again."),
        _on("orders", "submitted order", "submitted orders", "can be executed again."),
    ),
    "close": (
        _stops(
            "customers",
            "customer in his hands",
            "customers in his hands",
            "would be nobody's any more.",
            "Close or delete them in his tenant, and it follows here (if he is suspended, resume him for that), or "
            "undo their transfer. To move them or take them over comes with a later release.",
        ),
        _stops(
            "subscriptions",
            "running subscription",
            "running subscriptions",
            "would have nobody to look after them.",
            "Cancel them: here while he is not live yet; once he is, in his tenant (if he is suspended, resume him for "
            "that).",
        ),
        _stops(
            "orders",
            "submitted order",
            "submitted orders",
            "would never be executed.",
            "Execute or cancel them in his tenant first.",
        ),
        _stops(
            "messages",
            "message on the way",
            "messages on the way",
            "still to be applied here.",
            "Wait a moment until the mirror has drained.",
        ),
        _stops(
            "set_aside",
            "message set aside",
            "messages set aside",
            "that could not be applied here.",
            "Retry or resolve them on the page of his mirror.",
        ),
        _stops(
            "running",
            "handover to him in hand",
            "handovers to him in hand",
            "not ended yet.",
            "Wait until they have ended, or cancel them.",
        ),
        _stops(
            "resellers",
            "tenant reseller of his own",
            "tenant resellers of his own",
            "would have nobody above them.",
            "Close them first, from his tenant.",
        ),
        _on("users", "user", "users", "will be refused at the sign-in, with the reason."),
        _on("tokens", "API token", "API tokens", "will be refused."),
        _said("shop", "His shop is closed, and says so."),
        _on("charges", "charge of his not invoiced yet", "charges of his not invoiced yet", "will not be invoiced."),
        _on("others", "customer not transferred", "customers not transferred", "will stay yours, billed to him."),
        _said("kept", "All that he has is kept, with its numbers, and only read. It cannot be opened again."),
    ),
}


def effects(work: Work, tenant_reseller_id: UUID, act: Act) -> tuple[Effect, ...]:
    """Say what the act would bring about, with what stops it first; NotFound for no tenant reseller of this tenant."""
    permissions.require(work, "tenant_resellers:view")
    words = {"giver": work.tenant_id, "reseller": tenant_reseller_id}
    taker = work.connection.scalar(_TAKER, words)
    if taker is None:
        what = "tenant reseller"
        raise NotFound(what)
    with work.across([work.tenant_id, taker]) as connection:
        found = connection.execute(COUNTS, {**words, "taker": taker}).mappings().one()
    return tuple(_effect(one, dict(found)) for one in EFFECTS[act] if found.get(one.code, 1))


def _effect(one: _Effect, found: Mapping[str, Any]) -> Effect:
    if not one.counts:
        return Effect(one.code, None, "", one.says, one.stops, one.remedy)
    count = int(found[one.code])
    return Effect(one.code, count, one.one if count == 1 else one.many, one.says, one.stops, one.remedy)


_TAKER = sa.select(tenant_reseller.c.reseller_tenant_id).where(
    tenant_reseller.c.tenant_id == sa.bindparam("giver"), tenant_reseller.c.id == sa.bindparam("reseller")
)
