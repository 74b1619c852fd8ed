"""The spine: tenants, people, accounts, catalogue, orders, handovers, imports, jobs."""

from pathlib import Path
from typing import Any

from alembic import op

from tenantry.database.frozen import mark

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first release, from the statements frozen beside this file."""
    frozen = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(frozen, prepare=False)
    driver.execute(mark(), prepare=False)
