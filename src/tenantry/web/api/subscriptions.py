"""Subscriptions: read, and changed by nouns; each change says what it charges and gives back (SUB-01 to SUB-04)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from tenantry.channel.upstream_credit.actions import check_subscription_credit
from tenantry.database import Work
from tenantry.sales.lists import SUBSCRIPTIONS
from tenantry.sales.subscriptions import actions, queries
from tenantry.sales.subscriptions.creating import NewSubscription, create_subscription
from tenantry.sales.subscriptions.previewing import Preview, preview_of
from tenantry.sales.subscriptions.repricing import PriceDifference
from tenantry.sales.subscriptions.views import OutcomeView, SubscriptionView, outcome_view
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.short_lists import whole
from tenantry.web.api.subscription_shapes import (
    CHANGE,
    EDITABLE,
    NEW,
    OUTCOME,
    PREVIEW,
    SUBSCRIPTION,
    AddOnPurchase,
    AddOnQuantity,
    Cancellation,
    Move,
    PriceDifferences,
    PriceUpdates,
    QuantityChange,
    Renewal,
    Several,
)
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

EDIT = "subscriptions:edit"
subscriptions = resource("Subscriptions")


@subscriptions.get(
    "/subscriptions",
    response_model=page_of("Subscription", item_of("Subscription", SUBSCRIPTIONS)),
    openapi_extra=filters_of(SUBSCRIPTIONS),
)
@may("subscriptions:view")
def list_subscriptions(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List subscriptions, the latest first."""
    return page(work, SUBSCRIPTIONS, request, wanted)


@subscriptions.post("/subscriptions", status_code=201, response_model=SUBSCRIPTION)
@may(EDIT)
def make_subscription(
    work: Work,
    new: Annotated[
        NewSubscription,
        body(NEW, {"account_id": SOMEBODY, "product_id": SOMEBODY, "cycle": "monthly", "quantity": 25}),
    ],
) -> Made:
    """Sell one thing to an account and start it: an order of one item, executed at once."""
    id = create_subscription(work, new)
    return Made(queries.subscription(work, id), f"/api/v1/subscriptions/{id}")


@subscriptions.get("/subscriptions/{id}", response_model=SUBSCRIPTION)
@may("subscriptions:view")
def read_subscription(work: Work, id: Id) -> SubscriptionView:
    """Read a subscription with its add-ons, what happened to it, and what may be done with it."""
    return queries.subscription(work, id)


@subscriptions.patch("/subscriptions/{id}", response_model=SUBSCRIPTION)
@may(EDIT)
def change_subscription(
    work: Work, id: Id, fields: Annotated[Changes, changes(EDITABLE, {"name": "Mail of Acme"})], version: Version
) -> SubscriptionView:
    """Change what of a subscription costs nothing: its name, who looks after it, its own fields."""
    actions.edit_subscription(work, id, fields, version=version)
    return queries.subscription(work, id)


@subscriptions.post("/subscriptions/{id}/previews", response_model=OUTCOME)
@may(EDIT)
def preview(
    work: Work,
    id: Id,
    wanted: Annotated[Preview, body(PREVIEW, {"act": "change_quantity", "quantity": 12})],
) -> OutcomeView:
    """Say what an act would charge and give back, to the cent; nothing is changed."""
    return outcome_view(preview_of(work, id, wanted))


@subscriptions.post("/subscriptions/{id}/quantity-changes", status_code=201, response_model=SUBSCRIPTION)
@may(EDIT)
def change_quantity(
    work: Work, id: Id, new: Annotated[QuantityChange, body(QuantityChange, {"quantity": 12})], version: Version
) -> Made:
    """Give a subscription another number of units, now, on a day, or with the next cycle."""
    actions.change_quantity(work, id, new.quantity, on=new.on, at_next_cycle=new.at_next_cycle, version=version)
    return _made(work, id)


@subscriptions.post("/subscriptions/{id}/add-ons", status_code=201, response_model=SUBSCRIPTION)
@may(EDIT)
def buy_add_on(
    work: Work,
    id: Id,
    new: Annotated[AddOnPurchase, body(AddOnPurchase, {"product_id": SOMEBODY, "quantity": 5})],
    version: Version,
) -> Made:
    """Buy an add-on of its product."""
    actions.add_add_on(work, id, new.product_id, new.quantity, on=new.on, version=version)
    return _made(work, id)


@subscriptions.patch("/subscriptions/{id}/add-ons/{product_id}", response_model=SUBSCRIPTION)
@may(EDIT)
def change_add_on(
    work: Work,
    id: Id,
    product_id: Id,
    new: Annotated[AddOnQuantity, body(AddOnQuantity, {"quantity": 8})],
    version: Version,
) -> SubscriptionView:
    """Give an add-on that it has another number of units; If-Match is the subscription's version."""
    actions.change_add_on_quantity(work, id, product_id, new.quantity, on=new.on, version=version)
    return queries.subscription(work, id)


@subscriptions.delete("/subscriptions/{id}/add-ons/{product_id}", status_code=204)
@may(EDIT)
def remove_add_on(work: Work, id: Id, product_id: Id, version: Version) -> None:
    """Cancel an add-on; If-Match is the subscription's version."""
    actions.remove_add_on(work, id, product_id, version=version)


@subscriptions.post("/subscriptions/{id}/upgrades", status_code=201, response_model=SUBSCRIPTION)
@may(EDIT)
def upgrade(
    work: Work, id: Id, new: Annotated[Move, body(Move, {"product_id": SOMEBODY, "quantity": 4})], version: Version
) -> Made:
    """Upgrade it, or some of its units, which become a subscription that is parted from it."""
    actions.upgrade(work, id, new.product_id, new.quantity, on=new.on, at_next_cycle=new.at_next_cycle, version=version)
    return _made(work, id)


