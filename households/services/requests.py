"""The register of requests: taken in, corrected, answered. ``by=None`` is the system, which decides nothing."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.choices import RequestKind, RequestResult, RoundState, StatusState
from households.models import Household, Member, Request, Status
from households.selectors.requests import FOR_ROUNDS, STATUS_OF, computed_due_day, fitting_round
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.versions import lock_and_merge, save_changes

FIELDS = (
    "kind",
    "channel",
    "file_number",
    "received_on",
    "due_on",
    "village",
    "household",
    "member",
    "applicant",
    "reason",
)
Errors = dict[str, list[str]]


@transaction.atomic
def request_register(
    *,
    by: User | None,
    unit: Area,
    kind: str,
    channel: str,
    received_on: datetime.date,
    village: Area,
    applicant: str,
    household: Household | None = None,
    member: Member | None = None,
    file_number: str = "",
    reason: str = "",
    due_on: datetime.date | None = None,
) -> Request:
    """Take a request in; it joins the open round that fits. Without ``due_on`` the law's days give it."""
    demand(can_enter, by, unit)
    values = {
        "kind": RequestKind(kind),
        "channel": channel,
        "file_number": file_number,
        "received_on": received_on,
        "due_on": due_on,
        "village": village,
        "household": household,
        "member": member,
        "applicant": applicant,
        "reason": reason,
    }
    with acting(by=by, action="request.register"):
        return _save(Request(unit=unit), values)


@transaction.atomic
def request_update(*, by: User | None, request: Request, version: int, **changes: Any) -> Request:
    """Correct a request that is not answered yet. ``due_on=None`` computes it again. Raises EditConflict."""
    demand(can_enter, by, request.unit)
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a request: {sorted(unknown)}")
    with acting(by=by, action="request.update"):
        row, mine = lock_and_merge(_requests(), pk=request.pk, version=version, changes=changes)
        _refuse_answered(row)
        if mine.get("kind", row.kind) != row.kind and Status.objects.filter(request=row).exists():
            raise ValidationError({"kind": "Đã xác định thu nhập theo giấy này; không đổi loại giấy được."})
        return _save(row, mine)


@transaction.atomic
def request_answer(
    *, by: User | None, request: Request, version: int, result: str, on: datetime.date, reason: str = ""
) -> Request:
    """Write the result that the applicant was given. Raises EditConflict.

    «Đã công nhận» of a status comes from its own decision, and what an open round reviews from its recognition: here
    both are refused. A refusal has its reason.
    """
    demand(can_enter, by, request.unit)
    changes = {"result": RequestResult(result), "result_on": on, "refusal_reason": reason}
    with acting(by=by, action="request.answer"):
        row, mine = lock_and_merge(_requests(), pk=request.pk, version=version, changes=changes)
        _refuse_answered(row)
        if errors := _answer_errors(row, result, on, reason):
            raise ValidationError(errors)
        stored = save_changes(row, mine)
        if result == RequestResult.WITHDRAWN:
            for status in Status.objects.filter(request=stored, state__in=[StatusState.ASSESSED, StatusState.POSTED]):
                save_changes(status, {"state": StatusState.REFUSED})
        return stored


@transaction.atomic
def request_reopen(*, by: User | None, request: Request, version: int) -> Request:
    """Take back a result that was written by mistake, while nothing decided rests on it. Raises EditConflict."""
    demand(can_enter, by, request.unit)
    changes = {"result": "", "result_on": None, "refusal_reason": ""}
    with acting(by=by, action="request.reopen"):
        row, mine = lock_and_merge(_requests(), pk=request.pk, version=version, changes=changes)
        if Status.objects.filter(request=row).exists():
            raise ValidationError("Kết quả này theo quyết định về mức sống, thu nhập; không mở lại ở đây được.")
        if row.round and row.round.state == RoundState.RECOGNISED:
            raise ValidationError(f"Kết quả này theo {row.round} đã công nhận; muốn sửa thì điều chỉnh phiếu rà soát.")
        return save_changes(row, mine)


def _requests() -> Any:
    return Request.objects.select_related("unit", "village", "household", "member", "round")


def _refuse_answered(row: Request) -> None:
    if row.result:
        day = format_date(row.result_on)
        raise ValidationError(f"Giấy này đã trả kết quả ngày {day} ({row.get_result_display()}).")


