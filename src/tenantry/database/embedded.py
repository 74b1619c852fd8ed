"""The PostgreSQL that comes with the program: started, found again and stopped by the programs that use it.

Every program holds a shared lock on one file as long as it lives, however it ends; who gets that lock alone is the
last and stops the server. A second lock lets only one program at a time start or stop it.
"""

import contextlib
import fcntl
import io
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
import psycopg.sql
import structlog

from tenantry.database.binaries import CannotStart
from tenantry.database.cluster import SETTINGS, THROW_AWAY, Cluster

# A crash with 4 GB of log behind it takes minutes to recover from on a slow disk.
PATIENCE = 600.0
PULSE = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Status:
    """What stands in a data folder: whether there is a database, and the process that serves it."""

    exists: bool
    running: bool
    pid: int | None


@contextlib.contextmanager
def server(data: Path, *, durable: bool = True, patience: float = PATIENCE, **settings: str) -> Iterator["Server"]:
    """Have a PostgreSQL in that data folder for as long as the block runs, shared with other programs there.

    `durable=False` is for throw-away data: faster, and lost when the machine fails. Further settings are PostgreSQL's
    own; they count for the program that happens to start the server. Raises CannotStart.
    """
    using = Server.use(data, durable=durable, patience=patience, settings=settings)
    try:
        yield using
    finally:
        using.stop()


def status(data: Path) -> Status:
    """Say what stands in that data folder, without starting or changing anything."""
    cluster = Cluster(data.resolve() / "postgres")
    exists = cluster.folder.exists() and cluster.exists()
    running = exists and cluster.is_listening()
    return Status(exists=exists, running=running, pid=cluster.pid() if running else None)


@dataclass
class Server:
    """One program's use of the embedded PostgreSQL; a postmaster that dies meanwhile is started again."""

    data: Path
    cluster: Cluster
    settings: dict[str, str]
    patience: float
    _ticket: io.FileIO
    _ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def use(cls, data: Path, *, durable: bool, patience: float, settings: dict[str, str]) -> Self:
        data = data.resolve()
        data.mkdir(parents=True, exist_ok=True)
        chosen = {**SETTINGS, **({} if durable else THROW_AWAY), **settings}
        with _alone(data) as lock:
            using = cls(data, Cluster(data / "postgres"), chosen, patience, _take_ticket(data))
            try:
                using.cluster.make(lock, durable=durable)
                using.cluster.ensure_ready(chosen, patience=patience)
            except BaseException:
                using._leave()
                raise
        threading.Thread(target=using._watch, name="embedded-postgres", daemon=True).start()
        return using

    def url(self, database: str, user: str = "postgres") -> str:
        """Say how SQLAlchemy reaches that database; whoever may use the socket is trusted to be any user."""
        folder = quote(str(self.cluster.socket_folder), safe="")
        return f"postgresql+psycopg://{quote(user)}@/{quote(database, safe='')}?host={folder}"

    def create(self, database: str) -> str:
        """Make that database unless it is there, and say its url."""
        folder = str(self.cluster.socket_folder)
        with (
            psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection,
            contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),
        ):
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        return self.url(database)

    def stop(self) -> None:
        """End this use, once; the server ends when this was the last."""
        if self._ended.is_set():
            return
        self._ended.set()
        try:
            with _alone(self.data):
                self._leave()
        except FileNotFoundError:
            # The data folder was removed; the server notices by itself and ends.
            self._ticket.close()

    def _leave(self) -> None:
        self._ticket.close()
        if self.cluster.exists() and not _in_use(self.data):
            self.cluster.stop(patience=self.patience)

    def _watch(self) -> None:
        while not self._ended.wait(PULSE):
            if self.cluster.is_listening():
                continue
            try:
                with _alone(self.data):
                    if self._ended.is_set() or not self.cluster.exists():
                        return
                    log.warning("database_revived", folder=str(self.cluster.folder))
                    self.cluster.ensure_ready(self.settings, patience=self.patience)
            except FileNotFoundError:
                return
            except CannotStart as fault:
                log.error("database_down", because=fault.message)  # noqa: TRY400 - the sentence says it all


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[io.FileIO]:
    with _open(data / "postgres.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _take_ticket(data: Path) -> io.FileIO:
    ticket = _open(data / "postgres.users")
    fcntl.flock(ticket, fcntl.LOCK_SH)
    return ticket


def _in_use(data: Path) -> bool:
    with _open(data / "postgres.users") as tickets:
        try:
            fcntl.flock(tickets, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _open(path: Path) -> io.FileIO:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as fault:
        raise CannotStart(
            f"{path} belongs to another user.",
            remedy="Start as the user who made the data folder or as root, or choose another data folder.",
        ) from fault
    if os.geteuid() == 0:
        # Whoever the data folder belongs to must be able to go on without root.
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return io.FileIO(descriptor, "r+")
