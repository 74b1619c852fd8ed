"""Throw away what has ended: sessions, failed sign-ins, kept answers, used-up links and short-lived tokens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.kernel import clock
from tenantry.schema.shop import shop_session
from tenantry.schema.tenant import api_token, idempotency, invitation, session, sign_in_attempt
from tenantry.tenancy import directory, throttle

ANSWERS_KEPT = timedelta(days=1)
# How long a storefront user stays signed in: unseen, and at most.
SHOP_IDLE, SHOP_LONGEST = timedelta(hours=12), timedelta(days=30)


def sweep(database: Database) -> Mapping[str, int]:
    """Sweep the installation and every tenant, each in a transaction of its own; gives how many rows went, by table."""
    at = clock.now()
    with database.installation() as connection:
        gone = {
            "session": _delete(connection, session, session.c.expires_at <= at),
            "shop_session": _delete(
                connection,
                shop_session,
                sa.or_(shop_session.c.seen_at <= at - SHOP_IDLE, shop_session.c.created_at <= at - SHOP_LONGEST),
            ),
            "sign_in_attempt": _delete(connection, sign_in_attempt, sign_in_attempt.c.at <= at - throttle.REMEMBERED),
        }
        tenants = directory.tenants(connection)
    for tenant_id in tenants:
        with database.work(tenant_id) as work:
            for table, count in sweep_tenant(work).items():
                gone[table] = gone.get(table, 0) + count
    return gone


def sweep_tenant(work: Work) -> Mapping[str, int]:
    """Sweep one tenant; tokens that a person made stay in his list though they have ended."""
    ended = {
        idempotency: idempotency.c.created_at <= work.at - ANSWERS_KEPT,
        invitation: invitation.c.expires_at <= work.at,
        api_token: sa.and_(api_token.c.client_id.is_not(None), api_token.c.expires_at <= work.at),
    }
    return {
        table.name: _delete(work.connection, table, table.c.tenant_id == work.tenant_id, what)
        for table, what in ended.items()
    }


def _delete(connection: sa.Connection, table: sa.Table, *what: sa.ColumnElement[Any]) -> int:
    return connection.execute(sa.delete(table).where(*what)).rowcount