def _save(row: Request, changes: dict[str, Any]) -> Request:
    """Check the whole row as it will be; fill what follows from it; write."""
    values = {name: changes[name] if name in changes else getattr(row, name) for name in FIELDS}
    household: Household | None = values["household"]
    if household is not None:
        values["village"] = household.village
    if values["due_on"] is None and values["received_on"]:
        values["due_on"] = computed_due_day(unit=row.unit, kind=values["kind"], received_on=values["received_on"])
    if errors := _errors(row, values):
        raise ValidationError(errors)
    if row.round_id is None or values["kind"] not in FOR_ROUNDS:
        values["round"] = fitting_round(unit=row.unit, kind=values["kind"], received_on=values["received_on"])
    return save_changes(row, values)


def _errors(row: Request, values: dict[str, Any]) -> Errors:
    """Everything that is wrong, by field."""
    errors: Errors = {}
    received_on: datetime.date = values["received_on"]
    if received_on > timezone.localdate():
        errors["received_on"] = ["Ngày nhận không được sau hôm nay."]
    if values["due_on"] is None:
        errors["due_on"] = ["Chưa có thời hạn của loại giấy này ở trang Quy trình, thời hạn; ghi hạn trả kết quả."]
    elif values["due_on"] < received_on:
        errors["due_on"] = ["Hạn trả không được trước ngày nhận."]
    village: Area = values["village"]
    if village.level != Level.VILLAGE or village.parent_id != row.unit_id:
        errors["village"] = [f"{village.title} không thuộc {row.unit}."]
    if not values["applicant"]:
        errors["applicant"] = ["Chưa ghi người đề nghị."]
    taken = Request.objects.filter(unit=row.unit, file_number=values["file_number"]).exclude(pk=row.pk).first()
    if values["file_number"] and taken:
        errors["file_number"] = [f"Mã hồ sơ này đã có trong sổ ({taken})."]
    return errors | _person_errors(row, values)


def _person_errors(row: Request, values: dict[str, Any]) -> Errors:
    household: Household | None = values["household"]
    member: Member | None = values["member"]
    errors: Errors = {}
    if household is not None:
        if household.unit_id != row.unit_id:
            errors["household"] = ["Hộ này của đơn vị khác."]
        elif household.closed_on is not None and row.household_id != household.pk:
            errors["household"] = [f"Hộ đã thôi theo dõi từ ngày {format_date(household.closed_on)}."]
        elif other := _same_open(row, values["kind"], household, member):
            day = format_date(other.received_on)
            errors["household"] = [f"Hộ này đang có giấy cùng loại chưa trả kết quả, nhận ngày {day}."]
    if member is not None and (household is None or member.household_id != household.pk):
        errors["member"] = ["Người này không thuộc hộ đã chọn."]
    elif household is not None and values["kind"] == RequestKind.LOW_INCOME and member is None:
        errors["member"] = ["Chọn người lao động trong hộ."]
    return errors


def _same_open(row: Request, kind: str, household: Household, member: Member | None) -> Request | None:
    same = Request.objects.filter(household=household, kind=kind, member=member, result="")
    return same.exclude(pk=row.pk).first()


def _answer_errors(row: Request, result: str, on: datetime.date, reason: str) -> Errors:
    errors: Errors = {}
    if on < row.received_on or on > timezone.localdate():
        errors["on"] = [f"Ngày trả kết quả từ ngày nhận ({format_date(row.received_on)}) đến hôm nay."]
    if result == RequestResult.REFUSED and not reason:
        errors["reason"] = ["Không công nhận thì ghi lý do."]
    if result == RequestResult.ACCEPTED and row.kind in STATUS_OF:
        errors["result"] = ["«Đã công nhận» có khi lãnh đạo quyết định; bấm «Xác định thu nhập» để làm các bước."]
    elif result != RequestResult.WITHDRAWN and row.round and row.round.state == RoundState.OPEN:
        errors["result"] = [f"Kết quả của giấy này có khi {row.round} được công nhận."]
    elif result == RequestResult.REFUSED and Status.objects.filter(request=row).exists():
        errors["result"] = ["Đã xác định thu nhập theo giấy này; lãnh đạo quyết định không công nhận."]
    return errors
