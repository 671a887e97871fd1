"""Forms of the register of requests and of the statuses that are decided on request."""

import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from households.choices import Channel, RequestKind, RequestResult, StatusKind
from households.models import Household, Member, Request, Status
from households.rules.statuses import twelve_months_before
from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, Form, LinesField, TextField
from povertyplan.papers.choices import PaperType
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import papers_kept_by

ANY = "Tất cả"
STATES = [("open", "Chưa trả kết quả"), ("answered", "Đã trả kết quả"), ("", ANY)]
SHOWN = [
    ("", "Đang làm, đang được công nhận"),
    ("way", "Đang làm"),
    ("force", "Đang được công nhận"),
    ("all", ANY),
]
LATE = [("", ANY), ("1", "Quá hạn, trả chậm")]


class FilterForm(forms.Form):
    """What of the register is shown; the open ones unless somebody asks otherwise."""

    q = forms.CharField(label="Người đề nghị, mã hồ sơ", required=False)
    state = forms.ChoiceField(label="Tình trạng", choices=STATES, required=False)
    kind = forms.ChoiceField(label="Loại giấy", choices=[("", ANY), *RequestKind.choices], required=False)
    late = forms.ChoiceField(label="Thời hạn", choices=LATE, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__({"state": "open"} | data.dict() if "state" not in data else data)

    def chosen(self) -> dict[str, Any]:
        """Cleaned values; what was not understood counts as not chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class RequestForm(Form):
    """A request as it came in. Of a chosen household the village is known and a person of it can be named."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="Loại giấy", choices=[("", "– Chọn –"), *RequestKind.choices])
    applicant = TextField(label="Người đề nghị", max_length=100)
    village = forms.ModelChoiceField(Area.objects.none(), label="Thôn")
    member = forms.ModelChoiceField(
        Member.objects.none(),
        label="Người lao động",
        required=False,
        empty_label="– Không chọn –",
        help_text="Chỉ chọn với giấy đề nghị xác định người lao động có thu nhập thấp.",
    )
    channel = forms.ChoiceField(label="Cách nộp", choices=Channel)
    file_number = TextField(
        label="Mã hồ sơ", max_length=60, required=False, help_text="Mã của bộ phận một cửa hoặc cổng dịch vụ công."
    )
    received_on = DayField(label="Ngày nhận")
    due_on = DayField(
        label="Hạn trả kết quả",
        required=False,
        help_text="Bỏ trống để tính từ ngày bắt đầu rà soát thường xuyên của tháng; giấy nhận sau ngày đó thì của "
        "tháng sau. Các ngày lấy ở trang Quy trình, thời hạn.",
    )
    reason = TextField(label="Lý do đề nghị", max_length=500, required=False)

    def __init__(
        self, *args: Any, unit: Area, household: Household | None, request: Request | None = None, **kwargs: Any
    ) -> None:
        self.household = household
        kwargs["initial"] = self._initial(household, request) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if household is None:
            del self.fields["member"]
            cast(Any, self.fields["village"]).queryset = Area.objects.villages_of(unit).valid_on(_day(request))
        else:
            del self.fields["village"]
            members = Member.objects.present().filter(household=household).order_by("position")
            cast(Any, self.fields["member"]).queryset = members

    def _initial(self, household: Household | None, request: Request | None) -> dict[str, Any]:
        if request is None:
            head = household.members.present().filter(relation="head").first() if household else None
            return {"applicant": head.name if head else "", "channel": Channel.COUNTER}
        values = {name: getattr(request, name) for name in self.base_fields if name not in {"village", "member"}}
        return values | {"village": request.village_id, "member": request.member_id}

    def values(self) -> dict[str, Any]:
        """For the service; without a household there is no person either."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        village = self.household.village if self.household else values["village"]
        return values | {"household": self.household, "village": village, "member": values.get("member")}


def _day(request: Request | None) -> datetime.date:
    """Villages are offered as they are on the day of the request."""
    return request.received_on if request else timezone.localdate()


class AnswerForm(Form):
    """What the applicant was told."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(label="Kết quả", choices=[("", "– Chọn –"), *RequestResult.choices])
    on = DayField(label="Ngày trả kết quả")
    reason = LinesField(
        label="Lý do không công nhận",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Bắt buộc khi không công nhận.",
    )


class AssessForm(Form):
    """Income of twelve months."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    income_from = DayField(label="Mười hai tháng tính từ ngày", help_text="Ngày 01 của tháng đầu.")
    income = CountField(
        label="Thu nhập trong 12 tháng (đồng)",
        help_text="Không tính trợ cấp xã hội từ ngân sách nhà nước.",
    )
    persons = CountField(label="Số người trong hộ")
    is_rural_work = forms.TypedChoiceField(
        label="Hộ làm nông, lâm, ngư hoặc diêm nghiệp",
        choices=[("", "– Chọn –"), ("yes", "Có"), ("no", "Không")],
        coerce=lambda value: value == "yes",
        help_text="Chỉ hộ làm các nghề này được xác định có mức sống trung bình.",
        error_messages={"required": "Chưa chọn hộ có làm nông, lâm, ngư, diêm nghiệp hay không."},
    )

    def __init__(self, *args: Any, request: Request, status: Status | None, persons: int, **kwargs: Any) -> None:
        first = twelve_months_before(request.received_on)
        kwargs["initial"] = {"income_from": first, "persons": persons}
        if status:
            names = ("version", "income_from", "income", "persons")
            work = {None: "", True: "yes", False: "no"}[status.is_rural_work]
            kwargs["initial"] = {name: getattr(status, name) for name in names} | {"is_rural_work": work}
        super().__init__(*args, **kwargs)
        if request.kind == RequestKind.LOW_INCOME:
            del self.fields["persons"], self.fields["is_rural_work"]


class PostForm(Form):
    """Where and how long the finding hangs."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    posted_at = TextField(label="Nơi niêm yết", max_length=300)
    posted_from = DayField(label="Niêm yết từ ngày")
    posted_to = DayField(
        label="Đến hết ngày",
        required=False,
        help_text="Bỏ trống để tính theo số ngày làm việc ở trang Quy trình, thời hạn.",
    )


class DecideForm(Form):
    """The decision of the chairman."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="Ngày quyết định", help_text="Công nhận từ ngày này.")
    decision = PaperChoice(
        Paper.objects.none(),
        label="Quyết định",
        required=False,
        empty_label="Chưa có số",
        help_text="Quyết định do đơn vị ban hành sau khi hết niêm yết. Chưa có số thì để trống, văn thư ghi số sau.",
    )

    def __init__(self, *args: Any, status: Status, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: QuerySet[Paper] = papers_kept_by(status.unit).filter(type=PaperType.DECISION, is_own=True)
        decisions = own.filter(date__gt=status.posted_to) if status.posted_to else own.none()
        cast(PaperChoice, self.fields["decision"]).queryset = decisions


class NumberForm(Form):
    """Number and date of a decision that was taken, as văn thư writes them into the register."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = TextField(label="Số", max_length=20, help_text="Chỉ phần số, ví dụ 123.")
    notation = TextField(label="Ký hiệu", max_length=40, initial="QĐ-UBND")
    date = DayField(label="Ngày ban hành")


class RefuseForm(Form):
    """Why it is not recognised."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="Ngày quyết định")
    reason = LinesField(label="Lý do không công nhận", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(Form):
    """The last day of a status, and why it ends."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    valid_to = DayField(label="Ngày cuối")
    because = LinesField(label="Lý do thôi", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class StatusFilterForm(forms.Form):
    """Which statuses are listed."""

    kind = forms.ChoiceField(label="Loại", choices=StatusKind, required=False)
    show = forms.ChoiceField(label="Xem", choices=SHOWN, required=False)

    def chosen(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("kind") or StatusKind.AVERAGE_LIVING, self.cleaned_data.get("show") or ""
