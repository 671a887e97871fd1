"""Statuses beside the category: income of twelve months found, posted, decided. Never from the scores B1 and B2.

An officer finds and posts; a leader who did not find it decides. ``by=None`` is the system, which decides nothing.
"""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from households.choices import ParameterCode, RequestKind, RequestResult, StatusKind, StatusState
from households.models import Household, Request, Status
from households.rules.calendar import earliest_end
from households.rules.statuses import Assessed, average_living, last_day, low_income_worker
from households.selectors.law import parameters
from households.selectors.requests import STATUS_OF, average_lines, is_listed, low_income_ceiling, setting_of
from households.services.round_gate import refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_decide, can_enter, can_number, demand
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from povertyplan.papers.rules import split_number

OPEN_STATES = (StatusState.ASSESSED, StatusState.POSTED)
MOST_PERSONS = 50


@transaction.atomic
def status_assess(
    *,
    by: User | None,
    request: Request,
    income: int,
    income_from: datetime.date,
    persons: int = 1,
    is_rural_work: bool | None = None,
    version: int | None = None,
) -> Status:
    """Find out by the income of twelve months whether the status fits, and say how. Raises EditConflict.

    ``income`` in đồng, without social allowances from the budget. ``is_rural_work``: the household lives from
    agriculture, forestry, fishery or salt; of a person it is not asked. Done again (``version`` of the row), it takes
    back a posting: what is posted is what was found last.
    """
    demand(can_enter, by, request.unit)
    household = _household(request)
    if errors := _income_errors(request, income, persons, income_from):
        raise ValidationError(errors)
    is_worker = request.kind == RequestKind.LOW_INCOME
    found = _assess(request, household, income, persons, is_rural_work)
    changes: dict[str, Any] = {
        "income": income,
        "income_from": income_from,
        "persons": 1 if is_worker else persons,
        "is_rural_work": None if is_worker else is_rural_work,
        "is_eligible": found.is_eligible,
        "verdict": found.verdict,
        "state": StatusState.ASSESSED,
        "posted_from": None,
        "posted_to": None,
        "entered_by": by,
    }
    with acting(by=by, action="status.assess"):
        stored = Status.objects.filter(request=request).first()
        if stored is None:
            row = Status(
                unit=request.unit,
                kind=STATUS_OF[RequestKind(request.kind)],
                request=request,
                household=household,
                member=request.member,
                village=household.village,
            )
            return save_changes(row, changes)
        row, mine = lock_and_merge(_statuses(), pk=stored.pk, version=version or 0, changes=changes)
        _refuse_closed(row)
        return save_changes(row, mine)


@transaction.atomic
def status_post(
    *,
    by: User | None,
    status: Status,
    version: int,
    posted_at: str,
    posted_from: datetime.date,
    posted_to: datetime.date | None = None,
) -> Status:
    """Post what was found, for the working days of the procedure at least. Raises EditConflict."""
    demand(can_enter, by, status.unit)
    days = parameters(unit=status.unit, day=posted_from).get(ParameterCode.AVERAGE_POSTING_DAYS)
    least = earliest_end(posted_from, days) if days else None
    changes = {
        "state": StatusState.POSTED,
        "posted_at": posted_at,
        "posted_from": posted_from,
        "posted_to": posted_to or least,
    }
    with acting(by=by, action="status.post"):
        row, mine = lock_and_merge(_statuses(), pk=status.pk, version=version, changes=changes)
        _refuse_closed(row)
        if not row.is_eligible:
            raise ValidationError("Không đủ điều kiện thì không niêm yết; lãnh đạo quyết định không công nhận.")
        if errors := _posting_errors(row, changes, least, days):
            raise ValidationError(errors)
        return save_changes(row, mine)


@transaction.atomic
def status_decide(
    *, by: User | None, status: Status, version: int, on: datetime.date, decision: Paper | None = None
) -> Status:
    """The chairman recognises the status from the day of the decision on; the request is answered by it.

    ``decision`` is one of the unit's own, issued after the posting; None while văn thư has not numbered it.
    Raises PermissionDenied for the system and for who found the income; EditConflict.
    """
    _demand_decider(by, status)
    changes = {"state": StatusState.DECIDED, "valid_from": on, "decision": decision, "decided_by": by}
    with acting(by=by, action="status.decide"):
        row, mine = lock_and_merge(_statuses(), pk=status.pk, version=version, changes=changes)
        _refuse_own(by, row)
        _refuse_closed(row)
        if row.state != StatusState.POSTED or not row.is_eligible:
            raise ValidationError("Chưa niêm yết nên chưa quyết định được.")
        if errors := _decision_errors(row, on, decision):
            raise ValidationError(errors)
        stored = save_changes(row, mine)
        _answer(stored.request, RequestResult.ACCEPTED, on, "")
        return stored


