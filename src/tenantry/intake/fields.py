"""Which fields of an account, its addresses and contacts a column fills, and the words that headings have for them."""

from collections.abc import Iterator
from dataclasses import dataclass

IGNORED = ""
MOST_OF_A_KIND = 5


@dataclass(frozen=True)
class Field:
    """A field that a column can fill; `words` are headings that mean it, in small letters."""

    name: str
    label: str
    words: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """Name what it belongs to: account, address, address2, contact, contact2 ..."""
        return self.name.split(".")[0] if "." in self.name else "account"

    @property
    def column(self) -> str:
        """Name the column of the table."""
        return self.name.rsplit(".", 1)[-1]


def _field(name: str, label: str, words: str = "") -> Field:
    return Field(name, label, tuple(word.strip() for word in words.split("|") if word.strip()))


ACCOUNT = (
    _field(
        "name",
        "Name",
        "account name | account | company | company name | customer | customer name | organisation | "
        "organization | firma | "
        "firmenname | unternehmen | kunde | société | raison sociale | entreprise | nom | empresa | "
        "razón social | nombre | "
        "azienda | ragione sociale | nome | bedrijf | επωνυμία | εταιρεία | όνομα",
    ),
    _field(
        "accounting_no",
        "Accounting number",
        "accounting no | accounting nr | account no | account number | customer no | customer number | "
        "customer id | debtor | "
        "debitor | kundennummer | kundennr | debitorennummer | numéro client | número de cliente | codice cliente",
    ),
    _field(
        "email",
        "E-mail",
        "mail | email address | e-mail address | account email | company email | mailadresse | correo",
    ),
    _field(
        "phone",
        "Phone",
        "telephone | tel | phone number | account phone | telefon | telefonnummer | téléphone | teléfono | "
        "telefono | τηλέφωνο",
    ),
    _field("fax", "Fax", "fax number | telefax | faxnummer"),
    _field(
        "website",
        "Website",
        "web | url | homepage | web site | web page | webseite | internet | site web | sitio web | sito",
    ),
    _field("industry", "Industry", "sector | branche | secteur | industria | settore | κλάδος"),
    _field("language", "Language", "lang | sprache | langue | idioma | lingua | γλώσσα"),
    _field(
        "vat_number",
        "VAT number",
        "vat | vat no | vat id | tax id | tax number | ust-id | ustid | ust-idnr | umsatzsteuer-id | tva | "
        "numéro tva | nif | cif | "
        "partita iva | piva | btw | αφμ",
    ),
    _field("source", "Source", "lead source | herkunft | origine | origen"),
    _field(
        "registration_number",
        "Registration number",
        "registration no | company number | handelsregisternummer | siren | siret",
    ),
    _field("tax_authority", "Tax authority", "tax office | finanzamt | δου"),
    _field(
        "trading_name",
        "Trading name",
        "trade name | doing business as | dba | handelsname | nom commercial | nombre comercial",
    ),
    _field("business_activity", "Business activity", "activity | tätigkeit | activité | actividad"),
    _field(
        "description", "Description", "notes | note | comment | comments | remarks | beschreibung | bemerkung | notizen"
    ),
    _field("country", "Country", "country code | land | staat | pays | país | paese | nazione | χώρα"),
    _field(
        "state", "State", "region | province | county | bundesland | état | région | estado | provincia | περιφέρεια"
    ),
    _field("currency", "Currency", "currency code | währung | devise | moneda | valuta | νόμισμα"),
    _field("bill_to", "Bill To", "billed to | payer | reseller | rechnungsempfänger"),
    _field("price_list", "Price list", "pricelist | preisliste | tarif"),
    _field("payment_method", "Payment method", "payment | zahlungsart | mode de paiement"),
    _field("credit_limit", "Credit limit", "credit | kreditlimit"),
    _field(
        "responsible_user",
        "Responsible user",
        "owner | account manager | responsible | sales rep | betreuer | zuständig",
    ),
    _field("permission_rule", "Permission rule", "sharing rule | access"),
)

ADDRESS = (
    _field("name", "Name", "address name | address label"),
    _field(
        "street",
        "Street",
        "address | address 1 | address line 1 | street address | street 1 | straße | strasse | anschrift | "
        "adresse | rue | calle | "
        "dirección | via | indirizzo | οδός | διεύθυνση",
    ),
    _field("street_2", "Second line", "street 2 | address line 2 | adresszusatz | complément"),
    _field("city", "City", "town | locality | ort | stadt | ville | ciudad | città | πόλη"),
    _field(
        "postcode",
        "Post code",
        "postal code | zip | zip code | plz | postleitzahl | code postal | código postal | cap | τκ",
    ),
    _field("state", "State"),
    _field("country", "Country"),
    _field("phone", "Phone"),
)

CONTACT = (
    _field(
        "name",
        "Full name",
        "contact | contact name | contact person | ansprechpartner | kontakt | interlocuteur | persona de contacto",
    ),
    _field("first_name", "First name", "firstname | given name | forename | vorname | prénom | nombre de pila"),
    _field(
        "last_name",
        "Last name",
        "lastname | surname | family name | nachname | nom de famille | apellido | apellidos | cognome",
    ),
    _field("company_role", "Role", "job title | position | function | title | funktion | fonction | cargo"),
    _field("email", "E-mail"),
    _field("phone", "Phone"),
    _field("mobile", "Mobile", "mobile phone | cell | cell phone | handy | mobil | portable | móvil | cellulare"),
    _field("fax", "Fax"),
    _field("language", "Language"),
)


def fields() -> dict[str, Field]:
    """Give every field by name: the account's own, and up to five addresses and contacts."""
    return {field.name: field for field in _all()}


def _all() -> Iterator[Field]:
    yield from ACCOUNT
    for kind, parts in (("address", ADDRESS), ("contact", CONTACT)):
        for place in range(1, MOST_OF_A_KIND + 1):
            group, label = (kind, kind.title()) if place == 1 else (f"{kind}{place}", f"{kind.title()} {place}")
            for part in parts:
                # What the account does not claim for itself means the first address, or the first contact.
                words = (part.name, part.label, *part.words) if place == 1 else ()
                yield Field(f"{group}.{part.name}", f"{label}: {part.label}", words)


FIELDS = fields()
