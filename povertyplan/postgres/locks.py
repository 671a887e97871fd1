"""Advisory locks on files (`flock`), which the system releases however a process ends.

A lock belongs to the open file: forked children share it, and it lasts until the last
copy is closed. Programs started by `exec` do not inherit it unless told to.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from povertyplan.postgres.errors import EmbeddedError

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX
START_WAIT = 180.0
_STEP = 0.03


def open_lock(path: Path, *, create: bool = True) -> int:
    """Open a lock file, made when missing and owned by the owner of its directory."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if create else 0)
    fd = os.open(path, flags, 0o600)
    folder = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(fd).st_uid != folder.st_uid:
        os.fchown(fd, folder.st_uid, folder.st_gid)
    return fd


def try_lock(fd: int, kind: int, wait: float = 0.0) -> bool:
    """Take the lock within `wait` seconds; False when another process keeps it."""
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_STEP)


def is_at(fd: int, path: Path) -> bool:
    """True when the open descriptor is still the file of that name."""
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except OSError:
        return False


def take(fd: int) -> None:
    """Take the lock exclusively, however long it lasts."""
    fcntl.flock(fd, EXCLUSIVE)


def release(fd: int) -> None:
    """Give the lock up for every copy of this descriptor."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def wait_until_free(fd: int) -> None:
    """Block until nobody else holds the lock, without keeping it."""
    take(fd)
    release(fd)


def could_take(path: Path, kind: int) -> bool:
    """True when a lock of that kind was to be had just now; a missing file is free."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        return try_lock(fd, kind)
    finally:
        os.close(fd)


@contextmanager
def held(path: Path, wait: float = START_WAIT) -> Iterator[None]:
    """Hold the file's lock exclusively.

    Raises:
        EmbeddedError: another process kept it all that time.
    """
    fd = open_lock(path)
    try:
        if not try_lock(fd, EXCLUSIVE, wait):
            raise EmbeddedError(
                f"Đã chờ {wait:.0f} giây mà một tiến trình khác vẫn đang khởi động hoặc dừng PostgreSQL (khóa {path})."
            )
        yield
    finally:
        os.close(fd)
