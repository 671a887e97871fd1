"""Score sheets with their questions, ready for ``households.rules.scoring``; one query for a sheet."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from households.choices import ItemKind, SheetPurpose
from households.models import Review, ScoreItem, ScoreOption, ScoreSheet
from households.rules.scoring import Given as Answer
from households.rules.scoring import ScreenAnswer, SheetItem, SheetOption, screen, total
from households.selectors.law import in_force
from households.selectors.parts import Given
from households.selectors.surveys import setting_of
from povertyplan.areas.models import Area

Errors = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Score:
    """``points`` None while questions are open: ``missing`` says which, by form field."""

    points: int | None
    by_option: Mapping[tuple[int, int | None], int]
    missing: Errors


@dataclass(frozen=True, kw_only=True)
class Sheet:
    sheet: ScoreSheet
    rows: tuple[ScoreItem, ...]
    items: tuple[SheetItem, ...]
    option_ids: Mapping[tuple[str, str], int]
    codes: Mapping[int, str] = field(default_factory=dict)

    def rows_from(self, answers: Mapping[str, Answer]) -> tuple[dict[int, Given], Errors]:
        """Answers by item code as rows; what does not fit its question, by form field. Empty ones are left out."""
        rows: dict[int, Given] = {}
        errors: Errors = {}
        for row, item in zip(self.rows, self.items, strict=True):
            given = answers.get(item.code)
            if given is None or given in ("", []):
                continue
            result = total([item], {item.code: given})
            if result.missing:
                errors[f"b1-{item.code}"] = list(result.missing)
            elif result.lines:
                found: list[tuple[int | None, Decimal | None]] = [
                    (self.option_ids[item.code, line.option], line.amount) for line in result.lines
                ]
                rows[row.pk] = tuple(sorted(found, key=lambda pair: pair[0] or 0))
        unknown = set(answers) - {item.code for item in self.items}
        return rows, errors | {f"b1-{code}": [f"Bảng điểm không có câu «{code}»."] for code in unknown}

    def answers_of(self, rows: Mapping[int, Given]) -> dict[str, Answer]:
        """Stored rows as answers by item code."""
        return {
            item.code: self._answer(item, rows[row.pk])
            for row, item in zip(self.rows, self.items, strict=True)
            if row.pk in rows
        }

    def _answer(self, item: SheetItem, given: Given) -> Answer:
        if item.kind in {ItemKind.COUNT, ItemKind.RANGE}:
            return given[0][1]
        codes = [self.codes[option] for option, _ in given if option is not None]
        return codes if item.kind == ItemKind.MULTI else codes[0]

    def total(self, rows: Mapping[int, Given]) -> Score:
        answers = self.answers_of(rows)
        by_option: dict[tuple[int, int | None], int] = {}
        missing: Errors = {}
        for row, item in zip(self.rows, self.items, strict=True):
            result = total([item], answers)
            for line in result.lines:
                by_option[row.pk, self.option_ids[item.code, line.option]] = line.points
            if result.missing:
                missing[f"b1-{item.code}"] = list(result.missing)
        return Score(points=None if missing else sum(by_option.values()), by_option=by_option, missing=missing)

    def screened(self, answers: Mapping[str, Answer]) -> ScreenAnswer | None:
        return screen(self.items, answers)


def sheet_day(review: Review) -> datetime.date:
    """Sheets are those in force today; of a round that has ended, at its end."""
    return min(timezone.localdate(), review.round.ends_on)


def sheet_of(review: Review, purpose: str = SheetPurpose.B1) -> Sheet | None:
    """The sheet that the form of a household is scored by."""
    return sheet_in_use(
        standard=review.round.standard_id,
        purpose=purpose,
        setting=setting_of(review),
        unit=review.unit,
        day=sheet_day(review),
    )


def sheet_in_use(*, standard: int, purpose: str, setting: str, unit: Area, day: datetime.date) -> Sheet | None:
    """The province's before the national, of the setting before of both, the newest version. One query."""
    sheets = ScoreSheet.objects.filter(
        Q(setting=setting) | Q(setting=""), standard=standard, purpose=purpose, is_active=True
    )
    options = ScoreOption.objects.filter(item__sheet__in=in_force(sheets, unit, day).values("pk"))
    rows = list(options.select_related("item__sheet").order_by("item__position", "item", "position", "pk"))
    if not rows:
        return None
    best = max(
        (row.item.sheet for row in rows), key=lambda one: (one.area_id is not None, one.setting != "", one.number)
    )
    return _sheet(best, [row for row in rows if row.item.sheet_id == best.pk])


def _sheet(sheet: ScoreSheet, options: Sequence[ScoreOption]) -> Sheet:
    items: dict[int, tuple[ScoreItem, list[ScoreOption]]] = {}
    for option in options:
        items.setdefault(option.item_id, (option.item, []))[1].append(option)
    return Sheet(
        sheet=sheet,
        rows=tuple(item for item, _ in items.values()),
        items=tuple(_item(item, own) for item, own in items.values()),
        option_ids={(option.item.code, option.code): option.pk for option in options},
        codes={option.pk: option.code for option in options},
    )


def _item(item: ScoreItem, options: Sequence[ScoreOption]) -> SheetItem:
    names = ("code", "label", "points", "minimum", "maximum", "outcome")
    return SheetItem(
        code=item.code,
        label=item.label,
        kind=item.kind,
        group=item.group,
        options=tuple(SheetOption(**{name: getattr(option, name) for name in names}) for option in options),
    )


def sheets_of(reviews: Sequence[Review], purpose: str = SheetPurpose.B1) -> dict[int, Sheet | None]:
    """The sheet of each review; one query for each standard, unit and setting among them."""
    known: dict[Any, Sheet | None] = {}
    found: dict[int, Sheet | None] = {}
    for review in reviews:
        key = (review.round.standard_id, review.unit_id, setting_of(review), sheet_day(review))
        if key not in known:
            known[key] = sheet_of(review, purpose)
        found[review.pk] = known[key]
    return found
