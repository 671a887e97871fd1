from collections.abc import Iterator
from typing import Any

import pytest

from povertyplan.web.demo import demo_load
from tests.areas.conftest import kept_for_module


@pytest.fixture(scope="module")
def loaded_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with kept_for_module(django_db_blocker):
        demo_load()
        yield


@pytest.fixture
def demo(loaded_demo: None, db: None) -> None:
    """The demonstration, loaded once for the tests of a module."""
