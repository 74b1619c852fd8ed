"""Health of the mirrors, and the messages that are set aside (UP-43, UP-45)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.health import queries, set_aside
from tenantry.database import Work
from tenantry.kernel.problems import Invalid, NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.channel import mirror_views as views
from tenantry.web.ui.channel.charts import chart
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.views import Action, Dialog, Field, Flash, Head, Link, Panel

router = APIRouter()


@router.get("/mirrors")
@may("reconcile:view")
def show_all(work: Work, request: Request) -> Response:
    """Show how far each mirror is in step."""
    found = queries.mirrors(work)
    main = [Panel(table=views.listed(found, words(request)))]
    alerts = [Link(one.name, f"/mirrors/{one.id}", text) for one in found for text in one.alerts]
    if alerts:
        main.insert(0, Panel("Needs attention", links=alerts))
    asides = Action("messages", "Set-aside messages", "inbox", "/messages")
    return record_page(
        request, Head("Mirrors", subtitle="How far you are behind your resellers", actions=[asides]), main
    )


@router.get("/mirrors/{id}")
@may("reconcile:view")
def show(work: Work, request: Request, id: Id) -> Response:
    """Show one: its figures, its day, its alerts."""
    one, written = queries.mirror_(work, id), words(request)
    samples = queries.samples(work, id)
    return render(
        request,
        "channel/mirror.html",
        view=one,
        stats=views.stats(one, written),
        charts=(
            chart("lag", "Lag in seconds", [(each.at, each.lag_ms / 1000) for each in samples], written),
            chart("applied", "Messages applied a minute", [(each.at, each.applied or 0) for each in samples], written),
        ),
        actions=[
            Action("compare", "Reconcile", "adjustments-horizontal", f"/tenant-resellers/{id}/reconciliations"),
            Action("messages", "Set-aside messages", "inbox", f"/messages?tenant_reseller_id={id}"),
        ],
    )


@router.get("/messages")
@may("reconcile:view")
def show_messages(work: Work, request: Request, tenant_reseller_id: Id | None = None) -> Response:
    """Show what is set aside, customer by customer, with the reason and what to do."""
    found = set_aside.listed(work, tenant_reseller_id)
    written = words(request)
    resellers = {one.tenant_reseller_id: one.reseller_name for one in found}
    again = [
        allowed(
            Action(f"retry-{id}", f"Try all of {name} again", "refresh", f"/mirrors/{id}/messages/retry", "post"),
            work.actor,
            "reconcile:repair",
        )
        for id, name in resellers.items()
    ]
    head = Head("Set-aside messages", (Link("Mirrors", "/mirrors"),), actions=again)
    return record_page(request, head, [Panel(table=views.messages(found, written, work.actor))])


@router.get("/mirrors/{id}/messages/{customer}")
@may("reconcile:view")
def show_customer(work: Work, request: Request, id: Id, customer: Id) -> Response:
    """Show what is set aside of one customer, to try it again or give it up."""
    one = next((each for each in set_aside.listed(work, id) if each.id == customer), None)
    if one is None:
        raise NotFound("set-aside message")
    here = f"/mirrors/{id}/messages/{customer}"
    retry = Action("retry", "Try again", "refresh", f"{here}/retry", "post", primary=True)
    give_up = Action("resolve", "Give up", "ban", "#resolve", "dialog", danger=True)
    head = Head(
        one.account_name or "A customer without a name",
        (Link("Mirrors", "/mirrors"), Link("Set-aside messages", "/messages")),
        subtitle=f"{one.reseller_name}: set aside {words(request).since(one.since)}",
        actions=[allowed(each, work.actor, "reconcile:repair") for each in (retry, give_up)],
    )
    ask = Dialog(
        "resolve",
        "Give up these messages",
        f"{here}/resolution",
        "Give up",
        ("They are dropped for good. What differs between both tiers then, a comparison shows and repairs.",),
        (Field("reason", "Reason", kind="textarea", required=True, help="Stands in the history and the audit log."),),
        danger=True,
    )
    return record_page(request, head, [Panel(fields=views.reasons(one, words(request)))], (), [ask])


@router.post("/mirrors/{id}/messages/retry")
@may("reconcile:repair")
def retry_all(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Try all of a tenant reseller again."""
    many = set_aside.retry(work, id)
    return goto(request, "/messages", said(f"Messages of {words(request).counted(many, 'customers')} are tried again."))


@router.post("/mirrors/{id}/messages/{customer}/retry")
@may("reconcile:repair")
def retry(work: Work, request: Request, id: Id, customer: Id, form: Form) -> Response:  # noqa: ARG001 - its token
    """Try those of a customer again."""
    set_aside.retry(work, id, customer)
    return goto(request, "/messages", said("They are tried again."))


@router.post("/mirrors/{id}/messages/{customer}/resolution")
@may("reconcile:repair")
def resolve(work: Work, request: Request, id: Id, customer: Id, form: Form) -> Response:
    """Give those of a customer up."""
    try:
        set_aside.resolve(work, id, customer, text(form, "reason"))
    except Invalid as problem:
        [fault] = problem.faults
        return goto(
            request, f"/mirrors/{id}/messages/{customer}", Flash(f"{fault.message} {fault.remedy}", "bad", fault.rule)
        )
    return goto(request, "/messages", said("They were given up; the reason stands in the history."))
