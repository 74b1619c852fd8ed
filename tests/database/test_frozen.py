"""A database that other first migrations made (OPS-04, decision 0007)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from tests.conftest import SECRET

from tenantry.database import embedded
from tenantry.database.frozen import Outdated
from tenantry.database.installation import installation
from tenantry.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Give the settings of an installation whose server runs."""
    data = tmp_path / "var"
    with embedded.server(data, durable=False):
        yield Settings(data=data, secret_key=SecretStr(SECRET), database_url=None)


def test_ops_04_a_folder_that_other_first_migrations_made_is_refused_by_its_name(settings: Settings) -> None:
    """Also one that does not say what made it; one that the same made is opened as often as one likes."""
    for _ in range(2):
        with installation(settings) as ready:
            owner = sa.create_engine(ready.owner_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")

    for earlier in ("'another'", "NULL"):
        with owner.connect() as connection:
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS {earlier}")
        with pytest.raises(Outdated) as refused, installation(settings):
            pass
        assert str(settings.data.resolve()) in refused.value.message
        assert str(settings.data.resolve()) in refused.value.remedy
