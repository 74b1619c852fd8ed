"""What goes in and out, described for the document (API-01).

A view is what a query gives and a `New...` is what an action takes; both are dataclasses, so they are the shape, and
the comment of a column is what a field means.
"""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, create_model

from tenantry.kernel.problems import Verdict
from tenantry.web.api.values import Free, Hint, Value, chosen, narrowed
from tenantry.web.api.words import WORDS

Model = type[BaseModel]

made_of: dict[Model, type] = {}
"""What a model that comes in becomes: the order that an action takes."""

silent: set[str] = set()
"""Fields that nobody describes; a test wants this to be empty."""

parts: dict[object, Model] = {}
"""Models that stand inside others; one model for each, however many answers it stands in."""


class Said(BaseModel):
    """A verdict of the policy, as the API shows it."""

    allowed: bool = Field(description="Whether it may be done now.")
    rule: str = Field(description="The rule that refuses it; empty when it is allowed.")
    why: str = Field(description="The reason in one sentence; empty when it is allowed.")
    issue: str = Field(description="The issue that will build it; empty for what can be done here today.")
    remedy: str = Field(description="The way out in one sentence; empty when it is allowed.")


@dataclass(frozen=True)
class Shape:
    """How a dataclass is described: its tables' comments, what is said besides, and whether it comes in or goes out."""

    tables: Sequence[sa.Table]
    says: Mapping[str, str]
    comes_in: bool

    def model(self, kind: type, name: str) -> Model:
        """Make the model of a dataclass."""
        hints = get_type_hints(kind)
        fields: dict[str, Any] = {}
        for one in dataclasses.fields(kind):
            column = next((table.c[one.name] for table in self.tables if one.name in table.c), None)
            sentence = self.sentence(kind, one.name, column)
            fields[one.name] = (self.typed(hints[one.name], column), self.field(one, sentence))
        config = ConfigDict(extra="forbid") if self.comes_in else ConfigDict()
        model: Model = create_model(name, __config__=config, __doc__=kind.__doc__, **fields)
        made_of[model] = kind
        return model

    def sentence(self, kind: type, name: str, column: sa.Column[Any] | None) -> str:
        """Say what a field means."""
        said = self.says.get(name) or WORDS.get(name) or (column.comment if column is not None else "")
        if not said:
            silent.add(f"{kind.__module__}.{kind.__name__}.{name}")
        return said or f"{name.replace('_', ' ').capitalize()}."

    def field(self, one: "dataclasses.Field[Any]", sentence: str) -> Value:
        """Describe a field; what comes in may be left out where the order has a default."""
        if self.comes_in and one.default is not dataclasses.MISSING:
            return Field(default=one.default, description=sentence)
        if self.comes_in and one.default_factory is not dataclasses.MISSING:
            return Field(default_factory=one.default_factory, description=sentence)
        return Field(description=sentence)

    def typed(self, hint: Hint, column: sa.Column[Any] | None) -> Hint:
        """Translate the type of a field; what is itself a dataclass becomes a model of its own."""
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            return Said if hint is Verdict else self.part(hint)
        origin: Hint = get_origin(hint)
        inside = get_args(hint)
        if origin in {Union, types.UnionType}:
            # Made here, so it cannot be written with bars.
            return Union.__getitem__(tuple(self.typed(one, column) for one in inside))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return dict.__class_getitem__((str, self.typed(inside[1], None)))
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return list.__class_getitem__(self.typed(inside[0], column))
        return self.plain(hint, column)

    def plain(self, hint: Hint, column: sa.Column[Any] | None) -> Hint:
        """Translate a type that has no parts."""
        if self.comes_in:
            return Free if hint is Any else narrowed(hint, column)
        return (chosen(column) or hint) if hint is str else hint

    def part(self, kind: type) -> Model:
        """Give the model of a dataclass that stands inside another."""
        key = (kind.__name__, tuple(one.name for one in dataclasses.fields(kind)), self.comes_in)
        if key not in parts:
            parts[key] = self.model(kind, kind.__name__.removesuffix("View"))
        return parts[key]


def inside(view: type, *tables: sa.Table, **says: str) -> Model:
    """Describe a view that also stands inside others, by its own tables; say it before those."""
    return Shape(tables, says, comes_in=False).part(view)


def shown(view: type, *tables: sa.Table, name: str = "", **says: str) -> Model:
    """Describe what a view looks like outside."""
    return Shape(tables, says, comes_in=False).model(view, name or view.__name__.removesuffix("View"))


def taken(order: type, *tables: sa.Table, name: str = "", **says: str) -> Model:
    """Describe what an action takes; unknown fields are refused, naming them."""
    return Shape(tables, says, comes_in=True).model(order, name or order.__name__)


def changed(name: str, table: sa.Table, names: str, **says: str) -> Model:
    """Describe the fields of a table that can be changed, each of which may be left out."""
    fields: dict[str, Any] = {}
    for field in names.split():
        column = table.c[field]
        kind = narrowed(column.type.python_type, column)
        sentence = says.get(field) or column.comment
        fields[field] = (kind | None if column.nullable else kind, Field(default=None, description=sentence))
    model: Model = create_model(name, __config__=ConfigDict(extra="forbid"), __doc__="The fields to change.", **fields)
    return model


def order_of(given: Value) -> Value:
    """Turn what came in into what actions take: models into orders, lists into tuples, nothing of what was left out."""
    if isinstance(given, BaseModel) and type(given) in made_of:
        return made_of[type(given)](**{name: order_of(getattr(given, name)) for name in given.model_fields_set})
    return tuple(order_of(one) for one in given) if isinstance(given, list) else given
