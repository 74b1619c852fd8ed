"""A plan as its page shows it: the preview, what confirming means, what cancelling leaves."""

from collections.abc import Sequence

from tenantry.channel.handovers.queries import HandoverView, PreviewPage
from tenantry.kernel.actor import Actor
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.channel import trail
from tenantry.web.ui.channel.handover_views import facets, url
from tenantry.web.ui.channel.previews import group
from tenantry.web.ui.views import Action, Link, Preview
from tenantry.web.words import Words


def subtitle(view: HandoverView, words: Words) -> str:
    """Say which handover it is, who planned it, and when it runs."""
    said = f"Handover No. {view.number}, planned by {view.planned_by}, {words.since(view.created_at)}"
    if view.status == "scheduled" and view.scheduled_at:
        return f"{said}. It runs on {words.moment(view.scheduled_at)}."
    if view.status in {"running", "undoing"} and view.confirmed_at:
        return f"Handover No. {view.number}, confirmed by {view.confirmed_by}, {words.since(view.confirmed_at)}"
    return said


def preview(
    view: HandoverView,
    page: PreviewPage,
    words: Words,
    giver: str,
    verdict: str,
    query: str,
    cursor: str,
    back: Sequence[str],
    path: str = "",
) -> Preview:
    """Give a page of the preview, the first account of the first page open."""
    here, asked = url(view) + path, (("verdict", verdict), ("q", query))
    following = trail.next_url(here, asked, cursor, back, page.next)
    before = trail.previous_url(here, asked, cursor, back)
    all_ = view.counts.get(verdict, 0) if verdict else sum(view.counts.get(one, 0) for one in _VERDICTS)
    return Preview(
        giver=giver,
        taker=view.reseller_name,
        groups=tuple(
            group(view, record, words, is_open=place == 0 and not cursor) for place, record in enumerate(page.items)
        ),
        facets=tuple(facets(view, words, verdict, path)),
        url=here,
        query=query,
        verdict=verdict,
        count=_count(view, len(page.items), all_, query, words),
        previous_url=f"{before}#preview" if before else "",
        next_url=f"{following}#preview" if following else "",
        searches=view.subject,
        exports=(Link("Export", f"/api/v1/handovers/{view.id}/export?format=csv"),),
    )


def _count(view: HandoverView, shown: int, all_: int, query: str, words: Words) -> str:
    found = words.counted(shown, view.subject)
    return found if query or view.not_shown else f"{words.number(shown)} of {words.counted(all_, view.subject)}"


def unseen(view: HandoverView, words: Words) -> str:
    """Say how many accounts are kept from this person; nothing when he sees them all."""
    if not view.not_shown:
        return ""
    verb = "is" if view.not_shown == 1 else "are"
    count = words.counted(view.not_shown, view.subject)
    return f"{count} {verb} not shown: your permission rules do not let you see more."


def confirm(view: HandoverView, actor: Actor, words: Words) -> Action:
    """Give the button that confirms the plan, or says why not."""
    all_ = sum(view.counts.get(one, 0) for one in _VERDICTS)
    some = words.number(view.total) if view.total == all_ else f"{words.number(view.total)} of {words.number(all_)}"
    label = f"Confirm {some} {view.subject.removesuffix('s') if view.total == all_ == 1 else view.subject}"
    if view.kind == "activate_back_ordering":
        label = "Confirm going live"
    action = Action("confirm", label, "check", "#ask-confirm", "dialog", primary=True)
    verdict = view.actions["confirm"]
    return allowed(action, actor, "handover:confirm") if verdict else refused(action, verdict)


def withdraw(actor: Actor) -> Action:
    """Give the button that lets the plan go."""
    return allowed(Action("withdraw", "Withdraw plan", "x", "#ask-cancel", "dialog"), actor, "handover:confirm")


def what_stays(view: HandoverView, words: Words) -> str:
    """Say what cancelling leaves behind."""
    if view.status in {"planning", "planned", "scheduled", "awaiting_approval"}:
        return "Nothing has been changed yet. All of it is free for another plan."
    left = max(view.total - view.done, 0)
    return (
        f"{words.number(view.done)} {view.subject} are transferred and stay so. The other {words.number(left)} stay "
        "with you and are free for a new plan."
    )


_VERDICTS = ("new", "wake", "live", "here", "clash", "held")
