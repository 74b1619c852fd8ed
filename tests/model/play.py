"""A world and the model of it, side by side: how one finds his way in both, and what has to hold after every step."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tenantry.database import Database
from tenantry.kernel.problems import Conflict, Problem, Refused
from tenantry.schema import channel, metadata
from tests.channel.stories import everything
from tests.model import closed_world
from tests.model.reference import TABLES, Handover, Model, Record, Side, same
from tests.world import Tenant, World

# What rises with every writing, or follows from other columns.
SILENT = {"version", "sort_name", "search"}


class Play(RuleBasedStateMachine):
    """A distributor with his tenant resellers, as they are and as the model says that they are."""

    def __init__(self, web: Database, worker: Database) -> None:
        super().__init__()
        self.world = World(web, worker)
        self.model = Model()
        self.tenants: list[Tenant] = []
        self.ids: list[UUID] = []
        self.handovers: list[UUID] = []
        self.digests: dict[UUID, str] = {}

    # What has to hold after every step.

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        if not self.tenants:
            return
        found = self._tables(self.home, *TABLES, "handover", "handover_record", "tenant_reseller")
        below = [self._tables(at, *TABLES[:3]) for at in self.tenants]
        self._rows_are(self.home, self.model.above, found)
        for at, to, rows in zip(self.tenants, self.model.resellers, below, strict=True):
            self._rows_are(at, to.side, rows)
            assert [row["state"] for row in found["tenant_reseller"] if row["id"] == to.account] == [to.state]
        self._handovers_are(found)
        self._each_was_handed_down_once_per_transfer()

    def _rows_are(self, at: Tenant, side: Side, found: dict[str, list[Record]]) -> None:
        """Full rows: nothing else is there, and nothing of them is left that a transfer or its undoing forgot."""
        for table in found.keys() & set(TABLES):
            there = {row["id"]: row for row in found[table]}
            assert there.keys() == side[table].keys(), (at.name, table)
            for id_, row in side[table].items():
                wanted = {name: value for name, value in row.items() if name not in SILENT}
                assert same(wanted, there[id_]) == {}, (at.name, table, id_)

    def _handovers_are(self, found: dict[str, list[Record]]) -> None:
        """Handovers say what came of each account, and hold those that they are at."""
        for id_, handover in self._all():
            rows = [row for row in found["handover_record"] if row["handover_id"] == id_]
            assert [row["status"] for row in found["handover"] if row["id"] == id_] == [handover.status]
            assert {row["id"]: row["verdict"] for row in rows} == handover.verdicts
            assert {row["id"]: row["outcome"] for row in rows if row["outcome"]} == handover.outcomes
        with self.world.worker.installation() as connection:
            mine = channel.handover_claim.c.handover_id.in_(self.handovers)
            claims = connection.execute(sa.select(channel.handover_claim).where(mine)).all()
        ids = {id(handover): id_ for id_, handover in self._all()}
        claimed = {claim.subject_id: claim.handover_id for claim in claims}
        assert claimed == {id_: ids[id(handover)] for id_, handover in self.model.claims.items()}

    def _each_was_handed_down_once_per_transfer(self) -> None:
        given, undone = self._lines(self.home, "Account was transferred to %"), self._lines(self.home, "Transfer to %")
        assert (given, undone) == (self.model.given, self.model.undone)
        received = Counter[UUID]()
        for at in self.tenants:
            received.update(self._lines(at, "Account was transferred from %"))
        assert received == given

    def teardown(self) -> None:
        if self.tenants:
            closed_world.require(everything(self.world, self.home, *self.tenants))

    @property
    def home(self) -> Tenant:
        return self.world.distributor()

    def _try(self, rule_: str, do: Callable[..., Any], *given: Any, at: Tenant | None = None) -> Any:
        """Do it, or be refused with this rule."""
        made, refused = self._attempt(do, *given, at=at)
        assert (refused.rule if refused else "") == rule_, (do.__name__, refused)
        return made

    def _attempt(self, do: Callable[..., Any], *given: Any, at: Tenant | None = None) -> tuple[Any, Problem | None]:
        at = at or self.home
        try:
            with self.world.web.work(at.id, self.world.admin(at)) as work:
                return do(work, *given), None
        except (Conflict, Refused) as refused:
            return None, refused

    def _adopt(self, table: str, id_: UUID) -> None:
        """Take a row that was just made above into the model."""
        self.model.above[table][id_] = self._read(self.home, table, id_)

    def _read(self, at: Tenant, table: str, id_: UUID) -> Record:
        row = self.world.row(at, table, id_)
        assert row
        return vars(row)

    def _tables(self, at: Tenant, *names: str) -> dict[str, list[Record]]:
        with self.world.web.work(at.id) as work:
            return {
                name: [dict(row) for row in work.connection.execute(rows_of(name, at.id)).mappings()] for name in names
            }

    def _lines(self, at: Tenant, sentence: str) -> dict[UUID, int]:
        """Count the lines of this kind in the history of each account."""
        line = metadata.tables["history_line"]
        with self.world.web.work(at.id) as work:
            query = sa.select(line.c.subject_id, sa.func.count()).group_by(line.c.subject_id)
            query = query.where(line.c.tenant_id == at.id, line.c.entity == "account", line.c.sentence.like(sentence))
            return {row[0]: row[1] for row in work.connection.execute(query)}

    def _pick(self, which: int) -> UUID:
        return self.ids[which % len(self.ids)]

    def _in(self, *statuses: str) -> list[tuple[UUID, Handover]]:
        return [(id_, handover) for id_, handover in self._all() if handover.status in statuses]

    def _all(self) -> list[tuple[UUID, Handover]]:
        return list(zip(self.handovers, self.model.handovers, strict=True))

    def _one(self, which: int, *statuses: str) -> tuple[UUID, Handover]:
        """Choose one, mostly of those with which there is something to do."""
        found = self._in(*statuses) if which % 8 else []
        every = found or self._all()
        return every[which % len(every)]

    def _at_work(self, which: int, *statuses: str) -> tuple[UUID, Handover]:
        every = self._in(*statuses)
        return every[which % len(every)]

    def _digest(self, id_: UUID) -> str:
        row = self.world.row(self.home, channel.handover, id_)
        assert row
        return str(row.digest)

    def _below(self) -> list[tuple[int, UUID]]:
        """Name the copies, each with the place of its reseller."""
        return [(place, id_) for place, to in enumerate(self.model.resellers) for id_ in self.model.managed(to)]


def rows_of(name: str, tenant: UUID) -> sa.Select[Any]:
    table = metadata.tables[name]
    return sa.select(table).where(table.c.tenant_id == tenant)
