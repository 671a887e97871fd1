"""``manage.py load_demo`` on an empty database."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from povertyplan.areas.models import Area


def test_production_refuses_in_one_sentence(db: None, settings: Any) -> None:
    settings.MODE = "production"

    with pytest.raises(CommandError, match=r"^Chế độ production không nạp dữ liệu trình diễn\.$"):
        call_command("load_demo")
    assert not Area.objects.exists()


def test_the_summary_names_the_sample_units(db: None) -> None:
    out = StringIO()
    call_command("load_demo", stdout=out)

    assert out.getvalue().startswith("Đã nạp 3.444 đơn vị, 56 văn bản trung ương, 28 tài khoản; đơn vị mẫu: ")
