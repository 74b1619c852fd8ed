"""A handover as the kit draws it, wherever it stands: steps, figures, progress, what happened, results."""

from collections.abc import Mapping, Sequence

from tenantry.channel.handovers.queries import HandoverView
from tenantry.kernel.actor import Actor
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.views import (
    Action,
    Facet,
    Link,
    Moment,
    Progress,
    Stat,
    Step,
)
from tenantry.web.words import Words

CHOOSE: Mapping[str, str] = {
    "transfer_accounts": "Choose accounts",
    "transfer_subscriptions": "Choose subscriptions",
    "activate_back_ordering": "Going live",
}
STEPS = ("Check and confirm", "Run", "Record")
VERDICTS: Mapping[str, str] = {
    "new": "New",
    "wake": "Wakes up",
    "live": "Goes live",
    "here": "Already there",
    "clash": "Clash",
    "held": "Held back",
}
PLANNING, SEEN, RUNNING = frozenset({"planning"}), frozenset({"planned"}), frozenset({"running", "undoing"})
WAITING = frozenset({"awaiting_approval", "scheduled"})
MINUTE = 60


def url(view: HandoverView) -> str:
    """Give the address of a handover, which stays the same all its life."""
    return f"/handovers/{view.id}"


def title(view: HandoverView) -> str:
    """Name a handover: what goes, and to whom."""
    return f"{view.title} {'of' if view.kind == 'activate_back_ordering' else 'to'} {view.reseller_name}"


def steps(kind: str, at: int, first_url: str = "") -> tuple[Step, ...]:
    """Give the steps of the wizard, standing at one of them."""
    return tuple(
        Step(name, "done" if place < at else "current" if place == at else "todo", first_url if place < at == 1 else "")
        for place, name in enumerate((CHOOSE[kind], *STEPS))
    )


def steps_of(view: HandoverView) -> tuple[Step, ...]:
    """Give the steps as a handover stands."""
    if view.status in PLANNING | SEEN:
        return steps(view.kind, 1, back_url(view))
    if view.status in WAITING or view.status == "running":
        return steps(view.kind, 2)
    return steps(view.kind, 3)


def back_url(view: HandoverView) -> str:
    """Give the address at which what was chosen can be changed."""
    here = f"/tenant-resellers/{view.tenant_reseller_id}"
    first = view.choices.get("then") or view.kind
    return here if first == "activate_back_ordering" else f"{here}/{first.replace('_', '-')}?plan={view.id}"


def plan_stats(view: HandoverView, words: Words) -> tuple[Stat, ...]:
    """Give what the plan comes to."""
    counts = view.counts
    held = counts.get("held", 0) + counts.get("clash", 0)
    chosen = sum(counts.get(name, 0) for name in VERDICTS)
    wake = counts.get("wake", 0)
    warnings = sum(one.severity == "warning" for one in view.findings)
    return (
        Stat(f"{view.subject.capitalize()} chosen", words.number(chosen)),
        Stat(
            "Can go",
            words.number(view.total),
            f"{words.number(wake)} wake up" if wake else "",
            "good" if view.total else "",
        ),
        Stat("Held back", words.number(held), tone="bad" if held else ""),
        Stat("Kinds of warning", words.number(warnings), _warned(view, words), "warn" if warnings else ""),
    )


def _warned(view: HandoverView, words: Words) -> str:
    """Say of how many accounts, where one kind makes that plain; an account may be warned of in several ways."""
    counts = [one.count for one in view.findings if one.severity == "warning"]
    if len(counts) == 1:
        return f"for {words.counted(counts[0], view.subject)}"
    return f"each with its {view.subject} below" if counts else ""


def progress(view: HandoverView, words: Words) -> Progress:
    """Give how far it has come, as it is stored; so it can be left and found again (UI-02)."""
    labels = {
        "planning": f"Planning what goes to {view.reseller_name}",
        "running": f"Transferring {view.subject} to {view.reseller_name}",
        "undoing": f"Taking {view.subject} back from {view.reseller_name}",
    }
    if view.kind == "activate_back_ordering":
        labels |= {"running": f"{view.reseller_name} goes live", "undoing": f"{view.reseller_name} goes back"}
    counted = f"{words.number(view.done)} of {words.number(view.total)} {view.subject}"
    planning = view.status == "planning"
    return Progress(
        name="handover",
        label=labels.get(view.status, view.title),
        done=view.done,
        total=0 if planning else view.total,
        text="Checks, records and digest are being made" if planning else counted,
        rate=f"{words.number(round(view.rate))} a second" if view.rate else "",
        left=_left(view.seconds_left, words),
        state=view.status,
        url=f"{url(view)}/progress",
    )


