"""The head of an activity's page: its acts, as far as what it is about can still be written to."""

from tenantry.crm.queries import ActivityView
from tenantry.crm.subjects import may_note
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import no
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.views import Action, Head, Link

ALL = Link("Activities", "/activities")
EDIT = "activities:edit"
unseen = no("TEN-21", "Your permission rules do not let you see what it is about.")


def head(work: Work, view: ActivityView) -> Head:
    """Give the head of an activity's page."""
    base = f"/activities/{view.id}"
    turn = (
        Action("finish", "Mark as done", "check", f"{base}/finish", "post", primary=True)
        if view.status == "open"
        else Action("reopen", "Open again", "arrow-back-up", f"{base}/reopen", "post")
    )
    delete_ = Action(
        "delete",
        "Delete",
        "trash",
        f"{base}/delete",
        "post",
        danger=True,
        confirm="The history of what it is about keeps a line.",
    )
    may_change = _may_change(work, view)
    offered = (turn, Action("edit", "Edit", "pencil", f"{base}/edit"), delete_)
    return Head(
        title=view.subject,
        crumbs=(ALL, *([Link(view.account_name, f"/accounts/{view.account_id}")] if view.account_id else ())),
        state=view.status,
        subtitle=view.kind.capitalize() if view.kind != "email" else "E-mail",
        actions=[allowed(one, work.actor, EDIT) if may_change else refused(one, may_change) for one in offered],
    )


def _may_change(work: Work, view: ActivityView) -> Verdict:
    try:
        return may_note(work, view.about, view.about_id, view.kind)
    except NotFound:
        return unseen
