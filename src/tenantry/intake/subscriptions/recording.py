"""What a row is to become: the subscription with its days and add-ons, as it is kept until it is brought in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.charging.pricing import Wanted
from tenantry.charging.proration import DAY
from tenantry.database import Row
from tenantry.intake.subscriptions.add_ons import ToldAddOn
from tenantry.intake.subscriptions.days import Standing, standing
from tenantry.intake.subscriptions.differing import Here
from tenantry.intake.subscriptions.reading import Told
from tenantry.kernel.ids import derived_id


@dataclass(frozen=True)
class Sale:
    """A row with the account, the product and the add-ons that it means; `known` is what is here already."""

    told: Told
    buyer: Row
    product: Row
    add_ons: list[Row]
    known: Here | None = None


def record(sale: Sale, run_id: UUID, prices: Mapping[str, Decimal], now: date) -> dict[str, Any]:
    """Give what a row is to become."""
    one, buyer, product = sale.told, sale.buyer, sale.product
    price = prices[str(one.line)]
    at = standing(one, buyer, now)
    external_id = one.cells.get("external_id", "")
    name = one.cells.get("name") or f"{buyer['name']} - {product['name']}"
    return {
        "subscription": {
            "id": str(derived_id(run_id, run_id, f"subscription {one.line}")),
            "account_id": str(buyer["id"]),
            "bill_to_id": str(buyer["bill_to_id"]),
            "product_id": str(product["id"]),
            "name": name[:320],
            "status": at.status,
            "cycle": one.cycle,
            "currency": buyer["currency"],
            "quantity": one.quantity,
            "unit_price": str(price if one.unit_price is None else one.unit_price),
            "external_id": external_id,
            "provisioning_status": "provisioned" if external_id else "not_provisioned",
            **_days(one, at, now),
        },
        "add_ons": [
            {
                "product_id": str(added["id"]),
                "quantity": told.quantity,
                "unit_price": str(prices[f"{one.line}.{place}"] if told.unit_price is None else told.unit_price),
            }
            for place, (told, added) in enumerate(zip(one.add_ons, sale.add_ons, strict=True))
        ],
        "changes": _shown(at) + [_had(told, added) for told, added in zip(one.add_ons, sale.add_ons, strict=True)],
    }


def wanted(sale: Sale) -> list[Wanted]:
    """Say what has to have a price; of what is here already only the add-ons that it has not."""
    one, had = sale.told, {each.product_id for each in sale.known.add_ons} if sale.known else set()
    service = [] if sale.known else [Wanted(sale.product["id"], one.cycle, str(one.line), one.quantity)]
    return service + [
        Wanted(added["id"], one.cycle, f"{one.line}.{place}", told.quantity)
        for place, (told, added) in enumerate(zip(one.add_ons, sale.add_ons, strict=True))
        if added["id"] not in had
    ]


def _had(told: ToldAddOn, added: Row) -> dict[str, str]:
    return {"field": added["name"], "before": "", "after": f"{told.quantity:,}"}


def _days(one: Told, at: Standing, now: date) -> dict[str, Any]:
    """Give its days as they are stored: the period that runs was charged where it comes from."""
    days: Mapping[str, date] = one.days
    ends, term = days.get("end_on"), days.get("term_until")
    charged = at.charged_from - DAY if at.charged_from else None
    if one.renew is False and not ends:
        ends = max(day for day in (term, charged, now) if day)
    if charged and ends:
        charged = min(charged, ends)
    found = {
        "start_on": days["start_on"],
        "trial_until": days.get("trial_until"),
        "paid_from": at.paid_from,
        "anchor_on": at.anchor_on,
        "charged_until": charged,
        "term_until": term or charged,
        "end_on": ends,
    }
    renew = one.renew if one.renew is not None else not ends
    return {name: None if day is None else str(day) for name, day in found.items()} | {"renew": renew}


def _shown(at: Standing) -> list[dict[str, str]]:
    changes = {"status": at.status.replace("_", " "), "charged from": str(at.charged_from or "")}
    return [{"field": name, "before": "", "after": after} for name, after in changes.items() if after]
