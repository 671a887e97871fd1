import datetime
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from povertyplan.jobs.models import Heartbeat
from povertyplan.web import health


def test_healthz_is_well_with_database_and_worker(client: Client, db: None) -> None:
    Heartbeat.objects.create(worker="one")
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "worker": True}
    assert "no-store" in response["Cache-Control"]


def test_healthz_misses_the_worker(client: Client, db: None) -> None:
    Heartbeat.objects.create(worker="one")
    Heartbeat.objects.update(at=timezone.now() - datetime.timedelta(seconds=31))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "worker": False}


def test_healthz_misses_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_conditions: object) -> None:
        raise OperationalError

    monkeypatch.setattr(Heartbeat.objects, "filter", fail)
    assert health.health() == health.Health(database=False, worker=False)
    assert client.get("/healthz").status_code == 503


def test_healthz_asks_one_query(client: Client, db: None, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(1):
        client.get("/healthz")
