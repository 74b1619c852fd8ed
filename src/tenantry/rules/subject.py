"""What the records of a handover are: accounts, or what accounts have."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, eq=False)
class Subject:
    """The records of a kind of handover: `given` as the giver has them, which checks and candidates speak of;
    `there` the same once more, for what the taker has; `account` whose each is, and `entity` what each is.

    The unit of atomicity stays one customer: a run locks and claims the accounts of its records.
    """

    one: str
    many: str
    given: sa.FromClause
    account: sa.ColumnElement[Any]
    entity: sa.ColumnElement[Any]
    there: sa.FromClause
