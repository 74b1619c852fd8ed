"""Generate invoices: exactly which would be made is shown before one agrees (BIL-02, UP-22)."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import runs
from tenantry.billing.pending import Preview, preview
from tenantry.billing.runs import run_
from tenantry.crm import queries
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.billing.invoices import ALL, EDIT, money
from tenantry.web.ui.billing.pending import COLUMNS, account_of, document_row
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, shown, text, texts
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.tables import column, whole
from tenantry.web.ui.views import Action, Empty, Field, Flash, Head, Link, ListView, Stat
from tenantry.web.words import Words

NOTHING = Empty("Nothing is due", "Up to this day nothing was charged that is not invoiced yet.", "coins")

router = APIRouter()


@router.get("/invoices/generate")
@may(EDIT)
def ask(work: Work, request: Request, account: str = "", accounts: str = "", up_to: str = "") -> Response:
    """Show which invoices would be made of what is due up to a day, for an account, for some, or for all."""
    return _page(work, request, _ids((account or accounts).split(",")), up_to)


@router.post("/invoices/generate/chosen")
@may(EDIT)
def ask_for_chosen(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - as every page has it
    """Go on with the accounts that were chosen among the pending invoices."""
    chosen = dict.fromkeys(account_of(one) for one in texts(form, "chosen"))
    if not chosen:
        return goto(request, "/pending-invoices", Flash("No invoice was chosen.", "warn"))
    return goto(request, f"/invoices/generate?accounts={','.join(chosen)}")


@router.post("/invoices/generate")
@may(EDIT)
def generate(work: Work, request: Request, form: Form) -> Response:
    """Make the invoices that were shown."""
    accounts, up_to = _ids(text(form, "accounts").split(",")), text(form, "up_to")
    try:
        with work.connection.begin_nested():
            id = runs.start(work, up_to or None, accounts, digest=text(form, "digest"))
    except Conflict as problem:
        again = f"/invoices/generate?accounts={text(form, 'accounts')}&up_to={up_to}"
        return goto(request, again, Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    done = run_(work, id)
    if done.status == "running":
        return goto(request, f"/invoice-runs/{id}", said("Agreed. You may leave this page; the work goes on."))
    many = words(request).counted(done.invoices, "invoices")
    return goto(request, f"/invoice-runs/{id}", said(f"{many} {'was' if done.invoices == 1 else 'were'} issued."))


def _page(work: Work, request: Request, accounts: list[UUID] | None, up_to: str) -> Response:
    said_, error = words(request), None
    try:
        found = preview(work, up_to or None, accounts)
    except Invalid as problem:
        error = shown(problem.faults[0])
        found = preview(work, None, accounts)
    one = queries.account(work, accounts[0]) if accounts and len(accounts) == 1 else None
    whom = one.name if one else said_.counted(len(accounts), "accounts") if accounts else "all that is due"
    crumbs = (ALL, Link("Pending Invoices", f"/accounts/{one.id}/pending-invoices" if one else "/pending-invoices"))
    head = Head(f"Generate invoices for {whom}", crumbs)
    many = said_.counted(found.invoices, "invoices")
    return render(
        request,
        "billing/generate.html",
        status=422 if error else 200,
        head=head,
        up_to=Field("up_to", "What is due up to", up_to or str(found.up_to), "date", error=error),
        accounts=",".join(str(id) for id in accounts or ()),
        stats=_stats(found, said_),
        table=_table(found, said_),
        shown=len(found.documents),
        documents=found.invoices + found.held_back,
        many=many,
        digest=found.digest,
        day=said_.date(found.issued_on),
        generate=Action("generate", f"Generate {many}", "check", "#agree", "dialog", primary=True),
        some=bool(found.invoices),
    )


def _stats(found: Preview, words_: Words) -> list[Stat]:
    sums = [Stat(f"In {one.currency}", money(one, words_)) for one in found.sums]
    waits = [Stat("Left to wait", words_.number(found.held_back))] if found.held_back else []
    return [
        Stat("Invoices", words_.number(found.invoices)),
        Stat("Charges", words_.number(found.charges)),
        *sums,
        *waits,
    ]


def _table(found: Preview, words_: Words) -> ListView:
    columns = [column("Number", number=True) if one.label == "Planned on" else one for one in COLUMNS]
    rows = [document_row(one, words_, str(one.id), when=one.code or "None") for one in found.documents]
    return whole("documents", columns, rows, NOTHING, "Invoices that would be made")


def _ids(given: Sequence[str]) -> list[UUID] | None:
    """Read the accounts; an id that is none is nobody's, so that it is not found."""
    found = [one for one in given if one]
    return [as_id(one) or UUID(int=0) for one in found] or None
