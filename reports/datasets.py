"""Figures and frame of a document, frozen: the only place of documents that asks the database."""

import datetime
import re
from dataclasses import dataclass, replace

from django.utils import timezone

from households.choices import RoundKind, RoundState
from households.models import ReviewRound
from households.rules.summaries import SummaryTable
from households.rules.summary_layouts import NUMBERS
from households.selectors.rounds import periodic_rounds, rounds_of
from households.selectors.summaries import findings, rows_of, table_of
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.charts import Chart
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from reports.choices import Authority
from reports.models import AnnualPlan, Duty
from targets.checks import LABELS
from targets.choices import LayoutName, PlanState, VersionState
from targets.models import PlanVersion
from targets.rules.figures import Figures, missing, total
from targets.selectors.charts import pictures
from targets.selectors.tables import TargetTable, version_table
from targets.selectors.tables import target_table as stored_table

EDITION_DIGITS = 5


class MissingData(LookupError):
    """A document cannot be made yet; the message is a Vietnamese sentence that lists everything missing."""

    def __init__(self, gaps: tuple[str, ...]) -> None:
        self.gaps = gaps
        super().__init__(f"Chưa lập được văn bản: {'; '.join(gaps)}.")


@dataclass(frozen=True, kw_only=True)
class UnitData:
    name: str
    kind: str
    level: Level
    is_sample: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class RowData:
    name: str
    kind: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Citation:
    """``short`` serves when the paper was cited in full before."""

    paper_id: int
    type: PaperType
    full: str
    short: str


@dataclass(frozen=True, kw_only=True)
class TargetTableData:
    """A reduction that is not typed counts as none; all start counts are known. ``undecided`` names such rows.

    ``version_number`` is that of the version it shows, ``approved_on`` its day; a live table that nobody approved has
    neither, and names with ``in_force_number`` the version that holds meanwhile.
    """

    unit: UnitData
    year: int
    rows: tuple[RowData, ...]
    total: Figures
    poor_persons: int | None
    near_poor_persons: int | None
    source: Citation | None
    source_note: str
    cut_off: datetime.date | None
    undecided: tuple[str, ...]
    layout: LayoutName = LayoutName.STANDARD
    version_number: int | None = None
    approved_on: datetime.date | None = None
    is_replaced: bool = False
    in_force_number: int | None = None
    state_words: str = ""

    @property
    def is_approved(self) -> bool:
        return self.approved_on is not None

    @property
    def stands_in_text(self) -> bool:
        """Narrow enough for an upright page: the plan has it among its paragraphs and not as an annex."""
        return self.layout == LayoutName.COMPACT

    @property
    def kinds(self) -> tuple[str, ...]:
        """Local words of the rows in their order: («thôn»,) or («thôn», «làng»)."""
        return tuple(dict.fromkeys(row.kind for row in self.rows))


