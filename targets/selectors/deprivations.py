"""Each deprivation with its owner: households deprived, to be freed, named, and freed by the review of the year."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from households.selectors.deprived import (
    DeprivedCounts,
    DeprivedHousehold,
    Form,
    IndicatorCount,
    Outcome,
    Result,
    deprived_counts,
    deprived_households,
    outcomes,
)
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import format_count
from targets.models import DeprivationHousehold, DeprivationOwner, TargetPlan

RESULTS = {
    Result.FREED: ("ok", "Hết thiếu hụt"),
    Result.LEFT: ("ok", "Ra khỏi danh sách"),
    Result.STILL: ("warning", "Còn thiếu hụt"),
    Result.UNKNOWN: ("hint", "Phiếu chưa trả lời"),
    Result.WAITING: ("hint", "Chưa rà soát"),
}
NOT_IN_THE_REVIEW = Outcome(result=Result.WAITING)


@dataclass(frozen=True, kw_only=True)
class OwnedIndicator:
    """An indicator with what its owner takes on; ``resolved`` of the households named, by the year's review."""

    count: IndicatorCount
    owner: DeprivationOwner | None
    named: int
    resolved: int

    @property
    def lead(self) -> str:
        return self.owner.lead if self.owner else ""

    @property
    def to_resolve(self) -> int | None:
        return self.owner.to_resolve if self.owner else None


@dataclass(frozen=True, kw_only=True)
class OwnedTable:
    """``has_review``: a review of the year says something of the households named; ``is_preliminary``: not final."""

    counts: DeprivedCounts
    lines: tuple[OwnedIndicator, ...]
    findings: tuple[Finding, ...]
    has_review: bool
    is_preliminary: bool


def owned_table(*, unit: Area, year: int, plan: TargetPlan | None) -> OwnedTable:
    """All indicators of the standard in its order. Five queries, more for a unit without a list of its own."""
    counts = deprived_counts(unit=unit, year=year)
    owners = _owners(plan)
    named = {household for owner in owners for household in owner.named}
    known = outcomes(year=year, households=named, indicators=[owner.indicator_id for owner in owners])
    lines = _lines(counts, owners, known)
    return OwnedTable(
        counts=counts,
        lines=lines,
        findings=_findings(counts, lines),
        has_review=bool(known),
        is_preliminary=any(outcome.is_preliminary for outcome in known.values()),
    )


def owner_findings(*, unit: Area, year: int, plan: TargetPlan) -> tuple[Finding, ...]:
    """What is wrong with the owners alone. Four queries, more for a unit without a list of its own."""
    counts = deprived_counts(unit=unit, year=year)
    return _findings(counts, _lines(counts, _owners(plan), {}))


def _owners(plan: TargetPlan | None, **only: Any) -> list[Any]:
    """With who leads; ``named`` are the households."""
    if plan is None:
        return []
    named = DeprivationHousehold.objects.filter(owner=OuterRef("pk")).values("household_id")
    rows = DeprivationOwner.objects.filter(plan=plan, **only).select_related("lead_department", "lead_body")
    return list(rows.annotate(named=ArraySubquery(named)))


def _lines(
    counts: DeprivedCounts, owners: Iterable[Any], known: Mapping[tuple[int, int], Outcome]
) -> tuple[OwnedIndicator, ...]:
    by_indicator = {owner.indicator_id: owner for owner in owners}
    return tuple(_owned(count, by_indicator.get(count.indicator_id), known) for count in counts.lines)


def _owned(count: IndicatorCount, owner: Any, known: Mapping[tuple[int, int], Outcome]) -> OwnedIndicator:
    named = owner.named if owner else ()
    outcomes_of = [known.get((household, count.indicator_id), NOT_IN_THE_REVIEW) for household in named]
    resolved = sum(outcome.is_resolved for outcome in outcomes_of)
    return OwnedIndicator(count=count, owner=owner, named=len(named), resolved=resolved)


def _findings(counts: DeprivedCounts, lines: Sequence[OwnedIndicator]) -> tuple[Finding, ...]:
    return (*_wrong(lines), *_not_known(counts, lines))


