"""The only writes of a plan's frame. ``by=None`` is the system (commands), which enters but never approves."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, can_number, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.versions import EditConflict, FieldConflict, last_author, lock_and_merge, save_changes
from povertyplan.offices.models import Department, OutsideBody
from povertyplan.papers.models import Paper
from reports.choices import Authority
from reports.models import AnnualPlan, Duty, LegalBasis, Recipient
from reports.rules import is_as_above, signing_gap
from targets.models import TargetPlan
from targets.selectors.versions import table_to_approve

FRAME_FIELDS = ("subject", "place", "planned_month", "authority", "signer", "drafted_by")
Duties = Sequence[tuple[Department | OutsideBody, str]]


def closed_sentence(plan: AnnualPlan) -> str:
    """Why the frame of a numbered plan is closed, and how it is opened."""
    number, day = f"{plan.number:02d}/KH-UBND", format_date(plan.issued_on)
    return f"Kế hoạch đã có số {number}, ngày {day}; muốn sửa thì văn thư bỏ số, ngày ban hành trước."


def unapproved_sentence(table: TargetPlan) -> str:
    """Why a plan that carries the table gets no number yet, and who does what first."""
    name, state = f"Bảng chỉ tiêu năm {table.year}", table.get_state_display()
    if table.in_force is not None:
        return (
            f"{name} đang điều chỉnh ({state}) nên kế hoạch chưa ghi số được. "
            "Duyệt bản điều chỉnh hoặc bỏ điều chỉnh, sau đó văn thư ghi số, ngày ban hành."
        )
    return (
        f"{name} {state} nên kế hoạch chưa ghi số được. "
        "Cán bộ nhập liệu trình, lãnh đạo duyệt bảng, sau đó văn thư ghi số, ngày ban hành."
    )


def _require_open(unit: Area, year: int) -> AnnualPlan | None:
    """The plan locked, if there is one. Raises ValidationError when it has its number: what is issued stays."""
    row = AnnualPlan.objects.select_for_update(of=("self",)).filter(unit=unit, year=year).first()
    if row is not None and row.number is not None:
        raise ValidationError(closed_sentence(row))
    return row


def _require_signer(row: AnnualPlan, changes: dict[str, Any]) -> None:
    """The authority to sign and the signer's post agree."""
    signer = changes.get("signer", row.signer)
    gap = signing_gap(Authority(changes.get("authority", row.authority)), signer.title) if signer else ""
    if gap:
        raise ValidationError({"signer": gap})


