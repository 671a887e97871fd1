"""Fixtures: homes, a running server, and other system users."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.postgres.homes import Home, temporary_home


@pytest.fixture
def home() -> Iterator[Home]:
    with temporary_home() as made:
        yield made


@pytest.fixture(scope="module")
def shared() -> Iterator[Home]:
    """One running server for the tests that only ask it things."""
    with temporary_home() as made:
        made.joined()
        yield made


@pytest.fixture
def stranger() -> dict[str, Any]:
    """Arguments of `subprocess` for a system user who is neither us nor the server's."""
    if os.geteuid() != 0:
        pytest.skip("only root can act as another system user")
    entry = pwd.getpwnam("daemon")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}


@pytest.fixture
def ordinary_python(stranger: dict[str, Any]) -> str:
    """A Python of our version that the other user can run, with our packages."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (sys.executable, shutil.which(name, path=os.defpath)):
        if python and _can_use(python, stranger):
            return python
    pytest.skip("no Python with psycopg2 that another system user can run")


def _can_use(python: str, who: dict[str, Any]) -> bool:
    env = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        tried = subprocess.run([python, "-c", "import psycopg2"], env=env, **who)
    except PermissionError:
        return False
    return tried.returncode == 0
