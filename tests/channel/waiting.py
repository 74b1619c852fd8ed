"""Wait until somebody waits: for a lock that the test holds."""

import sqlalchemy as sa

from tenantry.database import Database


def until(database: Database, question: str) -> None:
    """Ask again and again until the answer is a number above nothing."""
    for _ in range(2_000):
        with database.engine.connect() as connection:
            if connection.scalar(sa.text(question)):
                return
    message = "nobody waits"
    raise AssertionError(message)
