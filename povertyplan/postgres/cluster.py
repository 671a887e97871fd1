"""The data directory and the configuration of the embedded server."""

import os
import shutil
import subprocess
from pathlib import Path

from povertyplan.postgres.account import Account
from povertyplan.postgres.errors import EmbeddedError
from povertyplan.postgres.place import PORT, Place
from povertyplan.postgres.provider import Provider

SUPERUSER = "postgres"
ROLE = "povertyplan"
_MAP = "povertyplan"

# The builtin C.UTF-8 folds Vietnamese capitals and cuts Vietnamese words into trigrams;
# plain C does neither, and the programs come without ICU.
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "Asia/Ho_Chi_Minh",
    "log_timezone": "Asia/Ho_Chi_Minh",
    "default_text_search_config": "pg_catalog.simple",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}


def environment() -> dict[str, str]:
    """The environment of the PostgreSQL programs: nothing of the caller's secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def ensure_cluster(place: Place, account: Account, provider: Provider, lock: int) -> None:
    """Make the data directory on first use; check that this version can read it.

    `lock` is the held server lock: initdb keeps it while it works.

    Raises:
        EmbeddedError: it cannot be made, is something else, or is of another version.
    """
    if place.data.exists() and any(place.data.iterdir()):
        _check_version(place, provider)
    else:
        _create(place, account, provider, lock)


def _check_version(place: Place, provider: Provider) -> None:
    try:
        made_by = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{place.data} có tệp nhưng không phải là dữ liệu PostgreSQL:"
            " hãy chuyển các tệp đó đi nơi khác rồi thử lại."
        ) from None
    installed = provider.major()
    if made_by != installed:
        raise EmbeddedError(
            f"Dữ liệu ở {place.data} do PostgreSQL {made_by} tạo, còn bản đang cài là"
            f" {installed}: hãy xuất dữ liệu bằng pg_dump của bản {made_by} rồi nạp lại,"
            f" hoặc cài lại bản {made_by}."
        )


def _create(place: Place, account: Account, provider: Provider, lock: int) -> None:
    """Run initdb beside the final place and rename: half a cluster never looks whole."""
    if place.unfinished.exists():
        shutil.rmtree(place.unfinished)
    place.unfinished.mkdir(mode=0o700)
    if account.switch:
        os.chown(place.unfinished, account.uid, account.gid)
    made = subprocess.run(  # noqa: S603 - fixed programs
        [provider.program("initdb"), *_INITDB, "-D", str(place.unfinished)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=environment(),
        pass_fds=[lock],
        start_new_session=True,
        **account.run_as(),
    )
    if made.returncode:
        said = [line for line in made.stderr.splitlines() if "error" in line.lower()]
        reason = (said or made.stderr.strip().splitlines() or ["?"])[0].strip()
        raise EmbeddedError(f"Không tạo được dữ liệu PostgreSQL ở {place.data}: {reason}")
    place.unfinished.rename(place.data)
    _sync(place.root)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_conf(place: Place, account: Account, provider: Provider) -> Path:
    """Write the configuration anew and return its main file.

    It lies outside the data directory, where the server's user cannot change it. An
    operator's own settings go into `conf/local.conf`, which is read last.
    """
    hba, ident = place.conf / "pg_hba.conf", place.conf / "pg_ident.conf"
    settings = _SETTINGS | {
        "hba_file": str(hba),
        "ident_file": str(ident),
        "unix_socket_directories": f'"{place.socket_dir}"',
        "log_directory": str(place.log),
    }
    if provider.has_extension("pg_stat_statements"):
        settings["shared_preload_libraries"] = "pg_stat_statements"
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    if (place.conf / "local.conf").exists():
        lines.append("include = 'local.conf'")
    _write(hba, [f"local all {SUPERUSER},{ROLE} peer map={_MAP}"])
    _write(
        ident,
        [f'{_MAP} "{who}" {role}' for who in account.clients() for role in (SUPERUSER, ROLE)],
    )
    main = place.conf / "postgresql.conf"
    _write(main, lines)
    return main


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _write(path: Path, lines: list[str]) -> None:
    """Replace a file as a whole, readable by the server's user."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
    fresh.chmod(0o644)
    fresh.replace(path)
