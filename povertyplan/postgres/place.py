"""Where everything of one embedded server lies under its home."""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from povertyplan.postgres.account import ROOT, Account
from povertyplan.postgres.errors import EmbeddedError

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET = 107  # bytes that fit in sockaddr_un.sun_path


@dataclass(frozen=True)
class Place:
    """The files of the server under `home`, which is absolute and free of symlinks."""

    home: Path

    @classmethod
    def of(cls, home: Path) -> "Place":
        return cls(Path(home).resolve())

    @property
    def root(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def unfinished(self) -> Path:
        """Where a new cluster is made before it gets its name `data`."""
        return self.root / "data.new"

    @property
    def conf(self) -> Path:
        return self.root / "conf"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def start_log(self) -> Path:
        """What server and watcher print before and outside the server's own log."""
        return self.root / "start.log"

    @property
    def users_lock(self) -> Path:
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def server_lock(self) -> Path:
        return self.root / "server.lock"

    @property
    def watch_lock(self) -> Path:
        return self.root / "watch.lock"

    @property
    def socket_dir(self) -> Path:
        """The directory of the socket; short and the same for every process of a home.

        A path too long for a socket, or with a character that libpq reads as a
        separator, is replaced by one in /run (home of root) or /tmp.
        """
        near = self.root / "run"
        length = len(os.fsencode(near / SOCKET_NAME))
        if length <= LONGEST_SOCKET and not set(str(near)) & set(',"\n'):
            return near
        owner = self.root.stat().st_uid
        base = Path("/run" if owner == ROOT else "/tmp")  # noqa: S108 - private_dir checks what it finds there
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return base / f"povertyplan-{owner}-{digest}"

    def prepare(self, account: Account) -> None:
        """Make the directories: the server's own closed to others, the rest ours.

        Raises:
            EmbeddedError: a directory of that name belongs to someone else.
        """
        passable = 0o711 if account.switch else 0o700
        if not self.home.exists():
            self.home.parent.mkdir(parents=True, exist_ok=True)
            self.home.mkdir(exist_ok=True)
            if account.switch:
                self.home.chmod(passable)
        if not self.root.exists():
            self.root.mkdir(exist_ok=True)
            self.root.chmod(passable)
        if not self.conf.exists():
            self.conf.mkdir(exist_ok=True)
            self.conf.chmod(passable)
        private_dir(self.log, account)
        private_dir(self.socket_dir, account)


def private_dir(path: Path, account: Account) -> None:
    """Make or check a directory that only the server's user may enter.

    A symbolic link in its place, or a directory of a stranger, is refused: in /tmp
    anybody could have put it there.

    Raises:
        EmbeddedError: the name is taken by someone else.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    refusal = EmbeddedError(
        f"{path} đã có mà không phải là thư mục riêng của người dùng hệ thống"
        f" «{account.name}»: hãy xóa nó hoặc đặt POVERTYPLAN_HOME ở nơi khác."
    )
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise refusal from None
    try:
        found = os.fstat(fd)
        if found.st_uid not in (account.uid, os.geteuid()):
            raise refusal
        if found.st_uid != account.uid:
            os.fchown(fd, account.uid, account.gid)
        if stat.S_IMODE(found.st_mode) != 0o700:
            os.fchmod(fd, 0o700)
    finally:
        os.close(fd)
