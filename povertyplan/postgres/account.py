"""Which operating-system user runs the server, and where that user can go.

PostgreSQL refuses to run as root. For root the server runs as the owner of the data, at
first `nobody`. Nobody's permissions are changed to make way for it: where a directory is
closed the start stops and says so.
"""

import os
import pwd
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from povertyplan.postgres.errors import EmbeddedError

ROOT = 0
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    """The user that runs the server; `switch` when the caller must change to it."""

    uid: int
    gid: int
    name: str
    switch: bool

    def run_as(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that make a child run as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def clients(self) -> list[str]:
        """The system users that may connect: the owner of the data, and root."""
        return sorted({self.name, pwd.getpwuid(ROOT).pw_name})


def server_account(data: Path) -> Account:
    """The user that runs the server over `data`, which may not exist yet.

    Raises:
        EmbeddedError: the data belong to another user, or the user has no name.
    """
    owner = data.stat().st_uid if data.exists() else None
    me = os.geteuid()
    if me != ROOT:
        if owner is not None and owner != me:
            raise EmbeddedError(
                f"Dữ liệu PostgreSQL ở {data} thuộc người dùng hệ thống «{_name(owner)}»:"
                " hãy chạy bằng đúng người dùng (hoặc root) như lần đầu,"
                " hoặc đặt POVERTYPLAN_HOME ở nơi khác."
            )
        return _account(me, switch=False)
    if owner == ROOT:
        raise EmbeddedError(
            f"Thư mục {data} thuộc root mà PostgreSQL không chạy bằng root:"
            f" hãy chạy chown -R {UNPRIVILEGED} {data} rồi thử lại."
        )
    return _account(_unprivileged_uid() if owner is None else owner, switch=True)


def _account(uid: int, *, switch: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"Người dùng hệ thống số {uid} không có tên trong /etc/passwd nên PostgreSQL"
            " không chạy được: hãy tạo người dùng đó hoặc đặt DATABASE_URL."
        ) from None
    return Account(uid, entry.pw_gid, entry.pw_name, switch)


def _unprivileged_uid() -> int:
    try:
        return pwd.getpwnam(UNPRIVILEGED).pw_uid
    except KeyError:
        raise EmbeddedError(
            f"Hệ thống không có người dùng «{UNPRIVILEGED}» để chạy PostgreSQL:"
            " hãy chạy bằng người dùng thường hoặc đặt DATABASE_URL."
        ) from None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def require_passage(account: Account, home_paths: Iterable[Path], programs: Iterable[Path]) -> None:
    """Stop when the server's user cannot reach the data or the programs.

    Raises:
        EmbeddedError: names the closed directory and the remedies.
    """
    if not account.switch:
        return
    for paths, elsewhere in (
        (home_paths, "đặt POVERTYPLAN_HOME ở nơi khác"),
        (programs, "đặt mã nguồn và .venv ở nơi khác"),
    ):
        closed = _first_closed(account, paths)
        if closed:
            raise EmbeddedError(
                f"Người dùng hệ thống «{account.name}», mà root dùng để chạy PostgreSQL,"
                f" không đi qua được {closed}: hãy {elsewhere}, chạy chmod o+x {closed},"
                " chạy bằng người dùng thường, hoặc đặt DATABASE_URL."
            )


def _first_closed(account: Account, paths: Iterable[Path]) -> str:
    """The first of the paths or their parents that the user cannot enter, or ""."""
    chain: dict[str, None] = {}
    for path in paths:
        for step in (*reversed(path.parents), path):
            chain[str(step)] = None
    # Asked of the system as that user, so that ACLs count as well as mode bits.
    script = 'for d; do [ -x "$d" ] || { printf %s "$d"; exit 0; }; done'
    answer = subprocess.run(  # noqa: S603 - fixed programs
        ["/bin/sh", "-c", script, "sh", *chain],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        **account.run_as(),
    )
    return os.fsdecode(answer.stdout)