@dataclass(frozen=True, kw_only=True)
class DutyData:
    name: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnnualPlanData:
    table: TargetTableData
    subject: str
    place: str
    number: int | None
    issued_on: datetime.date | None
    planned_month: datetime.date | None
    authority: Authority
    signer: str
    drafted_by: str
    drafted_by_mark: str
    bases: tuple[Citation, ...]
    duties: tuple[DutyData, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChartsData:
    """Pictures of the year with the figures drawn; ``on`` is the day as of which they are."""

    unit: UnitData
    year: int
    on: datetime.date
    is_approved: bool
    charts: tuple[Chart, ...]


def gaps(table: TargetTable | None) -> tuple[str, ...]:
    """What the table lacks for printing, each as part of a sentence.

    Population may be unknown for the whole unit and prints blank; known for a few villages it would add up wrongly.
    """
    if table is None:
        return ("đơn vị chưa có bảng chỉ tiêu của năm này",)
    if not table.rows:
        return (f"bảng chỉ tiêu chưa có {table.village_word} nào",)
    with_population = table.total.population is not None
    found = [
        f"{row.kind} {row.name} thiếu {', '.join(LABELS[name] for name in names)}"
        for row in table.rows
        if (names := missing(row.figures, with_population=with_population))
    ]
    found += [f"{name} chưa có trong bảng chỉ tiêu" for name in table.unlisted]
    if table.total.poor_reduction is None and table.total.near_poor_reduction is None:
        found.append(f"chưa giao chỉ tiêu giảm cho {table.village_word} nào")
    return tuple(found)


def target_table(*, unit: Area, year: int, layout: str = "", edition: str = "") -> TargetTableData:
    """Figures of the table of a unit and year, in the plan's own layout unless ``layout`` names another.

    ``edition`` is the number of a submitted version; empty for the table as it is now. Raises MissingData.
    """
    version = _version(unit, year, edition) if edition else None
    table = version_table(version) if version else stored_table(unit=unit, year=year)
    found = gaps(table)
    if found or table is None:
        raise MissingData(found)
    if version is None and table.plan and table.plan.state == PlanState.APPROVED:
        version = table.plan.in_force
    rows = tuple(RowData(name=row.name, kind=row.kind, figures=_decided(row.figures)) for row in table.rows)
    return TargetTableData(
        unit=UnitData(name=unit.name, kind=unit.kind, level=Level(unit.level), is_sample=unit.is_sample),
        year=year,
        rows=rows,
        total=total(row.figures for row in rows),
        poor_persons=table.poor_persons,
        near_poor_persons=table.near_poor_persons,
        source=_citation(table.source_paper) if table.source_paper else None,
        source_note=table.source_note,
        cut_off=table.cut_off,
        undecided=undecided(table),
        layout=LayoutName(layout or table.layout),
        version_number=version.number if version else None,
        approved_on=_approved_on(version) if version else None,
        is_replaced=version is not None and version.state == VersionState.REPLACED,
        in_force_number=table.plan.in_force.number if table.plan and table.plan.in_force else None,
        state_words=version.get_state_display() if version else "",
    )


def _version(unit: Area, year: int, edition: str) -> PlanVersion:
    """Raises MissingData where there is none of that number."""
    found = None
    if edition.isascii() and edition.isdigit() and len(edition) < EDITION_DIGITS:
        versions = PlanVersion.objects.filter(unit=unit, plan__year=year, number=int(edition))
        found = versions.select_related("plan__unit", "plan__source_paper", "plan__in_force").first()
    if found is None:
        raise MissingData((f"bảng chỉ tiêu năm {year} không có bản số {edition}",))
    return found


def _approved_on(version: PlanVersion) -> datetime.date | None:
    """The day of the last approval it needed; None while it is not approved, or was returned."""
    if version.state not in {VersionState.APPROVED, VersionState.REPLACED}:
        return None
    # Once it is returned, the level above stands there for the return.
    at = version.decided_at if version.returned_because else version.above_at or version.decided_at
    return timezone.localtime(at).date() if at else None


def annual_plan(*, unit: Area, year: int, layout: str = "", edition: str = "") -> AnnualPlanData:
    """Figures and frame of the unit's plan; a frame not described yet prints with blanks. Raises MissingData."""
    table = target_table(unit=unit, year=year, layout=layout, edition=edition)
    plan = AnnualPlan.objects.select_related("signer", "drafted_by").filter(unit=unit, year=year).first()
    stored = plan or AnnualPlan(unit=unit, year=year)
    return AnnualPlanData(
        table=table,
        subject=stored.subject,
        place=stored.place,
        number=stored.number,
        issued_on=stored.issued_on,
        planned_month=stored.planned_month,
        authority=Authority(stored.authority),
        signer=stored.signer.full_name if stored.signer else "",
        drafted_by=stored.drafted_by.name if stored.drafted_by else "",
        drafted_by_mark=stored.drafted_by.abbreviation if stored.drafted_by else "",
        bases=tuple(_citation(basis.paper) for basis in plan.bases.select_related("paper")) if plan else (),
        duties=tuple(_duty(duty) for duty in plan.duties.select_related("department", "body")) if plan else (),
        recipients=tuple(plan.recipients.values_list("text", flat=True)) if plan else (),
    )


def charts(*, unit: Area, year: int) -> ChartsData:
    """The pictures of the page «Biểu đồ», those that have something to draw. Raises MissingData when none has."""
    today = timezone.localdate()
    table, drawn = pictures(unit=unit, year=year, today=today)
    found = tuple(chart for chart in drawn if chart.pictures)
    if table is None or not found:
        raise MissingData(("đơn vị chưa có bảng chỉ tiêu của năm này",))
    return ChartsData(
        unit=UnitData(name=unit.name, kind=unit.kind, level=Level(unit.level), is_sample=unit.is_sample),
        year=year,
        on=min(today, datetime.date(year, 12, 31)),
        is_approved=table.version_number is not None,
        charts=found,
    )


def undecided(table: TargetTable) -> tuple[str, ...]:
    """Rows where a reduction is not typed: it prints as 0."""
    return tuple(
        f"{row.kind} {row.name}"
        for row in table.rows
        if row.figures.poor_reduction is None or row.figures.near_poor_reduction is None
    )


def _decided(figures: Figures) -> Figures:
    return replace(
        figures, poor_reduction=figures.poor_reduction or 0, near_poor_reduction=figures.near_poor_reduction or 0
    )


def _citation(paper: Paper) -> Citation:
    return Citation(paper_id=paper.pk, type=PaperType(paper.type), full=paper.full_citation, short=paper.short_citation)


def _duty(duty: Duty) -> DutyData:
    return DutyData(name=str(duty), tasks=tuple(line for line in duty.tasks.splitlines() if line.strip()))


# Summary tables of a review round

PERIODIC = "periodic"
OFFICIAL, PRELIMINARY = "official", "preliminary"
MONTH = re.compile(r"^([0-9]{4})-(0[1-9]|1[0-2])$")


@dataclass(frozen=True, kw_only=True)
class ReviewSummaryData:
    """The tables 1–11 of a round, each with what a reader must know of it."""

    unit: UnitData
    year: int
    round: str
    standard: str
    is_official: bool
    recognised_on: datetime.date | None
    tables: tuple[SummaryTable, ...]
    notes: tuple[tuple[str, ...], ...]


def review_summary(*, unit: Area, year: int, round: str = "", result: str = "") -> ReviewSummaryData:
    """Figures of the round «periodic» (default) or ``YYYY-MM``, official once recognised unless ``result`` says else.

    Raises MissingData.
    """
    found = _round(unit, year, round or PERIODIC)
    is_recognised = found.state == RoundState.RECOGNISED
    if result == OFFICIAL and not is_recognised:
        raise MissingData((f"{found} chưa công nhận, mới có số liệu sơ bộ",))
    rows = rows_of(found, is_official=is_recognised and result != PRELIMINARY)
    tables = tuple(table_of(rows, number) for number in NUMBERS)
    return ReviewSummaryData(
        unit=UnitData(name=unit.name, kind=unit.kind, level=Level(unit.level), is_sample=unit.is_sample),
        year=year,
        round=str(found),
        standard=found.standard.name,
        is_official=rows.is_official,
        recognised_on=found.recognised_on,
        tables=tables,
        notes=tuple(tuple(finding.message for finding in findings(rows, table)) for table in tables),
    )


def _round(unit: Area, year: int, round: str) -> ReviewRound:
    """Raises MissingData where there is none, or where several units of that year merged since."""
    if round == PERIODIC:
        rounds = list(periodic_rounds(unit=unit, year=year))
        name = f"đợt rà soát định kỳ năm {year}"
    else:
        match = MONTH.match(round)
        if not match or int(match[1]) != year:
            raise MissingData((f"đợt «{round}» không đúng: ghi periodic hoặc {year}-MM",))
        month = int(match[2])
        rounds = [row for row in rounds_of(unit, year) if row.kind == RoundKind.REGULAR and row.month == month]
        name = f"đợt rà soát thường xuyên tháng {month:02d}/{year}"
    if not rounds:
        raise MissingData((f"{unit} chưa có {name}",))
    if len(rounds) > 1:
        units = ", ".join(str(row.unit) for row in rounds)
        raise MissingData((f"{name} là của từng đơn vị trước khi sáp nhập ({units}): lập biểu cho từng đơn vị",))
    return rounds[0]
