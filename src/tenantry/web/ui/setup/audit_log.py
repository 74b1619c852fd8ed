"""The audit log: every administrative act, newest first, with before and after (SEC-06)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.tenancy import audit, queries
from tenantry.tenancy.audit import AuditLine
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.inputs import records
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.setup.drawing import KIND
from tenantry.web.ui.views import Change, Head, HistoryLine, Option, Panel
from tenantry.web.words import Words, iso

URL = "/setup/audit-log"
SHOWN = 50
AREAS = {
    "users": "Users",
    "sessions": "Sign-ins",
    "roles": "Roles",
    "groups": "Groups",
    "permission_rules": "Permission rules",
    "tokens": "API tokens",
    "api_options": "API options",
    "custom_fields": "Custom fields",
    "payment_methods": "Payment methods",
    "currencies": "Currencies",
    "order_types": "Order types",
    "order_statuses": "Order statuses",
    "organisation": "Organisation",
}
ICONS = {"create": "plus", "define": "plus", "edit": "pencil", "delete": "trash", "start": "user", "block": "ban"}

router = APIRouter()


@router.get("/setup/audit-log")
@may("audit:view")
def page(work: Work, request: Request, area: str = "", actor: str = "", before: str = "") -> Response:
    """Show the log; lines before those shown come alone."""
    panel = _panel(work, words(request), area if area in AREAS else "", as_id(actor) if actor else None, before)
    if before and request.headers.get("hx-request"):
        return part("page/history.html", view=panel)
    return render(
        request,
        "setup/audit_log.html",
        head=Head("Audit Log", kind=KIND, subtitle="Every administrative act, newest first."),
        panel=panel,
        areas=[Option(name, label) for name, label in AREAS.items()],
        area=area,
        people=records(queries.people(work)),
        actor=actor,
    )


def _panel(work: Work, words_: Words, area: str, actor: UUID | None, before: str) -> Panel:
    found = audit.lines(work, before=as_id(before) if before else None, limit=SHOWN, act=area, actor_id=actor)
    shown = [_line(one, words_) for one in found]
    more = f"{URL}?area={area}&actor={actor or ''}&before={found[-1].id}" if len(found) == SHOWN else ""
    return Panel(history=shown, more_url=more)


def _line(one: AuditLine, words_: Words) -> HistoryLine:
    changes: Any = one.details.get("changes") or {}
    parts = [
        Change(histories.label(name, {}), _said(pair.get("before")), _said(pair.get("after")))
        for name, pair in changes.items()
    ]
    icon = ICONS.get(one.act.partition(".")[2].partition("_")[0], "note")
    return HistoryLine(words_.since(one.at), iso(one.at), one.sentence, one.actor, parts, icon)


def _said(value: Any) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return "Yes" if value else "No"
        case list():
            return ", ".join(_said(one) for one in value)
        case dict():
            return ", ".join(f"{name} {_said(one)}" for name, one in value.items() if one)
        case _:
            return str(value)
