"""Change what is here already as a row says: each by the act that a person would do, from today on (CAT-04, SUB-02)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.problem import Problem
from tenantry.intake.stored import judge
from tenantry.intake.subscriptions.reading import RULE, Told
from tenantry.kernel.problems import Invalid, Problem as Refusal
from tenantry.sales.subscriptions.adding import add_add_on, change_add_on_quantity
from tenantry.sales.subscriptions.quantity import change_quantity


def change_what_is_here(work: Work, run: sa.RowMapping, records: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    """Do what rows change; gives the subscriptions by line. What is refused now is said beside its row."""
    done: dict[int, str] = {}
    for line, record in records.items():
        try:
            with work.connection.begin_nested():
                _change(work, UUID(record["subscription"]["id"]), record["update"])
        except Refusal as problem:
            judge(work, run["id"], [Told(line, problems=[_said(problem)])], {}, {})
        else:
            done[line] = record["subscription"]["id"]
    return done


def _change(work: Work, id: UUID, update: Mapping[str, Any]) -> None:
    if update["quantity"] is not None:
        change_quantity(work, id, update["quantity"])
    for product_id, units in update["buy"].items():
        add_add_on(work, id, UUID(product_id), units)
    for product_id, units in update["change"].items():
        change_add_on_quantity(work, id, UUID(product_id), units)


def _said(problem: Refusal) -> Problem:
    fault = problem.faults[0] if isinstance(problem, Invalid) and problem.faults else None
    remedy = (fault.remedy if fault else problem.remedy) or "Change it on the page of the subscription."
    name = {"quantity": "quantity"}.get(fault.field, "add_ons") if fault else ""
    message = fault.message if fault else problem.message
    return Problem("refusal", "not-changed-so", message, problem.rule or RULE, remedy, name)
