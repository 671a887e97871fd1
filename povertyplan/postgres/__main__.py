"""`python -m povertyplan.postgres status|stop|psql`: the embedded server by hand."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from povertyplan.postgres import locks, server
from povertyplan.postgres.account import server_account
from povertyplan.postgres.errors import EmbeddedError
from povertyplan.postgres.join import connection_of, ensure_running
from povertyplan.postgres.place import Place
from povertyplan.postgres.provider import find_provider

NOT_RUNNING = 3  # as pg_ctl status


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m povertyplan.postgres")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="xem máy chủ có chạy không")
    stopping = commands.add_parser("stop", help="dừng máy chủ khi không còn ai dùng")
    stopping.add_argument("--force", action="store_true", help="dừng cả khi đang có người dùng")
    commands.add_parser("psql", help="mở psql; mọi tham số sau đó là của psql")
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command != "psql":
        parser.error(f"không hiểu {' '.join(rest)}")
    home = Path(os.environ.get("POVERTYPLAN_HOME") or "var")
    try:
        if chosen.command == "psql":
            return psql(home, rest)
        place = Place.of(home)
        return status(place) if chosen.command == "status" else stop(place, chosen.force)
    except (EmbeddedError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def status(place: Place) -> int:
    """Say whether the server runs; 0 when it does, 3 when not."""
    if not server.is_alive(place):
        say(f"PostgreSQL nhúng dưới {place.root} không chạy.")
        return NOT_RUNNING
    connection = connection_of(place, server_account(place.data))
    used = "không ai dùng" if locks.could_take(place.users_lock, locks.EXCLUSIVE) else "đang có tiến trình dùng"
    say(
        f"PostgreSQL nhúng đang chạy: tiến trình {server.postmaster_pid(place)},"
        f" người dùng hệ thống {connection.server_user}, ổ cắm {connection.host}, {used}."
    )
    return 0


def stop(place: Place, force: bool) -> int:
    """Stop the server unless a process uses it; 1 when it goes on running."""
    if not server.is_alive(place):
        say(f"PostgreSQL nhúng dưới {place.root} không chạy.")
        return 0
    with locks.held(place.start_lock):
        if not force and not locks.could_take(place.users_lock, locks.EXCLUSIVE):
            raise EmbeddedError("Đang có tiến trình dùng PostgreSQL: hãy dừng chúng trước, hoặc thêm --force.")
        if not server.stop(place):
            raise EmbeddedError(f"PostgreSQL không dừng được; xem {place.log}.")
    say("Đã dừng PostgreSQL nhúng.")
    return 0


def psql(home: Path, rest: list[str]) -> int:
    """Open psql on the database, as a user of the server while it lasts."""
    connection = ensure_running(home)
    target = f"host={_value(connection.host)} port={connection.port} user={connection.user}"
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C belongs to psql
    command = [find_provider().program("psql"), f"{target} dbname={connection.name}", *rest]
    return subprocess.run(command).returncode  # noqa: S603 - fixed programs


def _value(text: str) -> str:
    """Quote a value for a libpq connection string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
