"""One server for many processes: who starts it, who stops it, what a crash leaves."""

import os
import signal
import subprocess
import sys
import time

from povertyplan.postgres import __main__ as cli
from povertyplan.postgres import join, server
from tests.postgres.homes import Home, eventually


def test_the_second_process_joins_and_the_last_one_stops_it(home: Home) -> None:
    first = home.user()
    second = home.user()
    assert home.said(first) == home.said(second)
    pid = home.pid
    home.leave(first)
    time.sleep(0.6)
    assert home.pid == pid
    home.leave(second)
    assert home.stopped()
    assert not home.place.data.joinpath("postmaster.pid").exists()


def test_it_stops_after_a_killed_user_and_its_data_stay(home: Home) -> None:
    user = home.joined()
    made = home.place.data.joinpath("PG_VERSION").stat().st_ino
    user.kill()
    assert home.stopped()
    home.joined()
    assert home.place.data.joinpath("PG_VERSION").stat().st_ino == made


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Home) -> None:
    user = home.joined(start_new_session=True)
    other = home.joined()
    pid = home.pid
    os.killpg(user.pid, signal.SIGINT)
    user.wait()
    time.sleep(0.5)
    assert home.pid == pid
    home.leave(other)


def test_a_forked_child_keeps_the_server(home: Home) -> None:
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from povertyplan.postgres import ensure_running\n"
        "home = Path(sys.argv[1]); first = ensure_running(home)\n"
        "if os.fork(): os._exit(0)\n"
        "time.sleep(1.5); assert ensure_running(home) == first\n"
        "Path(sys.argv[2]).write_text('same')\n"
    )
    answer = home.path.parent / "answer"
    env = os.environ | {"POVERTYPLAN_POSTGRES_GRACE": "0.2"}
    subprocess.run([sys.executable, "-c", script, str(home.path), str(answer)], env=env, check=True)
    pid = home.pid
    time.sleep(0.8)
    assert home.pid == pid
    assert eventually(answer.exists)
    assert home.stopped()


def test_a_new_user_within_the_grace_finds_the_same_server(home: Home) -> None:
    home.grace = 3.0  # a new process needs a part of a second, more where others work beside it
    first = home.joined()
    pid = home.pid
    first.kill()
    home.joined()
    assert home.pid == pid


def test_users_coming_and_going_always_find_a_server(home: Home) -> None:
    for _ in range(4):
        user = home.joined()
        home.leave(user)
        time.sleep(0.28)  # near the grace, so that some meet the watcher stopping


def test_many_first_users_at_once_start_one_server(home: Home) -> None:
    users = [home.user() for _ in range(5)]
    assert len({home.said(user) for user in users}) == 1


def test_another_watcher_comes_when_the_first_was_killed(home: Home) -> None:
    user = home.joined()
    mark = f"povertyplan.postgres.watch\0{home.place.home}"
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    watchers = [pid for pid in pids if mark in _command(pid)]
    assert len(watchers) == 1
    os.kill(watchers[0], signal.SIGKILL)
    assert eventually(lambda: mark not in _command(watchers[0]))
    other = home.joined()
    home.leave(user)
    home.leave(other)
    assert home.stopped()


def _command(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def test_a_killed_server_with_its_pid_in_use_by_another_program(home: Home) -> None:
    user = home.joined()
    killed = home.pid
    pid_file = home.place.data / "postmaster.pid"
    os.kill(killed, signal.SIGKILL)
    home.leave(user)
    assert home.stopped()
    left = pid_file.read_text().splitlines()
    owner = pid_file.stat()
    how = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    innocent = subprocess.Popen(["sleep", "60"], cwd="/", **how)
    try:
        pid_file.write_text("\n".join([str(innocent.pid), *left[1:]]) + "\n")
        (home.place.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{innocent.pid}\n")
        user = home.joined()
        assert home.pid not in (killed, innocent.pid)
        home.leave(user)
        assert home.stopped()
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_server_killed_under_its_users_comes_back_with_the_next(home: Home) -> None:
    home.joined()
    killed = home.pid
    os.kill(killed, signal.SIGKILL)
    home.joined()
    assert home.pid != killed


def test_half_an_initdb_is_thrown_away(home: Home) -> None:
    user = home.user()
    assert eventually(lambda: (home.place.unfinished / "base").exists())
    user.kill()
    user.wait()
    assert not home.place.data.exists()
    home.joined()
    assert home.alive
    assert not home.place.unfinished.exists()


def test_calling_it_again_in_one_process_changes_nothing(home: Home) -> None:
    home.joined()
    first = join.ensure_running(home.path)
    lock = join._registered[home.place.home]
    try:
        assert join.ensure_running(home.path) == first
        assert join._registered[home.place.home] == lock
    finally:
        os.close(join._registered.pop(home.place.home))


def test_the_commands_tell_and_stop(home: Home, monkeypatch, capsys) -> None:
    monkeypatch.setenv("POVERTYPLAN_HOME", str(home.path))
    assert cli.main(["status"]) == cli.NOT_RUNNING
    user = home.joined()
    assert cli.main(["status"]) == 0
    assert str(home.pid) in capsys.readouterr().out
    assert cli.main(["stop"]) == 1
    assert "Đang có tiến trình dùng" in capsys.readouterr().err
    assert cli.main(["stop", "--force"]) == 0
    assert not server.is_alive(home.place)
    home.leave(user)