@transaction.atomic
def annual_plan_describe(
    *, by: User | None, unit: Area, year: int, version: int | None = None, **fields: Any
) -> AnnualPlan:
    """Make or change the frame of the unit's plan. With ``version`` raises EditConflict (0: there was none yet)."""
    demand(can_enter, by, unit)
    unknown = set(fields) - set(FRAME_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a plan: {sorted(unknown)}")
    with acting(by=by, action="annual_plan.describe"):
        row = _require_open(unit, year)
        if row is not None and version is not None:
            row, fields = lock_and_merge(AnnualPlan.objects.all(), pk=row.pk, version=version, changes=fields)
        row = row or AnnualPlan(unit=unit, year=year)
        _require_signer(row, fields)
        return save_changes(row, fields)


@transaction.atomic
def bases_set(*, by: User | None, plan: AnnualPlan, papers: Iterable[Paper]) -> None:
    """The papers the plan rests on, in the order given; a paper named twice is cited once."""
    demand(can_enter, by, plan.unit)
    _require_open(plan.unit, plan.year)
    chosen = list(dict.fromkeys(papers))
    strange = [paper for paper in chosen if paper.unit_id not in {None, plan.unit_id}]
    if strange:
        raise ValidationError(f"{strange[0]} không thuộc danh mục văn bản của {plan.unit}.")
    rows = [LegalBasis(plan=plan, paper=paper, position=place) for place, paper in enumerate(chosen, start=1)]
    with acting(by=by, action="annual_plan.bases"):
        _replace(plan, plan.bases.all(), rows, ("paper_id",))


@transaction.atomic
def recipients_set(*, by: User | None, plan: AnnualPlan, lines: Iterable[str]) -> None:
    """The lines of «Nơi nhận» without dash and mark at the end; the document itself adds the file copy."""
    demand(can_enter, by, plan.unit)
    _require_open(plan.unit, plan.year)
    texts = [text for line in lines if (text := line.strip(" -–+•;.")) and not text.lower().startswith("lưu:")]
    if any(is_as_above(text) for text in texts):
        raise ValidationError(
            {"recipients": "«Như trên» chỉ dùng trong công văn có dòng «Kính gửi»; kế hoạch ghi tên từng nơi nhận."}
        )
    rows = [Recipient(plan=plan, text=text, position=place) for place, text in enumerate(texts, start=1)]
    with acting(by=by, action="annual_plan.recipients"):
        _replace(plan, plan.recipients.all(), rows, ("text",))


@transaction.atomic
def duties_set(*, by: User | None, plan: AnnualPlan, duties: Duties) -> None:
    """Who does what, in the order given; an owner without a task is left out."""
    demand(can_enter, by, plan.unit)
    _require_open(plan.unit, plan.year)
    strange = [owner for owner, _ in duties if owner.unit_id != plan.unit_id]
    if strange:
        raise ValidationError(f"{strange[0]} không thuộc {plan.unit}.")
    rows = [
        Duty(plan=plan, position=place, tasks=tasks.strip(), **{_kind(owner): owner})
        for place, (owner, tasks) in enumerate(((owner, tasks) for owner, tasks in duties if tasks.strip()), start=1)
    ]
    with acting(by=by, action="annual_plan.duties"):
        _replace(plan, plan.duties.all(), rows, ("department_id", "body_id", "tasks"))


@transaction.atomic
def frame_save(
    *,
    by: User | None,
    unit: Area,
    year: int,
    version: int,
    papers: Sequence[Paper],
    lines: Sequence[str],
    duties: Duties,
    **fields: Any,
) -> AnnualPlan:
    """The whole frame as one form sends it. Raises EditConflict that names fields and lists alike."""
    demand(can_enter, by, unit)
    stored = _require_open(unit, year)
    lists = _list_conflicts(stored, papers, lines, duties) if stored and stored.version != version else []
    try:
        plan = annual_plan_describe(by=by, unit=unit, year=year, version=version, **fields)
    except EditConflict as conflict:
        conflict.fields.extend(lists)
        raise
    if lists and stored:
        who, when = last_author(stored)
        raise EditConflict(row=stored, fields=lists, mine={}, who=who, when=when)
    bases_set(by=by, plan=plan, papers=papers)
    recipients_set(by=by, plan=plan, lines=lines)
    duties_set(by=by, plan=plan, duties=duties)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def plan_for_number(*, by: User | None, unit: Area, year: int) -> AnnualPlan:
    """The plan that a number is to be given to, made with an empty frame where nobody described it."""
    demand(can_number, by, unit)
    with acting(by=by, action="annual_plan.open"):
        return AnnualPlan.objects.get_or_create(unit=unit, year=year)[0]


@transaction.atomic
def number_give(
    *, by: User | None, plan: AnnualPlan, version: int, number: int | None, issued_on: datetime.date | None
) -> AnnualPlan:
    """Number and day of issue from the unit's register; both or none. Raises EditConflict.

    ValidationError while the unit's target table of the year is not approved: what is issued carries approved figures.
    """
    demand(can_number, by, plan.unit)
    if number is not None and (table := table_to_approve(unit=plan.unit, year=plan.year)):
        raise ValidationError(unapproved_sentence(table))
    if number == 0:
        raise ValidationError({"number": "Số văn bản bắt đầu từ 01."})
    if issued_on and abs(issued_on.year - plan.year) > 1:
        raise ValidationError({"issued_on": f"Ngày ban hành cách năm kế hoạch {plan.year} quá xa."})
    if issued_on:
        _require_day(plan, issued_on)
    changes = {"number": number, "issued_on": issued_on}
    with acting(by=by, action="annual_plan.number"):
        return save_changes(*lock_and_merge(AnnualPlan.objects.all(), pk=plan.pk, version=version, changes=changes))


def _require_day(plan: AnnualPlan, day: datetime.date) -> None:
    """A plan is not issued tomorrow, nor before a paper that it rests on."""
    if day > timezone.localdate():
        raise ValidationError({"issued_on": f"Ngày {format_date(day)} chưa tới; ghi ngày đã ký ban hành."})
    later = plan.bases.filter(paper__date__gt=day).select_related("paper").first()
    if later:
        basis = f"{later.paper}, ban hành ngày {format_date(later.paper.date)}"
        raise ValidationError({"issued_on": f"Ngày {format_date(day)} trước ngày của căn cứ đã chọn: {basis}."})


def _kind(owner: Department | OutsideBody) -> str:
    return "department" if isinstance(owner, Department) else "body"


def _replace(plan: AnnualPlan, stored: models.QuerySet, rows: list[Any], names: tuple[str, ...]) -> None:
    """Put the new list in place of the stored one and raise the plan's version, unless they are the same."""
    if [_values(row, names) for row in stored] == [_values(row, names) for row in rows]:
        return
    for row in rows:
        row.full_clean(validate_constraints=False)
    stored.delete()
    stored.model._default_manager.bulk_create(rows)
    AnnualPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
    plan.refresh_from_db(fields=["version"])


def _values(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _list_conflicts(
    plan: AnnualPlan, papers: Sequence[Paper], lines: Sequence[str], duties: Duties
) -> list[FieldConflict]:
    """Lists that differ from what is stored now; asked only after somebody else changed the plan."""
    pairs = (
        ("bases", "căn cứ", [str(basis.paper) for basis in plan.bases.select_related("paper")], list(map(str, papers))),
        ("recipients", "nơi nhận", list(plan.recipients.values_list("text", flat=True)), list(lines)),
        (
            "duties",
            "tổ chức thực hiện",
            [f"{duty}: {duty.tasks}" for duty in plan.duties.select_related("department", "body")],
            [f"{owner}: {tasks.strip()}" for owner, tasks in duties if tasks.strip()],
        ),
    )
    return [
        FieldConflict(name=name, label=label, theirs="\n".join(theirs), mine="\n".join(mine))
        for name, label, theirs, mine in pairs
        if theirs != mine
    ]
