"""Which fields of a product and its price a column fills, and the words that headings have for them."""

from collections.abc import Iterable, Mapping

from tenantry.intake.fields import IGNORED, Field
from tenantry.intake.matching import OWN, plain


def _field(name: str, label: str, words: str = "") -> Field:
    return Field(name, label, tuple(word.strip() for word in words.split("|") if word.strip()))


PRODUCT = (
    _field("sku", "SKU", "article | article no | item | item no | product code | part number | artikelnummer"),
    _field("product", "Product family", "family | brand | service | produkt | produit | producto"),
    _field("name", "Name", "plan | plan name | product name | title | bezeichnung | nom | nombre"),
    _field("kind", "Plan or add-on", "type | product type | art"),
    _field("category", "Category", "group | product group | kategorie | catégorie"),
    _field("description", "Description", "details | text | beschreibung"),
    _field("unit", "Unit", "unit of measure | uom | per | einheit | unité"),
    _field("available_for", "Available for", "available with | add-on of | addon of | for plans"),
    _field("trial_allowed", "Trial allowed", "trial | test"),
)
PRICE = (
    _field("cycle", "Billing cycle", "billing period | period | interval | zyklus | abrechnung"),
    _field("price", "Price", "unit price | list price | selling price | amount | preis | prix | precio"),
    _field("cost", "Cost", "purchase price | buying price | einkaufspreis | ek"),
    _field("currency", "Currency", "currency code | währung | devise | moneda"),
    _field("billing_factors", "Factors of other cycles", "factors | cycle factors"),
    _field("year", "Year", "price year | jahr | année | año"),
)
LISTED = (
    _field("price_list", "Price list", "pricelist | preisliste | tarif"),
    _field(
        "min_quantity", "From how many units on", "from quantity | min quantity | tier | minimum quantity | ab menge"
    ),
    _field("valid_from", "Valid from", "from | start date | gültig ab"),
    _field("valid_until", "Valid until", "until | to | end date | gültig bis"),
)
OF_KIND: Mapping[str, Mapping[str, Field]] = {
    "products": {one.name: one for one in (*PRODUCT, *PRICE)},
    "prices": {one.name: one for one in (*PRODUCT[:3], PRODUCT[6], *PRICE, *LISTED)},
}


def match(kind: str, headings: Iterable[str]) -> dict[str, str]:
    """Give each heading the field that it means, or none; of two that mean the same, the first has it."""
    return matched(OF_KIND[kind], headings)


def matched(fields: Mapping[str, Field], headings: Iterable[str]) -> dict[str, str]:
    """Match headings with fields by their names, labels and words."""
    known: dict[str, str] = {}
    for field in fields.values():
        for word in (field.name, field.label, *field.words):
            known.setdefault(plain(word), field.name)
    mapping: dict[str, str] = {}
    for heading in headings:
        field_ = IGNORED if plain(heading) in OWN else known.get(plain(heading), IGNORED)
        mapping[heading] = IGNORED if field_ in mapping.values() else field_
    return mapping
