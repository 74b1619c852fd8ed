"""A statement that was made ready says and gives what it would say and give through SQLAlchemy."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from tests.crm.stories import counted
from tests.world import World

from tenantry.database import Ready, spelled
from tenantry.kernel.ids import new_id
from tenantry.schema.base import AMOUNT, ID
from tenantry.schema.crm import account

KINDS = {
    "whole": sa.Integer,
    "amount": AMOUNT,
    "json": JSONB,
    "ids": sa.ARRAY(ID),
    "moment": sa.DateTime(timezone=True),
}


def test_a_ready_statement_takes_and_gives_what_it_does_otherwise(world: World) -> None:
    asked: sa.Select[*tuple[Any, ...]] = sa.select(
        *(sa.bindparam(name, type_=kind).label(name) for name, kind in KINDS.items()),
        sa.literal(7, sa.Integer).label("fixed"),
    )
    ready = Ready(asked)

    with world.web.work(world.distributor().id) as work:
        for whole, json in ((1, {"a": [1, "ä"]}), (None, None)):
            given = {"whole": whole, "amount": 12, "json": json, "ids": [new_id()], "moment": work.at}
            plainly = work.connection.execute(asked, given).one()

            assert ready.first(work.connection, given) == plainly._asdict()
            assert ready.all(work.connection, given) == [plainly._asdict()]
            assert tuple(ready.row(work.connection, given)) == tuple(plainly)
            assert ready.row(work.connection, given).fixed == 7


def test_a_ready_statement_gives_none_where_there_is_no_row(world: World) -> None:
    ready = Ready(sa.select(account.c.id).where(account.c.id == sa.bindparam("id")))
    here = world.distributor()
    acme = world.account(at=here)

    with world.web.work(here.id) as work:
        assert ready.row(work.connection, {"id": acme.id}).id == acme.id
        assert (ready.first(work.connection, {"id": new_id()}), ready.row(work.connection, {"id": new_id()})) == (
            None,
            None,
        )


def test_a_ready_statement_is_heard_and_fails_as_any_other(world: World) -> None:
    ready = Ready(sa.select((1 / sa.bindparam("by", type_=sa.Integer)).label("part")))

    here = world.distributor()

    with counted(world) as said, world.web.work(here.id) as work:
        assert ready.row(work.connection, {"by": 1}).part == 1
        with pytest.raises(sa.exc.DataError, match="division by zero"):
            ready.row(work.connection, {"by": 0})
        work.connection.rollback()

    assert said == [ready.words] * 2


def test_what_cannot_be_made_ready_is_refused(world: World) -> None:
    assert Ready(
        sa.select(account.c.id).where(account.c.status == sa.any_(sa.bindparam("some", type_=sa.ARRAY(sa.Text))))
    )
    with pytest.raises(TypeError, match="use any_"):
        Ready(sa.select(account.c.id).where(account.c.status.in_(["active", "closed"])))
    with pytest.raises(TypeError, match="as it is"):
        Ready(sa.select(sa.literal(None, sa.PickleType).label("pickled")))
    with pytest.raises(ValueError, match="duplicate field name"):
        Ready(sa.select(account.c.id, account.alias("other").c.id))


def test_a_spelled_statement_has_in_its_words_what_never_changes_and_gives_the_same(world: World) -> None:
    asked: sa.Select[*tuple[Any, ...]] = sa.select(
        account.c.id,
        sa.literal("it's 5 % off").label("said"),
        sa.literal({"a": 1}, JSONB).label("json"),
        (account.c.version + 1).label("next"),
        sa.case((account.c.status.in_(["suspended", "active"]), "alive"), else_="over").label("how"),
    ).where(account.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(ID))))
    here = world.distributor()
    given = {"ids": [world.account(at=here).id, new_id()]}

    with counted(world) as said, world.web.work(here.id) as work:
        plainly = work.connection.execute(asked, given).all()
        rows = spelled(asked).rows(work.connection, given)

    assert [tuple(row) for row in rows] == [tuple(row) for row in plainly]
    assert (rows[0].said, rows[0].how, len(rows)) == ("it's 5 % off", "alive", 1)
    # Beside the ids only what there is no way to write down is sent.
    assert "$2" in said[1]
    assert "$3" not in said[1]
    assert spelled(asked) is spelled(asked)
