"""The head of a subscription's page: ribbon, acts with their reasons, and the pop-ups that ask and show the figures."""

from collections.abc import Sequence

from tenantry.database import Work
from tenantry.kernel.actor import Actor
from tenantry.rules.policy import Subscription
from tenantry.sales.queries import Named
from tenantry.sales.subscriptions.queries import add_ons_to_buy, moves
from tenantry.sales.subscriptions.views import AddOnView, SubscriptionView
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.views import Dialog, Field, Head, Link, Option, Ribbon
from tenantry.web.words import Words

AT = "/subscriptions/{id}"
EDIT = "subscriptions:edit"
NOTE = "activities:edit"
ABOUT = "/activities/new?about=subscription&id={id}"
BAR = (
    Button("convert", "check", "#convert", "dialog", EDIT, primary=True),
    Button("change_quantity", "adjustments-horizontal", "#change_quantity", "dialog", EDIT),
    Button("buy_add_on", "plus", "#buy_add_on", "dialog", EDIT),
    Button("upgrade", "arrow-up", "#upgrade", "dialog", EDIT),
    Button("cancel", "ban", "#cancel", "dialog", EDIT),
)
SHORTCUTS = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("downgrade", "arrow-down", "#downgrade", "dialog", EDIT),
    Button("suspend", "player-pause", "#suspend", "dialog", EDIT),
    Button("resume", "player-play", "#resume", "dialog", EDIT),
    Button("keep", "arrow-back-up", f"{AT}/keep", "post", EDIT, confirm="It goes on as if it had not been cancelled."),
    Button("set_renewal", "repeat", "#set_renewal", "dialog", EDIT),
    Button("update_prices", "refresh", f"{AT}/prices", permission=EDIT),
    Button(
        "freeze_prices", "lock", f"{AT}/price-freeze", "post", EDIT, confirm="Updates of prices pass it by, or not."
    ),
    Button("retry", "plug", f"{AT}/retry", "post", EDIT, confirm="The outside system is asked again."),
    Button("check_credit", "refresh", f"{AT}/check-credit", "post", EDIT, confirm="It runs if there is credit by now."),
    Button("add_activity", "calendar-event", ABOUT, permission=NOTE),
)
OF_ADD_ON = (
    Button("change_add_on", "adjustments-horizontal", "#change_add_on-{product}", "dialog", EDIT, label="Quantity"),
    Button("remove_add_on", "trash", "#remove_add_on-{product}", "dialog", EDIT, label="Cancel"),
)
WHEN = (Option("now", "Today"), Option("next_cycle", "With the next cycle"), Option("on", "On a day"))
ANOTHER = "Write another number; what it charges and gives back stands here."
HOW_MANY = "Write how many; what it charges and gives back stands here."
MODES = (
    Option("end_of_period", "At the end of the period that is charged"),
    Option("now", "Today is its last day"),
    Option("at", "On a day, its last"),
)


