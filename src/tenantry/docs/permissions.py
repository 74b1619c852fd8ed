"""The page of permissions, from their one list."""

from tenantry.docs.markdown import code, table
from tenantry.tenancy.permissions import EVERYTHING, PERMISSIONS

HEAD = f"""# Permissions

What a user may do at all (TEN-20). A role is a set of these words; {code(EVERYTHING)} is all of them. A token holds
some of its user's words and never more. Which records a user may do it to is said by their permission rules (TEN-21);
what may be done with a record at all, by [the policy](../rules.md#what-may-be-done).
"""


def page() -> str:
    """Write a line for every word."""
    return f"{HEAD}\n{table(('Permission', 'Allows'), ((code(word), says) for word, says in PERMISSIONS.items()))}\n"
