"""Homes of embedded servers, and processes that use them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from povertyplan.postgres import server
from povertyplan.postgres.locks import EXCLUSIVE, could_take
from povertyplan.postgres.place import Place

SOURCE = Path(__file__).resolve().parents[2]
GRACE = 0.3
USE = """
import sys
from pathlib import Path
from povertyplan.postgres import EmbeddedError, ensure_running
try:
    print(ensure_running(Path(sys.argv[1])).host, flush=True)
except EmbeddedError as error:
    print("ERROR", error, flush=True)
sys.stdin.read()
"""


def eventually(condition: Callable[[], Any], wait: float = 15) -> bool:
    deadline = time.monotonic() + wait
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


class Home:
    """A home whose users of the server are processes of their own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = Place.of(path)
        self.grace = GRACE
        self.processes: list[subprocess.Popen[str]] = []

    def user(self, python: str = sys.executable, **how: Any) -> subprocess.Popen[str]:
        """Start a process that joins the server and lives until its input closes."""
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(SOURCE), *filter(None, sys.path)]),
            "POVERTYPLAN_POSTGRES_GRACE": str(self.grace),
        }
        process = subprocess.Popen(
            [python, "-c", USE, str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            **how,
        )
        self.processes.append(process)
        return process

    def joined(self, python: str = sys.executable, **how: Any) -> subprocess.Popen[str]:
        """The same, after it joined."""
        process = self.user(python, **how)
        self.said(process)
        return process

    def said(self, process: subprocess.Popen[str]) -> str:
        """Where the server of that process listens."""
        assert process.stdout
        line = process.stdout.readline().strip()
        assert line
        assert not line.startswith("ERROR"), line
        return line

    def refusal(self, python: str = sys.executable, **how: Any) -> str:
        """Why a new user cannot have a server: one line."""
        process = self.user(python, **how)
        text, _ = process.communicate()
        assert text.startswith("ERROR "), text
        assert text.count("\n") == 1, text
        return text.removeprefix("ERROR ").strip()

    def leave(self, process: subprocess.Popen[str]) -> None:
        process.communicate()

    @property
    def alive(self) -> bool:
        return server.is_alive(self.place)

    @property
    def pid(self) -> int:
        found = server.postmaster_pid(self.place)
        assert found
        return found

    def stopped(self) -> bool:
        return eventually(lambda: not self.alive)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()
        assert self.stopped(), "the server outlived its users"
        watched = self.place.watch_lock
        assert eventually(lambda: could_take(watched, EXCLUSIVE)), "the watcher stayed"


def _quick() -> Path | None:
    """Memory instead of the disk where there is room: a third of the time of these tests."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private name in it
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30:
        return memory
    return None


@contextmanager
def temporary_home(name: str = "home") -> Iterator[Home]:
    """A home that every system user can pass through, unlike pytest's own `tmp_path`."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_quick()))
    folder.chmod(0o755)
    home = Home(folder / name)
    try:
        yield home
    finally:
        try:
            home.close()
        finally:
            socket_dir = home.place.socket_dir if home.place.root.exists() else folder
            shutil.rmtree(folder)
            shutil.rmtree(socket_dir, ignore_errors=True)
