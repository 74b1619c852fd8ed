"""What the one who confirms or undoes a handover is asked, and what it means."""

from dataclasses import dataclass

from tenantry.channel.handovers.queries import HandoverView
from tenantry.web.words import Words


@dataclass(frozen=True)
class Asks:
    """The question, its button, and what saying yes means, sentence by sentence."""

    title: str
    button: str
    means: tuple[str, ...]


def confirming(view: HandoverView, words: Words) -> Asks:
    """Ask before a plan is run."""
    ask = {"activate_back_ordering": _live, "transfer_subscriptions": _subscriptions}.get(view.kind, _accounts)
    return ask(view, words)


def undoing(view: HandoverView) -> str:
    """Say what undoing does."""
    if view.kind == "activate_back_ordering":
        return "Mirrors become yours again and count; the copies below follow them as before."
    return f"The copies at {view.reseller_name} go, ribbons, locks and marks are lifted here, history stays."


def _accounts(view: HandoverView, words: Words) -> Asks:
    reseller, few = view.reseller_name, view.total == 1
    it = "it" if few else "them"
    then = f"Then {reseller} goes live: back ordering is activated."
    means = (
        f"From then on {reseller} manages {it}. You keep seeing {it}; selling, suspending and deleting becomes theirs.",
        then if view.choices.get("then") else "",
        f"It can be undone as long as nobody has changed the copies and {reseller} is not live.",
    )
    return _transfer(view, words, means)


def _subscriptions(view: HandoverView, words: Words) -> Asks:
    reseller, few = view.reseller_name, view.total == 1
    it, counts = ("it", "Yours counts") if few else ("them", "Yours count")
    means = (
        f"{reseller} gets a copy of {it} at his own prices. {counts} until he goes live.",
        f"Once nothing of his customers is left with you, {reseller} goes live by himself and sells in his own tenant.",
        "It can be undone as long as he is not live.",
    )
    return _transfer(view, words, means)


def _live(view: HandoverView, _: Words) -> Asks:
    reseller = view.reseller_name
    means = (
        f"From then on {reseller} sells to his customers in his own tenant, and what he sells comes up by itself.",
        "You sell nothing to them any more, and he buys nothing for them in your storefront.",
        "It can be undone as long as nothing has come up since.",
    )
    return Asks(f"Make {reseller} live?", "Go live", means)


def _transfer(view: HandoverView, words: Words, means: tuple[str, ...]) -> Asks:
    title = f"Transfer {words.counted(view.total, view.subject)} to {view.reseller_name}?"
    return Asks(title, "Transfer", tuple(one for one in means if one))