@transaction.atomic
def status_number(
    *, by: User | None, status: Status, version: int, number: str, notation: str = "QĐ-UBND", date: datetime.date
) -> Status:
    """Văn thư gives the decision that was taken its number and date: a paper of the unit, one for all who stand in it.

    Raises PermissionDenied, EditConflict.
    """
    demand(can_number, by, status.unit)
    refuse_future(date=date)
    digits, rest = split_number(clean(number), clean(notation))
    with acting(by=by, action="status.number"):
        row, _ = lock_and_merge(_statuses(), pk=status.pk, version=version, changes={})
        if row.valid_from is None or row.decision is not None:
            raise ValidationError("Chưa được công nhận, hoặc quyết định đã có số; không có gì để ghi số.")
        errors = {}
        if not digits:
            errors["number"] = "Ghi số của quyết định."
        if date < row.valid_from:
            day = format_date(row.valid_from)
            errors["date"] = f"Quyết định ký ngày {day}; ngày ban hành không trước ngày đó."
        if errors:
            raise ValidationError(errors)
        about = {"unit": row.unit, "type": PaperType.DECISION, "number": digits, "notation": rest, "date": date}
        paper = Paper.objects.filter(**about, is_own=True).first() or save_changes(
            Paper(unit=row.unit, type=PaperType.DECISION, is_own=True),
            {
                "number": digits,
                "notation": rest,
                "date": date,
                "issuer": f"Chủ tịch Ủy ban nhân dân {row.unit}",
                "subject": f"về việc công nhận {row}",
            },
        )
        return save_changes(row, {"decision": paper})


@transaction.atomic
def status_refuse(*, by: User | None, status: Status, version: int, on: datetime.date, reason: str) -> Status:
    """Not recognised, with the reason that the applicant is told. Raises PermissionDenied, EditConflict."""
    _demand_decider(by, status)
    changes = {"state": StatusState.REFUSED, "decided_by": by}
    with acting(by=by, action="status.refuse"):
        row, mine = lock_and_merge(_statuses(), pk=status.pk, version=version, changes=changes)
        _refuse_own(by, row)
        _refuse_closed(row)
        errors = _day_errors(row, on)
        if not reason:
            errors["reason"] = ["Không công nhận thì ghi lý do."]
        if errors:
            raise ValidationError(errors)
        stored = save_changes(row, mine)
        _answer(stored.request, RequestResult.REFUSED, on, reason)
        return stored


@transaction.atomic
def status_end(*, by: User | None, status: Status, version: int, valid_to: datetime.date, because: str) -> Status:
    """The status holds until ``valid_to``, that day included, for a reason. Raises PermissionDenied, EditConflict."""
    if by is None:
        raise PermissionDenied
    demand(can_decide, by, status.unit)
    changes = {"state": StatusState.ENDED, "valid_to": valid_to, "ended_because": clean(because)}
    with acting(by=by, action="status.end"):
        row, mine = lock_and_merge(_statuses(), pk=status.pk, version=version, changes=changes)
        if row.state not in {StatusState.DECIDED, StatusState.ENDED} or row.valid_from is None:
            raise ValidationError("Chưa được công nhận nên không có gì để thôi.")
        errors = {}
        if valid_to < row.valid_from:
            errors["valid_to"] = f"Ngày cuối không được trước ngày đầu ({format_date(row.valid_from)})."
        if not changes["ended_because"]:
            errors["because"] = "Ghi lý do thôi."
        if errors:
            raise ValidationError(errors)
        return save_changes(row, mine)


def _statuses() -> Any:
    return Status.objects.select_related("unit", "household", "member", "village", "request", "decision")


def _household(request: Request) -> Household:
    if request.kind not in STATUS_OF:
        raise ValidationError("Giấy này đề nghị rà soát, không phải xác định mức sống, thu nhập.")
    if request.result:
        raise ValidationError(f"Giấy này đã trả kết quả ngày {format_date(request.result_on)}.")
    if request.household is None:
        raise ValidationError("Giấy này chưa gắn với hộ nào trong sổ; bấm «Sửa» để chọn hộ.")
    return request.household


