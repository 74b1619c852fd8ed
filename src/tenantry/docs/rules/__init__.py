"""The page of rules: what the business decided, from the declarations, to be read beside the specification."""

from tenantry.docs.rules import copies, handovers, index, policy

HEAD = """# Rules

What the business decided, as the program knows it: this page is made from the declarations in `src/tenantry/rules/`,
the same that run, preview, lock and refuse. So what stands here is what happens. A rule's id is that of the
specification: `TEN` tenants, `DN` down to a reseller, `UP` up from a reseller, `BO` back orders, `HND` handovers, `CAT`
catalogue, `ORD` orders, `BIL` billing, `PRV` provisioning; `API`, `UI`, `CLI`, `SEC` and `OPS` the platform.

- [Copies](#copies): what becomes of every field when a record comes into another tenant
- [Handovers](#handovers): who can go, what is checked, what is marked, what stands in the way of going back
- [What may be done](#what-may-be-done): every act on every record, allowed or refused with its reason
- [Every rule](#every-rule): where each rule is said
"""


def page() -> str:
    """Write the whole page."""
    parts = (HEAD, *copies.chapters(), *handovers.chapters(), *policy.chapters())
    text = "\n".join(parts)
    return "\n".join((text, *index.chapters(text)))
