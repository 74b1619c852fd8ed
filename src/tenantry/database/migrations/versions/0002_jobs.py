"""The job library's own tables, in a schema of their own."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the schema `jobs`, from the library's SQL of the version that was current, frozen beside this file."""
    frozen = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(frozen, prepare=False)
