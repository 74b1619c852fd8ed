"""One PostgreSQL in one folder: made, started, found, stopped. Who may do so when is decided in `embedded`."""

import contextlib
import hashlib
import io
import os
import shlex
import shutil
import signal
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil

from tenantry.database.binaries import CannotStart, Identity, identity, major_version, programs, run

# The server works in its data folder and names it so; thus it needs no way through the folders above, which may be
# closed to its user (/root), and nothing of it depends on how long the path is.
HERE = "/proc/self/cwd"
SOCKET = ".s.PGSQL.5432"
# Linux takes 107 bytes; some are left for the lock file beside it.
LONGEST_SOCKET = 100
LOG = "server.log"
LONGEST_LOG = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_checkpoints": "off",
    # Statements and the details of errors hold people's data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# Of a server whose postmaster was killed, the last processes may live on for a moment; so may one just being started.
PASSING = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


@dataclass(frozen=True)
class Cluster:
    """The server's own folder, inside the program's data folder."""

    folder: Path

    @cached_property
    def runs_as(self) -> Identity:
        return identity(self.folder)

    @cached_property
    def programs(self) -> Path:
        return programs(self.runs_as)

    @cached_property
    def number(self) -> int:
        """PostgreSQL's own number of this cluster; a folder made anew has another."""
        return int.from_bytes((self.folder / "global/pg_control").read_bytes()[:8], sys.byteorder)

    @cached_property
    def mark(self) -> str:
        """What the server's command line carries, so that its process is known from any other."""
        return f"tenantry-{self.number:x}"

    @cached_property
    def socket_folder(self) -> Path:
        path = self.folder / SOCKET
        # A comma would part two hosts in a connection string.
        if len(os.fsencode(path)) < LONGEST_SOCKET and "," not in str(path):
            return self.folder
        digest = hashlib.sha256(f"{self.folder}\0{self.number}".encode()).hexdigest()[:16]
        return Path(f"/tmp/tenantry-{digest}")  # noqa: S108 - the same for every program, private, and checked

    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()

    def is_listening(self) -> bool:
        with socket.socket(socket.AF_UNIX) as knock, contextlib.suppress(OSError):
            knock.connect(str(self.socket_folder / SOCKET))
            return True
        return False

    def is_ready(self) -> bool:
        return self.is_listening() and self._pid_file()[7:8] == ["ready"]

    def pid(self) -> int | None:
        """The server's process, whether it lives or was killed; None after an orderly end."""
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.folder / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def make(self, lock: io.FileIO, *, durable: bool) -> None:
        """Make the folder, all or nothing: one that was half made when the power failed is not taken for a database."""
        if self.exists():
            self._refuse_other_version()
            return
        for leftover in self.folder.parent.glob(".postgres-*"):
            shutil.rmtree(leftover)
        draft = Path(tempfile.mkdtemp(prefix=".postgres-", dir=self.folder.parent))
        os.chown(draft, self.runs_as.uid, self.runs_as.gid)
        # The same order and the same letters on every machine, whatever its locale.
        letters = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        words = ["-D", HERE, "--username=postgres", "--auth=trust", "--no-instructions", *letters]
        words += [] if durable else ["--no-sync"]
        # It keeps the lock: when we are killed meanwhile, the next program must not clear away what it still writes.
        made = run(self.runs_as, self.programs / "initdb", *words, folder=draft, keeps=[lock.fileno()])
        if made.returncode:
            raise CannotStart(f"The database could not be made in {self.folder}: {made.stderr.strip()}")
        try:
            draft.rename(self.folder)
        except OSError as fault:
            shutil.rmtree(draft)
            raise CannotStart(
                f"{self.folder} is in the way: it is no PostgreSQL folder ({fault.strerror}).",
                remedy="Choose another data folder, or move that one away.",
            ) from fault

    def _refuse_other_version(self) -> None:
        has, runs = (self.folder / "PG_VERSION").read_text().strip(), major_version(self.programs)
        if has != runs:
            raise CannotStart(
                f"The data in {self.folder} was written by PostgreSQL {has}; this program brings PostgreSQL {runs}.",
                remedy="Dump it with the release of the program that wrote it and restore it here, or run pg_upgrade.",
            )

    def ensure_ready(self, settings: Mapping[str, str], *, patience: float) -> None:
        """Return when the server answers, whoever started it; give up after so many seconds."""
        deadline = time.monotonic() + patience
        while not self.is_ready():
            left = deadline - time.monotonic()
            if left <= 0:
                raise CannotStart(
                    f"PostgreSQL in {self.folder} was not ready after {patience:.0f} s. {self._last_words()}",
                    remedy="After a crash it may be reading its log; start again to go on waiting.",
                )
            if self.is_listening():
                time.sleep(0.1)
            else:
                self._start(settings, patience=left)

    def _start(self, settings: Mapping[str, str], *, patience: float) -> None:
        self._forget_strangers()
        self._prepare_socket_folder()
        self._shorten_log()
        said_before = self._log_size()
        where = "." if self.socket_folder == self.folder else str(self.socket_folder)
        chosen = {**settings, "unix_socket_directories": where, "cluster_name": self.mark}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in chosen.items())
        words = ["start", "-D", HERE, "--wait", "--silent", f"--timeout={max(1, int(patience))}", f"--log={LOG}"]
        started = run(self.runs_as, self.programs / "pg_ctl", *words, "--options", options, folder=self.folder)
        if started.returncode and not self.is_listening():
            said = self._last_words(since=said_before)
            if not any(passing in said for passing in PASSING):
                raise CannotStart(f"PostgreSQL in {self.folder} does not start. {said or started.stderr.strip()}")
            time.sleep(0.2)

    def _forget_strangers(self) -> None:
        """Remove the traces of a killed server whose process number is another program's by now: PostgreSQL itself
        would take that program for its predecessor and wait for it forever.
        """
        pid = self.pid()
        if pid is None:
            return
        try:
            process = psutil.Process(pid)
            ours = process.name() == "postgres" and not any(
                "cluster_name=tenantry-" in word and self.mark not in word for word in process.cmdline()
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return
        if not ours:
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_folder / f"{SOCKET}.lock").unlink(missing_ok=True)

    def _prepare_socket_folder(self) -> None:
        if self.socket_folder == self.folder:
            return
        with contextlib.suppress(FileExistsError):
            self.socket_folder.mkdir(mode=0o700)
            os.chown(self.socket_folder, self.runs_as.uid, self.runs_as.gid)
        found = self.socket_folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.runs_as.uid or found.st_mode & 0o077:
            raise CannotStart(
                f"{self.socket_folder}, where the database would listen, is somebody else's.",
                remedy="Remove it, or choose a data folder with a shorter path.",
            )

    def _shorten_log(self) -> None:
        if self._log_size() > LONGEST_LOG:
            (self.folder / LOG).replace(self.folder / f"{LOG}.1")

    def _log_size(self) -> int:
        log = self.folder / LOG
        return log.stat().st_size if log.exists() else 0

    def _last_words(self, *, since: int = 0) -> str:
        if self._log_size() <= since:
            return ""
        lines = (self.folder / LOG).read_bytes()[since:].decode(errors="replace").splitlines()
        return f"Its last words ({LOG}): " + " / ".join(lines[-8:])

    def stop(self, *, patience: float) -> None:
        """End the server in order; when it does not end in time, have it end at once and read its log next time."""
        for order, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 30.0)):
            pid = self.pid()
            if pid is None or not self.is_listening():
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, order)
            if _until(lambda: self.pid() is None, wait):
                self._clear_socket_folder()
                return
        raise CannotStart(f"PostgreSQL in {self.folder} (process {self.pid()}) does not stop.")

    def _clear_socket_folder(self) -> None:
        if self.socket_folder != self.folder:
            with contextlib.suppress(OSError):
                self.socket_folder.rmdir()


def _until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