def head(view: SubscriptionView, actor: Actor, words: Words) -> Head:
    """Give the head of a subscription's page."""
    total = view.total
    return Head(
        title=view.name,
        crumbs=(Link("Subscriptions", "/subscriptions"), Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=f"{words.money(total.amount, total.currency)} · {CYCLE_NAMES[view.cycle]}",
        ribbon=Ribbon(view.ribbon, "managed") if view.ribbon else None,
        actions=drawn(BAR, Subscription, view.actions, actor, id=view.id),
        shortcuts=drawn(SHORTCUTS, Subscription, view.actions, actor, id=view.id),
    )


def dialogs(work: Work, view: SubscriptionView, words: Words) -> Sequence[Dialog]:
    """Give the pop-ups of the acts that may be done; each shows what it charges before it is confirmed."""
    if not work.actor.may(EDIT):
        return ()
    found = [
        _ask(view, "convert", "Convert to paid?", "Convert", "From today on it is charged."),
        _ask(
            view,
            "change_quantity",
            "Change quantity",
            "Change",
            fields=(
                Field("change_quantity-quantity", "Units in all", words.typed(view.quantity), "number", required=True),
                *_when("change_quantity"),
            ),
            hint=ANOTHER,
        ),
        _buy(work, view),
        _move(work, view, words, "upgrade", "Upgrade"),
        _move(work, view, words, "downgrade", "Downgrade"),
        _ask(
            view,
            "suspend",
            "Suspend this subscription?",
            "Suspend",
            "The days until it is resumed are not charged.",
            fields=(_because("suspend"),),
            danger=True,
        ),
        _ask(view, "resume", "Resume this subscription?", "Resume", "The rest of the cycle is charged."),
        _cancel(view, words),
        _renewal(view),
    ]
    acts = (*(_of_add_on(view, one, words) for one in view.add_ons),)
    return [one for one in (*found, *(dialog for pair in acts for dialog in pair)) if one is not None]


def _ask(
    view: SubscriptionView,
    act: str,
    title: str,
    submit: str,
    *sentences: str,
    fields: Sequence[Field] = (),
    danger: bool = False,
    hint: str = "",
) -> Dialog | None:
    if not view.actions[act]:
        return None
    base = f"/subscriptions/{view.id}"
    return Dialog(act, title, f"{base}/acts/{act}", submit, sentences, fields, danger, f"{base}/previews/{act}", hint)


def _tells(act: str, title: str, why: str) -> Dialog:
    """Make the pop-up of an act that has nothing to be done with."""
    return Dialog(act, title, "", "", (why,))


def _buy(work: Work, view: SubscriptionView) -> Dialog | None:
    offered = add_ons_to_buy(work, view) if view.actions["buy_add_on"] else ()
    if view.actions["buy_add_on"] and not offered:
        return _tells(
            "buy_add_on", "Buy an add-on", "Its product has no add-on in this cycle that it does not have already."
        )
    fields = (
        Field("buy_add_on-product_id", "Add-on", kind="select", options=_options(offered), required=True),
        Field("buy_add_on-quantity", "Units", "1", "number", required=True),
    )
    return _ask(view, "buy_add_on", "Buy an add-on", "Buy", fields=fields)


def _move(work: Work, view: SubscriptionView, words: Words, act: str, title: str) -> Dialog | None:
    offered = moves(work, view, act) if view.actions[act] else ()
    if view.actions[act] and not offered:
        return _tells(act, title, f"Its product leads to no other by {act}; add a path on the product's page.")
    fields = (
        Field(f"{act}-product_id", "To", kind="select", options=_options(offered), required=True),
        Field(
            f"{act}-quantity",
            "Units",
            kind="number",
            required=True,
            help=f"{words.number(view.quantity)} are all. Fewer become a subscription of their own.",
        ),
        *_when(act),
    )
    return _ask(view, act, title, title, fields=fields, hint=HOW_MANY)


def _cancel(view: SubscriptionView, words: Words) -> Dialog | None:
    committed = f"The buyer is committed until {words.date(view.term_until)}." if view.term_until else ""
    fields = (
        Field("cancel-mode", "When", "end_of_period", "select", options=MODES),
        Field("cancel-on", "Last day", kind="date", help="For a day of your choice."),
        _because("cancel"),
    )
    sentences = [committed] if committed else []
    return _ask(view, "cancel", "Cancel this subscription?", "Cancel it", *sentences, fields=fields, danger=True)


def _renewal(view: SubscriptionView) -> Dialog | None:
    options = (Option("on", "Renews by itself"), Option("off", "Ends with its term"))
    field = Field("set_renewal-renew", "When its term ends", "on" if view.renew else "off", "select", options=options)
    return _ask(view, "set_renewal", "Renewal", "Save", fields=(field,))


def _of_add_on(view: SubscriptionView, one: AddOnView, words: Words) -> list[Dialog | None]:
    base, name = f"/subscriptions/{view.id}", one.product.name
    asked: list[Dialog | None] = []
    if view.actions["change_add_on"]:
        id = f"change_add_on-{one.product.id}"
        field = Field(f"{id}-quantity", "Units in all", words.typed(one.quantity), "number", required=True)
        where = f"change_add_on?product={one.product.id}"
        urls = (f"{base}/acts/{where}", f"{base}/previews/{where}")
        asks = Dialog(id, f"Quantity of {name}", urls[0], "Change", (), (field,), preview_url=urls[1], hint=ANOTHER)
        asked.append(asks)
    if view.actions["remove_add_on"]:
        id, where = f"remove_add_on-{one.product.id}", f"remove_add_on?product={one.product.id}"
        urls = (f"{base}/acts/{where}", f"{base}/previews/{where}")
        asked.append(Dialog(id, f"Cancel {name}?", urls[0], "Cancel it", (), (), danger=True, preview_url=urls[1]))
    return asked


def _when(act: str) -> tuple[Field, Field]:
    return (
        Field(f"{act}-when", "When", "now", "select", options=WHEN),
        Field(f"{act}-on", "Day", kind="date", help="For a day of your choice."),
    )


def _because(act: str) -> Field:
    return Field(f"{act}-because", "Reason", help="Stands in the history. May be left empty.", wide=True)


def _options(named: Sequence[Named]) -> list[Option]:
    return [Option(str(one.id), one.name) for one in named]
