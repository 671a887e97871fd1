"""Forms of recognition, of the number of its decision, of corrections and of certificates."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from povertyplan.core.forms import DayField, Form, TextField, VersionForm
from povertyplan.offices.models import Officer

NOTATION = "QĐ-UBND"


class RecogniseForm(VersionForm):
    """The day of the decision, and that the list was looked at."""

    on = DayField(label="Ngày quyết định")
    is_read = forms.BooleanField(
        label="Đã xem danh sách theo thôn và các điều lưu ý ở trên",
        error_messages={"required": "Đánh dấu đã xem danh sách và các điều lưu ý trước khi công nhận."},
    )


class DecisionNumberForm(VersionForm):
    """Number, date and signer of the decision, as the clerk writes them into the register."""

    number = TextField(label="Số", max_length=20, help_text="Chỉ phần số, ví dụ 123.")
    notation = TextField(label="Ký hiệu", max_length=40)
    date = DayField(label="Ngày ban hành")
    signer: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label="Người ký",
        required=False,
        empty_label="– Chọn –",
        help_text="Chưa có trong danh sách thì thêm ở mục Cơ quan, cán bộ.",
    )

    def __init__(self, data: Any = None, *, signers: QuerySet[Officer], initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"notation": NOTATION} | initial)
        cast(forms.ModelChoiceField, self.fields["signer"]).queryset = signers


class CorrectionForm(VersionForm):
    """The decision that corrects one household."""

    on = DayField(label="Ngày quyết định điều chỉnh")
    reason = TextField(label="Lý do điều chỉnh", max_length=300)


class IssueForm(Form):
    """The day certificates are issued and booklets confirmed."""

    on = DayField(label="Ngày cấp, ngày xác nhận")


class WithdrawCorrectionForm(VersionForm):
    """Nothing to type: the version of what was shown."""


class HandOverForm(VersionForm):
    on = DayField(label="Ngày giao")


class WithdrawForm(VersionForm):
    on = DayField(label="Ngày thu hồi")
    because = TextField(label="Lý do thu hồi", max_length=300)
