"""The only writes of village counts and of how the unit counts. ``by=None`` is the system."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.choices import MinorityBasis
from households.models import RegistrySetting, VillageCount
from households.rules.counts import FIELDS, wrong_counts
from households.selectors.counts import recognised_days
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.models import Paper

Counts = Mapping[str, int | None]
FROZEN = "Số liệu đến ngày {day} đã dùng cho kết quả rà soát đã công nhận; số mới ghi với ngày chốt sau ngày đó."
FROZEN_WAY = "Kết quả rà soát đến ngày {day} đã công nhận theo cách tính đang có; chọn ngày sau ngày đó."


@transaction.atomic
def counts_set(
    *,
    by: User | None,
    unit: Area,
    cut_off: datetime.date,
    source: str,
    rows: Mapping[int, Counts],
    paper: Paper | None = None,
    versions: Mapping[int, int] | None = None,
) -> list[VillageCount]:
    """Write the counts of villages on one cut-off day, all or nothing: ``rows`` is ``{village id: {field: count}}``.

    ``versions`` are those that were read, 0 for a village without figures of that day; without it (loaders) stored
    figures are replaced. A village with four empty counts loses its row of the day. Raises EditConflict, and
    ValidationError with ``{"<village id>.<field>": [sentence]}`` or ``{"cut_off" | "source" | "paper": …}``.
    """
    demand(can_enter, by, unit)
    villages = {village.pk: village for village in Area.objects.villages_of(unit).valid_on(cut_off)}
    _refuse_wrong(unit, cut_off, source, paper, rows, villages)
    stored = {row.village_id: row for row in VillageCount.objects.filter(village__in=rows, cut_off=cut_off)}
    saved: list[VillageCount] = []
    with acting(by=by, action="village_count.set"):
        for pk, counts in sorted(rows.items()):
            figures = {name: counts.get(name) for name in FIELDS}
            row = stored.get(pk) or VillageCount(unit=unit, village=villages[pk], cut_off=cut_off)
            version = (versions or {}).get(pk, row.version if versions is None else 0)
            if _is_empty(figures):
                _remove(row, version)
            else:
                saved.append(_write(row, version, {**figures, "source": source, "paper": paper}))
    return saved


@transaction.atomic
def counts_remove(*, by: User | None, unit: Area, cut_off: datetime.date, versions: Mapping[int, int]) -> int:
    """Remove the figures of one cut-off day, typed by mistake; the audit keeps them. Raises EditConflict,
    ValidationError once a recognised result divides by them."""
    demand(can_enter, by, unit)
    if used := [day for day in recognised_days(unit) if day >= cut_off]:
        raise ValidationError(FROZEN.format(day=format_date(max(used))))
    stored = VillageCount.objects.filter(unit=unit, cut_off=cut_off)
    with acting(by=by, action="village_count.remove"):
        for row in stored:
            _remove(row, versions.get(row.village_id, 0))
    return len(stored)


@transaction.atomic
def registry_setting_set(
    *,
    by: User | None,
    unit: Area,
    minority_basis: str,
    is_complete: bool,
    valid_from: datetime.date,
    version: int | None = None,
) -> RegistrySetting:
    """From a day on the unit counts so; the setting before ends the day before. Raises EditConflict.

    ``version`` is that of the last setting (None where there was none). A day before the last setting is refused:
    that one would lose its place in time.
    """
    demand(can_enter, by, unit)
    if used := [day for day in recognised_days(unit) if day >= valid_from]:
        raise ValidationError({"valid_from": FROZEN_WAY.format(day=format_date(max(used)))})
    changes: dict[str, Any] = {"minority_basis": MinorityBasis(minority_basis), "is_complete": is_complete}
    last = RegistrySetting.objects.select_for_update().filter(unit=unit).order_by("-valid_from").first()
    with acting(by=by, action="registry_setting.set"):
        if last is None:
            return save_changes(RegistrySetting(unit=unit), {**changes, "valid_from": valid_from})
        if valid_from < last.valid_from:
            day = format_date(last.valid_from)
            raise ValidationError({"valid_from": f"Đã có cách tính từ ngày {day}; chọn ngày đó hoặc sau đó."})
        settings = RegistrySetting.objects.filter(unit=unit)
        row, mine = lock_and_merge(settings, pk=last.pk, version=version or last.version, changes=changes)
        if valid_from == row.valid_from:
            return save_changes(row, mine)
        if (row.minority_basis, row.is_complete) == (minority_basis, is_complete):
            return row
        save_changes(row, {"valid_to": valid_from - datetime.timedelta(days=1)})
        return save_changes(RegistrySetting(unit=unit), {**changes, "valid_from": valid_from})


def _refuse_wrong(
    unit: Area,
    cut_off: datetime.date,
    source: str,
    paper: Paper | None,
    rows: Mapping[int, Counts],
    villages: Mapping[int, Area],
) -> None:
    """Raise everything that is wrong at once."""
    errors: dict[str, list[str]] = {}
    if cut_off > timezone.localdate():
        errors["cut_off"] = ["Ngày chốt số liệu không được sau hôm nay."]
    if not source:
        errors["source"] = ["Chưa ghi nguồn số liệu."]
    if paper is not None and paper.unit_id not in {None, unit.pk}:
        errors["paper"] = ["Văn bản này của đơn vị khác."]
    for pk, counts in rows.items():
        if pk not in villages:
            errors[f"{pk}.households"] = [f"Ngày {format_date(cut_off)} đơn vị không có thôn này."]
        elif not _is_empty(counts):
            errors |= {f"{pk}.{field}": [sentence] for field, sentence in wrong_counts(counts).items()}
    errors |= _recognised_by(unit, cut_off, rows) if not errors else {}
    if errors:
        raise ValidationError(errors)


def _recognised_by(unit: Area, cut_off: datetime.date, rows: Mapping[int, Counts]) -> dict[str, list[str]]:
    """Villages whose figures of a recognised result would become others; figures that were missing may be added."""
    days = recognised_days(unit)
    stored = VillageCount.objects.filter(unit=unit, village__in=rows).order_by("village", "cut_off")
    errors: dict[str, list[str]] = {}
    for row in stored:
        figures = {name: rows[row.village_id].get(name) for name in FIELDS}
        is_same = row.cut_off == cut_off and figures == {name: getattr(row, name) for name in FIELDS}
        used = [day for day in days if row.cut_off <= cut_off <= day]
        if used and not is_same:
            errors[f"{row.village_id}.households"] = [FROZEN.format(day=format_date(max(used)))]
    return errors


def _is_empty(counts: Counts) -> bool:
    return all(counts.get(name) is None for name in FIELDS)


def _write(row: VillageCount, version: int, changes: dict[str, Any]) -> VillageCount:
    if row.pk is None:
        return save_changes(row, changes)
    rows = VillageCount.objects.select_related("village", "paper")
    return save_changes(*lock_and_merge(rows, pk=row.pk, version=version, changes=changes))


def _remove(row: VillageCount, version: int) -> None:
    if row.pk is None:
        return
    emptied: dict[str, Any] = dict.fromkeys(FIELDS)
    stored, _ = lock_and_merge(VillageCount.objects.all(), pk=row.pk, version=version, changes=emptied)
    stored.delete()
