"""Typed reading of the environment; a wrong value stops the start with one clear line."""

import os
from pathlib import Path

DEMO = "demo"
PRODUCTION = "production"


class SettingsError(SystemExit):
    """A setting is missing or wrong. Printed as one line; the process exits with 1."""

    def __init__(self, message: str) -> None:
        super().__init__(f"povertyplan: {message}")


def text(name: str, default: str = "") -> str:
    """Value of ``name``, or the content of the file that ``name_FILE`` names."""
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"không đọc được tệp {path} của biến {name}_FILE: {error.strerror}.") from error
    return os.environ.get(name, default).strip()


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise SettingsError(f"thiếu biến môi trường {name}; chế độ production bắt buộc phải có.")
    return value


def integer(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise SettingsError(f"biến môi trường {name} phải là số nguyên, đang là «{value}».")
    return int(value)


def boolean(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise SettingsError(f"biến môi trường {name} phải là true hoặc false, đang là «{value}».")
    return value in {"1", "true", "yes", "on"}


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Comma-separated list."""
    return [part.strip() for part in text(name).split(",") if part.strip()] or list(default)


def mode() -> str:
    value = text("POVERTYPLAN_MODE", DEMO)
    if value not in {DEMO, PRODUCTION}:
        raise SettingsError(f"POVERTYPLAN_MODE phải là «{DEMO}» hoặc «{PRODUCTION}», đang là «{value}».")
    return value
