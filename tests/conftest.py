"""Fixtures that every folder of tests may use."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, user_with

# Test processes share the cores: how long an example takes says nothing of the code.
settings.register_profile("shared_cores", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared_cores")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A server that answered a browser may still hold a connection, and a database in use cannot be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def commune(db: None) -> Area:
    return CommuneFactory()


@pytest.fixture
def officer(commune: Area) -> User:
    """Enters in ``commune``."""
    return user_with(Role.OFFICER, commune)


@pytest.fixture
def leader(commune: Area) -> User:
    return user_with(Role.LEADER, commune)


@pytest.fixture
def stranger(db: None) -> User:
    """An officer of another commune."""
    return user_with(Role.OFFICER, CommuneFactory())


@pytest.fixture
def officer_client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client
