from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from povertyplan.areas.national import areas_load


@contextmanager
def kept_for_module(blocker: Any) -> Iterator[None]:
    """Rows written inside are there for every test of a module and gone after it; tests roll back their own."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def loaded_nation(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    with kept_for_module(django_db_blocker):
        yield areas_load()


@pytest.fixture
def nation(loaded_nation: int, db: None) -> int:
    """The country's units, loaded once for the tests of a module: how many."""
    return loaded_nation
