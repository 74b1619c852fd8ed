"""Users: made, changed, blocked, invited; always within what the one who asks may do himself (TEN-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.schema.tenant import role, tenant_user, user_group, user_group_member, user_role
from tenantry.tenancy import audit, directory, guard, invitations, passwords, records, second_factor, sessions
from tenantry.tenancy.invitations import Invitation
from tenantry.tenancy.permissions import require
from tenantry.tenancy.user_policy import verdicts

PROFILE = frozenset({"name", "language", "theme"})
EDITABLE = PROFILE | {"email", "role_ids", "group_ids"}
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class NewUser:
    """Somebody who is to work here; he sets his password by invitation."""

    email: str
    name: str
    role_ids: Sequence[UUID] = ()
    group_ids: Sequence[UUID] = ()
    language: str = ""


def create(work: Work, new: NewUser) -> UUID:
    """Make a user, with roles and groups that give him no more than one has oneself."""
    require(work, "users:edit")
    given = {"email": directory.normal(new.email), "name": new.name.strip(), "language": new.language}
    links = {"role_ids": new.role_ids, "group_ids": new.group_ids}
    _check(work, given | links)
    user_id = new_id()
    with guard.one_at_a_time(work):
        with records.unique(work, _known(given["email"])):
            work.connection.execute(
                sa.insert(tenant_user).values(tenant_id=work.tenant_id, id=user_id, created_at=work.at, **given)
            )
        directory.enter(work.connection, work.tenant_id, user_id, given["email"])
        _link(work, user_id, links)
        guard.within_reach(work, user_id)
        audit.note(work, "users.create", f"Made the user {given['name']} ({given['email']}).", user_id, **links)
    return user_id


def edit(work: Work, user_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a user's name, e-mail, language, theme, roles or groups."""
    require(work, "users:edit")
    _edit(work, user_id, changes, EDITABLE, version)


