"""Forms of a review round: opening, changing, cancelling, and its list of households."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet, TextChoices

from households.choices import Category, ReviewState, RoundKind
from households.models import Household, ReviewRound, RoundStep, Standard
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.forms import DayField, Form, TextField, VersionForm
from povertyplan.core.text import first_upper
from povertyplan.offices.choices import BoardKind
from povertyplan.offices.models import Board
from povertyplan.offices.selectors import in_order
from povertyplan.papers.choices import Certainty
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import papers_kept_by

ANY = "Tất cả"
BY_CALENDAR = "Bỏ trống để lấy theo lịch của tỉnh; tỉnh chưa có thì theo lịch chung cả nước."


def labelled(choices: type[TextChoices]) -> list[tuple[str, str]]:
    """Choices with a capital first letter, as they stand alone in a form."""
    return [(choice.value, first_upper(choice.label)) for choice in choices]


class StandardChoice(forms.ModelChoiceField):
    """A standard with its days, and what is not yet sure about it."""

    widget = forms.RadioSelect

    def label_from_instance(self, obj: Any) -> str:
        last = format_date(obj.valid_to) or "chưa có ngày kết thúc"
        marks = [obj.name, f"áp dụng từ {format_date(obj.valid_from)} đến {last}"]
        if obj.certainty == Certainty.UNCHECKED:
            marks.append("chưa đối chiếu văn bản")
        if obj.is_provisional:
            marks.append("tạm thời: chưa đủ ngưỡng, biểu mẫu chính thức")
        return " · ".join(marks)


class ReasonForm(VersionForm):
    """Why."""

    reason = TextField(label="Lý do", max_length=300)


class CancelForm(ReasonForm):
    """Why a round is given up."""


class FillForm(Form):
    """Nothing to type."""


class AddForm(Form):
    """One household of the unit."""

    household: forms.ModelChoiceField = forms.ModelChoiceField(
        Household.objects.none(),
        label="Hộ",
        error_messages={"invalid_choice": "Hộ này không còn trong sổ của đơn vị; tìm lại."},
    )

    def __init__(self, data: Any, *, households: QuerySet[Household]) -> None:
        super().__init__(data)
        cast(forms.ModelChoiceField, self.fields["household"]).queryset = households


class RoundPaperFields(Form):
    """Who carries a round, by which paper."""

    starts_on = DayField(label="Ngày bắt đầu", required=False, help_text=BY_CALENDAR)
    ends_on = DayField(label="Ngày kết thúc", required=False, help_text=BY_CALENDAR)
    board: forms.ModelChoiceField = forms.ModelChoiceField(
        Board.objects.none(),
        label="Ban Chỉ đạo rà soát",
        required=False,
        empty_label="Chưa chọn",
        help_text="Khai ở phần Cơ quan, cán bộ cùng quyết định thành lập.",
    )
    team: forms.ModelChoiceField = forms.ModelChoiceField(
        Board.objects.none(), label="Tổ rà soát", required=False, empty_label="Chưa chọn"
    )
    plan_paper = PaperChoice(
        Paper.objects.none(),
        label="Kế hoạch rà soát của xã",
        required=False,
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )

    def narrow(self, unit: Area, year: int) -> None:
        """Limit choices to the unit."""
        boards = in_order(Board.objects.filter(unit=unit).valid_in_year(year))
        self.choice("board").queryset = boards.filter(kind=BoardKind.REVIEW)
        self.choice("team").queryset = boards.filter(kind=BoardKind.SURVEY_TEAM)
        self.choice("plan_paper").queryset = papers_kept_by(unit)

    def choice(self, name: str) -> forms.ModelChoiceField:
        return cast(forms.ModelChoiceField, self.fields[name])


class RoundOpenForm(RoundPaperFields):
    """A new round of the unit and year."""

    kind = forms.ChoiceField(label="Loại đợt", choices=labelled(RoundKind), widget=forms.RadioSelect)
    month = forms.TypedChoiceField(
        label="Tháng",
        required=False,
        coerce=int,
        choices=[("", "Đợt định kỳ không có tháng"), *((number, f"tháng {number:02d}") for number in range(1, 13))],
        help_text="Chỉ chọn với đợt thường xuyên.",
    )
    standard = StandardChoice(
        Standard.objects.none(),
        label="Chuẩn nghèo áp dụng",
        help_text="Ghi trên mọi phiếu, biểu và quyết định của đợt.",
    )

    field_order = ("kind", "month", "standard", "starts_on", "ends_on", "board", "team", "plan_paper")

    def __init__(self, data: Any = None, *, unit: Area, year: int, standards: QuerySet[Standard], kind: str) -> None:
        super().__init__(data, initial={"kind": kind})
        self.narrow(unit, year)
        self.choice("standard").queryset = standards
        offered = list(standards)
        self.standards_offered = len(offered)
        self.several = len(offered) > 1
        if not self.several:
            self.initial["standard"] = offered[0].pk if offered else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        is_regular = values.get("kind") == RoundKind.REGULAR
        if is_regular and not values.get("month") and "month" not in self.errors:
            self.add_error("month", "Đợt thường xuyên phải chọn tháng.")
        if values.get("kind") == RoundKind.PERIODIC and values.get("month"):
            self.add_error("month", "Đợt định kỳ cả năm chỉ có một, không chọn tháng.")
        return values | {"month": values.get("month") or 0}


class RoundEditForm(RoundPaperFields, VersionForm):
    """Days, board, team and plan of a round that is open."""

    starts_on = DayField(label="Ngày bắt đầu")
    ends_on = DayField(label="Ngày kết thúc")

    standard = StandardChoice(Standard.objects.none(), label="Chuẩn nghèo áp dụng")

    field_order = ("standard", "starts_on", "ends_on", "board", "team", "plan_paper", "version")

    def __init__(self, data: Any = None, *, round: ReviewRound, standards: QuerySet[Standard]) -> None:
        initial = {name: getattr(round, name) for name in ("version", "starts_on", "ends_on")}
        chosen = {name: getattr(round, f"{name}_id") for name in ("standard", "board", "team", "plan_paper")}
        super().__init__(data, initial=initial | chosen)
        self.narrow(round.unit, round.year)
        self.choice("standard").queryset = standards


class StepFinishForm(VersionForm):
    """The day a step was really done."""

    on = DayField(label="Xong ngày")


class StepPlanForm(VersionForm):
    """From when until when a step is done by the commune's own plan."""

    starts_on = DayField(label="Từ ngày", required=False)
    due_on = DayField(label="Hạn", required=False)

    def __init__(self, data: Any = None, *, step: RoundStep) -> None:
        super().__init__(data, initial={name: getattr(step, name) for name in ("version", "starts_on", "due_on")})


class ListFilterForm(forms.Form):
    """Which households of a round are shown; anything unknown is left aside."""

    village = forms.TypedChoiceField(label="Thôn", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", ANY), *labelled(ReviewState)])
    category = forms.ChoiceField(label="Phân loại", required=False, choices=[("", ANY), *labelled(Category)])
    q = forms.CharField(label="Tên chủ hộ, mã hộ", required=False, max_length=100)

    def __init__(self, data: Any, *, villages: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["village"]).choices = [("", ANY), *villages]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def day_or(today: datetime.date, first: datetime.date, last: datetime.date | None = None) -> datetime.date:
    """``today`` brought into the span: what a form proposes for a day of a round of another time."""
    return max(first, min(today, last or today))
