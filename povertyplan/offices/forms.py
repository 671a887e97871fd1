"""Forms of offices: one per kind, drawn from the models."""

import datetime
from typing import Any, cast

from django import forms

from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, ModelForm, TextField
from povertyplan.offices.models import Board, BoardMember, Department, Officer, OutsideBody
from povertyplan.offices.selectors import accounts_of, in_order
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper


class UnitForm(ModelForm):
    """A form of a row of the unit; choices are those of the unit, and the version travels along."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, unit: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["version"].initial = self.instance.version if self.instance.pk else None
        if "valid_from" in self.fields and not self.instance.pk:
            self.fields["valid_from"].initial = unit.valid_from
        self.narrow()

    def narrow(self) -> None:
        """Limit choices to the unit."""

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def of_unit(self, name: str, model: type[Any]) -> None:
        self.choice(name).queryset = in_order(model.objects.filter(unit=self.unit))

    def choice(self, name: str) -> forms.ModelChoiceField:
        return cast(forms.ModelChoiceField, self.fields[name])


class DepartmentForm(UnitForm):
    class Meta:
        model = Department
        fields = ("name", "abbreviation", "valid_from")
        field_classes = {"name": TextField, "abbreviation": TextField, "valid_from": DayField}
        widgets = {"valid_from": DayField.widget}
        help_texts = {
            "name": "Như trong văn bản: Phòng Kinh tế, Công chức Văn hóa - Xã hội.",
            "abbreviation": "Ghi ở dòng «Lưu: VT, …».",
        }


class OutsideBodyForm(UnitForm):
    class Meta:
        model = OutsideBody
        fields = ("name", "kind", "valid_from")
        field_classes = {"name": TextField, "valid_from": DayField}
        widgets = {"valid_from": DayField.widget}


class OfficerForm(UnitForm):
    class Meta:
        model = Officer
        fields = ("full_name", "title", "department", "body", "user", "valid_from")
        field_classes = {"full_name": TextField, "title": TextField, "valid_from": DayField}
        widgets = {"valid_from": DayField.widget}
        help_texts = {"user": "Để trống khi người này không dùng phần mềm."}

    def narrow(self) -> None:
        self.of_unit("department", Department)
        self.of_unit("body", OutsideBody)
        self.choice("user").queryset = accounts_of(self.unit, or_id=self.instance.user_id)


class BoardForm(UnitForm):
    class Meta:
        model = Board
        fields = ("kind", "name", "paper", "valid_from")
        field_classes = {"name": TextField, "paper": PaperChoice, "valid_from": DayField}
        widgets = {"valid_from": DayField.widget}

    def narrow(self) -> None:
        self.choice("paper").queryset = Paper.objects.to_choose(self.unit)


class MemberForm(UnitForm):
    class Meta:
        model = BoardMember
        fields = ("officer", "role", "duty")
        field_classes = {"role": TextField, "duty": TextField}
        help_texts = {"role": "Trưởng ban, Phó Trưởng ban, Thư ký, Thành viên …"}

    def narrow(self) -> None:
        self.of_unit("officer", Officer)


class EndForm(Form):
    """The last day of a row."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    last_day = DayField(label="Ngày cuối cùng")

    def __init__(self, *args: Any, version: int, last_day: datetime.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version, "last_day": last_day}
        super().__init__(*args, **kwargs)
