"""Which customers of the reseller appear at the distributor: those with a first paid sale from above (UP-01)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.derived import derived_id
from tenantry.rules.making import Making
from tenantry.rules.mirror_up.accounts import ACCOUNT
from tenantry.rules.mirror_up.assets import asset_travels
from tenantry.rules.mirror_up.batch import ASSETS, SUBSCRIPTIONS
from tenantry.rules.mirror_up.left_behind import went_on
from tenantry.rules.mirror_up.travelling import travels
from tenantry.schema.base import ID, Listed
from tenantry.schema.crm import account, history_line
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset

STRANGERS = sa.bindparam("strangers", type_=Listed(ID))  # the accounts of a batch that are not managed above yet
NEWCOMERS = sa.bindparam("newcomers", type_=Listed(ID))

present = account.alias("present")
first = subscription.alias("first")
first_asset = asset.alias("first_asset")
_reseller = account.alias("its_reseller")


def _buyers(table: sa.FromClause, which: sa.ColumnElement[bool]) -> sa.Select[tuple[object]]:
    known = sa.exists().where(present.c.tenant_id == TAKER, present.c.id == table.c.account_id)
    of_a_stranger = table.c.account_id == sa.any_(STRANGERS)
    return sa.select(table.c.account_id.label("id")).where(table.c.tenant_id == GIVER, of_a_stranger, which, ~known)


coming = sa.union(
    _buyers(first, sa.and_(first.c.id == sa.any_(SUBSCRIPTIONS), sa.or_(travels(first), went_on(first)))),
    _buyers(first_asset, sa.and_(first_asset.c.id == sa.any_(ASSETS), asset_travels(first_asset))),
).cte("coming")

who = sa.select(coming.c.id).order_by(coming.c.id)

account_made = ACCOUNT.making(sa.select(sa.func.unnest(NEWCOMERS).label("id")).subquery("newcomers"))
# The first line of its history above; made from the account, so made once.
account_line = Making.of(
    insert(history_line).from_select(
        ["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence"],
        sa.select(
            TAKER,
            derived_id(present.c.id, _reseller.c.id, "mirrored"),
            sa.literal("account"),
            present.c.id,
            MOMENT,
            _reseller.c.name,
            sa.literal("Account was created due to purchases on ").concat(_reseller.c.name),
        )
        .select_from(present.join(_reseller, sa.and_(_reseller.c.tenant_id == TAKER, _reseller.c.id == RESELLER)))
        .where(present.c.tenant_id == TAKER, present.c.id == sa.any_(NEWCOMERS), present.c.managed_by == GIVER),
    )
)
