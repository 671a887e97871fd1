"""What a server, embedded or not, must offer."""

from typing import Any

OLDEST = 15
NEEDED = ("pg_trgm", "unaccent", "btree_gist")

_EXTENSIONS = """
SELECT wanted.name,
       EXISTS (SELECT 1 FROM pg_extension e WHERE e.extname = wanted.name),
       available.name IS NOT NULL,
       COALESCE(
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
           OR ((version.trusted OR NOT version.superuser)
               AND has_database_privilege(current_database(), 'CREATE')),
           false)
  FROM unnest(%s) AS wanted(name)
  LEFT JOIN pg_available_extensions available ON available.name = wanted.name
  LEFT JOIN pg_available_extension_versions version
         ON version.name = available.name AND version.version = available.default_version
"""


def problems(connection: Any) -> list[str]:
    """What is wrong with the server behind a Django connection, in Vietnamese sentences.

    Looks at the version, at the extensions that the migrations make, and at whether
    Vietnamese capitals fold. `pg_stat_statements` is welcome but not needed.
    """
    from django.db.utils import Error  # noqa: PLC0415 - settings import this package

    try:
        with connection.cursor() as cursor:
            return _version(cursor) or [*_extensions(cursor), *_letters(cursor)]
    except Error as error:
        reason = (str(error).strip().splitlines() or ["?"])[0]
        return [f"Không kết nối được cơ sở dữ liệu: {reason}"]


def _version(cursor: Any) -> list[str]:
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
    major = cursor.fetchone()[0]
    if major >= OLDEST:
        return []
    return [f"Máy chủ chạy PostgreSQL {major}; phần mềm cần PostgreSQL {OLDEST} trở lên."]


def _extensions(cursor: Any) -> list[str]:
    cursor.execute(_EXTENSIONS, [list(NEEDED)])
    found = []
    for name, installed, available, creatable in cursor.fetchall():
        if installed or (available and creatable):
            continue
        if not available:
            remedy = "máy chủ không có phần này, hãy cài gói postgresql-contrib."
        else:
            remedy = f"tài khoản không được tạo, hãy nhờ quản trị chạy CREATE EXTENSION {name}."
        found.append(f"Cơ sở dữ liệu thiếu phần mở rộng {name}: {remedy}")
    return found


def _letters(cursor: Any) -> list[str]:
    cursor.execute("SELECT current_setting('server_encoding')")
    if cursor.fetchone()[0] != "UTF8":
        return ["Cơ sở dữ liệu không dùng mã UTF8: hãy tạo lại với ENCODING 'UTF8'."]
    cursor.execute("SELECT lower('ĐẾƠƯ'), upper('đếơư')")
    if cursor.fetchone() == ("đếơư", "ĐẾƠƯ"):
        return []
    return [
        "Cơ sở dữ liệu không đổi được chữ hoa, chữ thường tiếng Việt:"
        " hãy tạo lại với LOCALE 'C.UTF-8' hoặc 'vi_VN.UTF-8'."
    ]
