"""The whole policy through API and screen: act x standing x status, generated from the tables (UP-23).

Wherever the policy says no, the record says so, the call is refused with that rule, and the button is there with the
reason; wherever it says yes, all three let through. An act without a call here fails, so a new one is not forgotten.
"""

import html
import re
from collections.abc import Callable, Iterator
from itertools import product as combinations
from uuid import UUID

import pytest
from tests.web.conftest import Asker, Enter, Visitor
from tests.web.faces import FACES, Face
from tests.web.stage import ENDED, Record, Stage
from tests.web.visiting import read
from tests.world import Row, World

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy import Invoice, Offer, Order, Policy

# How a button is called where the page is about something else than the act's record.
CALLED = {"update_item": "Update", "change_quantity": "Quantity", "delete_item": "Delete"}
CALLED |= {"update_line": "Update", "delete_line": "Delete"}
LONGEST = 600
NEXT = re.compile(r"^Comes with (the next|a later) release\.")


def cells(policy: type[Policy]) -> Iterator[tuple[str, str]]:
    """Give every standing with every status that it goes with."""
    some = next(iter(policy.acts.values()))
    for standing, status in combinations(some.standings(), FACES[policy].statuses):
        if standing not in ENDED or status == FACES[policy].statuses[0]:
            yield standing, ENDED.get(standing, status) if FACES[policy].ends else status


@pytest.mark.parametrize("policy", Policy.__subclasses__(), ids=lambda policy: policy.__name__)
def test_up_23_record_call_and_button_say_what_the_policy_says(
    world: World, asks: Enter, visits: Callable[..., Visitor], policy: type[Policy]
) -> None:
    face, stage = FACES[policy], Stage(world)
    missing = {name for name, act in policy.acts.items() if not act.later} - face.calls.keys() - face.elsewhere
    assert missing == set(), "every act that is built has a call"
    people: dict[UUID, tuple[Asker, Visitor]] = {}
    for standing, status in cells(policy):
        one = face.make(stage, standing, status)
        asker, visitor = people.setdefault(one.at.id, (asks(one.at), visits(one.at)))
        needed = {act.needs: act.needs not in face.lacks for act in policy.acts.values() if act.needs}
        governed = Row(standing=standing, status=status, **needed)
        verdicts = policy.offers(governed, live=one.at is not stage.reseller)
        where = f"{policy.__name__}, {standing}, {status}"
        assert _listed(face, asker, one) == _as_said(policy, verdicts), where
        _page_agrees(policy, visitor, one, verdicts, where)
        _calls_agree(policy, stage, asker, verdicts, (standing, status))


def _listed(face: Face, asker: Asker, one: Record) -> dict[str, tuple[bool, str, str]]:
    """Read what the record itself says may be done with it."""
    found = asker.get(face.path.format(id=one.row.id, account=one.account.id))
    if "actions" not in found:
        found = next(item for item in found["items"] if item["id"] == str(one.row.id))
    return {name: (said["allowed"], said["rule"], said["why"]) for name, said in found["actions"].items()}


def _as_said(policy: type[Policy], verdicts: dict[str, Verdict]) -> dict[str, tuple[bool, str, str]]:
    return {name: (verdict.allowed, verdict.rule, verdict.why) for name, verdict in verdicts.items()}


def _page_agrees(policy: type[Policy], visitor: Visitor, one: Record, verdicts: dict[str, Verdict], where: str) -> None:
    face = FACES[policy]
    drawn = "".join(read(visitor, url.format(id=one.row.id, account=one.account.id)) for url in face.pages)
    for name, verdict in verdicts.items():
        act = policy.acts[name]
        why = _why(drawn, f"{name}{face.suffix.format(id=one.row.id)}")
        offered = _is_offered(drawn, CALLED.get(name, act.label) if policy in {Order, Offer, Invoice} else act.label)
        if verdict and act.later:
            assert NEXT.match(why or ""), f"{where}: {name}"
        elif verdict:
            assert why is None, f"{where}: {name}"
            assert offered or name in face.elsewhere, f"{where}: {name}"
        elif name not in face.elsewhere:
            says = f"{verdict.why} {verdict.remedy}".strip()
            assert (why or "").startswith(f"{says} Rule {verdict.rule}"), f"{where}: {name}: {why}"


def _calls_agree(
    policy: type[Policy], stage: Stage, asker: Asker, verdicts: dict[str, Verdict], cell: tuple[str, str]
) -> None:
    """Ask for every act: it is done to a record of its own, or refused with the rule and the reason."""
    face = FACES[policy]
    untouched: Record | None = None
    for name, call in face.calls.items():
        one = untouched or face.make(stage, *cell)
        # What is refused changes nothing, so the next act is asked for on the same record.
        untouched = None if verdicts[name] else one
        method, path, given = call(stage, one)
        answer = asker.ask(method, path, json=given)
        where = f"{policy.__name__}.{name}, {cell}: {answer.text}"
        if verdicts[name]:
            assert answer.status_code < 300, where
        else:
            assert answer.status_code == 409, where
            assert (answer.json()["rule"], answer.json()["detail"]) == (verdicts[name].rule, verdicts[name].why), where


def _why(page: str, name: str) -> str | None:
    """Give the reason that stands with a button, and what follows on the page; None when it is not refused."""
    if f'aria-describedby="why-{name}"' not in page:
        return None
    _, _, after = page.partition(f'id="why-{name}"')
    shown = re.sub(r"<[^>]+>", " ", after.partition(">")[2][:LONGEST])
    return " ".join(html.unescape(shown).split())


def _is_offered(page: str, label: str) -> bool:
    """Say whether a link or a button that can be pressed carries this label."""
    for found in re.finditer(r"<(a|button)\b([^>]*)>(.*?)</\1>", page, re.DOTALL):
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[3])).split())
        if words == label and "aria-disabled" not in found[2]:
            return True
    return False
