"""How to reach a database, in the form that Django wants."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from povertyplan.postgres.errors import EmbeddedError

ENGINE = "django.db.backends.postgresql"
MAX_AGE = 60


@dataclass(frozen=True)
class Connection:
    """The embedded database: `host` is the directory of its socket.

    `server_user` is the system user that runs the server; clients refuse a socket behind
    which someone else listens.
    """

    host: str
    port: int
    user: str
    name: str
    server_user: str

    def as_django(self) -> dict[str, Any]:
        """An entry of Django's `DATABASES`."""
        return {
            "ENGINE": ENGINE,
            "HOST": self.host,
            "PORT": self.port,
            "USER": self.user,
            "PASSWORD": "",
            "NAME": self.name,
            "CONN_MAX_AGE": MAX_AGE,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"requirepeer": self.server_user},
        }

    def as_libpq(self, **changes: str) -> dict[str, Any]:
        """Keyword arguments for `psycopg2.connect`, some of them replaced."""
        settings: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "dbname": self.name,
            "requirepeer": self.server_user,
            "connect_timeout": 10,
        }
        return settings | changes


def from_url(url: str) -> dict[str, Any]:
    """An entry of Django's `DATABASES` for `postgres://user:password@host:port/name?sslmode=…`.

    A socket directory goes in `?host=/run/postgresql` or, percent-encoded, in the host's
    place.

    Raises:
        EmbeddedError: not a PostgreSQL URL or without the name of a database; the text
            never repeats the URL, which holds a password.
    """
    import dj_database_url  # noqa: PLC0415 - not needed by the embedded server

    try:
        scheme = urlsplit(url).scheme
        if scheme not in ("postgres", "postgresql"):
            raise EmbeddedError(
                "DATABASE_URL phải bắt đầu bằng postgres:// hoặc postgresql://: phần mềm chỉ dùng PostgreSQL."
            )
        entry: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=MAX_AGE, conn_health_checks=True))
    except ValueError:
        raise EmbeddedError(
            "DATABASE_URL không đúng dạng postgresql://người-dùng:mật-khẩu@máy:cổng/tên;"
            " ký tự đặc biệt trong mật khẩu phải viết dạng %XX."
        ) from None
    _place_host(entry, url)
    if not entry["NAME"]:
        raise EmbeddedError("DATABASE_URL thiếu tên cơ sở dữ liệu ở cuối (…/tên).")
    return entry


def _place_host(entry: dict[str, Any], url: str) -> None:
    """Put the socket directory into HOST, spelled as it was written."""
    options = entry.get("OPTIONS", {})
    for option, key in (("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("dbname", "NAME")):
        if option in options:
            entry[key] = options.pop(option)
    if not options:
        entry.pop("OPTIONS", None)
    if entry["HOST"].startswith("/") and "host=" not in urlsplit(url).query:
        # The URL parser lowers the letters of a host; a path must keep its own.
        written = urlsplit(url).netloc.rpartition("@")[2].partition(":")[0]
        entry["HOST"] = unquote(written)
