"""The only writes of score sheets. What is loaded is never changed: a corrected sheet is a new version."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from households.models import Review, ReviewScore, ScoreItem, ScoreOption, ScoreSheet, Standard
from households.permissions import demand_law
from households.rules.scoring import SheetItem
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.choices import Certainty

SAME_SHEET = ("standard", "purpose", "setting", "area", "region")


@transaction.atomic
def sheet_add(
    *,
    by: User | None,
    standard: Standard,
    purpose: str,
    items: Sequence[SheetItem],
    area: Area | None = None,
    setting: str = "",
    region: str = "",
    **fields: Any,
) -> ScoreSheet:
    """A new version, not yet in use. ``fields``: name, valid_from, valid_to, paper, source, certainty."""
    demand_law(by, area)
    if not items:
        raise ValidationError("Bảng chưa có câu hỏi nào.")
    same = {"standard": standard, "purpose": purpose, "setting": setting, "area": area, "region": region}
    with acting(by=by, action="sheet.add"):
        Standard.objects.select_for_update(of=("self",)).get(pk=standard.pk)
        last = ScoreSheet.objects.filter(**same).aggregate(last=Max("number"))["last"] or 0
        is_cited = fields.get("paper") and fields.get("source")
        known = {"certainty": Certainty.CHECKED if is_cited else Certainty.UNCHECKED} | fields
        sheet = save_changes(ScoreSheet(**same, number=last + 1), known)
        _store(sheet, items)
    return sheet


def _store(sheet: ScoreSheet, items: Sequence[SheetItem]) -> None:
    rows = [
        ScoreItem(sheet=sheet, code=item.code, group=item.group, label=item.label, kind=item.kind, position=position)
        for position, item in enumerate(items, start=1)
    ]
    ScoreItem.objects.bulk_create(rows)
    ScoreOption.objects.bulk_create(
        ScoreOption(
            item=row,
            code=option.code,
            label=option.label,
            minimum=option.minimum,
            maximum=option.maximum,
            points=option.points,
            outcome=option.outcome,
            position=position,
        )
        for row, item in zip(rows, items, strict=True)
        for position, option in enumerate(item.options, start=1)
    )


@transaction.atomic
def sheet_activate(
    *,
    by: User | None,
    sheet: ScoreSheet,
    version: int,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
) -> ScoreSheet:
    """Use the sheet from a day on; other versions of it end the day before. Raises EditConflict."""
    demand_law(by, sheet.area)
    changes = {"is_active": True, "valid_from": valid_from, "valid_to": valid_to}
    with acting(by=by, action="sheet.activate"):
        row, mine = lock_and_merge(ScoreSheet.objects.all(), pk=sheet.pk, version=version, changes=changes)
        save_changes(row, mine)
        for other in _in_use_beside(row):
            _give_way(other, row)
    return row


def _in_use_beside(sheet: ScoreSheet) -> models.QuerySet[ScoreSheet]:
    """Other versions of the sheet in use on days of it."""
    same = {name: getattr(sheet, name) for name in SAME_SHEET}
    others = ScoreSheet.objects.filter(**same, is_active=True).exclude(pk=sheet.pk).select_for_update(of=("self",))
    others = others.exclude(valid_to__lt=sheet.valid_from)
    return others.filter(valid_from__lte=sheet.valid_to) if sheet.valid_to else others


def _give_way(other: ScoreSheet, sheet: ScoreSheet) -> None:
    eve = sheet.valid_from - datetime.timedelta(days=1)
    save_changes(other, {"valid_to": eve} if other.valid_from <= eve else {"is_active": False})


@transaction.atomic
def sheet_deactivate(*, by: User | None, sheet: ScoreSheet, version: int) -> ScoreSheet:
    """Out of use for new forms; forms already scored keep their points. Raises EditConflict."""
    demand_law(by, sheet.area)
    with acting(by=by, action="sheet.deactivate"):
        row, mine = lock_and_merge(ScoreSheet.objects.all(), pk=sheet.pk, version=version, changes={"is_active": False})
        return save_changes(row, mine)


@transaction.atomic
def sheet_remove(*, by: User | None, sheet: ScoreSheet, version: int) -> None:
    """Remove a sheet loaded by mistake that no form used; the audit keeps it. Raises EditConflict."""
    demand_law(by, sheet.area)
    with acting(by=by, action="sheet.remove"):
        row, _ = lock_and_merge(ScoreSheet.objects.all(), pk=sheet.pk, version=version, changes={})
        if sheet_is_used(row):
            raise ValidationError(f"{row}: đã có phiếu chấm theo bảng này nên không xóa được. Chọn «Thôi dùng».")
        row.delete()


def sheet_is_used(sheet: ScoreSheet) -> bool:
    return Review.objects.filter(b1_sheet=sheet).exists() or ReviewScore.objects.filter(item__sheet=sheet).exists()
