"""Tenant resellers as the first page shows them."""

from typing import Any

import sqlalchemy as sa

from tenantry.channel.tenant_resellers import queries, summaries
from tenantry.schema.crm import account
from tests.world import Row, Tenant, World


def summary(world: World, reseller: Tenant) -> Any:
    """Give a tenant reseller's summary, as the admin of the distributor sees it."""
    home = world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        [found] = [one for one in summaries.summaries(work, 1_000) if one.id == reseller.account_id]
        page = queries.tenant_reseller_(work, found.id)
    assert (found.name, found.state, found.failures) == (page.name, page.state, page.failures)
    return found, page


def test_the_first_page_counts_as_the_page_of_the_tenant_reseller_does(world: World) -> None:
    reseller = world.tenant_reseller()
    goes = world.account(bill_to=reseller)
    world.account(bill_to=reseller)
    held_back = world.account(bill_to=reseller)
    world.update(world.distributor(), account, held_back.id, bill_to_id=held_back.id)
    world.transfer_accounts(goes, to=reseller)

    found, page = summary(world, reseller)

    assert (found.accounts_copied.count, found.accounts_not_copied.count) == (1, 1)
    assert (page.accounts_copied, page.accounts_not_copied, page.accounts_held_back) == (1, 1, 1)


def test_the_first_page_says_more_than_1_000_and_counts_no_further(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    one = world.account(bill_to=reseller)
    others(world, home, one, 1_000)

    found, page = summary(world, reseller)

    assert page.accounts_not_copied == 1_001
    assert (found.accounts_not_copied.count, found.accounts_not_copied.exact) == (1_000, False)
    assert (found.accounts_copied.count, found.accounts_copied.exact) == (0, True)


def others(world: World, at: Tenant, like: Row, count: int) -> None:
    """Make so many more accounts like one."""
    copied = [column for column in account.c if column.computed is None and column.name not in {"id", "number"}]
    these = sa.select(
        sa.func.gen_random_uuid(), sa.literal_column("900000 + n"), *(column for column in copied)
    ).select_from(account, sa.text(f"generate_series(1, {count}) AS n"))
    with world.web.work(at.id, world.admin(at)) as work:
        work.connection.execute(
            sa.insert(account).from_select(
                ["id", "number", *(column.name for column in copied)],
                these.where(account.c.tenant_id == at.id, account.c.id == like.id),
            )
        )
