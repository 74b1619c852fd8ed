"""Which fields of a subscription a column fills, and the words that headings have for them."""

from collections.abc import Iterable, Mapping

from tenantry.intake.catalogue.fields import matched
from tenantry.intake.fields import Field


def _field(name: str, label: str, words: str = "") -> Field:
    return Field(name, label, tuple(word.strip() for word in words.split("|") if word.strip()))


FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        _field("account", "Account", "customer | customer no | account number | accounting number | company | kunde"),
        _field("product", "Product", "sku | plan | service | article | produkt | produit | producto"),
        _field("cycle", "Billing cycle", "billing period | period | interval | zyklus | abrechnung"),
        _field("quantity", "Quantity", "units | seats | licences | licenses | users | menge | anzahl"),
        _field("unit_price", "Unit price", "price | price per unit | preis | prix | precio"),
        _field("currency", "Currency", "currency code | währung | devise | moneda"),
        _field("add_ons", "Add-ons", "add ons | addons | extras | zusätze | options"),
        _field("start_on", "First day", "start | start date | started | from | beginn"),
        _field("name", "Name", "subscription | subscription name | title | bezeichnung"),
        _field("external_id", "External id", "subscription id | external number | reference"),
        _field("renew", "Renews by itself", "auto renew | auto renewal | renewal | renews"),
        _field("trial_until", "Last day of the trial", "trial end | trial ends | trial end date"),
        _field("end_on", "Last day", "end | end date | ends | until | ende"),
        _field("term_until", "Last day of the term", "term end | term ends | committed until | commitment end"),
    )
}


def match(headings: Iterable[str]) -> dict[str, str]:
    """Give each heading the field that it means, or none; of two that mean the same, the first has it."""
    return matched(FIELDS, headings)
