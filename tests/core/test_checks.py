import pytest
from django.core.checks import run_checks

from povertyplan.core import checks


@pytest.mark.django_db
def test_a_good_database_passes() -> None:
    assert checks.database_can_carry_us(databases=["default"]) == []


@pytest.mark.django_db
def test_what_the_database_lacks_stops_the_start_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.postgres, "problems", lambda connection: ["Máy chủ thiếu phần mở rộng unaccent."])
    found = [message for message in run_checks(databases=["default"]) if message.id == "core.E001"]
    assert [message.msg for message in found] == ["Máy chủ thiếu phần mở rộng unaccent."]
