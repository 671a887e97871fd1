"""Forms of the plan's frame and of its number."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, LinesField, TextField
from povertyplan.offices.models import Department, Officer, OutsideBody
from povertyplan.offices.selectors import in_order, offices_in_year
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from reports.choices import Authority
from reports.models import AnnualPlan, Duty
from reports.rules import force_gap, is_leader

MONTH = re.compile(r"^(\d{1,2})[/.\-](\d{4})$")
BASIS, DUTY = "basis-", "duty-"
LONGEST_NUMBER = 6
LEAST_BASES, SPARE_BASES, MOST_BASES = 6, 3, 60


class MonthField(forms.Field):
    """A month: ``02/2024``; kept as its first day."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "mm/yyyy", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values or not str(value).strip():
            return None
        match = MONTH.match(str(value).strip())
        if not match or not 1 <= int(match[1]) <= 12 or int(match[2]) < datetime.MINYEAR:
            raise ValidationError(f"«{value}» không phải tháng. Ví dụ cách ghi đúng: 02/2024.")
        return datetime.date(int(match[2]), int(match[1]), 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, datetime.date) else value


class RegisterNumberField(forms.Field):
    """A number of the register of outgoing papers: ``5``, ``05``, ``1433``."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        typed = "" if value is None else str(value).strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER):
            raise ValidationError("Số văn bản chỉ gồm chữ số, ví dụ 41.")
        return int(typed)


class FrameForm(forms.Form):
    """Heading, signer, legal bases one a field in their order, recipients one a line, tasks per department and body."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    subject = TextField(
        label="Trích yếu", required=False, max_length=500, help_text="Bỏ trống để dùng câu mẫu theo tên đơn vị và năm."
    )
    place = TextField(label="Địa danh", required=False, max_length=100, help_text="Bỏ trống để dùng tên đơn vị.")
    planned_month = MonthField(
        label="Dự kiến ban hành tháng", required=False, help_text="In ở dòng ngày tháng khi văn thư chưa cho số."
    )
    authority = forms.ChoiceField(label="Quyền hạn ký", choices=Authority.choices)
    signer: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label="Người ký", required=False, empty_label="Để trống"
    )
    drafted_by: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label="Đơn vị soạn thảo",
        required=False,
        empty_label="Để trống",
        help_text="Chữ viết tắt của đơn vị in ở dòng «Lưu: VT, …».",
    )
    recipients = LinesField(
        label="Nơi nhận",
        required=False,
        max_length=4000,
        help_text="Mỗi dòng một nơi. Không cần gạch đầu dòng; dòng «Lưu» tự có.",
    )

    def __init__(self, data: Any = None, *, unit: Area, year: int, plan: AnnualPlan | None) -> None:
        super().__init__(data)
        self.plan = plan
        offices = offices_in_year(unit, year)
        self._choose("signer", _among(Officer, _signers(offices.officers), plan and plan.signer))
        self._choose("drafted_by", _among(Department, offices.departments, plan and plan.drafted_by))
        self.initial = _initial(plan)
        self._add_bases(unit, year)
        self._add_duties([*offices.departments, *offices.bodies])

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def _add_bases(self, unit: Area, year: int) -> None:
        """One choice a citation; some more than are stored, or as many as were sent."""
        stored = [basis.paper_id for basis in self.plan.bases.all()] if self.plan else []
        number = max(len(stored) + SPARE_BASES, LEAST_BASES)
        if self.is_bound:
            number = min(max(number, sum(name.startswith(BASIS) for name in self.data)), MOST_BASES)
        self.papers = {str(paper.pk): paper for paper in _papers(unit, year, kept=stored)}
        choices = [("", "Không chọn"), *((key, _citation(paper)) for key, paper in self.papers.items())]
        for place in range(number):
            self.fields[f"{BASIS}{place + 1}"] = forms.ChoiceField(
                label=f"Căn cứ {place + 1}",
                required=False,
                choices=choices,
                initial=str(stored[place]) if place < len(stored) else "",
            )

    def _add_duties(self, owners: list[Department | OutsideBody]) -> None:
        """Owners that have tasks first, in the plan's order; then the rest of the unit's list."""
        stored = list(self.plan.duties.select_related("department", "body")) if self.plan else []
        tasks = {_duty_name(_owner(duty)): duty.tasks for duty in stored}
        self.owners = {_duty_name(owner): owner for owner in [*map(_owner, stored), *owners]}
        for name, owner in self.owners.items():
            self.fields[name] = LinesField(
                label=f"Nhiệm vụ: {owner}",
                required=False,
                max_length=8000,
                initial=tasks.get(name, ""),
                help_text="Mỗi dòng một nhiệm vụ.",
            )

    def values(self) -> dict[str, Any]:
        """Arguments of ``services.frame_save``."""
        cleaned = self.cleaned_data
        names = ("version", "subject", "place", "planned_month", "authority", "signer", "drafted_by")
        chosen = [cleaned[name] for name in self.fields if name.startswith(BASIS) and cleaned.get(name)]
        return {name: cleaned[name] for name in names} | {
            "papers": [self.papers[key] for key in chosen],
            "lines": [line for line in cleaned["recipients"].splitlines() if line],
            "duties": [(owner, cleaned[name]) for name, owner in self.owners.items()],
        }


class NumberForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    number = RegisterNumberField(
        label="Số",
        help_text="Số trong sổ văn bản đi của năm, ví dụ 41.",
        error_messages={"required": "Ghi số cùng với ngày ban hành."},
    )
    issued_on = DayField(label="Ngày ban hành", error_messages={"required": "Ghi ngày ban hành cùng với số."})

    def __init__(self, data: Any = None, *, plan: AnnualPlan) -> None:
        initial = {"version": plan.version, "number": plan.number, "issued_on": plan.issued_on}
        super().__init__(data, initial=initial)


class NumberClearForm(forms.Form):
    """The button that takes number and day back."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _initial(plan: AnnualPlan | None) -> dict[str, Any]:
    if plan is None:
        return {"version": 0, "authority": Authority.CHAIR}
    names = ("version", "subject", "place", "planned_month", "authority", "signer", "drafted_by")
    lines = plan.recipients.values_list("text", flat=True)
    return {name: getattr(plan, name) for name in names} | {"recipients": "\n".join(lines)}


def _signers(officers: tuple[Officer, ...]) -> tuple[Officer, ...]:
    """Leaders of the committee; everybody where the list has none yet."""
    return tuple(row for row in officers if is_leader(row.title) and row.body_id is None) or officers


def _papers(unit: Area, year: int, *, kept: list[int]) -> list[Paper]:
    """The unit's own papers, then the national ones in force in the year; those cited already stay."""
    papers = Paper.objects.of_unit(unit).order_by(F("unit").asc(nulls_last=True), "-date", "pk")
    return [paper for paper in papers if paper.unit_id or paper.pk in kept or not _not_in_force(paper, year)]


def _not_in_force(paper: Paper, year: int) -> str:
    return force_gap(paper.in_force_from, paper.in_force_to, year=year, day=None)


def _citation(paper: Paper) -> str:
    mark = " (chưa đối chiếu văn bản)" if paper.certainty == Certainty.UNCHECKED else ""
    return f"{_shortened(paper.full_citation)}{mark}"


def _among(model: type[Any], rows: tuple[Any, ...], stored: Any) -> Any:
    """Rows of the year, and the one already chosen though it may have ended."""
    keys = {row.pk for row in rows} | ({stored.pk} if stored else set())
    return in_order(model.objects.filter(pk__in=keys))


def _owner(duty: Duty) -> Any:
    """The department or the body: the database holds exactly one."""
    return duty.department or duty.body


def _duty_name(owner: Department | OutsideBody) -> str:
    return f"{DUTY}{'department' if isinstance(owner, Department) else 'body'}-{owner.pk}"


def _shortened(citation: str, length: int = 140) -> str:
    return citation if len(citation) <= length else f"{citation[: length - 1].rstrip()}…"
