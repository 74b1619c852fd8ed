"""What an act needs beside its standing and status, act by act: without it, it is refused with the rule."""

import pytest

from tenantry.rules.policy import Account, Offer, Opportunity, Order, Subscription
from tenantry.rules.policy.base import Policy

CONDITIONS: list[tuple[type[Policy], str, str, str]] = [
    (Account, "ordering_enabled", "ORD-01", "create_order create_subscription"),
    (Opportunity, "account_open", "TEN-26", "edit create_offer win reopen"),
    (Offer, "account_open", "TEN-26", "edit add_item update_item delete_item accept reopen"),
    (Order, "account_open", "TEN-26", "edit add_item update_item delete_item quick_add change_quantity submit"),
    (Order, "released", "ORD-05", "execute deliver"),
    (Order, "approvable", "ORD-05", "approve"),
    (Order, "refusable", "ORD-05", "refuse"),
    (Order, "approvable", "UP-47", "exceed_limit"),
    (Order, "waits_for_credit", "UP-47", "check_credit"),
    (Order, "withdrawable", "UP-47", "withdraw"),
    (Subscription, "waits_for_credit", "UP-47", "check_credit"),
    (
        Subscription,
        "account_active",
        "TEN-26",
        "change_quantity buy_add_on change_add_on upgrade downgrade convert resume",
    ),
    (Subscription, "price_open", "SUB-04", "update_prices"),
    (Subscription, "provisioning_failed", "PRV-20", "retry"),
]


@pytest.mark.parametrize(("policy", "flag", "rule", "acts"), CONDITIONS)
def test_ten_26_ord_01_ord_05_sub_04_prv_20_what_an_act_needs_refuses_it_while_it_is_missing(
    policy: type[Policy], flag: str, rule: str, acts: str
) -> None:
    refused = {
        name for name, act in policy.acts.items() if act.needs == flag and not act.without and act.without.rule == rule
    }
    assert refused == set(acts.split())


def test_every_condition_of_an_act_stands_in_the_table() -> None:
    known = {(policy, flag) for policy, flag, _, _ in CONDITIONS}
    used = {(policy, act.needs) for policy in Policy.__subclasses__() for act in policy.acts.values() if act.needs}
    assert used == known
