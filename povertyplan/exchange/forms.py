"""A workbook from the browser."""

from django import forms

from povertyplan.core.forms import Form
from povertyplan.exchange.cells import MOST_BYTES


class UploadForm(Form):
    file = forms.FileField(
        label="Tệp Excel (.xlsx)",
        help_text=f"Theo bảng mẫu, hoặc bảng tự làm có đúng tên cột; nhiều nhất {MOST_BYTES // 1_000_000} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class WriteForm(Form):
    """Of which difference the button stood under, and whether blank cells are to forget what is stored."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_emptying = forms.BooleanField(label="Tôi muốn để trống các ô này", required=False)
