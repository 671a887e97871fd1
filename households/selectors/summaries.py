"""The summary tables 1–11 of a round by village and for the unit, preliminary or official; start figures of a year."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from households.choices import LISTED, Category, ReviewState, RoundKind, RoundState, Transition
from households.models import Recognised, Review, ReviewRound
from households.rules.summaries import Figures, SummaryTable, fill
from households.rules.summary_layouts import GROUP_TABLE, HOUSEHOLDS, NUMBERS, PERSONS, layout
from households.rules.transitions import LEAVING, PENDING
from households.selectors.escaped import months_before
from households.selectors.last_list import village_of_list
from households.selectors.lineage import Lineage, lineage
from households.selectors.summary_rows import RoundRows, Tally
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.findings import Finding, Severity

__all__ = [
    "Moved",
    "NotRecognised",
    "StartFigures",
    "findings",
    "start_figures",
    "summaries",
    "summary",
    "transition_counts",
]


WAITING = (ReviewState.LISTED, ReviewState.TO_SURVEY)
POPULATION_MONTHS = 12  # practice, not law: older figures are still used, with a warning


class NotRecognised(LookupError):
    """Official figures of a round that nobody has recognised; the message is a Vietnamese sentence."""


def summary(*, round: ReviewRound, table: int, is_official: bool) -> SummaryTable:
    """One table, 1–12. Raises NotRecognised, KeyError for another number. At most twelve queries."""
    return table_of(rows_of(round, is_official=is_official), table)


def summaries(*, round: ReviewRound, is_official: bool | None = None) -> list[SummaryTable]:
    """All eleven, official where the round is recognised unless told otherwise; a constant number of queries."""
    if is_official is None:
        is_official = round.state == RoundState.RECOGNISED
    rows = rows_of(round, is_official=is_official)
    return [table_of(rows, number) for number in NUMBERS]


def rows_of(round: ReviewRound, *, is_official: bool) -> RoundRows:
    """Raises NotRecognised."""
    if is_official and round.state != RoundState.RECOGNISED:
        raise NotRecognised("Đợt rà soát chưa công nhận: mới có số liệu sơ bộ.")
    return RoundRows(round, is_official=is_official)


def table_of(rows: RoundRows, number: int) -> SummaryTable:
    figures = _figures(rows, number)
    shown = layout(number, rows.words(number))
    return fill(shown, rows.places(figures), figures, is_official=rows.is_official)


def _figures(rows: RoundRows, number: int) -> Mapping[int, Figures]:
    if number == 1:
        return _with_denominators(rows)
    if number in (2, 3):
        return rows.movement
    if number == GROUP_TABLE:
        return rows.by_group
    if number in (4, 5, 6, 7):
        return _joined(rows.results, rows.deprived)
    return rows.causes if number == 10 else rows.results


def _joined(*tallies: Tally) -> dict[int, dict[str, int | None]]:
    found: dict[int, dict[str, int | None]] = defaultdict(dict)
    for tally in tallies:
        for village, figures in tally.items():
            found[village].update(figures)
    return found


def _with_denominators(rows: RoundRows) -> dict[int, dict[str, int | None]]:
    """A village whose population nobody typed has an unknown one, and so has the unit."""
    found = _joined(rows.results, rows.average_figures)
    for village in {*(village.pk for village in rows.villages), *found}:
        counts = rows.denominators.get(village)
        found[village][f"{HOUSEHOLDS}.all"] = counts.households if counts else None
        found[village][f"{PERSONS}.all"] = counts.population if counts else None
    return found


# What to know before relying on a table


def findings(rows: RoundRows, table: SummaryTable) -> list[Finding]:
    """What the table lacks or how it counts where that can surprise."""
    number = table.layout.number
    found = []
    if number == 1:
        found += [*_without_population(rows, table), *_cut_offs(rows)]
    if number in (2, 3, GROUP_TABLE) and not any(flow.from_category for flow in rows.flows):
        message = (
            "Không có hộ nào trong danh sách kỳ trước: nếu danh sách chỉ có trên giấy thì ghi lại trước, "
            "nếu không mọi hộ đều tính là phát sinh mới."
        )
        found.append(_warning("no-last-list", message))
    if number == 8:
        found += _overlaps(table)
    if not rows.is_official:
        found += _pending(rows, table)
    return found


def _without_population(rows: RoundRows, table: SummaryTable) -> list[Finding]:
    names = [
        f"{row.place.kind} {row.place.name}"
        for row in table.rows
        if row.place and any(cell.column.code == "all" and cell.value is None for cell in row.lines[0].cells)
    ]
    if not names:
        return []
    message = (
        f"Chưa có tổng số hộ hoặc nhân khẩu đến ngày {format_date(rows.day)} của {', '.join(names)}: "
        "tỷ lệ của các thôn này và của cả đơn vị để trống."
    )
    return [_warning("no-population", message)]


def _cut_offs(rows: RoundRows) -> list[Finding]:
    """When and by whom the population was counted that table 1 divides by; a warning where that is long ago."""
    used = [rows.denominators[village.pk] for village in rows.villages if village.pk in rows.denominators]
    if not used:
        return []
    villages = Counter((count.cut_off, count.source) for count in used)
    said = "; ".join(
        f"chốt ngày {format_date(day)}, {source} ({n} thôn)" for (day, source), n in sorted(villages.items())
    )
    found = [Finding(severity=Severity.HINT, code="cut-off", message=f"Tổng số hộ, nhân khẩu: {said}.")]
    old = sum(count.cut_off < months_before(rows.round.ends_on, POPULATION_MONTHS) for count in used)
    if old:
        message = (
            f"Tổng số hộ, nhân khẩu của {old} thôn chốt hơn {POPULATION_MONTHS} tháng trước khi đợt kết thúc "
            f"({format_date(rows.round.ends_on)}): tỷ lệ chia cho số cũ, nhập số mới rồi xem lại."
        )
        found.append(_warning("old-population", message))
    return found


def _overlaps(table: SummaryTable) -> list[Finding]:
    cells = table.total.lines[0].cells
    if all(sum(cell.value or 0 for cell in cells[start + 1 : start + 5]) == cells[start].value for start in (0, 5)):
        return []
    message = "Có hộ thuộc nhiều nhóm: các cột nhóm cộng lại lớn hơn tổng số; «khác» là hộ không thuộc nhóm nào."
    return [Finding(severity=Severity.HINT, code="overlap", message=message)]


def _pending(rows: RoundRows, table: SummaryTable) -> list[Finding]:
    """Forms not scored yet: tables 2 and 3 keep what they were, the others leave them out."""
    number = table.layout.number
    if number in (2, 3, GROUP_TABLE):
        kept = [passage for passage in rows.passages if passage.reason == PENDING]
        count = len(kept)
        message = f"Còn {count} hộ đang trong danh sách chưa chấm điểm: tạm giữ phân loại kỳ trước."
        if number in MOVEMENT_OF:
            message += _beside_table_1(rows, table, MOVEMENT_OF[number])
    else:
        waiting = list(_waiting(rows.round))
        count = len(waiting)
        message = f"Còn {count} hộ chưa chấm điểm nên chưa tính vào biểu này."
        if number == 1:
            message += "".join(_beside_movement(table, waiting, other) for other in MOVEMENT_OF)
    return [_warning("pending", message)] if count else []


MOVEMENT_OF = {2: Category.POOR, 3: Category.NEAR_POOR}


def _beside_table_1(rows: RoundRows, table: SummaryTable, category: Category) -> str:
    kept = sum(passage.reason == PENDING and passage.category == category for passage in rows.passages)
    final = table.total.lines[0].cells[-1].value or 0
    return (
        f" Cuối kỳ Biểu {table.layout.number} có {final} {category.label}, tính cả {kept} hộ ấy; "
        f"Biểu 1 mới tính {final - kept} {category.label} đã chấm."
    )


def _beside_movement(table: SummaryTable, waiting: list[str | None], number: int) -> str:
    category = MOVEMENT_OF[number]
    scored = next(cell.value or 0 for cell in table.total.lines[0].cells if cell.column.code == category)
    kept = waiting.count(category)
    return (
        f" Biểu 1 mới tính {scored} {category.label} đã chấm; Biểu {number} có {scored + kept}, "
        f"tính cả {kept} hộ chưa chấm theo kỳ trước."
    )


def _waiting(round: ReviewRound) -> QuerySet[Review, str | None]:
    """Of each form that is not scored yet the category on the last list, None for a household on none."""
    reviews = Review.objects.current().filter(round=round, state__in=WAITING, household__closed_on__isnull=True)
    last = Recognised.objects.filter(
        household=OuterRef("household"), is_current=True, round__starts_on__lt=round.starts_on
    ).order_by("-round__starts_on", "-pk")
    return reviews.values_list(Subquery(last.values("category")[:1]), flat=True)


def _warning(code: str, message: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, message=message)


# Start figures of a year


@dataclass(kw_only=True)
class StartFigures:
    """The recognised list of a village: households and persons, of which ethnic minority.

    ``unknown_ethnicity``: households of which nobody wrote down an ethnicity, so that the minority ones may be more.
    """

    poor_households: int = 0
    poor_persons: int = 0
    near_poor_households: int = 0
    near_poor_persons: int = 0
    poor_minority_households: int = 0
    near_poor_minority_households: int = 0
    unknown_ethnicity: int = 0


def start_figures(*, unit: Area, year: int) -> dict[int, StartFigures] | None:
    """The list recognised by the periodic review of ``year`` by village of the unit; None where there is none.

    Before a merger the lists of the predecessors count, in today's villages. Corrections are in; regular reviews
    of the following months are not. A year's targets start from the review of the year before.
    """
    taken, line = _lists(unit, year)
    if not taken:
        return None
    found = {village: StartFigures() for village in line.order}
    rows = Recognised.objects.filter(round__in=taken, is_current=True, category__in=LISTED)
    now = {"unit_id": F("household__unit_id"), "village_id": F("household__village_id")}
    keys = ("unit_id", "village_id", "category", "is_ethnic_minority")
    grouped = rows.order_by().values(*keys, **{f"now_{name}": field for name, field in now.items()})
    unknown = Count("pk", filter=Q(ethnicity=None, is_ethnic_minority=False))
    for row in grouped.annotate(n=Count("pk"), heads=Sum("persons"), unknown=unknown):
        village = village_of_list(row, {name: row[f"now_{name}"] for name in now}, line)
        if village is None:
            continue
        figures = found.setdefault(village, StartFigures())
        prefix = "poor" if row["category"] == Category.POOR else "near_poor"
        more = {
            f"{prefix}_households": row["n"],
            f"{prefix}_persons": row["heads"],
            "unknown_ethnicity": row["unknown"],
        }
        if row["is_ethnic_minority"]:
            more[f"{prefix}_minority_households"] = row["n"]
        for field in fields(figures):
            setattr(figures, field.name, getattr(figures, field.name) + more.get(field.name, 0))
    return found


@dataclass(kw_only=True)
class Moved:
    """Households of one transition with their persons: those they had where they left, else those they have."""

    households: int = 0
    persons: int = 0


def transition_counts(*, unit: Area, year: int) -> dict[int, dict[Transition, Moved]] | None:
    """What became of the households of the list before ``year`` and how others came to that of ``year``, by village.

    Of the same lists as ``start_figures``; None where none says it: a list copied from paper with no earlier one
    beside it knows no transitions.
    """
    taken, line = _lists(unit, year)
    rows = Recognised.objects.filter(round__in=taken, is_current=True).exclude(transition="")
    now = {"unit_id": F("household__unit_id"), "village_id": F("household__village_id")}
    keys = ("unit_id", "village_id", "transition")
    grouped = rows.order_by().values(*keys, **{f"now_{name}": field for name, field in now.items()})
    found: dict[int, dict[Transition, Moved]] = {}
    for row in grouped.annotate(n=Count("pk"), heads=Sum("persons"), from_heads=Sum("from_persons")):
        village = village_of_list(row, {name: row[f"now_{name}"] for name in now}, line)
        if village is None:
            continue
        moved = found.setdefault(village, {}).setdefault(Transition(row["transition"]), Moved())
        moved.households += row["n"]
        moved.persons += row["from_heads"] if row["transition"] in LEAVING else row["heads"]
    return found or None


def _lists(unit: Area, year: int) -> tuple[list[ReviewRound], Lineage]:
    """The recognised periodic rounds whose lists are the unit's of that year: its own, else its predecessors'."""
    rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year=year)
    line = lineage(unit, datetime.date(year + 1, 12, 31))
    return list(rounds.filter(unit=unit)) or list(rounds.filter(unit_id__in=line.units)), line
