"""A look at every mirror each minute, so that lag and throughput can be seen over time (UP-45)."""

from datetime import timedelta

import sqlalchemy as sa

from tenantry.database import Database
from tenantry.kernel import clock

KEPT = timedelta(days=7)

# A tenant that told nothing since the last look, with nothing waiting, gets its sample all the same: a line at nothing.
_SAMPLE = sa.text(
    """
    INSERT INTO mirror_sample (tenant_id, at, waiting, set_aside, lag_ms, applied)
    SELECT t.tenant_id, date_trunc('minute', CAST(:at AS timestamptz)), coalesce(w.many, 0), coalesce(a.many, 0),
           least(2147483647, greatest(0, coalesce(
               extract(epoch FROM CAST(:at AS timestamptz) - w.oldest) * 1000,
               CASE WHEN p.at > CAST(:at AS timestamptz) - interval '1 minute' THEN p.lag_ms END,
               0)))::int,
           coalesce(p.applied, 0)
      FROM (SELECT tenant_id FROM mirror_progress UNION SELECT tenant_id FROM message
            UNION SELECT tenant_id FROM message_set_aside) t
      LEFT JOIN mirror_progress p USING (tenant_id)
      LEFT JOIN (SELECT tenant_id, count(*) AS many, min(told_at) AS oldest FROM message GROUP BY 1) w USING (tenant_id)
      LEFT JOIN (SELECT tenant_id, count(*) AS many FROM message_set_aside GROUP BY 1) a USING (tenant_id)
    ON CONFLICT (tenant_id, at) DO NOTHING
    """
)
_FORGET = sa.text("DELETE FROM mirror_sample WHERE at < CAST(:until AS timestamptz)")


def sample(database: Database) -> int:
    """Look at every mirror, once a minute however many workers do; forget what is a week old. Gives how many."""
    now = clock.now()
    with database.installation() as connection:
        taken = connection.execute(_SAMPLE, {"at": now}).rowcount
        connection.execute(_FORGET, {"until": now - KEPT})
    return taken
