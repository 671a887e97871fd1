"""Which households a figure of a summary table counts, and each with how much."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from households.choices import Category
from households.models import Answer, Household, ReviewCause
from households.rules.summaries import SummaryCell, SummaryTable, group_figures
from households.rules.summary_layouts import GROUP_TABLE, HOUSEHOLDS, MOVEMENT, Layer
from households.rules.transitions import entries
from households.selectors.counts import Denominator
from households.selectors.summaries import table_of
from households.selectors.summary_rows import CHILD_COUNTS, RoundRows, flow_groups, group_of, groups_of

SHOWN = ("household_id", "household__code", "head_name", "head_sort_key", "village_id", "category", "persons")
GROUPED = ("is_ethnic_minority", "has_no_labour", "is_merit", "ethnicity_id", "ethnicity__is_minority")


@dataclass(frozen=True, kw_only=True)
class CellHousehold:
    """A household with what it adds to the figure: 1, its persons, its children or its deprivations."""

    household_id: int
    review_id: int | None
    code: str
    head_name: str
    village_id: int
    category: str
    persons: int
    counted: int
    transition: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenedCell:
    """A figure opened: ``households`` add up to its value. A population figure has ``sources`` instead."""

    table: SummaryTable
    layer: Layer
    cell: SummaryCell
    village: str
    households: tuple[CellHousehold, ...]
    sources: tuple[Denominator, ...]

    @property
    def is_population(self) -> bool:
        return self.cell.column.code == "all"


def open_cell(rows: RoundRows, *, table: int, column: int, layer: str, village: int | None) -> OpenedCell:
    """Raises KeyError for a column, layer or village that the table does not have."""
    shown = table_of(rows, table)
    line = shown.line(village, layer)
    cell = {cell.column.number: cell for cell in line.cells}[column]
    names = {row.place.pk: f"{row.place.kind} {row.place.name}" for row in shown.rows if row.place}
    found: Iterable[CellHousehold] = ()
    if cell.column.code != "all":
        found = _finder(table, cell.column.code)(rows, cell.key, village)
    order = {place.pk: number for number, place in enumerate(rows.places([]))}
    return OpenedCell(
        table=shown,
        layer=line.layer,
        cell=cell,
        village=names[village] if village else "",
        households=tuple(sorted(found, key=lambda row: order.get(row.village_id, len(order)))),
        sources=_sources(rows, village) if cell.column.code == "all" else (),
    )


def _sources(rows: RoundRows, village: int | None) -> tuple[Denominator, ...]:
    wanted = [village] if village else [place.pk for place in rows.villages]
    return tuple(rows.denominators[pk] for pk in wanted if pk in rows.denominators)


Finder = Callable[[RoundRows, str, int | None], Iterable[CellHousehold]]


def _finder(table: int, code: str) -> Finder:
    if table in MOVEMENT or table == GROUP_TABLE:
        return _by_passages
    if code == "average":
        return _by_status
    if ":deprived:" in code or code.endswith(":deprivations"):
        return _by_answers
    return _by_causes if code.startswith("cause:") else _by_source


# Tables 2, 3 and 12


def _by_passages(rows: RoundRows, key: str, village: int | None) -> list[CellHousehold]:
    counted: dict[int, int] = {}
    for passage in rows.passages:
        number = sum(more for where, found, more in _passage_figures(passage) if found == key and _in(where, village))
        if number:
            counted[passage.household_id] = number
    codes = dict(Household.objects.filter(pk__in=counted).values_list("pk", "code"))
    return [
        CellHousehold(
            household_id=passage.household_id,
            review_id=passage.review_id,
            code=codes[passage.household_id],
            head_name=passage.head_name,
            village_id=passage.village_id,
            category=passage.category,
            persons=passage.persons or passage.from_persons,
            counted=counted[passage.household_id],
            transition=passage.transition,
            reason=passage.reason,
        )
        for passage in rows.passages
        if passage.household_id in counted
    ]


def _passage_figures(passage: Any) -> Iterator[tuple[int, str, int]]:
    flow = passage.flow
    for entry in entries(flow):
        yield entry.village, f"{HOUSEHOLDS}.{entry.table}:{entry.column}", entry.households
        yield entry.village, f"persons.{entry.table}:{entry.column}", entry.persons
    for key, number in flow_groups(flow, groups_of(vars(passage))):
        yield flow.village, key, number


def _in(where: int, village: int | None) -> bool:
    return village is None or where == village


# The others


def _by_source(rows: RoundRows, key: str, village: int | None) -> Iterator[CellHousehold]:
    for row in _source(rows, key, village):
        children = [row[f"{rows.review_path}{name}"] for name in CHILD_COUNTS]
        number = dict(_summed(group_figures(group_of(row, 1, row["persons"], children)))).get(key, 0)
        if number:
            yield _household(rows, row, number)


def _summed(figures: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in figures:
        found[key] += number
    return found


def _by_answers(rows: RoundRows, key: str, village: int | None) -> Iterator[CellHousehold]:
    answers = Answer.objects.filter(is_deprived=True)
    what = key.partition(":")[2]
    if what != "deprivations":
        answers = answers.filter(indicator__code=what.partition(":")[2])
    return _by_parts(rows, key, village, answers)


def _by_causes(rows: RoundRows, key: str, village: int | None) -> Iterator[CellHousehold]:
    causes = ReviewCause.objects.filter(cause__number=int(key.rpartition(":")[2]))
    return _by_parts(rows, key, village, causes)


def _by_parts(rows: RoundRows, key: str, village: int | None, parts: Any) -> Iterator[CellHousehold]:
    counted = dict(
        parts.filter(review__in=rows.reviews)
        .order_by()
        .values("review_id")
        .annotate(n=Count("pk"))
        .values_list("review_id", "n")
    )
    for row in _source(rows, key, village):
        number = counted.get(row[_review(rows)], 0)
        if number:
            yield _household(rows, row, number)


def _source(rows: RoundRows, key: str, village: int | None) -> Any:
    """Rows of the class that the key speaks of, in the village."""
    found = rows.source.order_by("head_sort_key", "pk")
    of = key.partition(".")[2].partition(":")[0]
    if of in Category.values:
        found = found.filter(category=of)
    if village is not None:
        found = found.filter(village=village)
    children = [f"{rows.review_path}{name}" for name in CHILD_COUNTS]
    return found.values(*SHOWN, *GROUPED, *children, _review(rows))


def _review(rows: RoundRows) -> str:
    return "review_id" if rows.is_official else "id"


def _household(rows: RoundRows, row: dict[str, Any], counted: int) -> CellHousehold:
    return CellHousehold(
        household_id=row["household_id"],
        review_id=row[_review(rows)],
        code=row["household__code"],
        head_name=row["head_name"],
        village_id=row["village_id"],
        category=row["category"],
        persons=row["persons"],
        counted=counted,
    )


def _by_status(rows: RoundRows, key: str, village: int | None) -> list[CellHousehold]:
    """Average-living households; the head is the registry's, the persons those of the decision."""
    wanted = {pk: (where, persons) for pk, where, persons in rows.average_rows if _in(where, village)}
    heads = Household.objects.filter(pk__in=wanted, members__relation="head", members__left_on__isnull=True)
    named = {pk: (code, name) for pk, code, name in heads.values_list("pk", "code", "members__name")}
    return [
        CellHousehold(
            household_id=pk,
            review_id=None,
            code=named.get(pk, ("", ""))[0],
            head_name=named.get(pk, ("", ""))[1],
            village_id=where,
            category="",
            persons=persons,
            counted=1 if key.startswith(f"{HOUSEHOLDS}.") else persons,
        )
        for pk, (where, persons) in wanted.items()
    ]
