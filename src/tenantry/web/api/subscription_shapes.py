"""What is said and given about subscriptions: their views, and the orders that change them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tenantry.sales.subscriptions.creating import NewSubscription
from tenantry.sales.subscriptions.previewing import Preview
from tenantry.sales.subscriptions.repricing import PriceDifference
from tenantry.sales.subscriptions.views import ChangeView, OutcomeView, SubscriptionView
from tenantry.schema import charging, sales, subscription as bought
from tenantry.web.api.common import AnyId
from tenantry.web.api.shapes import changed, inside, shown, taken
from tenantry.web.api.values import Words

# Before the subscription it stands in, whose columns of the same names mean something else.
CHANGE = inside(
    ChangeView,
    bought.subscription_change,
    product="What it is about.",
    order="The order that asked for it, or that tracks it.",
    number="The order's number.",
    amount="The amount.",
)
SUBSCRIPTION = shown(
    SubscriptionView,
    sales.subscription,
    bought.subscription_change,
    sales.subscription_add_on,
    account="Who is delivered to.",
    bill_to="Who pays.",
    product="What is delivered, or what a change is about.",
    order="The order it came from; of an add-on, the one that it was bought or last changed by.",
    number="The order's number.",
    managed_by="The reseller who manages it, as his account here; null when nobody below does.",
    promotion="The promotion it was sold with.",
    split_from="The subscription that it was parted from.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    total="What it costs a cycle, its add-ons included.",
    next_charge_on="The day from which it is charged next.",
    add_ons="Its add-ons.",
    changes="What happened to it and what is planned, the latest first.",
    upstream_credit="What was answered from above about its credit; null where nobody was asked (UP-47).",
    amount="The amount.",
)
OUTCOME = shown(
    OutcomeView,
    charging.charge,
    sentence="What is done.",
    effective_on="From which day.",
    planned="Whether it waits for that day; its charges are made then.",
    charges="What is charged and given back.",
    net="What the charges come to.",
    cycle_before="What a cycle costs before it.",
    cycle_after="What a cycle costs after it.",
    amount="The amount.",
)
PREVIEW = taken(
    Preview,
    act="The act, as the subscription's actions name it.",
    quantity="How many units.",
    product_id="The add-on, or the product to move to.",
    mode="How it is cancelled: now, at, end_of_period.",
    on="From which day, or which last day; today when left out.",
    at_next_cycle="With the first day of the next cycle.",
    renew="Whether it renews.",
)
DIFFERENCE = shown(
    PriceDifference,
    from_on="From which day the new prices would hold: the next billing date.",
    prices="What a unit costs now, and would cost.",
    why="Why its prices cannot be updated; empty when they can.",
    rule="The rule that says so.",
    product_id="The product or the add-on.",
    product="Its name.",
    quantity="How many units of it there are.",
    before="What a unit costs now.",
    after="What it would cost.",
    amount="The amount.",
)
NEW = taken(NewSubscription, sales.order_item, sales.subscription)
EDITABLE = changed(
    "SubscriptionChanges", sales.subscription, "name responsible_user_id permission_rule_id custom_fields"
)
TODAY = "First day that it counts; today when left out."


class QuantityChange(BaseModel):
    """A new number of units."""

    model_config = ConfigDict(extra="forbid")
    quantity: int = Field(description="How many units in all.")
    on: date | None = Field(default=None, description=TODAY)
    at_next_cycle: bool = Field(default=False, description="With the first day of the next cycle.")


class AddOnPurchase(BaseModel):
    """An add-on to be bought."""

    model_config = ConfigDict(extra="forbid")
    product_id: AnyId = Field(description="The add-on.")
    quantity: int = Field(default=1, description="How many units.")
    on: date | None = Field(default=None, description=TODAY)


class AddOnQuantity(BaseModel):
    """A new number of units of an add-on."""

    model_config = ConfigDict(extra="forbid")
    quantity: int = Field(description="How many units in all.")
    on: date | None = Field(default=None, description=TODAY)


class Move(BaseModel):
    """Where to move, and how many units."""

    model_config = ConfigDict(extra="forbid")
    product_id: AnyId = Field(description="The product of one of its product's paths.")
    quantity: int | None = Field(default=None, description="How many units; all when left out.")
    on: date | None = Field(default=None, description=TODAY)
    at_next_cycle: bool = Field(default=False, description="With the first day of the next cycle.")


class Cancellation(BaseModel):
    """How it is cancelled."""

    model_config = ConfigDict(extra="forbid")
    mode: Literal["now", "at", "end_of_period"] = Field(
        default="now", description="Today, on a day, or paid to its end."
    )
    on: date | None = Field(default=None, description="The last day, when it is cancelled at a day.")
    because: Words = Field(default="", max_length=1000, description="Why, in a few words; it stands in the history.")


class Renewal(BaseModel):
    """Whether it renews by itself."""

    model_config = ConfigDict(extra="forbid")
    renew: bool = Field(description="True: it renews when its term ends; false: it ends then.")


class Several(BaseModel):
    """Several subscriptions."""

    model_config = ConfigDict(extra="forbid")
    subscription_ids: list[UUID] = Field(description="Which subscriptions.", max_length=500)


class PriceDifferences(BaseModel):
    """What an update of prices would change, subscription by subscription."""

    items: list[DIFFERENCE] = Field(description="The subscriptions, in the order asked for.")  # type: ignore[valid-type]


class PriceUpdates(BaseModel):
    """What was updated."""

    items: list[OUTCOME] = Field(description="One for every subscription whose prices change.")  # type: ignore[valid-type]
