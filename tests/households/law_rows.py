"""Rows of the law written straight into the tables: for pages that only have to open."""

import datetime
from typing import Any

from households.choices import ItemKind, ParameterCode
from households.models import Parameter, ScoreItem, ScoreOption, ScoreSheet, Standard
from povertyplan.areas.models import Area

SINCE = datetime.date(2020, 1, 1)


def law_rows(unit: Area) -> dict[str, dict[str, Any]]:
    """A national figure, one of the province, a second standard and a sheet with one question."""
    figure = {"code": ParameterCode.POSTING_DAYS, "valid_from": SINCE}
    national = Parameter.objects.create(value=3, **figure)
    own = Parameter.objects.create(value=5, area=unit.parent, **figure)
    standard = Standard.objects.create(code="law-test", name="Chuẩn thứ hai", valid_from=SINCE)
    sheet = ScoreSheet.objects.create(standard=standard, name="Bảng thử", valid_from=SINCE)
    item = ScoreItem.objects.create(sheet=sheet, code="1", label="Câu thử", kind=ItemKind.SINGLE, position=1)
    ScoreOption.objects.create(item=item, code="A", label="Có", position=1)
    return {
        "law-national": {"kind": "parameters", "pk": national.pk},
        "law-own": {"kind": "parameters", "pk": own.pk},
        "law-sheet": {"pk": sheet.pk},
    }
