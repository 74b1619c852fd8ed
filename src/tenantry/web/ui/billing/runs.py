"""Invoice runs: the list, and the page of one while it runs and when it has ended (BIL-02)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import runs
from tenantry.billing.lists import RUNS
from tenantry.billing.runs import RunView, run_
from tenantry.database import Work
from tenantry.kernel.problems import Conflict
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.billing import invoices
from tenantry.web.ui.billing.invoices import ALL, EDIT, money
from tenantry.web.ui.flashes import draw_anew, goto, said
from tenantry.web.ui.forms import Form
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Flash, Head, Link, Panel, Progress, Stat
from tenantry.web.words import Words

SHEET = Sheet(
    RUNS,
    name="invoice-runs",
    url="/invoice-runs",
    placeholder="Invoice runs",
    title="created_at",
    links={"created_at": ("/invoice-runs/{}", "id")},
    filters={"status": "Any status"},
    phone=("status", "invoices"),
    empty=Empty("No runs yet", "Every time that invoices are generated, what came of it is kept here.", "clock"),
    exports=False,
)
ABOVE = (ALL, Link("Invoice Runs", "/invoice-runs"))

router = APIRouter()


@router.get("/invoice-runs")
@may("invoices:view")
def show_all(work: Work, request: Request) -> Response:
    """List the runs, the latest first."""
    generate = Action("generate", "Generate Invoices", "coins", "/invoices/generate", primary=True)
    head = Head("Invoice Runs", (ALL,), actions=[allowed(generate, work.actor, EDIT)])
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/invoice-runs/{id}")
@may("invoices:view")
def show(work: Work, request: Request, id: Id) -> Response:
    """Show a run: how far it has come, or what came of it."""
    view, said_ = run_(work, id), words(request)
    title = f"Invoices due up to {said_.date(view.up_to)}"
    if view.status == "running":
        stop = allowed(Action("cancel", "Stop", "ban", "#ask-cancel", "dialog", danger=True), work.actor, EDIT)
        return render(
            request,
            "billing/running.html",
            head=Head(title, ABOVE, state=view.status, subtitle=_subtitle(view, said_), actions=[stop]),
            progress=_progress(view, said_),
            cancel_url=f"/invoice-runs/{id}/cancellation",
        )
    main = [Panel(stats=_stats(view, said_))]
    if view.problem:
        main.append(Panel("Why it ended", note=view.problem))
    table = invoices.SHEET.view(work, request, said_, url=f"/invoice-runs/{id}", fixed={"run_id": id})
    head = Head(title, ABOVE, state=view.status, subtitle=_subtitle(view, said_))
    return record_page(request, head, [*main, Panel(table=table)])


@router.get("/invoice-runs/{id}/progress")
@may("invoices:view")
def show_progress(work: Work, request: Request, id: Id) -> Response:
    """Say how far it has come; once it has ended the page is drawn anew."""
    view = run_(work, id)
    answer = part("channel/progress.html", progress=_progress(view, words(request)))
    if view.status != "running":
        draw_anew(request, answer)
    return answer


@router.post("/invoice-runs/{id}/cancellation")
@may(EDIT)
def cancel(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Stop the run; invoices that were made stay."""
    try:
        runs.cancel(work, id)
    except Conflict as problem:
        return goto(request, f"/invoice-runs/{id}", Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    return goto(request, f"/invoice-runs/{id}", said("The run was stopped."))


def _subtitle(view: RunView, words_: Words) -> str:
    whom = "For all accounts" if view.accounts is None else f"For {words_.counted(view.accounts, 'accounts')}"
    by = f" by {view.created_by_name}" if view.created_by_name else ""
    return f"{whom} · {words_.moment(view.created_at)}{by}"


def _stats(view: RunView, words_: Words) -> list[Stat]:
    waits = [Stat("Left to wait", words_.number(view.held_back), "below nothing")] if view.held_back else []
    return [
        Stat("Invoices", words_.number(view.invoices)),
        Stat("Charges", words_.number(view.charges)),
        Stat("Payers", words_.number(view.done)),
        *(Stat(f"In {one.currency}", money(one, words_)) for one in view.sums),
        *waits,
    ]


def _progress(view: RunView, words_: Words) -> Progress:
    return Progress(
        name="invoice-run",
        label="Issuing invoices",
        done=view.done,
        total=view.total,
        text=f"{words_.number(view.done)} of {words_.counted(view.total, 'payers')}",
        rate=words_.counted(view.invoices, "invoices"),
        state=view.status,
        url=f"/invoice-runs/{view.id}/progress",
    )
