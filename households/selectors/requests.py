"""Reads of the register of requests and of the statuses beside the category."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property

from households.choices import ParameterCode, Relation, RequestKind, RoundKind, StatusKind, StatusState
from households.models import Household, Member, Request, ReviewRound, Status
from households.rules.requests import days_late, due_day, review_start
from households.selectors.law import parameters, standards_on
from households.selectors.rounds import official_list
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.areas.choices import Setting
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.text import plain

OPEN, ANSWERED = "open", "answered"
FOR_ROUNDS = (RequestKind.FORM_01, RequestKind.FORM_04)
STATUS_OF = {
    RequestKind.FORM_01_AVERAGE: StatusKind.AVERAGE_LIVING,
    RequestKind.LOW_INCOME: StatusKind.LOW_INCOME_WORKER,
}
DAYS_OF = {RequestKind.FORM_01_AVERAGE: ParameterCode.AVERAGE_DECISION_DAYS}
CEILINGS = {Setting.RURAL: ParameterCode.LOW_INCOME_RURAL, Setting.URBAN: ParameterCode.LOW_INCOME_URBAN}


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request as the register shows it; ``days_late`` is 0 in time."""

    request: Request
    days_late: int

    @cached_property
    def is_open(self) -> bool:
        return not self.request.result


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Income of twelve months is compared with these, đồng a month; the name says where they stand."""

    above: int
    up_to: int
    where: str


def requests_of(*, unit: Area, year: int) -> UnitScopedQuerySet:
    """What came in or was answered in the year, and what is still open of earlier ones; the latest due day first."""
    in_year = Q(received_on__year=year) | Q(result_on__year=year) | Q(result="", received_on__year__lt=year)
    rows = Request.objects.filter(in_year, unit=unit).select_related("village", "household", "member", "round")
    return rows.order_by(F("result_on").desc(nulls_first=True), "due_on", "pk")


def narrowed(
    rows: QuerySet[Request], *, state: str = "", kind: str = "", late_on: datetime.date | None = None, words: str = ""
) -> QuerySet[Request]:
    """Only open or answered ones, of a kind, late on a day, of a person or file number."""
    if state in {OPEN, ANSWERED}:
        rows = rows.filter(result="") if state == OPEN else rows.exclude(result="")
    if kind in RequestKind.values:
        rows = rows.filter(kind=kind)
    if late_on:
        rows = rows.filter(Q(result="", due_on__lt=late_on) | Q(result_on__gt=F("due_on")))
    for word in words.split():
        rows = rows.filter(Q(applicant__icontains=word) | Q(file_number__icontains=word))
    return rows


def lines(rows: "list[Request] | QuerySet[Request]", *, today: datetime.date) -> list[RequestLine]:
    return [
        RequestLine(request=row, days_late=days_late(row.due_on, answered_on=row.result_on, today=today))
        for row in rows
    ]


def computed_due_day(*, unit: Area, kind: str, received_on: datetime.date) -> datetime.date | None:
    """By the parameters in force when it came in; None while the law's days are not known."""
    known = parameters(unit=unit, day=received_on)
    start_day = known.get(ParameterCode.REGULAR_START_DAY)
    days = known.get(DAYS_OF.get(RequestKind(kind), ParameterCode.REQUEST_DAYS))
    return due_day(received_on, start_day=start_day, days=days) if start_day and days else None


def fitting_round(*, unit: Area, kind: str, received_on: datetime.date) -> ReviewRound | None:
    """The open round that takes the request: the regular one of its month, else the periodic one.

    Statuses beside the category have their own way and belong to no round.
    """
    if kind not in FOR_ROUNDS:
        return None
    return _fitting(open_rounds(unit=unit), _month_of(unit=unit, received_on=received_on))


def _fitting(rounds: Iterable[ReviewRound], start: datetime.date) -> ReviewRound | None:
    regular = (RoundKind.REGULAR, start.year, start.month)
    fitting = [
        round
        for round in rounds
        if round.kind == RoundKind.PERIODIC or (round.kind, round.year, round.month) == regular
    ]
    return max(fitting, key=lambda round: (round.month, round.year), default=None)


def _month_of(*, unit: Area, received_on: datetime.date) -> datetime.date:
    """First day of the monthly review of a request."""
    start_day = parameters(unit=unit, day=received_on).get(ParameterCode.REGULAR_START_DAY, 1)
    return review_start(received_on, start_day=start_day)


def is_listed(*, household: Household, day: datetime.date) -> bool:
    """On the poor or near-poor list on the day."""
    return official_list(household.unit, day).filter(household=household).exists()


def setting_of(household: Household) -> str:
    """Of the household, else of its village, else of the unit; nông thôn where nobody said."""
    return household.setting or household.village.setting or household.unit.setting or Setting.RURAL


