"""What a user may do at all: the words, a sentence for each, and the question (TEN-20).

Which records he may do it to is the other question: his permission rules answer it (`tenancy.actor`),
and the policy of the record.
"""

from collections.abc import Iterable

from tenantry.database import Work
from tenantry.kernel.actor import Actor, looks
from tenantry.kernel.problems import Fault, Forbidden, Refused
from tenantry.tenancy import place

EVERYTHING = "*"

PERMISSIONS: dict[str, str] = {
    "accounts:view": "See accounts and their addresses, and export them.",
    "accounts:edit": "Make, change, suspend, close and delete accounts and their addresses.",
    "contacts:view": "See contacts, and export them.",
    "contacts:edit": "Make, change and delete contacts.",
    "activities:view": "See activities.",
    "activities:edit": "Make, change and finish activities.",
    "orders:view": "See opportunities, offers and orders.",
    "orders:edit": "Make and change opportunities, offers and orders, submit, execute and cancel them.",
    "orders:approve": "Let orders go over the credit limit, or refuse to.",
    "products:view": "See products, plans, prices, price lists, promotions and terms.",
    "products:edit": "Make and change products, plans, prices, price lists, promotions and terms.",
    "subscriptions:view": "See subscriptions, assets and charges.",
    "subscriptions:edit": "Change, suspend and cancel subscriptions.",
    "invoices:view": "See invoices, and what is yet to be invoiced.",
    "invoices:edit": "Make, issue and delete invoices, and generate them from charges.",
    "tenant_resellers:view": "See tenant resellers, their settings and counts.",
    "tenant_resellers:edit": "Create tenant resellers, change their settings, suspend, resume and close them.",
    "reconcile:view": "See how far mirrors are in step: lag, messages set aside, comparisons and what they found.",
    "reconcile:run": "Ask for comparisons of both tiers.",
    "reconcile:repair": "Repair what a comparison found; retry and resolve set-aside messages.",
    "handover:view": "See handovers, their previews and records.",
    "handover:plan": "Plan handovers and withdraw plans.",
    "handover:confirm": "Confirm handovers, which runs them, and undo them.",
    "imports:view": "See imports and their verdicts.",
    "imports:edit": "Plan and run imports.",
    "setup:view": "See the set-up: organisation, currencies, custom fields, API options, payment methods, order types.",
    "setup:edit": "Change the set-up.",
    "users:view": "See users, roles, groups and permission rules.",
    "users:edit": "Make and change users, roles, groups and permission rules, within what one may do oneself.",
    "tokens:view": "See one's own API tokens.",
    "tokens:edit": "Make and revoke one's own API tokens, within what one may do oneself.",
    "audit:view": "See the audit log.",
}


def require(work: Work, word: str) -> None:
    """Raise Forbidden unless the one who asks may do such things; Refused where his organisation is suspended and it is
    more than looking. What is more than looking keeps it from being closed meanwhile (TEN-07).
    """
    may_exist(word)
    if work.actor.looks_only is not None and not looks(word):
        raise Refused(work.actor.looks_only, remedy="Ask who suspended it to resume it; what runs goes on meanwhile.")
    if not work.actor.may(word):
        raise Forbidden(
            f"You may not do that: it needs the permission {word}. {PERMISSIONS[word]}",
            rule="TEN-20",
            remedy=f"Ask an administrator for a role with {word}, or use a token with that scope.",
            permission=word,
        )
    if not looks(word):
        place.stay_open(work)


def may_exist(word: str) -> str:
    """Give the word back, if it is one; so that a slip of the pen stops the program."""
    if word not in PERMISSIONS:
        message = f"There is no permission {word!r}; the list is in tenancy/permissions.py."
        raise ValueError(message)
    return word


def unknown_words(words: Iterable[str], *, field: str) -> list[Fault]:
    """Find the words that are no permissions."""
    known = f"The words are: {', '.join((EVERYTHING, *PERMISSIONS))}."
    return [
        Fault(field, f"There is no permission {word[:60]!r}.", "TEN-20", known)
        for word in words
        if word != EVERYTHING and word not in PERMISSIONS
    ]


def lacking(actor: Actor, words: Iterable[str]) -> list[str]:
    """Name the words that the actor himself does not have; `*` is one that only a holder of `*` has."""
    return sorted({word for word in words if not actor.may(word)})


def within(permissions: frozenset[str], scopes: Iterable[str]) -> frozenset[str]:
    """Limit permissions to the scopes of a token; a scope never adds anything."""
    wanted = frozenset(scopes)
    if EVERYTHING in wanted:
        return permissions
    return wanted if EVERYTHING in permissions else permissions & wanted
