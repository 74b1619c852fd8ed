"""What may be done with a user: asked by the acts themselves and by the page that offers them (TEN-20)."""

from collections.abc import Mapping

from tenantry.database import Work
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.base import no, yes
from tenantry.tenancy import guard, records
from tenantry.tenancy.actor import covers, rights_of

himself = no("TEN-20", "You cannot block yourself.")
beyond = no("TEN-20", "This user may do more than you; somebody who may do as much changes him.")
blocked = no("TEN-20", "This user is blocked; unblock him first.")
not_blocked = no("TEN-20", "This user is not blocked.")
has_password = no("SEC-03", "This user has a password; reset it instead.")
no_password = no("SEC-03", "This user has no password yet; invite him instead.")
no_second_factor = no("SEC-03", "This user has no second factor.")
not_tied = no("SEC-03", "This user has not signed in by single sign-on yet.")


def verdicts(work: Work, row: records.Row) -> Mapping[str, Verdict]:
    """Give every act on a user with its verdict, for a row of tenant_user."""
    if not covers(work.actor, rights_of(work.connection, work.tenant_id, row.id)):
        return dict.fromkeys(("block", "unblock", "invite", "reset_password", "reset_second_factor", "untie"), beyond)
    active = row.status == "active"
    return {
        "block": himself if row.id == work.actor.id else _block(work, row) if active else blocked,
        "unblock": not_blocked if active else yes,
        "invite": (has_password if row.password_hash else yes) if active else blocked,
        "reset_password": (yes if row.password_hash else no_password) if active else blocked,
        "reset_second_factor": yes if row.second_factor else no_second_factor,
        "untie": yes if row.sign_on_subject else not_tied,
    }


def _block(work: Work, row: records.Row) -> Verdict:
    return guard.last_administrator if guard.administrators(work) == {row.id} else yes