def average_lines(*, unit: Area, day: datetime.date, setting: str) -> Lines | None:
    """The poor line (the near-poor one where the standard has it) and the average line; None while not known."""
    standard = next(iter(standards_on(day, unit)), None)
    if standard is None:
        return None
    line = {name: getattr(standard, f"{name}_{setting}", None) for name in ("income", "near_income", "average")}
    above, up_to = line["near_income"] or line["income"], line["average"]
    return Lines(above=above, up_to=up_to, where=standard.name) if above and up_to else None


def low_income_ceiling(*, unit: Area, day: datetime.date, setting: str) -> int | None:
    return parameters(unit=unit, day=day).get(CEILINGS[Setting(setting)])


def statuses_of(*, unit: Area, kind: str) -> QuerySet[Status]:
    """Statuses of a kind with whom they are of, those on their way first."""
    heads = Member.objects.present().filter(household=OuterRef("household"), relation=Relation.HEAD)
    rows = Status.objects.filter(unit=unit, kind=kind).select_related(
        "household", "member", "village", "decision", "request"
    )
    return rows.annotate(head_name=Subquery(heads.values("name")[:1])).order_by(
        F("valid_from").desc(nulls_first=True), "-pk"
    )


ON_THE_WAY = Q(state__in=[StatusState.ASSESSED, StatusState.POSTED])


def in_force(rows: QuerySet[Status], day: datetime.date) -> QuerySet[Status]:
    """Decided, and neither before its first nor after its last day."""
    return rows.filter(_in_force(day))


def on_the_way(rows: QuerySet[Status]) -> QuerySet[Status]:
    return rows.filter(ON_THE_WAY)


def not_over(rows: QuerySet[Status], day: datetime.date) -> QuerySet[Status]:
    """On the way or in force."""
    return rows.filter(ON_THE_WAY | _in_force(day))


def _in_force(day: datetime.date) -> Q:
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return still & Q(state__in=[StatusState.DECIDED, StatusState.ENDED], valid_from__lte=day)


def found_households(*, unit: Area, words: str, limit: int = 20) -> list[Household]:
    """Followed households by code or by the name of a member, with the name of the head as ``head_name``."""
    members = Member.objects.present().filter(unit=unit).named(words)
    heads = Member.objects.present().filter(household=OuterRef("pk"), relation=Relation.HEAD)
    by_code = Q(code__icontains=words.strip())
    rows = Household.objects.of_unit(unit).followed()
    if not plain(words):
        return []
    found = rows.filter(by_code | Q(pk__in=members.values("household"))).select_related("village")
    named = found.annotate(
        head_name=Subquery(heads.values("name")[:1]), head_key=Subquery(heads.values("sort_key")[:1])
    )
    return list(named.order_by("head_key", "code")[:limit])


def open_rounds(*, unit: Area) -> QuerySet[ReviewRound]:
    """Rounds that may still take a household."""
    return ReviewRound.objects.filter(unit=unit).open().order_by("-year", "-month")


def facts_of(request: Request, *, day: datetime.date, rounds: Iterable[ReviewRound]) -> list[Finding]:
    """What whoever answers should know of the household and of the way of the request; ``rounds`` are the open ones."""
    if request.result:
        return []
    found = _facts_of_household(request, day)
    if request.kind in FOR_ROUNDS and request.round is None:
        found.append(_without_a_round(request, rounds))
    return found


def _facts_of_household(request: Request, day: datetime.date) -> list[Finding]:
    if request.household is None:
        return [_hint("request.no_household", "Giấy này chưa gắn với hộ nào trong sổ hộ.", "Bấm «Sửa» để chọn hộ.")]
    listed = is_listed(household=request.household, day=day)
    if request.kind == RequestKind.FORM_01 and listed:
        return [_hint("request.listed", "Hộ đang trong danh sách hộ nghèo, cận nghèo.")]
    if request.kind == RequestKind.FORM_04 and not listed:
        return [
            _hint("request.not_listed", "Hộ không có trong danh sách hộ nghèo, cận nghèo nên không có gì để thoát.")
        ]
    return []


def _without_a_round(request: Request, rounds: Iterable[ReviewRound]) -> Finding:
    """Which open round takes the request, or which one is to be opened for it."""
    start = _month_of(unit=request.unit, received_on=request.received_on)
    round = _fitting(rounds, start)
    if round is not None:
        return _hint(
            "request.waits", f"Giấy này chờ vào {round}.", "Lập danh sách của đợt, hoặc đưa riêng hộ này vào đợt."
        )
    return _hint(
        "request.no_round",
        f"Chưa mở đợt rà soát nào nhận giấy này: theo ngày nhận là đợt thường xuyên tháng {start:%m/%Y}.",
        "Mở đợt đó, hoặc đợt định kỳ của năm, ở mục Rà soát.",
    )


def _hint(code: str, message: str, remedy: str = "") -> Finding:
    return Finding(severity=Severity.WARNING, code=code, message=message, remedy=remedy)
