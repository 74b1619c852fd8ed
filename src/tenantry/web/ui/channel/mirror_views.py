"""Mirrors and set-aside messages as the kit draws them."""

from collections.abc import Sequence

from tenantry.channel.health.queries import HealthView
from tenantry.channel.health.set_aside import SetAside
from tenantry.kernel.actor import Actor
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Field, ListView, Stat
from tenantry.web.words import Words

SLOW = 60
MENDS = "reconcile:repair"
NOBODY = Empty(
    "No mirrors yet",
    "Once accounts were transferred to a tenant reseller, what he does to them appears here by itself.",
    "building-community",
)
NOTHING = Empty("Nothing is set aside", "What your resellers told is applied, or will be in a moment.", "check")


def listed(found: Sequence[HealthView], words: Words) -> ListView:
    """Give the mirrors of all tenant resellers."""
    columns = (
        column("Tenant reseller"),
        column("Lag", number=True),
        column("Last batch", number=True, phone=False),
        column("Waiting", number=True, phone=False),
        column("Set aside", number=True),
        column("Last hour", number=True, phone=False),
        column("Compared", phone=False),
    )
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/mirrors/{one.id}", note="needs attention" if one.alerts else ""),
                lag(one, words),
                batch(one, words),
                words.number(one.waiting),
                words.number(one.set_aside),
                words.number(one.applied_last_hour),
                compared(one, words),
            ),
        )
        for one in found
    ]
    return whole("mirrors", columns, rows, NOBODY)


def stats(one: HealthView, words: Words) -> tuple[Stat, ...]:
    """Give the figures of a mirror."""
    aside = f"of {words.counted(one.set_aside_accounts, 'customers')}" if one.set_aside else ""
    return (
        Stat("Lag now", lag(one, words), "age of the oldest that waits", "warn" if one.lag_seconds >= SLOW else ""),
        Stat("Lag of the last batch", batch(one, words), words.since(one.applied_at)),
        Stat("Waiting", words.number(one.waiting)),
        Stat("Applied in the last hour", words.number(one.applied_last_hour), f"{words.number(one.applied)} in all"),
        Stat("Set aside", words.number(one.set_aside), aside, "bad" if one.set_aside else "", "/messages"),
        Stat(
            "Last compared",
            compared(one, words),
            one.certificate or (f"{words.counted(one.differences, 'differences')}" if one.differences else ""),
            "bad" if one.differences else "",
            f"/tenant-resellers/{one.id}/reconciliations",
        ),
    )


def lag(one: HealthView, words: Words) -> str:
    """Say how old what waits is."""
    return f"{words.number(round(one.lag_seconds))} s" if one.waiting else "none"


def batch(one: HealthView, words: Words) -> str:
    """Say how old the last batch was when it could be seen."""
    return "–" if one.last_lag_ms is None else f"{words.number(one.last_lag_ms)} ms"


def compared(one: HealthView, words: Words) -> str:
    """Say when both tiers were last compared."""
    return words.since(one.compared_at) if one.compared_at else "never"


def messages(found: Sequence[SetAside], words: Words, actor: Actor) -> ListView:
    """Give what is set aside, customer by customer."""
    columns = (
        column("Customer"),
        column("Why", prose=True),
        column("What to do", prose=True),
        column("Messages", number=True, phone=False),
        column("Since", phone=False),
    )
    rows = [
        row(
            one.id,
            (
                Cell(one.account_name or "Without a name", url=_url(one), note=one.reseller_name),
                Cell(one.says, rule=one.rule),
                one.remedy,
                words.number(one.messages),
                words.since(one.since),
            ),
            [allowed(Action(f"retry-{one.id}", "Try again", "refresh", f"{_url(one)}/retry", "post"), actor, MENDS)],
        )
        for one in found
    ]
    return whole("messages", columns, rows, NOTHING)


def reasons(one: SetAside, words: Words) -> tuple[Field, ...]:
    """Give why the messages of a customer are set aside."""
    return (
        Field("why", "Why", one.says),
        Field("rule", "Rule", one.rule),
        Field("remedy", "What to do", one.remedy),
        Field("messages", "Messages", words.number(one.messages)),
        Field("attempts", "Times set aside", words.number(one.attempts)),
        Field("since", "Since", words.moment(one.since)),
        Field("account", "Account", one.account_name if one.is_here else "", url=f"/accounts/{one.id}"),
    )


def _url(one: SetAside) -> str:
    return f"/mirrors/{one.tenant_reseller_id}/messages/{one.id}"
