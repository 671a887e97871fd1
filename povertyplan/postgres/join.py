"""Joining the server: the first process starts it, the others find it running."""

import os
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from povertyplan.postgres import account as accounts
from povertyplan.postgres import locks, server
from povertyplan.postgres.account import Account
from povertyplan.postgres.cluster import ROLE, SUPERUSER, ensure_cluster
from povertyplan.postgres.connection import Connection
from povertyplan.postgres.errors import EmbeddedError
from povertyplan.postgres.place import PORT, Place
from povertyplan.postgres.provider import Provider, find_provider

GRACE_VARIABLE = "POVERTYPLAN_POSTGRES_GRACE"
ANSWER_WAIT = 180.0  # recovery after a power cut may take long
_NO_USE_WAITING = ("authentication failed", "Permission denied", "requirepeer", "too many clients")

# The open `users.lock` of each home; kept until the process ends, shared by its forks.
_registered: dict[Path, int] = {}


def ensure_running(home: Path) -> Connection:
    """Start or join the server under `home` and stay registered until this process ends.

    Makes the role and the database on first use. Calling it again, also after a fork,
    costs one connection and starts the server anew if it died meanwhile.

    Raises:
        EmbeddedError: one Vietnamese sentence saying why there is no database.
    """
    try:
        place = Place.of(home)
        account = accounts.server_account(place.data)
        provider = find_provider()
        place.prepare(account)
        with locks.held(place.start_lock):
            fresh = _register(place)
            try:
                return _join(place, account, provider)
            except BaseException:
                if fresh:
                    os.close(_registered.pop(place.home))
                raise
    except psycopg2.Error as error:
        raise EmbeddedError(f"PostgreSQL nhúng từ chối: {_first_line(error)}") from error
    except OSError as error:
        raise EmbeddedError(
            f"Không chạy được PostgreSQL nhúng dưới {home}: {error.strerror or error}"
            f" ({error.filename or 'hệ thống'}); kiểm tra quyền của thư mục"
            " hoặc đặt POVERTYPLAN_HOME ở nơi khác."
        ) from error


def connection_of(place: Place, account: Account) -> Connection:
    return Connection(str(place.socket_dir), PORT, ROLE, ROLE, account.name)


def _register(place: Place) -> bool:
    """Hold the users' lock for the rest of this process; False when it already does."""
    known = _registered.get(place.home)
    if known is not None:
        if locks.is_at(known, place.users_lock):
            return False
        # Closed by a program that turned itself into a daemon, or the home was made anew.
        del _registered[place.home]
    fd = locks.open_lock(place.users_lock)
    if not locks.try_lock(fd, locks.SHARED, locks.START_WAIT):
        os.close(fd)
        raise EmbeddedError(f"Một tiến trình khác giữ khóa {place.users_lock} quá lâu.")
    _registered[place.home] = fd
    return True


def _join(place: Place, account: Account, provider: Provider) -> Connection:
    connection = connection_of(place, account)
    _ensure_watcher(place)
    deadline = time.monotonic() + ANSWER_WAIT
    started = False
    while True:
        if not server.is_alive(place):
            if started:
                raise EmbeddedError(f"PostgreSQL không khởi động được: {server.last_complaint(place)}")
            _start(place, account, provider)
            started = True
        try:
            _ensure_database(connection, provider)
            return connection
        except psycopg2.OperationalError as error:
            if any(words in str(error) for words in _NO_USE_WAITING):
                raise
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def _start(place: Place, account: Account, provider: Provider) -> None:
    folders = (place.data if place.data.exists() else place.root, place.log, place.socket_dir)
    programs = (Path(provider.program("postgres")), provider.share_dir, provider.lib_dir)
    accounts.require_passage(account, folders, programs)
    with server.claimed(place) as lock:
        ensure_cluster(place, account, provider, lock)
        server.launch(place, account, provider, lock)


def _ensure_database(connection: Connection, provider: Provider) -> None:
    """Make the role and its database where they are missing; also proves that it answers."""
    admin = _connect(connection, "postgres")
    try:
        with admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(_id(ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
            if cursor.fetchone():
                return
            if provider.has_extension("pg_stat_statements"):
                # Not a trusted extension: only the superuser can make it.
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                cursor.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(_id(ROLE)))
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
            cursor.execute(create.format(_id(connection.name), _id(ROLE)))
    finally:
        admin.close()


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _connect(connection: Connection, database: str) -> "psycopg2.extensions.connection":
    opened = psycopg2.connect(**connection.as_libpq(user=SUPERUSER, dbname=database))
    opened.autocommit = True
    return opened


def _ensure_watcher(place: Place) -> None:
    """Start the process that stops the server after its last user, unless one is there."""
    lock = locks.open_lock(place.watch_lock)
    try:
        if not locks.try_lock(lock, locks.EXCLUSIVE):
            return
        package_root = str(Path(__file__).resolve().parents[2])
        kept = ("PATH", "LANG", "VIRTUAL_ENV", GRACE_VARIABLE)
        env = {name: os.environ[name] for name in kept if name in os.environ}
        search = [package_root, os.environ.get("PYTHONPATH", "")]
        env["PYTHONPATH"] = os.pathsep.join(part for part in search if part)
        command = [sys.executable, "-P", "-m", "povertyplan.postgres.watch"]
        server.detach([*command, str(place.home), str(lock)], place, env, lock, None)
    finally:
        os.close(lock)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["?"])[0]
