"""What handovers do, once more, in plain Python: rows in dictionaries, one account after the other.

Written from the spec alone (DN-01 to DN-34, HND-01 to HND-06, UP-02, UP-03, UP-20, UP-21); the fields are the oracle's.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.rules import oracle

Record = dict[str, Any]
TABLES = ("account", "address", "contact", "order")
ASLEEP = ("moved_out", "transferred_out")
MIRRORED = ("name", "accounting_no", "email", "status")
MIRRORED_ADDRESS = ("name", "street", "street_2", "city", "postcode", "state", "country", "phone")
NOBODY = UUID(int=0)
ENDED = ("completed", "completed_with_failures", "cancelled", "failed")


@dataclass
class Side:
    """What one tenant has: table -> id -> row."""

    rows: dict[str, dict[UUID, Record]] = field(default_factory=lambda: {name: {} for name in TABLES})

    def __getitem__(self, table: str) -> dict[UUID, Record]:
        return self.rows[table]

    def of(self, table: str, account: UUID) -> dict[UUID, Record]:
        return {id_: row for id_, row in self[table].items() if row["account_id"] == account}


@dataclass
class Reseller:
    """A tenant reseller: his account above, his tenant, what is in it, and what was done there since a copy came."""

    account: UUID
    tenant: Record
    currencies: set[str]
    methods: list[Record]
    state: str = "set_up"
    side: Side = field(default_factory=Side)
    touched: dict[UUID, set[str]] = field(default_factory=dict)
    told: set[UUID] = field(default_factory=set)


@dataclass
class Handover:
    """A plan and what became of it."""

    to: Reseller
    chosen: list[UUID] | None
    status: str = "planned"
    seen: Any = None
    verdicts: dict[UUID, str] = field(default_factory=dict)
    prints: dict[UUID, Any] = field(default_factory=dict)
    outcomes: dict[UUID, str] = field(default_factory=dict)
    before: dict[UUID, Any] = field(default_factory=dict)
    wanted: set[UUID] | None = None
    position: UUID = NOBODY

    @property
    def going(self) -> list[UUID]:
        return sorted(id_ for id_, verdict in self.verdicts.items() if verdict in {"new", "wake"})


@dataclass
class Model:
    """The distributor, his tenant resellers, and the handovers between them."""

    above: Side = field(default_factory=Side)
    resellers: list[Reseller] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    claims: dict[UUID, Handover] = field(default_factory=dict)
    given: dict[UUID, int] = field(default_factory=dict)
    undone: dict[UUID, int] = field(default_factory=dict)

    # Planning (HND-01, DN-02, DN-32).

    def plan(self, to: Reseller, chosen: list[UUID] | None) -> Handover:
        handover = Handover(to, chosen)
        self.handovers.append(handover)
        self.look(handover)
        return handover

    def look(self, handover: Handover) -> None:
        """Make or renew a plan."""
        handover.seen = self.seen(handover)
        handover.verdicts = {id_: self.verdict(handover, id_) for id_ in self._chosen(handover)}
        handover.prints = {id_: self.print_of(handover.to, id_) for id_ in handover.verdicts}

    def seen(self, handover: Handover) -> Any:
        """Give all that a plan shows: two plans that show the same have the same digest, and no others."""
        chosen = sorted(self._chosen(handover))
        prints = [(id_, self.verdict(handover, id_), self.print_of(handover.to, id_)) for id_ in chosen]
        said = [(id_, sorted(self.said(handover, id_))) for id_ in chosen]
        return deepcopy((prints, said, self.stops(handover.to)))

    def stops(self, to: Reseller) -> str:
        """Name the rule that stops the whole handover."""
        return "" if to.state in {"set_up", "accounts_transferred"} else "TEN-06"

    def verdict(self, handover: Handover, id_: UUID) -> str:
        to, blockers = handover.to, self.blockers(handover, id_)
        if blockers:
            return "clash" if next(iter(blockers)) == "already-there" else "held"
        return "wake" if id_ in to.side["account"] else "new"

    def blockers(self, handover: Handover, id_: UUID) -> dict[str, None]:
        """Name what holds an account back, the first first."""
        row, to = self.above["account"][id_], handover.to
        below, mine = to.side["account"].get(id_), row["managed_by"] == to.tenant["id"]
        copied = row["standing"] == "handed_down" and mine
        customers = [one for one in self.above["account"].values() if one["bill_to_id"] == id_ and one["id"] != id_]
        submitted = [
            one
            for one in self.above.of("order", id_).values()
            if (one["status"], one["standing"]) == ("submitted", "own")
        ]
        found = {
            "is-the-reseller": id_ == to.account,
            "already-copied": copied,
            "managed-elsewhere": row["standing"] != "own" and not copied,
            "bill-to-another": row["bill_to_id"] != to.account and id_ != to.account,
            "reseller-with-customers": row["reselling_enabled"] and bool(customers),
            "closed": row["status"] not in {"active", "suspended"},
            "being-handed-over": self.claims.get(id_, handover) is not handover,
            "open-orders": bool(submitted),
            "already-there": below is not None and below["standing"] not in ASLEEP and not mine,
        }
        return {code: None for code, holds in found.items() if holds}

    def said(self, handover: Handover, id_: UUID) -> set[str]:
        """Name everything that the checks find about an account."""
        row, to = self.above["account"][id_], handover.to
        line = oracle.in_line(list(self.above.of("address", id_).values()))
        number = row["accounting_no"]
        others = [one["accounting_no"] for one in to.side["account"].values() if one["id"] != id_]
        warnings = {
            "accounting-number-taken": number != "" and number in others,
            "billing-address-changes": any(one["is_billing"] for one in line[1:]),
            "currency-not-activated": row["currency"] not in to.currencies,
            "no-address": not line,
        }
        return {*self.blockers(handover, id_), *(code for code, holds in warnings.items() if holds)}

    def print_of(self, to: Reseller, id_: UUID) -> Any:
        """Give what the preview shows of an account."""
        row = self.above["account"][id_]
        addresses = list(self.above.of("address", id_).values())
        orders = [key for key, one in self.above.of("order", id_).items() if one["standing"] == "own"]
        watched = [(one["id"], one["standing"], one["is_billing"]) for one in oracle.in_line(addresses)]
        copy = {name: value for name, value in self._copy(to, id_).items() if name != "account"}
        account = self._copy(to, id_)["account"][id_]
        return deepcopy((row["standing"], row["managed_by"], account, copy, sorted(orders), watched))

    # Confirming and running (HND-02, HND-03, DN-10 to DN-29).

    def confirm(self, handover: Handover) -> str:
        """Confirm the digest that was seen; says what comes of it."""
        if handover.status != "planned":
            return "not planned"
        if handover.to.state == "suspended":
            # Nobody looks again at what cannot be begun (TEN-07).
            return "refused"
        if self.seen(handover) != handover.seen:
            self.look(handover)
            return "planned again"
        if self.stops(handover.to):
            return "refused"
        if not handover.going:
            return "nothing to do"
        handover.status = "running"
        self.claims |= dict.fromkeys(handover.going, handover)
        return "running"

    def run(self, handover: Handover, size: int) -> None:
        """Run one chunk, or end."""
        waiting = [id_ for id_ in handover.going if id_ > handover.position][:size]
        if not waiting:
            changed = "changed" in handover.outcomes.values()
            return self._end(handover, "completed_with_failures" if changed else "completed")
        if self.stops(handover.to):
            return self._end(handover, "failed")
        for id_ in waiting:
            same = self.print_of(handover.to, id_) == handover.prints[id_]
            if same and not self.blockers(handover, id_):
                self._hand_down(handover, id_)
            handover.outcomes[id_] = "copied" if id_ in handover.before else "changed"
            handover.position = id_
        return None

    def _end(self, handover: Handover, status: str) -> None:
        handover.status = status
        self.claims = {id_: one for id_, one in self.claims.items() if one is not handover}
        if "copied" in handover.outcomes.values() and handover.to.state == "set_up":
            handover.to.state = "accounts_transferred"

    def _hand_down(self, handover: Handover, id_: UUID) -> None:
        to = handover.to
        was = {key: one["is_billing"] for key, one in self.above.of("address", id_).items()}
        handover.before[id_] = (was, deepcopy(to.side["account"].get(id_)))
        for table, rows in self._copy(to, id_).items():
            for key, row in rows.items():
                to.side[table][key] = {**to.side[table].get(key, {}), **row, "id": key}
        self.above["account"][id_] |= {"standing": "handed_down", "managed_by": to.tenant["id"]}
        addresses = self.above.of("address", id_)
        for place, line in enumerate(oracle.in_line(list(addresses.values()))):
            one = addresses[line["id"]]
            one |= {"is_billing": place == 0, "standing": "own" if place else "mirrored"}
        for one in self.above.of("order", id_).values():
            one |= {"standing": "marked", "managed_by": to.tenant["id"]}
        to.touched[id_] = set()
        self.given[id_] = self.given.get(id_, 0) + 1

    def _copy(self, to: Reseller, id_: UUID) -> dict[str, dict[UUID, Record]]:
        """Give the rows below, as the oracle has them."""
        account, old = self.above["account"], to.side["account"].get(id_)
        addresses = list(self.above.of("address", id_).values())
        contacts = list(self.above.of("contact", id_).values())
        asleep = old if old is not None and old["standing"] in ASLEEP else None
        known = (to.tenant, to.currencies, to.methods)
        return {
            "account": {id_: oracle.account_below(account[id_], addresses, account[to.account], *known, asleep)},
            "address": oracle.addresses_below(addresses),
            "contact": oracle.contacts_below(contacts, to.tenant, {}),
        }

    # Undoing (DN-34).

    def reverse(self, handover: Handover, wanted: set[UUID] | None) -> bool:
        """Begin to undo; says whether there is anything to undo."""
        left = {id_ for id_, outcome in handover.outcomes.items() if outcome in {"copied", "kept"}}
        if handover.status not in ENDED or not (left if wanted is None else left & wanted):
            return False
        handover.status, handover.wanted, handover.position = "undoing", wanted, NOBODY
        return True

    def undo(self, handover: Handover, size: int) -> None:
        """Undo one chunk, or end."""
        left = sorted(id_ for id_, outcome in handover.outcomes.items() if outcome in {"copied", "kept"})
        chunk = [id_ for id_ in left if id_ > handover.position][:size]
        for id_ in chunk:
            handover.position = id_
            if handover.wanted is None or id_ in handover.wanted:
                kept = bool(handover.to.touched[id_])
                handover.outcomes[id_] = "kept" if kept else "undone"
                if not kept:
                    self._take_back(handover, id_)
        if not chunk:
            handover.status = "completed_with_failures" if left else "undone"
            managed = [one["managed_by"] for one in self.above["account"].values()]
            if handover.to.state == "accounts_transferred" and handover.to.tenant["id"] not in managed:
                handover.to.state = "set_up"

    def _take_back(self, handover: Handover, id_: UUID) -> None:
        was, asleep = handover.before.pop(id_)
        side = handover.to.side
        for table in ("address", "contact"):
            for key in side.of(table, id_):
                del side[table][key]
        if asleep is None:
            del side["account"][id_]
        else:
            side["account"][id_] = asleep
        self.above["account"][id_] |= {"standing": "own", "managed_by": None}
        for key, one in self.above.of("address", id_).items():
            one |= {"standing": "own", "is_billing": was.get(key, one["is_billing"])}
        for one in self.above.of("order", id_).values():
            one |= {"standing": "own", "managed_by": None}
        self.undone[id_] = self.undone.get(id_, 0) + 1

    # Mirror (UP-02, UP-03, UP-21).

    def catch_up(self, to: Reseller) -> None:
        """Bring what a reseller changed above."""
        for id_ in to.told:
            above, below = self.above["account"].get(id_), to.side["account"].get(id_)
            if above and below and above["managed_by"] == to.tenant["id"]:
                above |= {name: below[name] for name in MIRRORED}
                for key, one in to.side.of("address", id_).items():
                    if one["is_billing"]:
                        self.above["address"][key] |= {name: one[name] for name in MIRRORED_ADDRESS}
        to.told.clear()

    def managed(self, to: Reseller) -> Iterator[UUID]:
        """Name the accounts that a reseller has from the distributor."""
        return (id_ for id_, one in to.side["account"].items() if one["standing"] == "received")

    def _chosen(self, handover: Handover) -> list[UUID]:
        if handover.chosen is not None:
            return handover.chosen
        hindered = ("is-the-reseller", "already-copied", "managed-elsewhere", "bill-to-another")
        hindered += ("reseller-with-customers", "closed")
        every = [
            id_
            for id_, row in self.above["account"].items()
            if handover.to.account in (row["bill_to_id"], row["parent_id"])
        ]
        return [id_ for id_ in every if not any(code in self.blockers(handover, id_) for code in hindered)]


def same(expected: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give what is not as expected, field by field."""
    return {name: (value, found.get(name)) for name, value in expected.items() if found.get(name) != value}
