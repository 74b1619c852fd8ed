"""The page of settings, from the one class that reads them."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from tenantry.docs.markdown import code, codes, table
from tenantry.settings import Settings

HEAD = """# Settings

Read from the environment, or from a file `.env` in the folder where the program is started; the environment wins. What
is said on the command line wins over both.
"""


def page() -> str:
    """Write a line for every setting."""
    return f"{HEAD}\n{table(('Variable', 'Value', 'Default', 'What it does'), _rows())}\n"


def _rows() -> Iterator[tuple[str, ...]]:
    for name, field in Settings.model_fields.items():
        yield codes(_variables(name, field)), _kind(field), _default(field), field.description or ""


def _variables(name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(one) for one in alias.choices]
    return [f"{Settings.model_config.get('env_prefix', '')}{name}".upper()]


def _kind(field: FieldInfo) -> str:
    wanted: Any = field.annotation
    if get_origin(wanted) is Literal:
        return ", ".join(code(one) for one in get_args(wanted))
    if wanted is bool:
        return "true or false"
    if wanted is int:
        bounds = [
            f"{name} {getattr(one, sign)}" for sign, name in _BOUNDS for one in field.metadata if hasattr(one, sign)
        ]
        return " ".join(("a number", *bounds))
    return "a secret" if SecretStr in get_args(wanted) else "text"


def _default(field: FieldInfo) -> str:
    return (
        "none"
        if field.default in {None, ""}
        else code(str(field.default).lower() if field.annotation is bool else field.default)
    )


_BOUNDS = (("ge", "from"), ("le", "to"))
