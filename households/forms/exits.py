"""Forms of exit registration: the drive, a village's meeting, registering many, one registration, withdrawing."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from households.choices import Need
from households.models import ExitDrive, ExitMeeting
from households.selectors.exit_pages import Listed
from households.selectors.exits import needs_in
from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, Form, LinesField, TextField, VersionForm
from povertyplan.core.text import first_upper
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import papers_kept_by

SIGNED = [("", "Chưa có đơn ký"), ("True", "Đã có đơn ký của hộ")]
CHOSEN, SIGNED_OF, NEEDS_OF = "household", "signed-", "needs-"


class DriveForm(VersionForm):
    """Until when registrations are taken, and the paper that assigned the targets."""

    closes_on = DayField(label="Nhận đăng ký đến hết ngày", required=False, help_text="Bỏ trống: nhận đến hết năm.")
    paper = PaperChoice(
        Paper.objects.none(),
        label="Văn bản giao chỉ tiêu",
        required=False,
        empty_label="Chưa chọn",
        help_text="Văn bản có trước ngày mở thì đăng ký tính mở từ ngày của văn bản. "
        "Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )
    note = TextField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, data: Any = None, *, drive: ExitDrive, unit: Area) -> None:
        initial = {name: getattr(drive, name) for name in ("version", "closes_on", "note")}
        super().__init__(data, initial=initial | {"paper": drive.paper_id})
        cast(PaperChoice, self.fields["paper"]).queryset = papers_kept_by(unit)


class MeetingForm(Form):
    """Minutes; with a version where they are corrected."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    held_on = DayField(label="Ngày họp")
    place = TextField(label="Địa điểm", max_length=200)
    chair = TextField(label="Chủ trì (họ tên, chức danh)", max_length=200)
    secretary = TextField(label="Thư ký", max_length=200)
    present = TextField(
        label="Cán bộ phụ trách hộ, đoàn thể dự",
        max_length=500,
        required=False,
        help_text="Các đồng chí được phân công phụ trách hộ cùng dự họp.",
    )
    participants = CountField(label="Số người dự họp")
    households_represented = CountField(label="Số hộ có người đại diện dự")
    opinions = LinesField(label="Ý kiến khác", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, meeting: ExitMeeting | None, day: datetime.date) -> None:
        initial: dict[str, Any] = {"held_on": day}
        if meeting is not None:
            initial = {name: getattr(meeting, name) for name in self.base_fields}
        super().__init__(data, initial=initial)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


@dataclass(frozen=True, kw_only=True)
class Box:
    """A household that may be chosen, as the page shows it."""

    row: Listed
    is_chosen: bool
    is_signed: bool
    needs: frozenset[str]


class AddForm(Form):
    """Many households of a village on one day; each with whether the form is signed and what it needs."""

    registered_on = DayField(label="Ngày đăng ký", help_text="Chung cho các hộ chọn lần này.")

    def __init__(self, data: QueryDict | None, *, listed: Sequence[Listed], day: datetime.date) -> None:
        super().__init__(data, initial={"registered_on": day})
        self.offered = {row.household: row for row in listed if row.registration is None}

    @property
    def boxes(self) -> list[Box]:
        """As typed; before that with the needs of the last form of each household."""
        sent = self.data if isinstance(self.data, QueryDict) and self.is_bound else None
        if sent is None:
            return [self._box(row, frozenset(row.needs)) for row in self.offered.values()]
        chosen = set(sent.getlist(CHOSEN))
        return [
            self._box(
                row,
                frozenset(sent.getlist(f"{NEEDS_OF}{pk}")),
                is_chosen=str(pk) in chosen,
                is_signed=bool(sent.get(f"{SIGNED_OF}{pk}")),
            )
            for pk, row in self.offered.items()
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for box in self.boxes:
            if not box.is_chosen and (box.is_signed or box.needs - set(box.row.needs)):
                said = f"Hộ {box.row.name}, mã {box.row.code}: đã đánh dấu đơn ký hoặc nhu cầu nhưng chưa chọn hộ."
                self.add_error(None, said)
        return values

    def _box(self, row: Listed, needs: frozenset[str], *, is_chosen: bool = False, is_signed: bool = False) -> Box:
        return Box(row=row, is_chosen=is_chosen, is_signed=is_signed, needs=needs)

    def rows(self) -> list[tuple[int, dict[str, Any]]]:
        """Chosen households with the rest of their row for ``registrations_add``."""
        return [
            (box.row.household, {"is_form_signed": box.is_signed, "needs": sorted(box.needs)})
            for box in self.boxes
            if box.is_chosen
        ]


class EditForm(VersionForm):
    """One registration; each need with what exactly."""

    registered_on = DayField(label="Ngày đăng ký")
    signer = TextField(label="Người ký đơn", max_length=100, help_text="Chủ hộ hoặc người đại diện.")
    is_form_signed = forms.TypedChoiceField(
        label="Đơn đăng ký", choices=SIGNED, coerce=bool, required=False, widget=forms.RadioSelect
    )
    note = TextField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, data: Any = None, *, registration: Any) -> None:
        super().__init__(data, initial=self._initial(registration))
        for need in Need:
            self.fields[f"need-{need.value}"] = forms.BooleanField(label=first_upper(need.label), required=False)
            self.fields[f"need_note-{need.value}"] = TextField(
                label=f"Cụ thể: {need.label}", max_length=200, required=False
            )

    def _initial(self, registration: Any) -> Mapping[str, Any]:
        initial = {name: getattr(registration, name) for name in ("version", "registered_on", "signer", "note")}
        initial["is_form_signed"] = "True" if registration.is_form_signed else ""
        for need, note in needs_in(registration).items():
            initial |= {f"need-{need}": True, f"need_note-{need}": note}
        return initial

    @property
    def plain_fields(self) -> Iterable[forms.BoundField]:
        return [field for field in self if not field.name.startswith(("need-", "need_note-"))]

    @property
    def need_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"need-{need.value}"], self[f"need_note-{need.value}"]) for need in Need]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for need in Need:
            if values.get(f"need_note-{need.value}") and not values.get(f"need-{need.value}"):
                self.add_error(f"need_note-{need.value}", "Ghi cụ thể thì đánh dấu nhu cầu.")
        return values

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        needs = [(need.value, typed[f"need_note-{need.value}"]) for need in Need if typed[f"need-{need.value}"]]
        values = {name: typed[name] for name in ("registered_on", "signer", "note")}
        return values | {"is_form_signed": bool(typed["is_form_signed"]), "needs": needs}


class WithdrawForm(VersionForm):
    """When the household took its word back, and why."""

    on = DayField(label="Ngày rút đăng ký")
    reason = TextField(label="Lý do", max_length=300)
