"""How a value of a copy is said: constants as they are, columns by their owner, the rest by its rule's sentence."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import elements, operators
from sqlalchemy.sql.functions import coalesce

from tenantry.docs.markdown import code

SAID = {
    "at": "the moment of the run",
    "taker": "the taking tenant",
    "giver": "the giving tenant",
    "reseller": "the reseller's account",
    "handover": "this handover",
    "actor_id": "who confirmed it",
    "actor": "his name",
}


def in_words(value: Any) -> str:
    """Say what a column is given; nothing where only its rule's sentence can."""
    match value:
        case None | elements.Null():
            said = "empty"
        case bool():
            said = "yes" if value else "no"
        case sa.BindParameter():
            said = _bind(value)
        case sa.Column():
            said = code(f"{value.table.name}.{value.name}")
        case coalesce():
            parts = [in_words(one) for one in value.clauses]
            said = ", else ".join(parts) if all(parts) else ""
        case elements.BinaryExpression(operator=operators.concat_op):
            said = code("".join(_part(one) for one in (value.left, value.right)))
        case elements.ExpressionClauseList(operator=operators.concat_op):
            said = code("".join(_part(one) for one in value.clauses))
        case sa.ColumnElement():
            said = ""
        case _:
            said = code(value)
    return said


def _bind(value: sa.BindParameter[Any]) -> str:
    if not value.unique:
        return SAID.get(value.key, value.key.replace("_", " "))
    return "empty" if value.value in {"", None} else code(value.value)


def _part(value: Any) -> str:
    words = in_words(value).strip("`")
    return f"<{words}>" if isinstance(value, sa.Column) else words
