"""Starting, recognising and stopping the server process.

Callers of `launch` and `stop` hold the start lock.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from povertyplan.postgres.account import Account
from povertyplan.postgres.cluster import environment, write_conf
from povertyplan.postgres.errors import EmbeddedError
from povertyplan.postgres.locks import EXCLUSIVE, SHARED, could_take, open_lock, try_lock
from povertyplan.postgres.place import SOCKET_NAME, Place
from povertyplan.postgres.provider import Provider

DYING_WAIT = 15.0  # for the children of a killed server to notice it
FAST_STOP = 60.0
KEPT_LOGS = 6 * 86400.0
_FATAL = re.compile(r"(?:FATAL|PANIC):  (?!terminating|the database system)(.+)")

# Children are kept so that Python neither warns about them nor leaves them unreaped.
_children: list[subprocess.Popen[bytes]] = []


def is_alive(place: Place) -> bool:
    """True while the server or any child of it runs, whatever the pid file says."""
    for child in _children:
        child.poll()
    return not could_take(place.server_lock, SHARED)


@contextmanager
def claimed(place: Place) -> Iterator[int]:
    """Hold the server lock, as a descriptor to hand on to initdb and the server.

    Raises:
        EmbeddedError: children of a killed server do not end.
    """
    lock = open_lock(place.server_lock)
    try:
        if not try_lock(lock, EXCLUSIVE, DYING_WAIT):
            raise EmbeddedError(
                f"Tiến trình PostgreSQL cũ của {place.data} chưa kết thúc: hãy chờ vài giây rồi thử lại."
            )
        yield lock
    finally:
        os.close(lock)


def launch(place: Place, account: Account, provider: Provider, lock: int) -> None:
    """Start the server without waiting until it answers.

    The claimed lock says that nothing of an earlier server runs, so what that one left
    behind (pid file, socket) is removed: its process id may belong to another program.
    """
    conf = write_conf(place, account, provider)
    _clear_leftovers(place)
    command = [provider.program("postgres"), "-D", str(place.data), "-c", f"config_file={conf}"]
    detach(command, place, environment(), lock, account)


def detach(command: list[str], place: Place, env: dict[str, str], lock: int, account: Account | None) -> None:
    """Run a program in a session of its own that holds `lock` as long as it lives.

    Ctrl-C in the terminal and the end of this process do not reach it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    output = os.open(place.start_log, flags, 0o600)
    try:
        child = subprocess.Popen(  # noqa: S603 - fixed programs
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=env,
            pass_fds=[lock],
            start_new_session=True,
            **(account.run_as() if account else {}),
        )
    finally:
        os.close(output)
    _children.append(child)


def _clear_leftovers(place: Place) -> None:
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.socket_dir / name).unlink(missing_ok=True)
    if place.start_log.exists():
        os.truncate(place.start_log, 0)
    # Logs are named by weekday and only the running server empties last week's.
    for log in place.log.glob("postgresql-*.log"):
        if log.lstat().st_mtime < time.time() - KEPT_LOGS:
            log.unlink(missing_ok=True)


def postmaster_pid(place: Place) -> int | None:
    """The process id of the running server, None when there is none to be sure of."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().splitlines()[0])
        # Every PostgreSQL process works in its data directory; a reused pid does not.
        return pid if Path(f"/proc/{pid}/cwd").samefile(place.data) else None
    except (OSError, ValueError, IndexError):
        return None


def stop(place: Place) -> bool:
    """Stop the server: disconnect its clients, write everything down, wait until it ended.

    Returns False when it still runs.
    """
    for how, wait in ((signal.SIGINT, FAST_STOP), (signal.SIGQUIT, DYING_WAIT)):
        pid = postmaster_pid(place)
        if pid and is_alive(place):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        deadline = time.monotonic() + wait
        while is_alive(place) and time.monotonic() < deadline:
            time.sleep(0.05)
    return not is_alive(place)


def last_complaint(place: Place) -> str:
    """The last fatal line that the server wrote while starting, else where to look."""
    logs = sorted(place.log.glob("postgresql-*.log"), key=lambda log: log.lstat().st_mtime)
    for log in [place.start_log, *logs[-1:]]:
        try:
            fd = os.open(log, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        with open(fd, encoding="utf-8", errors="replace") as lines:
            fatal = [found[1] for line in lines if (found := _FATAL.search(line))]
        if fatal:
            return fatal[-1]
    return f"xem {place.start_log} và {place.log}"
