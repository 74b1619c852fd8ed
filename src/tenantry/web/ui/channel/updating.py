"""Update Tenant: compare the catalogues, look at every difference, confirm, and the log of it all (CAT-20)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog.lists import STANDINGS
from tenantry.channel.catalogue_updates import actions, queries
from tenantry.channel.catalogue_updates.queries import CatalogueUpdateView, Difference
from tenantry.channel.tenant_resellers.queries import TenantResellerView, tenant_reseller_
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Verdict
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text, ticked
from tenantry.web.ui.histories import label
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Dialog, Empty, Field, Flash, Head, Link, Option, Panel, Stat
from tenantry.web.words import Words

EDIT = "tenant_resellers:edit"
MODES = {
    "full": "Everything that is yours",
    "purchase_prices": "Purchase prices only",
}
STATES = {"planned": "Planned", "confirmed": "Being applied", "applied": "Applied", "outdated": "Outdated"}
VERDICTS = {"new": "New", "changed": "Changed", "withdrawn": "Withdrawn", "dropped": "Removed", "clash": "Left out"}
SHOWN = 1_000

router = APIRouter()


@router.get("/tenant-resellers/{id}/updates")
@may("tenant_resellers:view")
def log(work: Work, request: Request, id: Id) -> Response:
    """Show the updates of a tenant reseller, and offer another one."""
    one, words_ = tenant_reseller_(work, id), words(request)
    compare = Action("update_tenant", "Compare catalogues", "refresh", "#compare", "dialog", primary=True)
    verdict = one.actions["update_tenant"]
    offered = allowed(compare, work.actor, EDIT) if verdict else refused(compare, verdict)
    columns = (column("Planned"), column("What"), column("Differences"), column("State"), column("Confirmed by"))
    rows = [
        row(
            each.id,
            (
                Cell(words_.moment(each.created_at), url=f"/tenant-resellers/{id}/updates/{each.id}"),
                MODES[each.mode],
                each.summary,
                Cell(STATES[each.state], state=each.state),
                each.actor,
            ),
        )
        for each in queries.updates(work, id)
    ]
    empty = Empty(
        "No updates yet", "Compare the catalogues; every difference is shown before it is applied.", "refresh"
    )
    head = Head("Update Tenant", _crumbs(one), subtitle=f"What {one.name} resells", actions=[offered])
    fields = (
        Field("mode", "What is updated", "full", "select", options=[Option(*each) for each in MODES.items()]),
        Field(
            "with_selling_prices",
            "His selling prices too",
            kind="checkbox",
            help="They are set to yours; what he set himself is lost.",
        ),
    )
    sentences = ("Nothing is changed yet: you see every difference first, with its rule.",)
    dialog = Dialog(
        "compare", "Compare the catalogues", f"/tenant-resellers/{id}/updates", "Compare", sentences, fields
    )
    panel = Panel("Updates", table=whole("updates", columns, rows, empty))
    return record_page(request, head, [panel], (), [dialog] if offered.allowed else ())


@router.post("/tenant-resellers/{id}/updates")
@may(EDIT)
def plan(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Compare the catalogues."""
    mode, selling = text(form, "mode") or "full", ticked(form, "with_selling_prices")
    made = actions.plan(work, id, mode, with_selling_prices=selling)
    return goto(request, f"/tenant-resellers/{id}/updates/{made}")


@router.get("/tenant-resellers/{id}/updates/{update}")
@may("tenant_resellers:view")
def show(work: Work, request: Request, id: Id, update: Id) -> Response:
    """Show an update, item by item."""
    one, view, words_ = tenant_reseller_(work, id), queries.update_(work, update), words(request)
    shown = view.differences[:SHOWN]
    columns = (column("What"), column("Field"), column("Now"), column("Then"), column("Why", prose=True))
    rows = [row(f"{place}", _cells(each)) for place, each in enumerate(shown)]
    note = f"The first {SHOWN:,} of {len(view.differences):,}; the API gives all." if rows[SHOWN - 1 :] else ""
    empty = Empty("Nothing differs", "His catalogue is as yours.", "check")
    head = Head(
        MODES[view.mode],
        (*_crumbs(one), Link("Update Tenant", f"/tenant-resellers/{id}/updates")),
        state=view.state,
        subtitle=_subtitle(view, words_),
        actions=[_confirm(work, id, view)] if view.state == "planned" else (),
    )
    main = [
        Panel(stats=[Stat("Rows", view.summary), Stat("His selling prices", _selling(view))]),
        Panel("Differences", note, table=whole("differences", columns, rows, empty)),
    ]
    return record_page(request, head, main)


@router.post("/tenant-resellers/{id}/updates/{update}/confirmation")
@may(EDIT)
def confirm(work: Work, request: Request, id: Id, update: Id, form: Form, digest: str = "") -> Response:  # noqa: ARG001 - it carries the token
    """Let it be applied as it was seen."""
    here = f"/tenant-resellers/{id}/updates/{update}"
    try:
        with work.connection.begin_nested():
            actions.confirm(work, update, digest)
    except Conflict as problem:
        return goto(request, here, Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    return goto(request, here, said("Confirmed. It is applied in a moment; the log says when."))


def _confirm(work: Work, id: UUID, view: CatalogueUpdateView) -> Action:
    url = f"/tenant-resellers/{id}/updates/{view.id}/confirmation?digest={view.digest}"
    ask = "His catalogue is changed as shown here, in one go."
    action = Action("confirm", "Apply", "check", url, "post", confirm=ask, primary=True)
    if all(one.verdict == "clash" for one in view.differences):
        return refused(action, Verdict(allowed=False, rule="CAT-20", why="Nothing differs."))
    return allowed(action, work.actor, EDIT)


def _cells(one: Difference) -> tuple[Cell | str, ...]:
    field = label(one.field, {}) if one.field else one.part
    before, after = (STANDINGS.get(each, each) if one.field == "standing" else each for each in (one.before, one.after))
    return (
        Cell(one.what, note=VERDICTS[one.verdict]),
        field,
        before,
        after or ("" if one.field else VERDICTS[one.verdict]),
        f"{one.why} {one.rule}",
    )


def _subtitle(view: CatalogueUpdateView, words_: Words) -> str:
    parts = [f"Planned {words_.since(view.created_at)}"]
    parts += [f"confirmed by {view.actor}"] if view.actor else []
    parts += [f"applied {words_.moment(view.applied_at)}"] if view.applied_at else []
    return ", ".join(parts)


def _selling(view: CatalogueUpdateView) -> str:
    return "Set to yours" if view.with_selling_prices else "Stay his"


def _crumbs(one: TenantResellerView) -> tuple[Link, ...]:
    return (Link("Tenant Resellers", "/tenant-resellers"), Link(one.name, f"/tenant-resellers/{one.id}"))
