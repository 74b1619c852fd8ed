"""What the fields mean that stand in many answers and are no column of their table."""

WORDS = {
    "id": "The record's id, the same in every tenant that holds it.",
    "actions": "What may be done with the record now: each act, allowed or refused with rule and reason (API-07).",
    "locked_fields": "Fields that cannot be changed here, each with rule and reason (API-07).",
    "ribbon": "What the record's ribbon says about who manages it; null when it has none.",
    "version": "1 when made, one more with every change; the ETag of the record.",
    "standing": "Who manages the record.",
    "status": "Where it stands in its life.",
    "custom_fields": "Values of the tenant's own fields, by name.",
    "name": "Its name.",
    "currency": "ISO 4217 code of the currency.",
    "has_password": "Whether he has set a password.",
    "has_second_factor": "Whether he signs in with a second factor.",
    "secret": "The secret of a link, shown this once.",
    "expires_at": "When it ends; null when it does not.",
    "because": "Why, in a few words; it stands in the history.",
}