def _left(seconds: float | None, words: Words) -> str:
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return f"about {words.number(max(round(seconds), 1))} seconds left"
    return f"about {words.number(round(seconds / MINUTE))} minutes left"


def moments(view: HandoverView, words: Words) -> tuple[Moment, ...]:
    """Give who did what, when, and why (HND-04)."""
    why = f"“{view.reason}”" if view.reason else ""
    found = [Moment("Planned", words.moment(view.planned_at or view.created_at), _by(view.planned_by, why))]
    if view.confirmed_at:
        accepted = sum(one.severity == "warning" for one in view.findings)
        said = f"{accepted} {'kind' if accepted == 1 else 'kinds'} of warning accepted" if accepted else ""
        found.append(Moment("Confirmed", words.moment(view.confirmed_at), _by(view.confirmed_by, said)))
    if view.scheduled_at:
        done = "done" if view.started_at else "current" if view.status == "scheduled" else "todo"
        found.append(Moment("Scheduled", words.moment(view.scheduled_at), state=done))  # type: ignore[arg-type]
    if view.started_at:
        found.append(Moment("Started", words.moment(view.started_at)))
    if view.completed_at:
        found.append(Moment(_ended(view), words.moment(view.completed_at), view.problem, _tone(view)))  # type: ignore[arg-type]
    if view.undone_by:
        word = "Being undone" if view.status == "undoing" else "Undone" if view.status == "undone" else "Undone in part"
        state = "current" if view.status == "undoing" else "done"
        found.append(Moment(word, words.moment(view.undone_at), _by(view.undone_by), state=state))  # type: ignore[arg-type]
    return tuple(found)


def _by(name: str, more: str = "") -> str:
    return ". ".join(one for one in (f"By {name}" if name else "", more) if one)


def _ended(view: HandoverView) -> str:
    if view.status in {"cancelled", "failed"}:
        return view.status.capitalize()
    return "Completed with failures" if view.counts.get("changed") else "Completed"


def _tone(view: HandoverView) -> str:
    tones = {"cancelled": "warn", "failed": "bad"}
    return tones.get(view.status, "warn" if view.counts.get("changed") else "good")


def facets(view: HandoverView, words: Words, verdict: str, path: str = "") -> tuple[Facet, ...]:
    """Give the verdicts of a plan as filters of its preview, with how many of each."""
    all_ = sum(view.counts.get(name, 0) for name in VERDICTS)
    found = [Facet("all", "All", words.number(all_), f"{url(view)}{path}#preview", not verdict)]
    for name, label in VERDICTS.items():
        if view.counts.get(name) or name == verdict:
            count = words.number(view.counts.get(name, 0))
            found.append(Facet(name, label, count, f"{url(view)}{path}?verdict={name}#preview", verdict == name))
    return tuple(found)


def actions(view: HandoverView, actor: Actor) -> list[Action]:
    """Give the buttons of a handover that has been confirmed, or has ended."""
    found = []
    if view.status in WAITING | RUNNING and view.status != "undoing":
        stop = Action("cancel", "Cancel", "ban", "#ask-cancel", "dialog", danger=True)
        found.append(_decided(stop, view, actor))
    elif view.status not in PLANNING | SEEN | RUNNING:
        undo = Action("undo", "Undo", "arrow-back-up", f"{url(view)}/undo", danger=True)
        found.append(_decided(undo, view, actor))
    return found


def _decided(action: Action, view: HandoverView, actor: Actor) -> Action:
    verdict = view.actions[action.name]
    return allowed(action, actor, "handover:confirm") if verdict else refused(action, verdict)


def short_list(found: Sequence[HandoverView], words: Words) -> tuple[Link, ...]:
    """Give the latest handovers as lines."""
    return tuple(
        Link(
            one.title,
            url(one),
            f"No. {one.number}, {one.status.replace('_', ' ')}, {words.counted(one.total, one.subject)}, "
            f"{words.since(one.created_at)}",
        )
        for one in found
    )
