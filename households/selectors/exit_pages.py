"""What the pages of exit registration show: villages with their counts, households of the list, what needs a look."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from households.choices import Category, RoundKind
from households.models import ExitDrive, ExitMeeting, ReviewNeed, ReviewRound
from households.selectors.exits import head_name, needs_said, registrations_of
from households.selectors.last_list import OF_HOME, gone, home_of, village_of_list
from households.selectors.lineage import Lineage, lineage
from households.selectors.rounds import official_list, rounds_in_force
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.findings import Finding, Severity

LIST_COLUMNS = ("household_id", "category", "persons", "village_id", "unit_id", "head_name")
MEETING = tuple(field.attname for field in ExitMeeting._meta.concrete_fields)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A household of the poor or near-poor list, in a village of today; ``needs`` as its last form has them."""

    household: int
    village: int
    category: str
    code: str
    name: str
    persons: int
    needs: tuple[str, ...]
    registration: int | None = None

    @property
    def category_word(self) -> str:
        return str(Category(self.category).label)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A registration on the page; ``mark`` says what became of the household since, ``is_off`` that it left the list.

    ``is_own``: written in this unit, not in one that merged into it.
    """

    row: Any
    village: int
    name: str
    is_own: bool
    mark: str = ""
    is_off: bool = False

    @property
    def code(self) -> str:
        return str(self.row.household.code)

    @property
    def needs(self) -> str:
        return needs_said(self.row)

    @property
    def other_signer(self) -> str:
        """Who signed where it is not the head."""
        return "" if self.row.signer == self.name else self.row.signer

    @property
    def is_withdrawn(self) -> bool:
        return self.row.withdrawn_on is not None

    @property
    def is_unsigned(self) -> bool:
        return not self.is_withdrawn and not self.row.is_form_signed


@dataclass(frozen=True, kw_only=True)
class VillageLine:
    """Counts of a village, or of all when ``village`` is None; households unless the name says otherwise."""

    village: Area | None = None
    meeting: ExitMeeting | None = None
    poor: int = 0
    near_poor: int = 0
    registered_poor: int = 0
    registered_near_poor: int = 0
    withdrawn: int = 0
    unsigned: int = 0
    meetings: int = 0

    @property
    def registered(self) -> int:
        return self.registered_poor + self.registered_near_poor


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A unit and year; ``day`` is that of the list, ``has_list`` whether any was recognised until then.

    Without a drive nothing has been opened yet; what units that merged into this one registered is still there.
    """

    drive: ExitDrive | None
    day: datetime.date
    villages: tuple[Area, ...]
    listed: tuple[Listed, ...]
    entries: tuple[Entry, ...]
    has_list: bool
    meetings: Mapping[int, ExitMeeting] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.drive is None and not self.entries

    @cached_property
    def lines(self) -> tuple[VillageLine, ...]:
        listed = Counter((row.village, row.category) for row in self.listed)
        standing = [entry for entry in self.entries if not entry.is_withdrawn]
        registered = Counter((entry.village, entry.row.category) for entry in standing)
        unsigned = Counter(entry.village for entry in standing if entry.is_unsigned)
        withdrawn = Counter(entry.village for entry in self.entries if entry.is_withdrawn)
        return tuple(
            VillageLine(
                village=village,
                meeting=self.meetings.get(village.pk),
                meetings=int(village.pk in self.meetings),
                poor=listed[village.pk, Category.POOR],
                near_poor=listed[village.pk, Category.NEAR_POOR],
                registered_poor=registered[village.pk, Category.POOR],
                registered_near_poor=registered[village.pk, Category.NEAR_POOR],
                withdrawn=withdrawn[village.pk],
                unsigned=unsigned[village.pk],
            )
            for village in self.villages
        )

    @cached_property
    def total(self) -> VillageLine:
        names = ("poor", "near_poor", "registered_poor", "registered_near_poor", "withdrawn", "unsigned", "meetings")
        return VillageLine(**{name: sum(getattr(line, name) for line in self.lines) for name in names})

    def within(self, village: Area | None) -> "Overview":
        """The same of one village; of all where it is None."""
        if village is None:
            return self
        return Overview(
            drive=self.drive,
            day=self.day,
            villages=(village,),
            listed=tuple(row for row in self.listed if row.village == village.pk),
            entries=tuple(entry for entry in self.entries if entry.village == village.pk),
            has_list=self.has_list,
            meetings={pk: row for pk, row in self.meetings.items() if pk == village.pk},
        )

    def line(self, village: Area | None) -> VillageLine:
        return next((line for line in self.lines if line.village == village), self.total)


def overview(*, unit: Area, year: int, today: datetime.date) -> Overview:
    """Everything that the pages of the unit and year count. Six queries; one more where the list is empty."""
    drive = _drive(unit, year)
    day = _list_day(year, drive.decided if drive else None, today)
    line = lineage(unit, day)
    rows = list(registrations_of(unit=unit, year=year))
    standing = {row.household_id: row.pk for row in rows if row.withdrawn_on is None}
    listed = tuple(_listed(unit, day, line, standing))
    known = {row.household: row.category for row in listed}
    entries = tuple(_entry(row, line, known, day) for row in rows)
    older = {row.village_id: row.village for row in rows if row.unit_id == unit.pk}
    villages = (*line.villages, *(village for pk, village in older.items() if pk not in line.order))
    return Overview(
        drive=drive,
        day=day,
        villages=villages,
        listed=listed,
        entries=entries,
        has_list=bool(listed) or bool(rounds_in_force(unit, day)),
        meetings={row["village_id"]: _meeting(row) for row in (drive.minutes if drive else ())},
    )


