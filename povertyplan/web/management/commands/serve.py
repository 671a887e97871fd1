"""Everything at once, in the foreground: database, migrations, demo, web and worker. Ctrl-C stops all of it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from povertyplan import postgres
from povertyplan.settings import environment

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Chạy toàn bộ phần mềm trên máy này cho đến khi bấm Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        _require_free_port()
        problems = postgres.problems(connection)
        if problems:
            raise CommandError(" ".join(problems))
        call_command("migrate", verbosity=0)
        if settings.MODE == environment.DEMO:
            call_command("load_demo", verbosity=0)
        connection.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        children = {"web": _start_web(), "worker": _start_worker()}
        try:
            _wait_until_healthy(children)
            self.stdout.write(_welcome())
            self.stdout.flush()
            _watch(children)
        except KeyboardInterrupt:
            self.stdout.write("Đang dừng …")
        finally:
            _stop(children)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _require_free_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Cổng {settings.PORT} đang có chương trình khác dùng; chọn cổng khác bằng PORT."
            ) from error


def _start_web() -> subprocess.Popen[bytes]:
    shm = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108 -- memory, not a file of ours
    return _start(
        "-m",
        "gunicorn",
        "povertyplan.wsgi",
        "--bind",
        f"{HOST}:{settings.PORT}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--timeout",
        "60",
        "--graceful-timeout",
        "10",
        "--max-requests",
        "2000",
        "--max-requests-jitter",
        "200",
        "--log-level",
        "warning",
        "--no-control-socket",
        *shm,
    )


def _start_worker() -> subprocess.Popen[bytes]:
    return _start("manage.py", "worker")


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    """A child in a group of its own, so that one Ctrl-C reaches it once, through us."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and arguments
        command, cwd=settings.BASE_DIR, preexec_fn=_die_with_parent, process_group=0
    )


def _die_with_parent() -> None:
    """Even a SIGKILL of this process takes its children along, so the next start finds the port free."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_healthy(children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _require_alive(children)
        try:
            with urllib.request.urlopen(f"http://{HOST}:{settings.PORT}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError(f"Phần mềm chưa trả lời sau {START_SECONDS} giây.")


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Until Ctrl-C. A child that dies is started again: people in the middle of work must not wait for us."""
    starters = {"web": _start_web, "worker": _start_worker}
    while True:
        time.sleep(1)
        for name, child in children.items():
            if child.poll() is not None:
                sys.stderr.write(f"Tiến trình {name} dừng (mã {child.returncode}); chạy lại.\n")
                children[name] = starters[name]()


def _require_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"Tiến trình {name} không chạy được (mã {child.returncode}).")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def _welcome() -> str:
    lines = [f"\npovertyplan chạy tại http://{HOST}:{settings.PORT}/"]
    if settings.MODE == environment.DEMO:
        lines += ["", "Tài khoản trình diễn, mật khẩu chung " + settings.DEMO_PASSWORD + ":", *_demo_accounts()]
    return "\n".join([*lines, "", "Bấm Ctrl-C để dừng."])


def _demo_accounts() -> list[str]:
    from povertyplan.web.demo import demo_accounts  # noqa: PLC0415 -- after migrate

    return [f"  {name:<18} {place}" for name, place in demo_accounts()]
