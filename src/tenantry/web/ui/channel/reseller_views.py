"""Tenant resellers as the kit draws them: the list, the page, the settings, the progress of a creation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from tenantry.channel.tenant_resellers.queries import TenantResellerView
from tenantry.kernel.actor import Actor
from tenantry.rules.policy import TenantReseller
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.views import (
    Action,
    Cell,
    Column,
    Empty,
    Field,
    Filter,
    ListView,
    Moment,
    Option,
    Progress,
    Row,
    Stat,
)
from tenantry.web.words import Words

STATES: Mapping[str, str] = {
    "creating": "Creating",
    "set_up": "Set up",
    "accounts_transferred": "Accounts transferred",
    "live": "Live",
    "suspended": "Suspended",
    "closed": "Closed",
}
EDITIONS: Mapping[str, str] = {"basic": "Basic: back office", "premium": "Premium: back office and storefront"}
SLOW = 60
BUTTONS: Mapping[str, Button] = {
    one.name: one
    for one in (
        Button("transfer_accounts", "transfer", "/tenant-resellers/{id}/transfer-accounts", permission="handover:plan"),
        Button(
            "transfer_subscriptions",
            "repeat",
            "/tenant-resellers/{id}/transfer-subscriptions",
            permission="handover:plan",
        ),
        Button(
            "activate_back_ordering",
            "bolt",
            "/tenant-resellers/{id}/activate-back-ordering",
            "post",
            permission="handover:plan",
        ),
        Button("update_tenant", "refresh", "/tenant-resellers/{id}/updates", permission="tenant_resellers:edit"),
        Button(
            "reconcile",
            "adjustments-horizontal",
            "/tenant-resellers/{id}/reconciliations",
            permission="reconcile:view",
        ),
        Button("suspend", "player-pause", "#suspend", "dialog", permission="tenant_resellers:edit"),
        Button("resume", "player-play", "#resume", "dialog", permission="tenant_resellers:edit"),
        Button("close", "ban", "#close", "dialog", permission="tenant_resellers:edit"),
        Button("edit_settings", "pencil", "#edit-settings", "dialog", "tenant_resellers:edit"),
        Button("retry", "refresh", "/tenant-resellers/{id}/creation", "post", "tenant_resellers:edit", primary=True),
    )
}
SHORTCUTS = tuple(BUTTONS.values())[:8]
# Which of the states says who may sell to the reseller's customers (TEN-06).
SELLS: Mapping[str, str] = {
    "creating": "You sell to his customers; his tenant is being made.",
    "set_up": "You sell to his customers; he has his tenant and nothing in it yet.",
    "accounts_transferred": "He manages the transferred accounts, and buys for them in your storefront until live.",
    "live": "He sells to his customers in his own tenant; they come up to you by themselves.",
    "suspended": "Nobody sells to the customers in his hands until he is resumed; what runs goes on.",
    "closed": "Nobody sells there any more. Customers that he did not have in his hands are yours.",
}


def listed(found: Sequence[TenantResellerView], words: Words, actor: Actor, query: str, state: str) -> ListView:
    """Give the list of tenant resellers; a distributor has few enough to show them all."""
    asked = query.strip().lower()
    shown = [
        one
        for one in found
        if asked in f"{one.name} {one.code} {one.number}".lower() and (not state or one.state == state)
    ]
    teach = Empty(
        "No tenant resellers yet",
        "Give a reseller a tenant of its own: open an account that has reselling enabled and choose Create Tenant "
        "Reseller. Then transfer his customers to him.",
        "building-community",
        Action("new", "Create Tenant Reseller", "plus", "/tenant-resellers/new", primary=True)
        if actor.may("tenant_resellers:edit")
        else None,
    )
    missed = Empty("No tenant reseller matches", "Search by name, number or code of the tenant.", "search")
    return ListView(
        name="tenant-resellers",
        url="/tenant-resellers",
        columns=(
            Column("name", "Tenant reseller"),
            Column("state", "State"),
            Column("edition", "Edition", phone=False),
            Column("copied", "Accounts transferred", number=True),
            Column("left", "Left to transfer", number=True),
            Column("subscriptions", "Subscriptions", number=True, phone=False),
            Column("lag", "Mirror lag", number=True, phone=False),
            Column("failures", "Set aside", number=True, phone=False),
        ),
        rows=tuple(_row(one, words) for one in shown),
        empty=missed if found else teach,
        query=query,
        placeholder="Search tenant resellers",
        filters=(Filter("state", "Any state", tuple(Option(*item) for item in STATES.items()), state),),
        filtered=bool(asked or state),
        count=f"{words.number(len(shown))} {'tenant reseller' if len(shown) == 1 else 'tenant resellers'}",
        columns_choosable=False,
        cards=True,
    )


def _row(one: TenantResellerView, words: Words) -> Row:
    url = f"/tenant-resellers/{one.id}"
    return Row(
        str(one.id),
        (
            Cell(one.name, url, one.code),
            Cell(STATES[one.state], state="failed" if one.problem else one.state),
            Cell(one.edition.capitalize()),
            Cell(words.number(one.accounts_copied)),
            Cell(words.number(one.accounts_not_copied)),
            Cell(words.number(one.subscriptions_copied + one.subscriptions_not_copied)),
            Cell(lag(one)),
            Cell(words.number(one.failures)),
        ),
    )


def lag(one: TenantResellerView) -> str:
    """Say how far what is seen here is behind what was done there (UP-45)."""
    if one.lag_seconds is None:
        return "none"
    seconds = one.lag_seconds
    if seconds < SLOW:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < SLOW else f"{minutes / 60:.0f} h"


def stats(one: TenantResellerView, words: Words) -> tuple[Stat, ...]:
    """Give the counts and the health of a tenant reseller (TEN-05)."""
    some = one.accounts_not_copied or one.accounts_held_back
    choose = f"/tenant-resellers/{one.id}/transfer-accounts" if some and one.actions["transfer_accounts"] else ""
    return (
        Stat("Accounts transferred", words.number(one.accounts_copied), tone="good" if one.accounts_copied else ""),
        Stat("Left to transfer", words.number(one.accounts_not_copied), _held_back(one, words), url=choose),
        Stat("Subscriptions transferred", words.number(one.subscriptions_copied)),
        Stat("Subscriptions left", words.number(one.subscriptions_not_copied)),
        Stat("Mirror lag", lag(one), tone="warn" if (one.lag_seconds or 0) > SLOW else ""),
        Stat("Set aside", words.number(one.failures), tone="bad" if one.failures else ""),
    )


def _held_back(one: TenantResellerView, words: Words) -> str:
    held = one.accounts_held_back
    return f"{words.number(held)} more cannot go" if held else ""


def actions(one: TenantResellerView, actor: Actor) -> list[Action]:
    """Give the buttons; while it is being created only what helps there."""
    if one.state == "creating":
        return _drawn([BUTTONS["retry"]] if one.problem else [], one, actor)
    if one.state == "closed":
        return []
    lead = BUTTONS["resume" if one.state == "suspended" else "transfer_accounts"]
    return _drawn([replace(lead, primary=True), BUTTONS["edit_settings"]], one, actor)


def shortcuts(one: TenantResellerView, actor: Actor) -> list[Action]:
    """Give every act of the Shortcuts menu, allowed or with its reason (TEN-05)."""
    return _drawn(SHORTCUTS, one, actor)


def _drawn(buttons: Sequence[Button], one: TenantResellerView, actor: Actor) -> list[Action]:
    return drawn(buttons, TenantReseller, one.actions, actor, id=one.id)


def stands(one: TenantResellerView, words: Words) -> str:
    """Say since when he is suspended or closed, and what that means; nothing for anybody else (TEN-07)."""
    if one.state == "closed":
        return f"Closed on {words.moment(one.closed_at)}. What he has is kept, with its numbers, and only read."
    if one.state == "suspended":
        return (
            f"Suspended since {words.moment(one.suspended_at)}: his users look, and neither sell nor change anything. "
            "Running subscriptions go on, and what he told is applied here."
        )
    return ""


def fields(one: TenantResellerView, words: Words) -> tuple[Field, ...]:
    """Give what the tenant is."""
    return (
        Field("account", "Account", one.name, url=f"/accounts/{one.id}"),
        Field("code", "Tenant code", one.code),
        Field("edition", "Edition", EDITIONS.get(one.edition, one.edition)),
        Field("price_list", "Price list", one.price_list_name, url=f"/price-lists/{one.price_list_id}"),
        Field("default_currency", "Default currency", one.default_currency),
        Field("separate_invoices", "Separate invoices", "on" if one.separate_invoices else "", "checkbox"),
        Field("credit_checked", "Credit is checked", "on" if one.credit_checked else "", "checkbox"),
        Field("admin_name", "Admin user", one.admin_name),
        Field("admin_email", "Admin e-mail", one.admin_email),
        Field("language", "Language", words.language(one.language)),
        Field("time_zone", "Time zone", one.time_zone),
        Field("created_at", "Created", words.moment(one.created_at)),
    )


def moments(one: TenantResellerView, words: Words) -> tuple[Moment, ...]:
    """Give the way to trading, and how far it is gone (TEN-06)."""
    all_ = one.accounts_copied + one.accounts_not_copied
    live, has = one.live_at is not None, one.state != "creating"
    copied = f"{words.number(one.accounts_copied)} of {words.number(all_)}" if all_ else "no customers yet"
    subscriptions = one.subscriptions_copied + one.subscriptions_not_copied
    subscribed = (
        f"{words.number(one.subscriptions_copied)} of {words.number(subscriptions)}"
        if subscriptions
        else "no subscriptions yet"
    )
    done = live or (one.state == "accounts_transferred" and not one.accounts_not_copied)
    return (
        Moment("Tenant created", words.moment(one.set_up_at), state="done" if has else "current"),
        Moment("Accounts transferred", copied, state="done" if done else "current" if has else "todo"),
        Moment("Subscriptions transferred", subscribed, state=_gone(one)),
        Moment(
            "Live", "back ordering is active" if live else "back ordering is disabled", state="done" if live else "todo"
        ),
    )


def _gone(one: TenantResellerView) -> Literal["done", "current", "todo"]:
    """Say how far the subscriptions are: none is not begun, however many there are."""
    if not one.subscriptions_copied:
        return "todo"
    return "current" if one.subscriptions_not_copied else "done"


def creation(one: TenantResellerView) -> Progress:
    """Give how far the creation has come; it is read from what is stored, so it can be left and found again (UI-02)."""
    done = [step for step in one.steps if step.made is not None]
    at = next((step.name for step in one.steps if step.made is None), "")
    stopped = bool(one.problem)
    text = f"{len(done)} of {len(one.steps)} steps done"
    return Progress(
        name="creation",
        label=f"{'Stopped at' if stopped else 'Making'}: {at}" if at else "Finishing",
        done=len(done),
        total=len(one.steps),
        text=text,
        state="failed" if stopped else "running",
        url="" if stopped else f"/tenant-resellers/{one.id}/creation",
    )


def creation_steps(one: TenantResellerView, words: Words) -> tuple[Moment, ...]:
    """Give the steps of the creation: what each made, and when."""
    current = next((step.name for step in one.steps if step.made is None), "")
    return tuple(
        Moment(
            step.name,
            words.moment(datetime.fromisoformat(step.at)) if step.at else "",
            _made(step.made, words),
            tone="bad" if one.problem and step.name == current else "",
            state="done" if step.made is not None else "current" if step.name == current else "todo",
        )
        for step in one.steps
    )


def _made(made: int | None, words: Words) -> str:
    if made is None:
        return ""
    return f"{words.number(made)} {'record' if made == 1 else 'records'}"


def url(id_: UUID) -> str:
    """Give the address of a tenant reseller."""
    return f"/tenant-resellers/{id_}"
