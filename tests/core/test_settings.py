"""The environment is read at start; a wrong value stops it with one line."""

import os
import subprocess
import sys

import pytest

WORKING = {"DATABASE_URL": "postgresql:///unused", "SECRET_KEY": "x" * 60}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "ALLOWED_HOSTS"}}
    return subprocess.run(
        [sys.executable, "-c", "import povertyplan.settings"], env=clean | WORKING | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"POVERTYPLAN_MODE": "test"}, "POVERTYPLAN_MODE phải là"),
        (
            {"POVERTYPLAN_MODE": "production", "SECRET_KEY": "", "ALLOWED_HOSTS": "a.vn"},
            "thiếu biến môi trường SECRET_KEY",
        ),
        ({"POVERTYPLAN_MODE": "production"}, "thiếu biến môi trường ALLOWED_HOSTS"),
        ({"PORT": "tám nghìn"}, "PORT phải là số nguyên"),
        ({"HTTPS": "có"}, "HTTPS phải là true hoặc false"),
        ({"SECRET_KEY_FILE": "/khong/co"}, "không đọc được tệp /khong/co"),
    ],
)
def test_a_wrong_environment_stops_the_start_with_one_line(environment: dict[str, str], line: str) -> None:
    result = start(**environment)
    assert result.returncode == 1
    assert line in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_full_production_environment_starts() -> None:
    assert start(POVERTYPLAN_MODE="production", ALLOWED_HOSTS="xa.example.vn").returncode == 0
