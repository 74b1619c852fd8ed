"""The field rules of Transfer Accounts once more, in plain Python, written from the spec alone (DN-10 to DN-28)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

Record = Mapping[str, Any]


def in_line(addresses: Sequence[Record]) -> list[Record]:
    """First means lowest position, then oldest."""
    return sorted(addresses, key=lambda one: (one["position"], one["created_at"]))


def account_below(
    above: Record,
    addresses: Sequence[Record],
    reseller: Record,
    tenant: Record,
    activated: set[str],
    methods: Sequence[Record],
    asleep: Record | None,
) -> dict[str, Any]:
    """Say what the reseller's account has to be: `reseller` is his own account above, `tenant` his tenant."""
    first = next(iter(in_line(addresses)), None)
    home = first if first is not None else reseller
    kept = asleep if asleep is not None else {}
    copy = {name: above[name] for name in "name accounting_no email phone fax website".split()}
    copy |= {name: above[name] for name in "industry language vat_number source status".split()}
    copy |= {"custom_fields": kept.get("custom_fields", {})}
    copy |= {"ordering_enabled": True, "own_ordering_options": True, "bill_to_id": above["id"], "parent_id": None}
    copy |= {"price_list_id": None, "separate_invoices": False, "billing_day": tenant["billing_day"]}
    copy |= {"country": home["country"], "state": home["state"]}
    for name in ("prorate_billing", "partial_charges_invoicing", "auto_invoice_notification", "taxation"):
        copy[name] = reseller[name]
    copy["credit_limit"] = 0
    copy["payment_method_id"] = payment_method(methods)
    copy["reselling_enabled"] = False
    for name in "registration_number tax_authority trading_name business_activity description".split():
        copy[name] = kept.get(name, "")
    copy |= {"responsible_user_id": tenant["admin_user_id"], "permission_rule_id": tenant["common_rule_id"]}
    copy["currency"] = above["currency"] if above["currency"] in activated else tenant["default_currency"]
    return copy | {"standing": "received", "managed_by": None}


def payment_method(methods: Sequence[Record]) -> UUID:
    """Give the default one, else the first one found."""
    default = [one["id"] for one in methods if one["is_default"]]
    chosen: UUID = default[0] if default else min(methods, key=lambda one: one["created_at"])["id"]
    return chosen


def addresses_below(addresses: Sequence[Record]) -> dict[UUID, dict[str, Any]]:
    """Say what the reseller's addresses have to be."""
    first = next(iter(in_line(addresses)), None)
    names = "account_id position name street street_2 city postcode state country phone".split()
    return {
        one["id"]: {name: one[name] for name in names} | {"is_billing": one is first, "standing": "own"}
        for one in addresses
    }


def contacts_below(
    contacts: Sequence[Record], tenant: Record, asleep: Mapping[UUID, Record]
) -> dict[UUID, dict[str, Any]]:
    """Say what the reseller's contacts have to be; one that moved out above is not the giver's to give."""
    names = "account_id first_name last_name company_role email phone mobile fax language lead_source".split()
    names += "is_primary bill_to_contact opt_in".split()
    return {
        one["id"]: {name: one[name] for name in names}
        | {
            "custom_fields": asleep[one["id"]]["custom_fields"] if one["id"] in asleep else {},
            "storefront_user": False,
            "standing": "own",
            "responsible_user_id": tenant["admin_user_id"],
            "permission_rule_id": tenant["common_rule_id"],
        }
        for one in contacts
        if one["standing"] == "own"
    }


def ties_below(ties: Sequence[Record], resold: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """Say which sync options come: those of systems of products that may be resold."""
    names = "account_id system_id external_id status system_data".split()
    return {one["id"]: {name: one[name] for name in names} for one in ties if one["system_id"] in resold}
