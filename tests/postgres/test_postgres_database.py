"""What the embedded database can do, and how connections are described."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from povertyplan.postgres import Connection, EmbeddedError, from_url, join, problems
from povertyplan.postgres.checks import NEEDED
from tests.postgres.homes import SOURCE, Home


@pytest.fixture(scope="module")
def connection(shared: Home) -> Iterator[Connection]:
    yield join.ensure_running(shared.path)
    os.close(join._registered.pop(shared.place.home))


@pytest.fixture(scope="module")
def cursor(connection: Connection) -> Iterator[Any]:
    opened = psycopg2.connect(**connection.as_libpq())
    opened.autocommit = True
    for name in NEEDED:
        opened.cursor().execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    yield opened.cursor()
    opened.close()


def one(cursor: Any, query: str, *values: Any) -> Any:
    cursor.execute(query, values)
    return cursor.fetchone()[0]


def test_vietnamese_letters_fold(cursor: Any) -> None:
    assert one(cursor, "SELECT lower(%s)", "ĐỖ THỊ HUẾ Ơ Ư Ẵ") == "đỗ thị huế ơ ư ẵ"
    assert one(cursor, "SELECT upper(%s)", "đỗ thị huế ơ ư ẵ") == "ĐỖ THỊ HUẾ Ơ Ư Ẵ"
    assert one(cursor, "SELECT 'ĐẶNG' ILIKE 'đặng' AND 'Ơ' ~* 'ơ' AND 'ế' ~ '\\w'")


def test_vietnamese_words_have_trigrams(cursor: Any) -> None:
    assert one(cursor, "SELECT similarity(%s, %s)", "Đặng Thị Huế", "ĐẶNG THỊ HUẾ") == 1
    assert 0.5 < one(cursor, "SELECT similarity(%s, %s)", "Đỗ Văn Ơn", "Đỗ Văn Ơ") < 1
    assert one(cursor, "SELECT similarity('ế', 'ế')") == 1
    assert one(cursor, "SELECT unaccent('Đặng Thị Huế Ơ Ư')") == "Dang Thi Hue O U"


def test_the_role_makes_databases_but_is_no_superuser(cursor: Any) -> None:
    assert not one(cursor, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    cursor.execute("CREATE DATABASE test_povertyplan")
    cursor.execute("DROP DATABASE test_povertyplan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TimeZone", "Asia/Ho_Chi_Minh"),
        ("fsync", "on"),
        ("jit", "off"),
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("max_connections", "60"),
        ("server_encoding", "UTF8"),
        ("logging_collector", "on"),
    ],
)
def test_settings(cursor: Any, name: str, value: str) -> None:
    assert one(cursor, "SELECT current_setting(%s)", name) == value


def test_statements_are_counted(connection: Connection) -> None:
    opened = psycopg2.connect(**connection.as_libpq(dbname="postgres"))
    assert one(opened.cursor(), "SELECT count(*) FROM pg_stat_statements") > 0
    opened.close()


def test_a_socket_of_another_server_user_is_refused(connection: Connection) -> None:
    with pytest.raises(psycopg2.OperationalError, match="requirepeer"):
        psycopg2.connect(**connection.as_libpq(requirepeer="nosuchuser"))


def test_it_is_a_django_database(connection: Connection) -> None:
    entry = connection.as_django()
    assert entry["CONN_MAX_AGE"] == 60
    assert entry["CONN_HEALTH_CHECKS"] is True
    script = (
        "import django; from django.conf import settings; from django.db import connection\n"
        "from povertyplan.postgres import problems\n"
        f"settings.configure(DATABASES={{'default': {entry!r}}})\n"
        "django.setup(); print(problems(connection))\n"
        "name = connection.creation.create_test_db(verbosity=0)\n"
        "connection.cursor().execute('CREATE EXTENSION pg_trgm')\n"
        "connection.creation.destroy_test_db('povertyplan', verbosity=0); print(name)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True)
    assert done.stdout.split() == ["[]", "test_povertyplan"], done.stderr


class Answers:
    """A connection that gives prepared answers, in the order of the questions."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def cursor(self) -> "Answers":
        return self

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, *_: object) -> None:
        pass

    def fetchone(self) -> Any:
        return self.answers.pop(0)

    fetchall = fetchone


FOLDED = ("đếơư", "ĐẾƠƯ")


def test_an_old_server_is_a_problem() -> None:
    [text] = problems(Answers((14,)))
    assert "PostgreSQL 14" in text
    assert "15" in text


def test_extensions_that_cannot_be_had_are_problems() -> None:
    rows = [
        ("pg_trgm", True, True, False),
        ("unaccent", False, True, False),
        ("btree_gist", False, False, False),
    ]
    found = problems(Answers((16,), rows, ("UTF8",), FOLDED))
    assert len(found) == 2
    assert "CREATE EXTENSION unaccent" in found[0]
    assert "postgresql-contrib" in found[1]


def test_a_locale_that_does_not_know_vietnamese_is_a_problem() -> None:
    [text] = problems(Answers((16,), [], ("UTF8",), ("ĐẾƠƯ", "đếơư")))
    assert "tiếng Việt" in text
    [text] = problems(Answers((16,), [], ("SQL_ASCII",)))
    assert "UTF8" in text


def test_an_unreachable_server_is_a_problem() -> None:
    from django.db.utils import OperationalError

    class Dead:
        def cursor(self) -> None:
            raise OperationalError("connection refused\nIs the server running?")

    [text] = problems(Dead())
    assert "connection refused" in text
    assert "\n" not in text


def test_a_url_becomes_a_django_database() -> None:
    entry = from_url("postgresql://li%C3%AAn:p%40ss%2Fw@db.example.vn:6432/ngheo?sslmode=require")
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"]) == ("liên", "p@ss/w")
    assert (entry["HOST"], int(entry["PORT"]), entry["NAME"]) == ("db.example.vn", 6432, "ngheo")
    assert entry["OPTIONS"] == {"sslmode": "require"}
    assert entry["CONN_MAX_AGE"] == 60
    assert entry["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    "url",
    [
        "postgres:///ngheo?host=/Run/postgresql",
        "postgres://%2FRun%2Fpostgresql/ngheo",
        "postgres://@%2FRun%2Fpostgresql/ngheo",
        "postgres:///?host=/Run/postgresql&dbname=ngheo",
    ],
)
def test_a_socket_directory_in_a_url(url: str) -> None:
    entry = from_url(url)
    assert (entry["HOST"], entry["NAME"]) == ("/Run/postgresql", "ngheo")
    assert "OPTIONS" not in entry


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/n",
        "sqlite:///secret.db",
        "u:secret@h/n",
        "",
        "postgres://u:secret@h:port/n",
        "postgres://u:secret@h:5432",
        "postgres://u:sec[ret@h/n",
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(EmbeddedError, match=r"^DATABASE_URL ") as raised:
        from_url(url)
    assert "sec" not in str(raised.value)


def test_the_start_code_imports_no_django() -> None:
    script = "import sys, povertyplan.postgres; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=SOURCE).returncode == 0