def _not_known(counts: DeprivedCounts, lines: Sequence[OwnedIndicator]) -> Iterator[Finding]:
    """Nobody is told to be deprived: because no form says so, or though nobody leads anything."""
    alone = [line for line in lines if not line.lead]
    if alone and not counts.is_known:
        message = f"{len(alone)} chỉ số chưa có nơi chủ trì, chưa biết có hộ thiếu hụt hay không."
        yield _of(alone[0], Severity.HINT, "deprivation-unknown", message)
    elif alone and alone == list(lines) and not any(line.count.deprived for line in lines):
        yield _of(alone[0], Severity.HINT, "deprivation-none-led", "Chưa chỉ số nào có nơi chủ trì.")


def _wrong(lines: Sequence[OwnedIndicator]) -> Iterator[Finding]:
    for line in lines:
        most = line.count.deprived + line.count.unknown
        if line.count.deprived and not line.lead:
            message = f"{format_count(line.count.deprived)} hộ thiếu hụt, chưa có nơi chủ trì."
            yield _of(line, Severity.WARNING, "deprivation-no-lead", message, line.count.name)
        if most and line.to_resolve is not None and line.to_resolve > most:
            message = f"Giải quyết {format_count(line.to_resolve)} hộ, nhiều hơn số hộ thiếu hụt."
            yield _of(line, Severity.ERROR, "deprivation-too-many", message, line.count.name)
        if line.to_resolve is not None and line.named > line.to_resolve:
            message = (
                f"Đã nêu tên {format_count(line.named)} hộ, nhiều hơn {format_count(line.to_resolve)} hộ giải quyết."
            )
            yield _of(line, Severity.WARNING, "deprivation-named-more", message, line.count.name)


def _of(line: OwnedIndicator, severity: Severity, code: str, message: str, place: str = "") -> Finding:
    anchor = f"#indicator-{line.count.indicator_id}"
    return Finding(severity=severity, code=code, place=place, anchor=anchor, remedy="Tới dòng", message=message)


@dataclass(frozen=True, kw_only=True)
class VillageCount:
    """Deprived households of one village."""

    village_id: int
    name: str
    poor: int
    near_poor: int

    @property
    def total(self) -> int:
        return self.poor + self.near_poor


@dataclass(frozen=True, kw_only=True)
class DeprivedLine:
    """A deprived household; ``form`` is that of the year's review, or the one that found the deprivation."""

    household: DeprivedHousehold
    is_named: bool
    outcome: Outcome | None
    form: Form

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and word of what the year's review says."""
        return RESULTS[(self.outcome or NOT_IN_THE_REVIEW).result]


@dataclass(frozen=True, kw_only=True)
class OpenedIndicator:
    """An indicator with all its households. ``gone`` were named once, but are not deprived by the list any more."""

    owned: OwnedIndicator
    year: int | None
    villages: tuple[VillageCount, ...]
    lines: tuple[DeprivedLine, ...]
    gone: tuple[int, ...]


def opened_indicator(*, unit: Area, year: int, plan: TargetPlan | None, indicator: int) -> OpenedIndicator:
    """Raises KeyError for an indicator that the standard does not have."""
    found = deprived_households(unit=unit, year=year, indicator=indicator)
    owner = next(iter(_owners(plan, indicator=indicator)), None)
    named = set(owner.named) if owner else set()
    deprived = {row.household_id for row in found.households}
    known = outcomes(year=year, households=deprived | named, indicators=[indicator])
    return OpenedIndicator(
        owned=_owned(found.count, owner, known),
        year=found.year,
        villages=_villages(found.households),
        lines=tuple(_deprived_line(row, named, known.get((row.household_id, indicator))) for row in found.households),
        gone=tuple(sorted(named - deprived)),
    )


def _deprived_line(row: DeprivedHousehold, named: set[int], outcome: Outcome | None) -> DeprivedLine:
    return DeprivedLine(
        household=row,
        is_named=row.household_id in named,
        outcome=outcome,
        form=(outcome.form if outcome else None) or row.form,
    )


def _villages(households: Iterable[DeprivedHousehold]) -> tuple[VillageCount, ...]:
    names: dict[int, str] = {}
    counts: Counter[tuple[int, str]] = Counter()
    for row in households:
        names.setdefault(row.village_id, row.village)
        counts[row.village_id, row.category] += 1
    return tuple(
        VillageCount(village_id=pk, name=name, poor=counts[pk, "poor"], near_poor=counts[pk, "near_poor"])
        for pk, name in names.items()
    )
