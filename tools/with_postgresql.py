"""Run a command with DATABASE_URL at a throw-away PostgreSQL of Debian: with_postgresql.py 15 -- COMMAND ..."""

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "max_connections=200",
    "jit=off",
)


def main(version: str, command: list[str]) -> int:
    programs = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (programs / "postgres").exists():
        install(version)
    if not (programs / "postgres").exists():
        sys.exit(f"There is no PostgreSQL {version} in {programs}; as root: apt-get install postgresql-{version}")
    # Short, because the path of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        return run_with(programs, folder, command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(version: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing Debian's PostgreSQL {version}", file=sys.stderr)
    # Only the programs are wanted: without this the package makes a cluster and starts it on the usual port.
    wishes = Path("/etc/postgresql-common/createcluster.conf")
    if not wishes.exists():
        wishes.parent.mkdir(parents=True, exist_ok=True)
        wishes.write_text("create_main_cluster = false\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", f"postgresql-{version}"]):
        subprocess.run(["apt-get", *words], env=quiet, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)


def run_with(programs: Path, folder: Path, command: list[str]) -> int:
    user = unprivileged()
    os.chown(folder, *((user.pw_uid, user.pw_gid) if user else (-1, -1)))
    data = folder / "data"
    as_user(user, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
    options = shlex.join(
        word for setting in (*SETTINGS, f"unix_socket_directories={folder}") for word in ("-c", setting)
    )
    as_user(user, programs / "pg_ctl", "start", "-w", "-s", "-D", data, "-l", folder / "log", "-o", options)
    try:
        url = f"postgresql://postgres@/postgres?host={folder}"
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    finally:
        as_user(user, programs / "pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data)


def unprivileged() -> pwd.struct_passwd | None:
    """Find who runs it when root asks: PostgreSQL itself refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_user(user: pwd.struct_passwd | None, *words: str | Path) -> None:
    subprocess.run(
        words,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        check=True,
    )


if __name__ == "__main__":
    asked, separator, words = sys.argv[1:2], sys.argv[2:3], sys.argv[3:]
    if not asked or separator != ["--"] or not words:
        sys.exit(__doc__)
    sys.exit(main(asked[0], words))