def _drive(unit: Area, year: int) -> Any:
    """The drive with ``minutes`` of its meetings and ``decided``, the day of the year's own review, in one query."""
    meetings = ExitMeeting.objects.filter(drive=OuterRef("pk")).order_by("pk")
    minutes = ArraySubquery(meetings.values(row=JSONObject(**{name: name for name in MEETING})))
    rounds = ReviewRound.objects.recognised().filter(unit=unit, year=year, kind=RoundKind.PERIODIC)
    decided = Subquery(rounds.values("recognised_on")[:1])
    drives = ExitDrive.objects.select_related("unit", "paper").annotate(minutes=minutes, decided=decided)
    return drives.filter(unit=unit, year=year).first()


def _meeting(row: dict[str, Any]) -> ExitMeeting:
    return ExitMeeting(**row | {"held_on": datetime.date.fromisoformat(row["held_on"])})


def _list_day(year: int, decided: datetime.date | None, today: datetime.date) -> datetime.date:
    """The day whose list the year's registration is about: today, in the year, before the year's own review decided."""
    last = decided - datetime.timedelta(days=1) if decided else datetime.date(year, 12, 31)
    return min(today, last, datetime.date(year, 12, 31))


def _listed(unit: Area, day: datetime.date, line: Lineage, standing: Mapping[int, int]) -> Iterable[Listed]:
    """Households of the list that are still in the unit, by name within the village."""
    needs = ReviewNeed.objects.filter(review=OuterRef("review")).order_by("pk").values("need")
    rows: Any = official_list(unit, day).annotate(
        needs=ArraySubquery(needs), head=head_name("household"), head_key=head_name("household", "sort_key")
    )
    columns = (*LIST_COLUMNS, "needs", "head", "household__code", *OF_HOME)
    for row in rows.order_by("head_key", "head_sort_key", "pk").values(*columns):
        household = home_of(row)
        village = village_of_list(row, household, line)
        if village is None or gone(household, line, day):
            continue
        yield Listed(
            household=row["household_id"],
            village=village,
            category=row["category"],
            code=row["household__code"],
            name=row["head"] or row["head_name"] or row["household__code"],
            persons=row["persons"],
            needs=tuple(row["needs"]),
            registration=standing.get(row["household_id"]),
        )


def _entry(row: Any, line: Lineage, known: Mapping[int, str], day: datetime.date) -> Entry:
    is_own = row.unit_id == line.unit.pk
    village = row.village_id
    if not is_own:
        village = line.village_today(village, row.household.village_id) or row.household.village_id
    mark, is_off = _mark(row, line, known, day)
    if not is_own:
        mark = ", ".join(filter(None, (f"đăng ký tại {row.unit}", mark)))
    return Entry(row=row, village=village, name=row.head_name or row.signer, is_own=is_own, mark=mark, is_off=is_off)


def _mark(row: Any, line: Lineage, known: Mapping[int, str], day: datetime.date) -> tuple[str, bool]:
    """What became of the household since it registered, and whether it left the list."""
    home = row.household
    household = {"unit_id": home.unit_id, "closed_on": home.closed_on, "closed_because": home.closed_because}
    if left := gone(household, line, day):
        return left, True
    category = known.get(row.household_id, "")
    if not category:
        return f"không còn trong danh sách ngày {format_date(day)}", True
    if category != row.category:
        return f"danh sách ngày {format_date(day)} ghi là {Category(category).label}", False
    if row.unit_id == line.unit.pk and home.village_id != row.village_id and home.village_id in line.order:
        return f"nay ở {home.village}", False
    return "", False


def findings(shown: Overview) -> list[Finding]:
    """What keeps the registration from being complete; ``anchor`` names the village or the registration."""
    found = []
    for line in shown.lines:
        if line.village is None:
            continue
        if line.registered and line.meeting is None:
            said = f"có {line.registered} hộ đăng ký nhưng chưa ghi biên bản họp."
            found.append(_warning("meeting", line.village, said, f"meeting:{line.village.pk}", "Ghi biên bản"))
        if line.unsigned:
            said = f"{line.unsigned} hộ đăng ký chưa có đơn ký."
            found.append(_warning("unsigned", line.village, said, f"unsigned:{line.village.pk}", "Xem các hộ"))
    places = {village.pk: village for village in shown.villages}
    for entry in shown.entries:
        if entry.is_off and not entry.is_withdrawn:
            said = f"hộ {entry.name}, mã {entry.code}, đã đăng ký: {entry.mark}."
            found.append(_warning("off-list", places.get(entry.village), said, f"off:{entry.village}", "Xem hộ"))
    return found


def _warning(code: str, village: Area | None, message: str, anchor: str, remedy: str) -> Finding:
    place = village.title if village else ""
    return Finding(severity=Severity.WARNING, code=code, message=message, place=place, anchor=anchor, remedy=remedy)
