"""Set single sign-on up, change it, remove it, and untie a user from whom he is there (SEC-03)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Forbidden, Invalid, NotFound, Refused
from tenantry.schema.tenant import sign_on, sign_on_directory, tenant, tenant_user
from tenantry.tenancy import audit, keys, queries, records
from tenantry.tenancy.permissions import EVERYTHING, require
from tenantry.tenancy.sign_on import outside, provider
from tenantry.tenancy.sign_on.queries import Setting, hash_of, purpose, setting_of
from tenantry.tenancy.user_policy import verdicts

MOST_DOMAINS = 50
LONGEST_SECRET = 1_000
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True)
class NewSignOn:
    """Single sign-on as an administrator sets it up; without a secret the present one stays."""

    name: str
    issuer: str
    client_id: str
    domains: Sequence[str]
    client_secret: str = ""
    passwords_allowed: bool = True


@dataclass(frozen=True)
class Tested:
    """What the provider answered to a test."""

    issuer: str
    keys: int


def configure(work: Work, new: NewSignOn, *, version: int | None = None) -> None:
    """Set single sign-on up, or change it; another issuer knows nobody yet, so every user is untied."""
    require(work, "setup:edit")
    _only_administrators(work)
    given = records.trimmed(asdict(new))
    secret = given.pop("client_secret")
    if isinstance(given["domains"], (list, tuple)):
        given["domains"] = [one.strip().lower() if isinstance(one, str) else one for one in given["domains"]]
    present = _locked(work, version)
    _check(given, secret, present)
    given["domains"] = sorted(set(given["domains"]))
    if secret:
        given["sealed_secret"] = keys.seal(purpose(work.tenant_id), secret)
    if present is None:
        made = {"tenant_id": work.tenant_id, "id": new_id(), **given}
        work.connection.execute(sa.insert(sign_on).values(made))
    else:
        records.write(work, sign_on, present.view.id, given)
    if present is not None and present.view.issuer != given["issuer"]:
        _untie_all(work)
    _publish(work, given["domains"])
    given.pop("sealed_secret", None)
    before = asdict(present.view) | {"domains": list(present.view.domains)} if present else {}
    sentence = f"Set single sign-on up with {given['issuer']}{', and its client secret' if secret else ''}."
    differences = audit.changed({field: before.get(field) for field in given}, given)
    audit.note(work, "sign_on.configure", sentence, work.tenant_id, changes=differences)


def remove(work: Work, *, version: int | None = None) -> None:
    """Let everybody sign in with a password only; who is who at the provider is forgotten."""
    require(work, "setup:edit")
    _only_administrators(work)
    present = _locked(work, version)
    if present is None:
        raise NotFound("single sign-on")
    records.remove(work, sign_on)
    _forget(work)
    _untie_all(work)
    audit.note(work, "sign_on.remove", f"Removed single sign-on with {present.view.issuer}.", work.tenant_id)


def test(work: Work) -> Tested:
    """Ask the provider for its discovery document and its keys, now; raises ProviderTrouble."""
    require(work, "setup:edit")
    _only_administrators(work)
    present = setting_of(work)
    if present is None:
        raise NotFound("single sign-on")
    found = provider.look(present.view.issuer)
    tested = Tested(found.issuer, len(provider.keys_of(found).keys))
    audit.note(work, "sign_on.test", f"Tested single sign-on with {tested.issuer}.", work.tenant_id)
    return tested


def untie(work: Work, user_id: UUID) -> None:
    """Forget who a user is at the provider, because he is somebody new there; his next sign-on ties him again."""
    require(work, "users:edit")
    row = records.locked(work, tenant_user, user_id, what="user")
    verdict = verdicts(work, row)["untie"]
    if not verdict:
        raise Refused(verdict)
    records.write(work, tenant_user, user_id, {"sign_on_subject": None})
    audit.note(work, "users.untie", f"Untied {row.name} from whom he is at the sign-in provider.", user_id)


def _only_administrators(work: Work) -> None:
    """Who says who provides, says who is who: he could sign in as anybody, so he has to be able to do everything."""
    if EVERYTHING not in work.actor.permissions:
        raise Forbidden(
            "Only an administrator sets single sign-on up: whoever does could sign in as anybody.",
            rule="TEN-20",
            remedy="Ask somebody who may do everything.",
        )


def _locked(work: Work, version: int | None) -> Setting | None:
    work.connection.execute(sa.select(tenant.c.id).where(tenant.c.id == work.tenant_id).with_for_update(key_share=True))
    present = setting_of(work)
    records.compare(present.view.version if present else 0, version)
    return present


def _check(given: Mapping[str, Any], secret: object, present: Setting | None) -> None:
    faults = records.text_fault("name", given["name"], "SEC-03")
    faults += records.text_fault("client_id", given["client_id"], "SEC-03", longest=320)
    faults += records.text_fault("issuer", given["issuer"], "SEC-03", longest=320)
    if not faults and (not outside.is_safe(given["issuer"]) or "?" in str(given["issuer"])):
        remedy = "Copy it from the provider, such as https://login.example.com."
        faults.append(Fault("issuer", "This is not an https address.", "SEC-03", remedy))
    faults += _domain_faults(given["domains"])
    faults += records.text_fault("client_secret", secret, "SEC-03", longest=LONGEST_SECRET, needed=False)
    moved = present is None or present.view.issuer != given["issuer"] or not present.secret
    if not secret and moved:
        remedy = "Copy it from the provider; another provider is not told the present one's."
        faults.append(Fault("client_secret", "This must be filled.", "SEC-03", remedy))
    if not isinstance(given["passwords_allowed"], bool):
        faults.append(Fault("passwords_allowed", "This is neither yes nor no.", "SEC-03", "Say true or false."))
    if faults:
        raise Invalid(*faults)


def _domain_faults(domains: object) -> list[Fault]:
    if not isinstance(domains, (list, tuple)) or not 1 <= len(domains) <= MOST_DOMAINS:
        remedy = f"Name 1 to {MOST_DOMAINS}, such as company.com."
        return [Fault("domains", "Somebody's e-mail must have one of these domains.", "SEC-03", remedy)]
    unfit = [one for one in domains if not isinstance(one, str) or not DOMAIN.fullmatch(one)]
    if unfit:
        message = f"{str(unfit[0])[:60]!r} is no domain of e-mails."
        return [Fault("domains", message, "SEC-03", "Write them like company.com, without the @.")]
    return []


def _publish(work: Work, domains: Iterable[str]) -> None:
    """Let the sign-in page find the organisation by its short name and by the domain of an e-mail."""
    found_by = [hash_of("code", queries.tenant(work).code.lower()), *(hash_of("domain", one) for one in domains)]
    rows = [{"key_hash": one, "tenant_id": work.tenant_id} for one in found_by]
    _forget(work)
    work.connection.execute(insert(sign_on_directory).on_conflict_do_nothing(), rows)


def _forget(work: Work) -> None:
    work.connection.execute(sa.delete(sign_on_directory).where(sign_on_directory.c.tenant_id == work.tenant_id))


def _untie_all(work: Work) -> None:
    work.connection.execute(
        sa.update(tenant_user)
        .values(sign_on_subject=None, version=tenant_user.c.version + 1)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.sign_on_subject.is_not(None))
    )
