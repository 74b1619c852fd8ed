"""The page of the API, from its OpenAPI document: a line for every path and verb."""

from collections.abc import Iterator
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI

from tenantry.docs.markdown import code, line, table
from tenantry.web import api
from tenantry.web.api.document import DESCRIPTION, document

VERBS = ("get", "post", "put", "patch", "delete")
HEAD = f"""# API

A line for every path and verb. The whole of it, with every field described, is the OpenAPI document that the program
serves at `{api.PREFIX}/openapi.json`.

{DESCRIPTION}"""


def page() -> str:
    """Write a table for every kind of resource."""
    app = FastAPI(openapi_url=None)
    app.router.routes.extend(api.router.routes)
    app.state.settings = SimpleNamespace(public_url="http://127.0.0.1:8000")
    return "\n".join((HEAD, *_chapters(document(app))))


def _chapters(made: dict[str, Any]) -> Iterator[str]:
    every = [
        (_tag(operation), verb, path, operation)
        for path, operations in made["paths"].items()
        for verb, operation in operations.items()
        if verb in VERBS
    ]
    order = list(dict.fromkeys(tag for tag, *_ in every))
    for tag, group in groupby(sorted(every, key=lambda one: order.index(one[0])), key=lambda one: one[0]):
        rows = (
            (f"{code(f'{verb.upper()} {path}')}", _says(operation), _needs(operation))
            for _, verb, path, operation in group
        )
        yield f"## {tag}\n\n{table(('Call', 'Does', 'Permission'), rows)}\n"


def _tag(operation: dict[str, Any]) -> str:
    return str((operation.get("tags") or ["Others"])[0])


def _says(operation: dict[str, Any]) -> str:
    return line(str(operation.get("description", "")).partition("\n\n")[0])


def _needs(operation: dict[str, Any]) -> str:
    if "x-permission" in operation:
        return code(operation["x-permission"])
    return "signed in" if operation.get("security") else "anybody"
