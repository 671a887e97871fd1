"""Forms of the plan's frame and of its number."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, LinesField, TextField
from povertyplan.offices.models import Department, Officer, OutsideBody
from povertyplan.offices.selectors import in_order, offices_in_year
from povertyplan.papers.models import Paper
from reports.choices import Authority
from reports.models import AnnualPlan, Duty

MONTH = re.compile(r"^(\d{1,2})[/.\-](\d{4})$")
BASIS, DUTY = "basis-", "duty-"
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
        self._choose("signer", _among(Officer, offices.officers, plan and plan.signer))
        self._choose("drafted_by", _among(Department, offices.departments, plan and plan.drafted_by))
        self.initial = _initial(plan)
        self._add_bases(unit)
        self._add_duties([*offices.departments, *offices.bodies])

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def _add_bases(self, unit: Area) -> None:
        """One choice a citation; some more than are stored, or as many as were sent."""
        stored = [basis.paper_id for basis in self.plan.bases.all()] if self.plan else []
        number = max(len(stored) + SPARE_BASES, LEAST_BASES)
        if self.is_bound:
            number = min(max(number, sum(name.startswith(BASIS) for name in self.data)), MOST_BASES)
        papers = list(Paper.objects.of_unit(unit).order_by("-date", "pk"))
        self.papers = {str(paper.pk): paper for paper in papers}
        choices = [("", "Không chọn"), *((key, _shortened(paper.full_citation)) for key, paper in self.papers.items())]
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
    number = CountField(label="Số", required=False, help_text="Số trong sổ văn bản đi của năm, ví dụ 41.")
    issued_on = DayField(label="Ngày ban hành", required=False)

    def __init__(self, data: Any = None, *, plan: AnnualPlan) -> None:
        initial = {"version": plan.version, "number": plan.number, "issued_on": plan.issued_on}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("number") is None) != (cleaned.get("issued_on") is None):
            raise ValidationError("Ghi cả số và ngày ban hành, hoặc bỏ trống cả hai.")
        return cleaned


def _initial(plan: AnnualPlan | None) -> dict[str, Any]:
    if plan is None:
        return {"version": 0, "authority": Authority.CHAIR}
    names = ("version", "subject", "place", "planned_month", "authority", "signer", "drafted_by")
    lines = plan.recipients.values_list("text", flat=True)
    return {name: getattr(plan, name) for name in names} | {"recipients": "\n".join(lines)}


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
