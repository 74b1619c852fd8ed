"""A row as it was read: its columns by name."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

# SQLAlchemy's own rows answer to columns as well as to names, so to a type checker they are no mapping of names.
Row: TypeAlias = Mapping[str, Any] | sa.RowMapping
