"""What the home page of a unit shows: how far its plan of the year is, and its key figures."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q

from households.selectors.registry import HouseholdLine, households_named
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_prose_count
from povertyplan.offices.models import Officer
from povertyplan.papers.models import Paper
from reports.build.frame import NOTATION
from reports.models import AnnualPlan
from targets.choices import PlanState
from targets.rules.figures import missing
from targets.selectors.tables import TargetTable, target_table

FOUND_PER_KIND = 20


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, kw_only=True)
class Step:
    """``detail`` says how far it is; ``why`` what to do; ``view`` is where, ``action`` the verb of the button."""

    number: int
    title: str
    state: State
    detail: str
    task: str
    why: str
    view: str
    action: str


@dataclass(frozen=True, kw_only=True)
class UnitHome:
    steps: tuple[Step, ...]
    table: TargetTable | None
    village_count: int

    @property
    def waiting(self) -> list[Step]:
        return [step for step in self.steps if step.state != State.DONE]

    @property
    def is_ready(self) -> bool:
        """Only printing, signing and numbering are left: the table is approved."""
        *before, last = self.steps
        return last.state != State.DONE and all(step.state == State.DONE for step in before)

    @property
    def largest_listed(self) -> int:
        """Most poor and near-poor households of one village: the full length of the bars."""
        return max((row.figures.listed or 0 for row in self.table.rows), default=0) if self.table else 0


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What the steps are judged by; ``word`` is what the place calls its villages."""

    year: int
    villages: int
    word: str
    rows: int
    complete: int
    without_reduction: int
    reduced: tuple[int, int]
    table_state: PlanState | None
    bases: int
    has_signer: bool
    number: int | None
    issued_on: datetime.date | None


def unit_home(*, unit: Area, year: int) -> UnitHome:
    """Four queries, however many villages."""
    kinds = list(Area.objects.villages_of(unit).valid_in_year(year).values_list("kind", flat=True))
    table = target_table(unit=unit, year=year)
    plan = AnnualPlan.objects.filter(unit=unit, year=year).annotate(base_count=Count("bases")).first()
    facts = _facts(year, kinds, table, plan)
    return UnitHome(steps=_steps(facts), table=table, village_count=len(kinds))


def _facts(year: int, kinds: list[str], table: TargetTable | None, plan: AnnualPlan | None) -> _Facts:
    rows = table.rows if table else ()
    total = table.total if table else None
    return _Facts(
        year=year,
        villages=len(kinds),
        word=kinds[0] if len(set(kinds)) == 1 else "thôn",
        rows=len(rows),
        complete=sum(not missing(row.figures) for row in rows),
        without_reduction=sum(
            _is_open(row.figures.poor_reduction, row.figures.poor_households)
            or _is_open(row.figures.near_poor_reduction, row.figures.near_poor_households)
            for row in rows
        ),
        reduced=((total.poor_reduction or 0, total.near_poor_reduction or 0) if total else (0, 0)),
        table_state=table.state if table else None,
        bases=getattr(plan, "base_count", 0),
        has_signer=bool(plan and plan.signer_id),
        number=plan.number if plan else None,
        issued_on=plan.issued_on if plan else None,
    )


def _is_open(reduction: int | None, households: int | None) -> bool:
    """A village with households to reduce that has no figure yet; zero is a figure."""
    return reduction is None and bool(households)


def _steps(facts: _Facts) -> tuple[Step, ...]:
    """The first step that is not done is now; the ones after it are next."""
    drafts = (
        _villages(facts),
        _start(facts),
        _reductions(facts),
        _approval(facts),
        _frame(facts),
        _printing(facts),
    )
    steps, is_open = [], True
    for number, (is_done, texts) in enumerate(drafts, start=1):
        state = State.DONE if is_done else State.NOW if is_open else State.NEXT
        is_open = is_open and is_done
        steps.append(Step(number=number, state=state, **texts))
    return tuple(steps)


Draft = tuple[bool, dict[str, str]]


def _villages(facts: _Facts) -> Draft:
    count = max(facts.villages, facts.rows)
    return bool(count), {
        "title": f"Khai {facts.word}",
        "detail": f"{count} {facts.word}" if count else f"chưa có {facts.word}",
        "task": f"Khai danh sách {facts.word}",
        "why": f"Bảng chỉ tiêu mỗi {facts.word} một dòng, đúng tên và thứ tự của danh sách này.",
        "view": "villages:list",
        "action": f"Khai {facts.word}",
    }


