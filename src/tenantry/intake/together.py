"""What the fields of a row say together: a name, country with state, a currency that the tenant has, whole contacts."""

from typing import TYPE_CHECKING, Any

from tenantry.intake import names
from tenantry.intake.fields import MOST_OF_A_KIND
from tenantry.intake.problem import Problem, Severity
from tenantry.kernel import iso

if TYPE_CHECKING:
    from tenantry.intake.rows import RowReader

Values = dict[str, Any]
CONTACTS = ("contact", *(f"contact{place}" for place in range(2, MOST_OF_A_KIND + 1)))
ADDRESSES = ("address", *(f"address{place}" for place in range(2, MOST_OF_A_KIND + 1)))
PARTS = ("name", "first_name", "last_name", "company_role", "email", "phone", "mobile", "fax", "language")


def complete(values: Values, problems: list[Problem], reader: "RowReader") -> None:
    """Fill in what follows from the rest, and name what is missing or contradicts."""
    seen = _Seen(values, problems, reader)
    seen.name()
    seen.place("", "country", "state")
    for group in reader.addresses:
        seen.place(group, f"{group}.country", f"{group}.state")
    seen.currency()
    for group in reader.contacts:
        seen.contact(group)


class _Seen:
    """One row, while it is completed."""

    def __init__(self, values: Values, problems: list[Problem], reader: "RowReader") -> None:
        self.values = values
        self.problems = problems
        self.reader = reader

    def name(self) -> None:
        if not self.values.get("name") and not self._has_problem("name"):
            self._say("refusal", "name-missing", "name", "The account has no name.", "CAT-04", "Fill it in.")

    def place(self, group: str, country_field: str, state_field: str) -> None:
        """Bring state and country together: `MN` in the US is US-MN, and US-MN without a country is in the US."""
        values, state = self.values, self.values.get(state_field, "")
        country = values.get(country_field, "")
        lead = state[:2].upper()
        if not country and state[2:3] == "-" and names.state(state, lead):
            country = values[country_field] = lead
        if state and country:
            self._state(state_field, state, country)
        if not group and not country and not self._has_problem("country"):
            message = "No country is given; the account is made without one."
            self._say("warning", "country-missing", "country", message, "TEN-30", "Choose a default country.")

    def _state(self, field: str, state: str, country: str) -> None:
        if found := names.state(state, country):
            self.values[field] = found
        elif state[2:3] == "-" and names.state(state, state[:2].upper()):
            message = f"{state[:20]} is not in {iso.countries()[country]}."
            self._say(
                "refusal", "state-elsewhere", field, message, "TEN-30", "Correct the country or the state.", state
            )
            del self.values[field]
        elif iso.subdivisions(country):
            message = f"{iso.countries()[country]} has no such state; it is left out."
            self._say("warning", "state-unclear", field, message, "TEN-30", "Write its ISO 3166-2 code.", state)
            del self.values[field]

    def currency(self) -> None:
        given, known = self.values.get("currency"), self.reader.around.known
        if given in known.currencies:
            return
        usual = self.reader.defaults.get("currency", known.default_currency)
        instead = usual if usual in known.currencies else known.default_currency
        self.values["currency"] = instead
        if given is None:
            if not self._has_problem("currency"):
                message = f"No currency is given; {instead} is taken."
                self._say("warning", "currency-missing", "currency", message, "DN-24", "Choose a default currency.")
            return
        remedy = "Activate it in the set-up before the import, or write another one."
        if self.reader.options.other_currency == "refuse":
            self._say(
                "refusal", "currency-inactive", "currency", "This currency is not activated.", "TEN-01", remedy, given
            )
        else:
            message = f"This currency is not activated; {instead} is taken."
            self._say("warning", "currency-inactive", "currency", message, "TEN-01", remedy, given)

    def contact(self, group: str) -> None:
        """Make a contact whole: a full name is parted, and one without a last name is called by what there is."""
        values = self.values
        if not any(f"{group}.{part}" in values for part in PARTS):
            return
        whole: str = values.pop(f"{group}.name", "")
        if whole and f"{group}.last_name" not in values:
            first, _, last = whole.rpartition(" ")
            if "," in whole:
                last, _, first = (part.strip() for part in whole.partition(","))
            values[f"{group}.last_name"] = last or first
            if first and last:
                values.setdefault(f"{group}.first_name", first)
        if not values.get(f"{group}.last_name"):
            self._call_somehow(group)

    def _call_somehow(self, group: str) -> None:
        values = self.values
        for part in ("first_name", "email", "company_role", "phone", "mobile"):
            if stand_in := values.get(f"{group}.{part}"):
                values[f"{group}.last_name"] = stand_in
                if part == "first_name":
                    values[f"{group}.first_name"] = ""
                message = f"The contact has no last name; {stand_in[:60]} stands in for it."
                self._say("warning", "last-name-missing", f"{group}.last_name", message, "CAT-04", "Fill it in.")
                return

    def _has_problem(self, field: str) -> bool:
        return any(one.field == field for one in self.problems)

    def _say(
        self, severity: Severity, code: str, field: str, message: str, rule: str, remedy: str, value: str = ""
    ) -> None:
        heading = self.reader.headings.get(field, "")
        self.problems.append(Problem(severity, code, message, rule, remedy, field, heading, value[:80]))
