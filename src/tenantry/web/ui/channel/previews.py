"""The preview of a handover as the kit draws it: customer by customer, row by row, differences first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeAlias, cast
from uuid import UUID

from tenantry.channel.handovers.preview import FieldPreview, PartPreview, RecordPreview
from tenantry.channel.handovers.queries import HandoverView
from tenantry.web.ui.channel.findings import held_back
from tenantry.web.ui.channel.labels import LOCKED_ABOVE, is_silent, label
from tenantry.web.ui.channel.values import Side, shown
from tenantry.web.ui.views import PreviewField, PreviewGroup, PreviewRecord
from tenantry.web.words import Words

KINDS: Mapping[str, str] = {
    "account": "Account",
    "address": "Address",
    "contact": "Contact",
    "sync_option": "Sync option",
    "history_line": "History line",
    "order": "Order",
    "subscription": "Subscription",
    "subscription_add_on": "Add-on",
    "asset": "Asset",
}
Verdict: TypeAlias = Literal["new", "wake", "live", "here", "clash", "held_back"]

COPIED = ("new", "wake", "live")


def _many(many: int, one: str, says: str, say: str) -> str:
    return f"{many} {one} {says}" if many == 1 else f"{many} {one}s {say}"


MARKS: Mapping[str, Callable[[int], str]] = {
    "account_mark": lambda _: "The account gets the ribbon, and its locks",
    "billing_address": lambda _: "Its first address becomes the reseller's, and is locked",
    "old_billing_address": lambda _: "Its old billing address becomes an ordinary one",
    "order_mark": lambda many: (
        f"{many} {'order becomes a back-ordering record' if many == 1 else 'orders become back-ordering records'}"
    ),
    "subscription_mark": lambda _: "It counts until go-live; its copy follows it",
    "asset_mark": lambda _: "It counts until go-live; its copy follows it",
    "converted_subscription": lambda _: "Its price is converted here at the stated rate",
    "converted_add_on": lambda many: _many(many, "add-on", "is converted at the stated rate", "are converted so"),
    "converted_asset": lambda _: "Its price is converted here at the stated rate",
    "account_live": lambda _: "The reseller sells to it in his own tenant",
    "subscription_live": lambda many: _many(many, "subscription", "becomes a mirror", "become mirrors"),
    "asset_live": lambda many: _many(many, "asset", "becomes a mirror", "become mirrors"),
}


def group(view: HandoverView, record: RecordPreview, words: Words, *, is_open: bool = False) -> PreviewGroup:
    """Give one customer; its rows come when it is opened, unless it is open already."""
    going = record.verdict in COPIED
    lead = held_back(view, record.finding) if not going else ()
    wanted = is_open and going
    return PreviewGroup(
        id=str(record.id),
        title=record.name or "(gone)",
        verdict=verdict_of(record),
        subtitle=f"No. {record.number}" if record.number is not None else record.customer,
        summary=_summary(record) if going else "stays behind",
        findings=lead,
        records=records(record, words) if wanted else (),
        url=f"/handovers/{view.id}/records/{record.id}" if going and not wanted else "",
        open=is_open or bool(lead and not going),
    )


def verdict_of(record: RecordPreview) -> Verdict:
    """Give the verdict as the kit draws it."""
    return "held_back" if record.verdict == "held" else cast("Verdict", record.verdict)


def records(record: RecordPreview, words: Words) -> Sequence[PreviewRecord]:
    """Give the rows of one customer: what is copied first, then what is written above."""
    below = [_copied(part, words) for part in record.parts if part.part not in MARKS]
    above = [
        _marked(name, tuple(parts), words)
        for name, parts in groupby((part for part in record.parts if part.part in MARKS), key=lambda part: part.part)
    ]
    return (*below, *above)


def _summary(record: RecordPreview) -> str:
    counts = {name: sum(part.entity == name and part.part not in MARKS for part in record.parts) for name in KINDS}
    said = (
        ("address", "address", "addresses"),
        ("contact", "contact", "contacts"),
        ("sync_option", "sync option", "sync options"),
        ("subscription_add_on", "add-on", "add-ons"),
    )
    return ", ".join(f"{counts[name]} {one if counts[name] == 1 else many}" for name, one, many in said if counts[name])


def _copied(part: PartPreview, words: Words) -> PreviewRecord:
    if part.entity == "history_line":
        return _line(part)
    fields = _fields(part, words)
    woken = any(field.before is not None for field in part.fields)
    return PreviewRecord(KINDS[part.entity], _title(part, words), "wake" if woken else "new", fields)


def _line(part: PartPreview) -> PreviewRecord:
    sentence = next((str(field.after) for field in part.fields if field.field == "sentence"), part.title)
    rule = next((field.rule for field in part.fields), "")
    where = "In your own history" if part.is_above else "In the history below"
    return PreviewRecord("History line", sentence, "mark" if part.is_above else "new", note=f"{where}. {rule}")


def _marked(name: str, parts: Sequence[PartPreview], words: Words) -> PreviewRecord:
    first = parts[0]
    fields = _fields(first, words) if len(parts) == 1 else ()
    said = first.fields[0]
    kind = KINDS[first.entity] if first.part.endswith(("order_mark", "_live")) and first.entity != "account" else "Mark"
    return PreviewRecord(kind, MARKS[name](len(parts)), "mark", fields, f"{said.why} {said.rule}")


def _title(part: PartPreview, words: Words) -> str:
    values = {field.field: field.after for field in part.fields}
    if part.entity == "contact":
        return f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()
    if part.entity == "address":
        where = [values.get(name) for name in ("name", "street", "city")]
        return ", ".join(str(one) for one in where if one) or words.country(str(values.get("country") or ""))
    if part.entity == "subscription_add_on":
        return next((field.after_name or "" for field in part.fields if field.field == "product_id"), "")
    if part.entity == "sync_option":
        return next((field.after_name or "" for field in part.fields if field.field == "system_id"), "") or part.title
    return part.title


def _fields(part: PartPreview, words: Words) -> tuple[PreviewField, ...]:
    """Give the fields that say something: those that differ first, those made at the run last among them."""
    said = [_field(part, one, words) for one in part.fields if not is_silent(part.entity, one.field)]
    kept = [one for one in said if one.differs or one.giver or one.before or one.after]
    return tuple(sorted(kept, key=lambda one: (not one.differs, one.assigned)))


def _field(part: PartPreview, field: FieldPreview, words: Words) -> PreviewField:
    giver, before, after = (_side(part, which, words) for which in ("source", "before", "after"))
    assigned = field.verb == "assign"
    said = (
        shown(field.field, field.source, field.source_name, part.id, giver),
        shown(field.field, field.before, field.before_name, part.id, before),
        shown(field.field, field.after, field.after_name, part.id, after),
    )
    return PreviewField(
        label=label(part.entity, field.field),
        giver=said[0],
        before=said[1],
        after="assigned at transfer" if assigned else said[2],
        rule=field.rule,
        why=field.why,
        # What a person reads decides: nothing instead of nothing is no difference, whatever the column holds.
        differs=assigned or said[0] != said[2] or said[1] not in {"", said[2]},
        locked=_is_locked(part, field.field),
        assigned=assigned,
    )


def _side(part: PartPreview, which: str, words: Words) -> Side:
    values = {one.field: getattr(one, which) for one in part.fields if one.field in {"currency", "country"}}
    return Side(words, str(values.get("currency") or ""), str(values.get("country") or ""))


def _is_locked(part: PartPreview, field: str) -> bool:
    if part.is_above or field not in LOCKED_ABOVE.get(part.entity, ()):
        return False
    return part.entity != "address" or any(one.field == "is_billing" and one.after is True for one in part.fields)


def only(found: Iterable[RecordPreview], id_: UUID) -> RecordPreview | None:
    """Give the record of that id, if it is there."""
    return next((record for record in found if record.id == id_), None)
