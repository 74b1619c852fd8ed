"""Messages and background work as rows of PostgreSQL: tell in the caller's transaction, run, retry, set aside."""

from tenantry.jobs.context import GivenBack, JobContext
from tenantry.jobs.drainer import Drainer, applies_messages
from tenantry.jobs.figures import JobFigures, MirrorFigures, figures, mirror_figures
from tenantry.jobs.later import later
from tenantry.jobs.library import grants_sql, install, schema_sql
from tenantry.jobs.messages import Message, claim, put_back, put_back_all, set_aside, tell, tell_all
from tenantry.jobs.task import Lane, Task, task
from tenantry.jobs.worker import run_worker

__all__ = [
    "Drainer",
    "GivenBack",
    "JobContext",
    "JobFigures",
    "Lane",
    "Message",
    "MirrorFigures",
    "Task",
    "applies_messages",
    "claim",
    "figures",
    "grants_sql",
    "install",
    "later",
    "mirror_figures",
    "put_back",
    "put_back_all",
    "run_worker",
    "schema_sql",
    "set_aside",
    "task",
    "tell",
    "tell_all",
]
