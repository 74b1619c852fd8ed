"""Acts as buttons: what the policy offers, with its reasons; what comes later and what one may not, too (UP-23)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.base import Policy
from tenantry.tenancy.permissions import PERMISSIONS
from tenantry.web.ui.views import Action, Dialog, Field

NEXT = "3"


@dataclass(frozen=True)
class Button:
    """How an act of a policy looks and where it leads; `url` may name the record as {id}."""

    name: str
    icon: str
    url: str = ""
    method: Literal["get", "post", "dialog"] = "get"
    permission: str = ""
    confirm: str = ""
    primary: bool = False
    label: str = ""


def drawn(
    buttons: Iterable[Button], policy: type[Policy], verdicts: Mapping[str, Verdict], actor: Actor, **names: object
) -> list[Action]:
    """Draw the acts of a record."""
    return [_draw(button, policy, verdicts, actor, names) for button in buttons]


def allowed(action: Action, actor: Actor, permission: str) -> Action:
    """Draw an act that no policy decides about: whoever lacks the permission is told which."""
    if not permission or actor.may(permission):
        return action
    return refused(action, lacks(actor, permission))


def refused(action: Action, verdict: Verdict) -> Action:
    """Draw an act that is refused, with its reason and the way out."""
    return replace(action, allowed=False, rule=verdict.rule, why=verdict.why, remedy=verdict.remedy)


def lacks(actor: Actor, permission: str) -> Verdict:
    """Say that somebody lacks a permission, or that his organisation is suspended."""
    if actor.looks_only is not None:
        return actor.looks_only
    may = PERMISSIONS[permission]
    return Verdict(allowed=False, rule="TEN-20", why=f"Your roles do not let you: {may[0].lower()}{may[1:]}")


def asks_why(act: str, title: str, url: str, submit: str, *sentences: str, danger: bool = False) -> Dialog:
    """Make the pop-up of an act that is confirmed with a reason."""
    reason = Field(f"{act}-because", "Reason", kind="textarea", help="Stands in the history. May be left empty.")
    return Dialog(act, title, url, submit, sentences, (reason,), danger)


def _draw(
    button: Button, policy: type[Policy], verdicts: Mapping[str, Verdict], actor: Actor, names: Mapping[str, object]
) -> Action:
    act = policy.acts[button.name]
    action = Action(
        button.name,
        button.label or act.label,
        button.icon,
        button.url.format_map(names),
        button.method,
        danger=act.danger,
        confirm=button.confirm,
        primary=button.primary,
    )
    verdict = verdicts[button.name]
    if not verdict:
        return refused(action, verdict)
    if act.later:
        return replace(action, allowed=False, why=comes(act.later))
    return allowed(action, actor, button.permission)


def comes(later: str) -> str:
    """Say when an act that is not built yet comes."""
    return f"Comes with {'the next' if later == NEXT else 'a later'} release."