def _start(facts: _Facts) -> Draft:
    left = facts.rows - facts.complete
    why = (
        f"Còn {left} {facts.word} thiếu tổng số hộ, hộ nghèo hoặc hộ cận nghèo."
        if facts.rows
        else f"Tổng số hộ, hộ nghèo, hộ cận nghèo của từng {facts.word}; lấy theo quyết định công nhận năm trước."
    )
    detail = f"{facts.complete} / {facts.rows} {facts.word}" if facts.rows else "chưa lập bảng"
    return bool(facts.rows) and not left, {
        "title": "Nhập số đầu năm",
        "detail": detail,
        "task": f"Nhập số đầu năm {facts.year}",
        "why": why,
        "view": "targets:table",
        "action": "Nhập tiếp" if facts.complete else "Nhập số",
    }


def _reductions(facts: _Facts) -> Draft:
    poor, near_poor = facts.reduced
    is_started = bool(poor or near_poor)
    why = f"Số hộ nghèo, hộ cận nghèo mỗi {facts.word} giảm trong năm; tỷ lệ cuối năm máy tự tính."
    detail = "chưa giao"
    if is_started and facts.without_reduction:
        why = f"Còn {facts.without_reduction} {facts.word} chưa ghi số hộ giảm; không giảm thì ghi 0."
    elif is_started:
        why = (
            f"Mọi {facts.word} đã ghi số hộ giảm; còn thiếu số đầu năm của {facts.rows - facts.complete} {facts.word}."
        )
    if is_started:
        detail = f"{format_prose_count(poor)} hộ nghèo, {format_prose_count(near_poor)} cận nghèo"
    return bool(facts.rows) and not facts.without_reduction and facts.complete == facts.rows, {
        "title": "Giao chỉ tiêu giảm",
        "detail": detail,
        "task": f"Giao chỉ tiêu giảm cho từng {facts.word}",
        "why": why,
        "view": "targets:table",
        "action": "Giao chỉ tiêu",
    }


def _approval(facts: _Facts) -> Draft:
    return facts.table_state == PlanState.APPROVED, {
        "title": "Duyệt bảng chỉ tiêu",
        "detail": facts.table_state.label if facts.table_state else "chưa lập bảng",
        "task": f"Trình duyệt bảng chỉ tiêu năm {facts.year}",
        "why": "Bảng đã duyệt thì khóa số liệu; văn thư ghi số, ngày ban hành kế hoạch sau đó.",
        "view": "targets:versions",
        "action": "Mở trang duyệt",
    }


def _frame(facts: _Facts) -> Draft:
    bases = f"{facts.bases} căn cứ" if facts.bases else "chưa có căn cứ"
    signer = "đã có người ký" if facts.has_signer else "chưa có người ký"
    detail = f"{bases}, {signer}" if facts.bases or facts.has_signer else "chưa có"
    return bool(facts.bases) and facts.has_signer, {
        "title": "Căn cứ và người ký",
        "detail": detail,
        "task": "Chọn căn cứ, người ký và nơi nhận",
        "why": "Văn bản làm căn cứ, quyền hạn ký, phân công và nơi nhận của kế hoạch.",
        "view": "reports:index",
        "action": "Soạn phần chung",
    }


def _printing(facts: _Facts) -> Draft:
    detail = f"số {facts.number:02d}{NOTATION}, ngày {facts.issued_on:%d/%m/%Y}" if facts.issued_on else "chưa ban hành"
    return bool(facts.issued_on), {
        "title": "In kế hoạch",
        "detail": detail,
        "task": f"In kế hoạch giảm nghèo năm {facts.year}",
        "why": "Bản in gồm kế hoạch và biểu chỉ tiêu; văn thư ghi số, ngày sau khi ký.",
        "view": "reports:index",
        "action": "In kế hoạch",
    }


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found in a unit, kind by kind."""

    households: list[HouseholdLine]
    villages: list[Area]
    papers: list[Paper]
    officers: list[Officer]

    def __bool__(self) -> bool:
        return bool(self.households or self.villages or self.papers or self.officers)


def search(*, user: User, unit: Area, year: int, words: str) -> Found:
    """What of the unit holds every word, accents left aside: households by their people, code or a citizen number,
    villages, papers, officers. Six queries."""
    parts = words.split()
    named = _holding(parts, "name", "kind")
    villages = Area.objects.visible_to(user).filter(named).villages_of(unit).valid_in_year(year)
    papers = (
        Paper.objects.visible_to(user).of_unit(unit).filter(_holding(parts, "subject", "number", "notation", "issuer"))
    )
    officers = (
        Officer.objects.visible_to(user)
        .filter(unit=unit)
        .valid_in_year(year)
        .filter(_holding(parts, "full_name", "title"))
    )
    return Found(
        households=households_named(user=user, unit=unit, words=words),
        villages=list(villages[:FOUND_PER_KIND]),
        papers=list(papers.for_list()[:FOUND_PER_KIND]),
        officers=list(officers.order_by("position", "full_name")[:FOUND_PER_KIND]),
    )


def _holding(words: list[str], *fields: str) -> Q:
    """Every word stands in one of the fields."""
    condition = Q()
    for word in words:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__unaccent__icontains": word})
        condition &= anywhere
    return condition
