"""A closed world: what nobody decided about stops the program when it starts (DN-27, HND-08)."""

import re

import pytest
import sqlalchemy as sa

from tenantry.rules import create_tenant, mirror_up
from tenantry.rules.check import BLOCKER, Check
from tenantry.rules.copy import Copy
from tenantry.rules.plan import all_checks
from tenantry.rules.stanzas import Stanza, Undecided, assign, blank, carry, fill
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.rules.transfer_accounts.sources import giver
from tenantry.schema import crm

COPIES = [
    *TRANSFER_ACCOUNTS.copies,
    mirror_up.ACCOUNT,
    mirror_up.BILLING_ADDRESS,
    create_tenant.PAYMENT_METHOD[0],
    *(copy for copy, _ in create_tenant.CATALOGUE),
]
RULE = re.compile(r"^(TEN|DN|UP|BO|HND|CAT|BIL|SF)-\d\d$")

metadata = sa.MetaData()
box = sa.Table(
    "box",
    metadata,
    sa.Column("tenant_id", sa.Uuid),
    sa.Column("id", sa.Uuid),
    sa.Column("owner", sa.Uuid),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("folded", sa.Text, sa.Computed("lower(name)")),
)
WHOLE = (carry("DN-10", "As it stands.", "name owner"), fill("DN-16", "None.", size=0))


def copy_of(*rules: Stanza) -> Copy:
    return Copy(name="box", into=box, source=box, account=box.c.owner, rules=rules)


def test_dn_27_a_column_nobody_decided_about_stops_the_import() -> None:
    """Adding a column to a copied table is an error until a rule takes it; a computed one needs none."""
    copy_of(*WHOLE)
    with pytest.raises(Undecided, match=r"undecided \['size'\]"):
        copy_of(WHOLE[0])
    with pytest.raises(Undecided, match=r"undecided \['name', 'owner'\]"):
        copy_of(WHOLE[1])


def test_dn_27_a_column_that_two_rules_decide_stops_the_import() -> None:
    with pytest.raises(Undecided, match=r"decided twice \['name'\]"):
        copy_of(*WHOLE, blank("DN-11", "Empty.", "name"))
    with pytest.raises(Undecided, match=r"decided twice \['size'\]"):
        copy_of(*WHOLE, assign("DN-26", "Made.", size=1))


def test_dn_27_a_rule_about_a_column_that_is_not_there_stops_the_import() -> None:
    with pytest.raises(Undecided, match=r"not in the table \['colour'\]"):
        copy_of(*WHOLE, carry("DN-10", "As it stands.", "colour"))
    with pytest.raises(Undecided, match="tenant_id"):
        copy_of(*WHOLE, fill("DN-10", "Another's.", tenant_id=None))


def test_dn_27_blank_has_no_meaning_for_a_number_that_must_be_there() -> None:
    sized = copy_of(WHOLE[0], blank("DN-11", "Empty.", "size"))
    with pytest.raises(Undecided, match="fill it"):
        _ = sized.values


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: f"{copy.name}:{copy.into.name}")
def test_dn_27_every_column_of_every_copied_table_is_decided_once_by_a_rule_of_the_spec(copy: Copy) -> None:
    decided = [name for _, _, _, names in copy.document() for name in names]
    wanted = {column.name for column in copy.into.columns if column.computed is None} - {"tenant_id", "id"}
    assert sorted(decided) == sorted(wanted)
    for rule, verb, why, names in copy.document():
        assert RULE.match(rule), rule
        assert why.endswith("."), why
        assert verb in {"carry", "fill", "mirror", "blank", "assign"}
        assert names
    assert set(copy.shown) | {name for name, one in copy.stanza_of.items() if one.verb == "assign"} == wanted


def test_hnd_01_every_check_has_a_stable_code_a_rule_a_sentence_and_a_way_out() -> None:
    checks = [*all_checks(TRANSFER_ACCOUNTS), *TRANSFER_ACCOUNTS.obstacles]
    codes = [check.code for check in checks]
    assert len(set(codes)) == len(codes)
    for check in checks:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.code)
        assert RULE.match(check.rule)
        assert check.says.endswith(".")
        assert check.remedy.endswith(".")
        assert check.severity in {"blocker", "warning", "note"}
        assert check.breaks is not None


def test_hnd_01_a_check_that_names_everybody_is_refused() -> None:
    everybody = Check("all", "DN-02", "All.", sa.select(giver.c.id), BLOCKER, "None.")
    with pytest.raises(TypeError, match="everybody"):
        _ = everybody.breaks


def test_hnd_01_marks_and_lapses_name_a_rule_and_columns_that_exist() -> None:
    for piece in (*TRANSFER_ACCOUNTS.marks, *TRANSFER_ACCOUNTS.lapses):
        assert RULE.match(piece.rule)
        assert piece.why.endswith(".")
    for mark in TRANSFER_ACCOUNTS.marks:
        assert {*mark.sets, *mark.was} <= set(mark.table.c.keys())
        assert mark.table.name in {"account", "address", "order"}
    for name in (copy.name for copy in TRANSFER_ACCOUNTS.copies):
        assert name in {
            *("account", "address", "contact", "sync_option"),
            *("account_history", "contact_history", "giver_history"),
        }
    assert crm.account is TRANSFER_ACCOUNTS.account.into