def edit_profile(work: Work, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change one's own name, language and theme, which needs no permission."""
    if work.actor.id is None:
        raise Invalid(Fault("id", "The system has no profile.", "TEN-20", "Sign in as a user."))
    _edit(work, work.actor.id, changes, PROFILE, version)


def block(work: Work, user_id: UUID) -> None:
    """Keep a user out from now on: his sessions end, his tokens and links are worth nothing."""
    require(work, "users:edit")
    with guard.one_at_a_time(work):
        row = records.locked(work, tenant_user, user_id, what="user")
        _ask(work, row, "block")
        records.write(work, tenant_user, user_id, {"status": "blocked"})
        sessions.end_all(work, user_id)
        invitations.withdraw(work, user_id)
        audit.note(work, "users.block", f"Blocked the user {row.name} ({row.email}).", user_id)


def unblock(work: Work, user_id: UUID) -> None:
    """Let a blocked user sign in again."""
    require(work, "users:edit")
    with guard.one_at_a_time(work):
        row = records.locked(work, tenant_user, user_id, what="user")
        _ask(work, row, "unblock")
        records.write(work, tenant_user, user_id, {"status": "active"})
        audit.note(work, "users.unblock", f"Unblocked the user {row.name} ({row.email}).", user_id)


def invite(work: Work, user_id: UUID) -> Invitation:
    """Make the link by which a user who has no password yet sets his first; shown once, lasts three days."""
    require(work, "users:edit")
    row = records.locked(work, tenant_user, user_id, what="user")
    _ask(work, row, "invite")
    audit.note(work, "users.invite", f"Invited {row.name} ({row.email}) to set a password.", user_id)
    return invitations.make(work, user_id)


def reset_password(work: Work, user_id: UUID) -> Invitation:
    """Take a user's password away, end his sessions, and make the link by which he sets a new one."""
    require(work, "users:edit")
    row = records.locked(work, tenant_user, user_id, what="user")
    _ask(work, row, "reset_password")
    passwords.write(work, user_id, "")
    sessions.end_all(work, user_id)
    audit.note(work, "users.reset_password", f"Reset the password of {row.name} ({row.email}).", user_id)
    return invitations.make(work, user_id)


def reset_second_factor(work: Work, user_id: UUID) -> None:
    """Turn a user's second factor off, because he lost it."""
    require(work, "users:edit")
    row = records.locked(work, tenant_user, user_id, what="user")
    _ask(work, row, "reset_second_factor")
    second_factor.clear(work, user_id)
    audit.note(work, "users.reset_second_factor", f"Turned the second factor of {row.name} off.", user_id)


def _ask(work: Work, row: records.Row, act: str) -> None:
    verdict = verdicts(work, row)[act]
    if not verdict:
        raise Refused(verdict)


def _edit(work: Work, user_id: UUID, changes: Mapping[str, Any], editable: frozenset[str], version: int | None) -> None:
    changes = records.trimmed(changes)
    if isinstance(changes.get("email"), str):
        changes["email"] = directory.normal(changes["email"])
    _check(work, changes, editable)
    with guard.one_at_a_time(work):
        row = records.locked(work, tenant_user, user_id, version=version, what="user")
        if editable is not PROFILE:
            guard.within_reach(work, user_id)
        links: dict[str, Sequence[UUID]] = {
            field: changes.pop(field) for field in ("role_ids", "group_ids") if field in changes
        }
        before: dict[str, Any] = {**row._mapping, **_links(work, user_id)}  # noqa: SLF001 - SQLAlchemy's public name
        with records.unique(work, _known(changes.get("email", ""))):
            records.write(work, tenant_user, user_id, changes)
        if changes.get("email", row.email) != row.email:
            directory.leave(work.connection, work.tenant_id, user_id)
            directory.enter(work.connection, work.tenant_id, user_id, changes["email"])
            # A link that went to the old address must not open the new one's account.
            invitations.withdraw(work, user_id)
        _link(work, user_id, links)
        if links:
            guard.within_reach(work, user_id)
        after = {**changes, **{field: sorted(set(ids), key=str) for field, ids in links.items()}}
        audit.note(work, "users.edit", f"Changed the user {row.name}.", user_id, changes=audit.changed(before, after))


def _check(work: Work, values: Mapping[str, Any], editable: frozenset[str] = EDITABLE) -> None:
    faults = records.unknown_fields(values, editable, "TEN-20")
    if "name" in values:
        faults += records.text_fault("name", values["name"], "TEN-20")
    if "email" in values:
        faults += _email_faults(values["email"])
    if "theme" in values and values["theme"] not in THEMES:
        faults.append(Fault("theme", "There is no such theme.", "TEN-20", f"One of {', '.join(THEMES)}."))
    if values.get("language"):
        faults += language_faults(values["language"])
    for field, table in (("role_ids", role), ("group_ids", user_group)):
        if records.missing(work, table, set(values.get(field, ()))):
            faults.append(Fault(field, "There is no such record here.", "TEN-20", "Choose from the list."))
    if faults:
        raise Invalid(*faults)


def _email_faults(email: object) -> list[Fault]:
    faults = records.text_fault("email", email, "TEN-20", longest=254)
    if faults:
        return faults
    try:
        # An organisation may have mail of its own, at a name that the rest of the world does not know.
        validate_email(str(email), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        return [Fault("email", f"This is not an e-mail: {error}", "TEN-20", "Write it like name@company.com.")]
    return []


def language_faults(tag: object) -> list[Fault]:
    """Say what is wrong with a language tag, if anything."""
    try:
        Locale.parse(str(tag)[:40], sep="-")
    except (UnknownLocaleError, ValueError):
        return [Fault("language", "There is no such language.", "TEN-30", "Give a tag such as en, de or el.")]
    return []


def _links(work: Work, user_id: UUID) -> dict[str, list[UUID]]:
    r, m = user_role.c, user_group_member.c
    roles = sa.select(r.role_id).where(r.tenant_id == work.tenant_id, r.user_id == user_id)
    groups = sa.select(m.group_id).where(m.tenant_id == work.tenant_id, m.user_id == user_id)
    return {
        "role_ids": sorted(work.connection.scalars(roles), key=str),
        "group_ids": sorted(work.connection.scalars(groups), key=str),
    }


def _link(work: Work, user_id: UUID, links: Mapping[str, Sequence[UUID]]) -> None:
    for field, table, column in (
        ("role_ids", user_role, "role_id"),
        ("group_ids", user_group_member, "group_id"),
    ):
        if field not in links:
            continue
        records.remove(work, table, table.c.user_id == user_id)
        rows = [
            {"tenant_id": work.tenant_id, "id": new_id(), "user_id": user_id, column: id} for id in set(links[field])
        ]
        if rows:
            work.connection.execute(sa.insert(table), rows)


def _known(email: str) -> Fault:
    return records.taken("email", email, "TEN-20")
