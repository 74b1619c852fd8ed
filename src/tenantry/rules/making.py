"""The two forms of a statement that makes rows: plainly, and round what is there already (decision 11)."""

from typing import Any, NamedTuple, Self


class Making(NamedTuple):
    """Whoever believes that all of it is new makes it plainly, which costs a quarter less; if that raises
    IntegrityError, he makes it with care.
    """

    plain: Any
    careful: Any

    @classmethod
    def of(cls, insert: Any) -> Self:
        """Give both forms of an insert whose rows are made once."""
        return cls(insert, insert.on_conflict_do_nothing(index_elements=["tenant_id", "id"]))

    def returning(self, *columns: Any) -> Self:
        """Give both forms, each giving these columns of what it made."""
        return type(self)(*(form.returning(*columns) for form in self))

    def form(self, *, plainly: bool) -> Any:
        """Give the one form or the other."""
        return self.plain if plainly else self.careful