@subscriptions.post("/subscriptions/{id}/downgrades", status_code=201, response_model=SUBSCRIPTION)
@may(EDIT)
def downgrade(work: Work, id: Id, new: Annotated[Move, body(Move, {"product_id": SOMEBODY})], version: Version) -> Made:
    """Downgrade it, or some of its units."""
    actions.downgrade(
        work, id, new.product_id, new.quantity, on=new.on, at_next_cycle=new.at_next_cycle, version=version
    )
    return _made(work, id)


@subscriptions.put("/subscriptions/{id}/conversion", response_model=SUBSCRIPTION)
@may(EDIT)
def convert(work: Work, id: Id, version: Version) -> SubscriptionView:
    """Convert a trial to paid, from today on."""
    actions.convert(work, id, version=version)
    return queries.subscription(work, id)


@subscriptions.put("/subscriptions/{id}/suspension", response_model=SUBSCRIPTION)
@may(EDIT)
def suspend(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Unpaid"})], version: Version
) -> SubscriptionView:
    """Suspend it; the days are not charged."""
    actions.suspend(work, id, because=why.because, version=version)
    return queries.subscription(work, id)


@subscriptions.delete("/subscriptions/{id}/suspension", status_code=204)
@may(EDIT)
def resume(work: Work, id: Id, version: Version) -> None:
    """Resume it; the rest of the cycle is charged."""
    actions.resume(work, id, version=version)


@subscriptions.put("/subscriptions/{id}/cancellation", response_model=SUBSCRIPTION)
@may(EDIT)
def cancel(
    work: Work,
    id: Id,
    how: Annotated[Cancellation, body(Cancellation, {"mode": "end_of_period", "because": "Moves on"})],
    version: Version,
) -> SubscriptionView:
    """Cancel it: now, at a day, or at the end of the period that was charged."""
    actions.cancel(work, id, mode=how.mode, on=how.on, because=how.because, version=version)
    return queries.subscription(work, id)


@subscriptions.delete("/subscriptions/{id}/cancellation", status_code=204)
@may(EDIT)
def keep(work: Work, id: Id, version: Version) -> None:
    """Withdraw a cancellation that is pending."""
    actions.keep(work, id, version=version)


@subscriptions.put("/subscriptions/{id}/renewal", response_model=SUBSCRIPTION)
@may(EDIT)
def set_renewal(
    work: Work, id: Id, how: Annotated[Renewal, body(Renewal, {"renew": False})], version: Version
) -> SubscriptionView:
    """Let it renew by itself when its term ends, or not."""
    actions.set_renewal(work, id, how.renew, version=version)
    return queries.subscription(work, id)


@subscriptions.put("/subscriptions/{id}/price-freeze", response_model=SUBSCRIPTION)
@may(EDIT)
def freeze_prices(work: Work, id: Id, version: Version) -> SubscriptionView:
    """Exempt it from updates of prices."""
    actions.freeze_prices(work, id, frozen=True, version=version)
    return queries.subscription(work, id)


@subscriptions.delete("/subscriptions/{id}/price-freeze", status_code=204)
@may(EDIT)
def lift_price_freeze(work: Work, id: Id, version: Version) -> None:
    """Lift its price freeze."""
    actions.freeze_prices(work, id, frozen=False, version=version)


@subscriptions.put("/subscriptions/{id}/provisioning", response_model=SUBSCRIPTION)
@may(EDIT)
def retry_provisioning(work: Work, id: Id, version: Version) -> SubscriptionView:
    """Ask again for what an outside system could not do."""
    actions.retry_provisioning(work, id, version=version)
    return queries.subscription(work, id)


@subscriptions.put("/subscriptions/{id}/credit-check", response_model=SUBSCRIPTION)
@may(EDIT)
def check_credit(work: Work, id: Id, version: Version) -> SubscriptionView:
    """Ask above again whether there is credit for what of it waits for credit there (UP-47)."""
    check_subscription_credit(work, id, version=version)
    return queries.subscription(work, id)


@subscriptions.get("/subscriptions/{id}/changes", response_model=page_of("SubscriptionChange", CHANGE))
@may("subscriptions:view")
def list_changes(work: Work, request: Request, id: Id, wanted: Wanted) -> Linked:
    """List the last fifty things that happened to it or are planned, the latest first."""
    return whole(request, wanted, queries.changes(work, id), CHANGE)


@subscriptions.delete("/subscriptions/{id}/changes/{change_id}", status_code=204)
@may(EDIT)
def withdraw_change(work: Work, id: Id, change_id: Id, version: Version) -> None:
    """Withdraw a planned change; If-Match is the subscription's version."""
    actions.withdraw_change(work, id, change_id, version=version)


@subscriptions.get("/price-differences", response_model=PriceDifferences)
@may(EDIT)
def price_differences(
    work: Work, subscription_ids: Annotated[list[UUID], Query(description="Which subscriptions.", max_length=500)]
) -> dict[str, list[PriceDifference]]:
    """Say what an update of prices would change of each; nothing is changed."""
    return {"items": actions.price_differences(work, subscription_ids)}


@subscriptions.put("/price-updates", response_model=PriceUpdates)
@may(EDIT)
def update_prices(
    work: Work, of: Annotated[Several, body(Several, {"subscription_ids": [SOMEBODY]})]
) -> dict[str, list[OutcomeView]]:
    """Update the prices of each from its next billing date on: all of them, or none when one is refused."""
    return {"items": [outcome_view(one) for one in actions.update_prices(work, list(of.subscription_ids))]}


def _made(work: Work, id: UUID) -> Made:
    return Made(queries.subscription(work, id), f"/api/v1/subscriptions/{id}/changes")
