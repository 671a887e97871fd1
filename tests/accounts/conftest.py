"""Accounts stand alone here: their own addresses and a frame of the page without the rest of the product."""

import datetime
from typing import Any

import pytest
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import user_with

FRAME = {
    "base.html": (
        "<title>{% block title %}{% endblock %}</title><h1>{% block heading %}{% endblock %}</h1>"
        "{% for message in messages %}<p>{{ message }}</p>{% endfor %}"
        "{% block actions %}{% endblock %}{% block content %}{% endblock %}"
    ),
}
TODAY = datetime.date(2026, 11, 22)
PASSWORD = "ruong-bac-thang-7"


@pytest.fixture(autouse=True)
def alone(settings: Any) -> None:
    """Only the pages of accounts, so that a count of queries counts theirs."""
    settings.ROOT_URLCONF = "tests.accounts.urls"
    engine = settings.TEMPLATES[0]
    processors = [name for name in engine["OPTIONS"]["context_processors"] if not name.startswith("povertyplan.")]
    loaders = [
        ("django.template.loaders.locmem.Loader", FRAME),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = engine["OPTIONS"] | {"context_processors": processors, "loaders": loaders}
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def administrator(commune: Area) -> User:
    return user_with(Role.ADMINISTRATOR, commune)


@pytest.fixture
def administrator_client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("quan-tri", "Quản Trị", PASSWORD)
