"""Forms of the law: confirm a fact, set a province's own value, load a score sheet."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from households.choices import ParameterCode, RoundKind, SheetPurpose, Step
from households.models import OpinionAddressee, Standard
from households.models.law import LegalRow
from households.services.law import FIGURES
from povertyplan.areas.choices import Setting
from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, Form, LinesField, TextField
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper

LEVELS = list(OpinionAddressee._meta.get_field("level").choices or ())
NATION, PROVINCE = "nation", "province"
SHEET_SUFFIX = ".xlsx"


class CitedForm(Form):
    """Where a fact stands."""

    paper = PaperChoice(Paper.objects.none(), label="Văn bản", required=False)
    source = TextField(
        label="Nguồn", max_length=300, required=False, help_text="Điều, khoản, phụ lục hoặc trang đã đối chiếu."
    )

    def __init__(self, *args: Any, papers: QuerySet[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PaperChoice, self.fields["paper"]).queryset = papers
        self.order_fields([name for name in self.fields if name not in {"paper", "source"}])


class ConfirmForm(CitedForm):
    """Figures and words of one fact, to put right what differs from the text of the law.

    Where it stands is not filled in: it is what somebody has just read.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: LegalRow, **kwargs: Any) -> None:
        figures = FIGURES[type(row)]
        kwargs["initial"] = {name: getattr(row, name) for name in (*figures, "version")}
        super().__init__(*args, **kwargs)
        self.fields["paper"].required = self.fields["source"].required = True
        typed = {name: self._field(row, name) for name in figures}
        self.fields = typed | self.fields

    def _field(self, row: LegalRow, name: str) -> forms.Field:
        column: Any = row._meta.get_field(name)
        label = str(column.verbose_name)
        if column.get_internal_type() == "BooleanField":
            return forms.BooleanField(label=label, required=False)
        if column.get_internal_type() != "CharField":
            return CountField(label=label, required=not column.null)
        kind = LinesField if column.max_length > 200 else TextField
        return kind(label=label, max_length=column.max_length, required=not column.blank)

    def figures(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "paper", "source"}}


class PlaceForm(CitedForm):
    """A value that the country or a province sets; ``province`` None or ``is_nation`` False leave no choice."""

    place = forms.ChoiceField(label="Nơi áp dụng")

    def __init__(self, *args: Any, province: Area | None, is_nation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province = province
        choices = [(PROVINCE, province.title)] if province else []
        choices += [(NATION, "Cả nước")] if is_nation else []
        cast(forms.ChoiceField, self.fields["place"]).choices = choices
        self.fields["place"].initial = choices[0][0] if choices else None

    def values(self) -> dict[str, Any]:
        """What the service takes: the area instead of the place."""
        typed = dict(self.cleaned_data)
        area = self.province if typed.pop("place") == PROVINCE else None
        return typed | {"area": area}


class ParameterForm(PlaceForm):
    code = forms.ChoiceField(label="Tham số", choices=ParameterCode)
    value = CountField(label="Giá trị", help_text="Đơn vị tính ghi trong tên tham số.")
    valid_from = DayField(label="Từ ngày", help_text="Giá trị đang dùng hết hiệu lực từ hôm trước.")
    valid_to = DayField(label="Đến ngày", required=False)


class AddresseeForm(PlaceForm):
    level = forms.ChoiceField(label="Cấp", choices=LEVELS)
    title = TextField(label="Nơi nhận", max_length=200, help_text="Ví dụ Chủ tịch UBND cấp tỉnh.")
    via = TextField(label="Qua cơ quan", max_length=200, required=False)
    valid_from = DayField(label="Từ ngày", help_text="Nơi nhận đang dùng hết hiệu lực từ hôm trước.")
    valid_to = DayField(label="Đến ngày", required=False)


class WindowForm(PlaceForm):
    """The calendar of one year."""

    kind = forms.ChoiceField(label="Loại đợt", choices=RoundKind)
    step = forms.ChoiceField(label="Bước", choices=[("", "Cả đợt"), *Step.choices], required=False)
    first = DayField(label="Từ ngày", required=False)
    last = DayField(label="Đến ngày")


class SheetForm(PlaceForm):
    """A score sheet from a workbook."""

    standard = forms.ModelChoiceField(Standard.objects.all(), label="Chuẩn nghèo")
    purpose = forms.ChoiceField(label="Dùng cho", choices=SheetPurpose)
    setting = forms.ChoiceField(
        label="Khu vực", choices=[("", "Cả nông thôn và thành thị"), *Setting.choices], required=False
    )
    region = TextField(label="Vùng", max_length=100, required=False, help_text="Nếu văn bản chia bảng theo vùng.")
    name = TextField(label="Tên bảng", max_length=200)
    valid_from = DayField(label="Có hiệu lực từ ngày")
    file = forms.FileField(label="Tệp bảng điểm (.xlsx)", help_text="Theo mẫu bảng trống; nhiều nhất 2 MB.")

    def __init__(self, *args: Any, standards: list[Standard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ModelChoiceField, self.fields["standard"])
        choice.queryset = Standard.objects.filter(pk__in=[standard.pk for standard in standards])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(SHEET_SUFFIX):
            raise ValidationError("Chọn tệp Excel có đuôi .xlsx.")
        return file


class ActivateForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    valid_from = DayField(label="Dùng từ ngày", help_text="Phiên bản đang dùng hết hiệu lực từ hôm trước.")
    valid_to = DayField(label="Đến ngày", required=False)