def _income_errors(request: Request, income: int, persons: int, income_from: datetime.date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if income_from.day != 1:
        errors["income_from"] = ["Mười hai tháng tính từ ngày 01 của một tháng."]
    elif last_day(income_from) > timezone.localdate():
        errors["income_from"] = ["Mười hai tháng này chưa hết."]
    elif last_day(income_from) < request.received_on - datetime.timedelta(days=366):
        errors["income_from"] = ["Mười hai tháng này cách ngày nhận giấy hơn một năm."]
    if not 1 <= persons <= MOST_PERSONS:
        errors["persons"] = [f"Số người từ 1 đến {MOST_PERSONS}."]
    return errors


def _assess(request: Request, household: Household, income: int, persons: int, is_rural_work: bool | None) -> Assessed:
    """Raises ValidationError while the law's figure is not known."""
    setting, unit, day = setting_of(household), request.unit, request.received_on
    if request.kind == RequestKind.LOW_INCOME:
        ceiling = low_income_ceiling(unit=unit, day=day, setting=setting)
        if ceiling is None:
            raise ValidationError("Chưa có mức thu nhập của người lao động thu nhập thấp ở ngày nhận giấy.")
        return low_income_worker(income=income, up_to=ceiling)
    limits = average_lines(unit=unit, day=day, setting=setting)
    if limits is None:
        raise ValidationError("Chuẩn nghèo ở ngày nhận giấy chưa có mức sống trung bình.")
    return average_living(
        income=income,
        persons=persons,
        above=limits.above,
        up_to=limits.up_to,
        is_listed=is_listed(household=household, day=timezone.localdate()),
        is_rural_work=is_rural_work,
    )


def _posting_errors(
    row: Status, changes: dict[str, Any], least: datetime.date | None, days: int | None
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not changes["posted_at"]:
        errors["posted_at"] = ["Chưa ghi nơi niêm yết."]
    if changes["posted_from"] < row.request.received_on:
        errors["posted_from"] = ["Ngày niêm yết không được trước ngày nhận giấy."]
    if changes["posted_to"] is None:
        errors["posted_to"] = ["Chưa có số ngày niêm yết ở trang Quy trình, thời hạn; ghi ngày hết niêm yết."]
    elif least and changes["posted_to"] < least:
        errors["posted_to"] = [f"Niêm yết ít nhất {days} ngày làm việc: đến hết ngày {format_date(least)}."]
    elif changes["posted_to"] < changes["posted_from"]:
        errors["posted_to"] = ["Ngày hết niêm yết không được trước ngày bắt đầu."]
    return errors


def _decision_errors(row: Status, on: datetime.date, decision: Paper | None) -> dict[str, list[str]]:
    errors = _day_errors(row, on)
    if row.posted_to and on <= row.posted_to:
        errors["on"] = [f"Niêm yết đến hết ngày {format_date(row.posted_to)}; quyết định từ ngày hôm sau."]
    if decision is not None and not _is_own_decision(row, decision):
        errors["decision"] = ["Chọn quyết định do đơn vị ban hành."]
    elif decision is not None and not _is_after_posting(row, decision):
        errors["decision"] = [f"Chọn quyết định ban hành sau ngày hết niêm yết ({format_date(row.posted_to)})."]
    if overlapping := _in_force_already(row, on):
        errors["on"] = [f"Đã có cùng tình trạng này từ ngày {format_date(overlapping.valid_from)}."]
    if row.kind == StatusKind.AVERAGE_LIVING and is_listed(household=row.household, day=on):
        errors["on"] = ["Ngày này hộ đang trong danh sách hộ nghèo, cận nghèo."]
    return errors


def _is_own_decision(row: Status, decision: Paper) -> bool:
    return decision.unit_id == row.unit_id and decision.is_own and decision.type == PaperType.DECISION


def _is_after_posting(row: Status, decision: Paper) -> bool:
    return decision.date is not None and row.posted_to is not None and decision.date > row.posted_to


def _in_force_already(row: Status, on: datetime.date) -> Status | None:
    """Another one of days from ``on`` on, for which the new one would hold too."""
    same = Status.objects.filter(kind=row.kind, household=row.household, member=row.member, valid_from__isnull=False)
    return same.exclude(pk=row.pk).exclude(valid_to__lt=on).first()


def _day_errors(row: Status, on: datetime.date) -> dict[str, list[str]]:
    if row.request.received_on <= on <= timezone.localdate():
        return {}
    return {"on": [f"Ngày quyết định từ ngày nhận giấy ({format_date(row.request.received_on)}) đến hôm nay."]}


def _demand_decider(by: User | None, status: Status) -> None:
    """A real person with the right."""
    if by is None:
        raise PermissionDenied
    demand(can_decide, by, status.unit)


def _refuse_own(by: User | None, row: Status) -> None:
    if by is not None and row.entered_by_id == by.pk:
        raise PermissionDenied("Người xác định thu nhập không tự quyết định.")


def _refuse_closed(row: Status) -> None:
    if row.state not in OPEN_STATES:
        raise ValidationError(f"Việc này đã xong: {row.get_state_display()}.")


def _answer(request: Request, result: str, on: datetime.date, reason: str) -> None:
    save_changes(request, {"result": result, "result_on": on, "refusal_reason": reason})
