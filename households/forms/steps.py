"""Forms of the steps after the survey: village meeting, posting, complaint, opinion of the level above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField

from households.choices import ComplaintResult, OpinionReply
from households.forms.rounds import labelled
from households.models import Complaint, Posting, Review, VillageMeeting
from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, Form, LinesField, TextField, VersionForm
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import papers_kept_by

AGREED, OPINION = "agreed-", "opinion-"
MOST_PEOPLE = 9999
FEW_LINES = forms.Textarea(attrs={"rows": 4})


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """One household of the minutes: its form, and what is typed about it."""

    review: Review
    agreed: BoundField
    opinion: BoundField


class MinutesFields(Form):
    """Minutes of a village meeting in the order of the paper form."""

    held_on = DayField(label="Ngày họp")
    place = TextField(label="Địa điểm", max_length=200)
    chair = TextField(
        label="Chủ trì (họ tên, chức danh)", max_length=200, help_text="Trưởng thôn chủ trì (Quyết định 24/2021)."
    )
    secretary = TextField(label="Thư ký", max_length=200)
    board_present = TextField(label="Ban Chỉ đạo, cán bộ xã dự", max_length=500, required=False)
    bodies_present = TextField(label="Chi bộ, đoàn thể dự", max_length=500, required=False)
    front_present = TextField(label="Mặt trận Tổ quốc giám sát", max_length=300, required=False)
    surveyors_present = TextField(label="Rà soát viên dự", max_length=500, required=False)
    participants = CountField(label="Số người dự họp")
    households_represented = CountField(label="Số hộ trong danh sách có người đại diện dự")
    households_listed = CountField(label="Số hộ trong danh sách rà soát của thôn")
    opinions = LinesField(label="Ý kiến khác", max_length=4000, required=False, widget=FEW_LINES)


class MinutesForm(VersionForm, MinutesFields):
    """The minutes corrected: all but the number of those who were there, on which the verdicts rest."""

    def __init__(self, data: Any = None, *, meeting: VillageMeeting) -> None:
        super().__init__(data)
        del self.fields["participants"]
        self.initial = {name: getattr(meeting, name) for name in self.fields}


class MeetingForm(MinutesFields):
    """The minutes, then one line a household."""

    def __init__(self, data: Any = None, *, reviews: Sequence[Review], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.minutes = list(self.fields)
        self.reviews = list(reviews)
        for review in self.reviews:
            self.fields[f"{AGREED}{review.pk}"] = CountField(
                label=f"Số người thống nhất, {review.head_name}", required=False
            )
            self.fields[f"{OPINION}{review.pk}"] = TextField(
                label=f"Ý kiến về {review.head_name}", required=False, max_length=500
            )

    def head(self) -> list[BoundField]:
        """The fields of the minutes themselves."""
        return [self[name] for name in self.minutes]

    def lines(self) -> list[MeetingLine]:
        return [
            MeetingLine(review=review, agreed=self[f"{AGREED}{review.pk}"], opinion=self[f"{OPINION}{review.pk}"])
            for review in self.reviews
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        present = values.get("participants")
        if present == 0:
            self.add_error("participants", "Cuộc họp phải có người dự.")
        if present is not None and present > MOST_PEOPLE:
            self.add_error("participants", "Số người dự họp lớn quá mức có thể của một thôn.")
        for review in self.reviews:
            agreed = values.get(f"{AGREED}{review.pk}")
            if agreed is not None and present is not None and agreed > present:
                self.add_error(f"{AGREED}{review.pk}", f"Nhiều hơn số người dự họp ({present}).")
        return values

    def fields_of_minutes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.minutes}

    def verdicts(self) -> dict[int, tuple[int, str]]:
        """Review → how many agreed, and what was said; an empty count means everybody who was there."""
        everybody = self.cleaned_data["participants"]
        verdicts = {}
        for review in self.reviews:
            agreed = self.cleaned_data.get(f"{AGREED}{review.pk}")
            verdicts[review.pk] = (
                everybody if agreed is None else agreed,
                self.cleaned_data.get(f"{OPINION}{review.pk}", ""),
            )
        return verdicts


class VillagesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class PostingForm(Form):
    """Where and from when to when the result of one or several villages hangs."""

    villages = VillagesChoice(Area.objects.none(), label="Thôn niêm yết")
    place = TextField(
        label="Nơi niêm yết",
        max_length=300,
        help_text="Nhà văn hóa thôn và trụ sở UBND cấp xã; ghi cả loa truyền thanh.",
    )
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến hết ngày", required=False)
    is_recheck = forms.BooleanField(label="Niêm yết kết quả phúc tra", required=False)

    def __init__(
        self, data: Any = None, *, villages: QuerySet[Area], days: int | None, initial: dict[str, Any] | None = None
    ) -> None:
        """``days``: working days that a result hangs, where they are known."""
        super().__init__(data, initial=initial)
        cast(forms.ModelMultipleChoiceField, self.fields["villages"]).queryset = villages
        if days is not None:
            self.fields["ends_on"].help_text = f"Bỏ trống để tính đủ {days:02d} ngày làm việc."

    def values(self) -> dict[str, Any]:
        """What was typed, without the villages."""
        return {name: value for name, value in self.cleaned_data.items() if name != "villages"}


class PostingEditForm(VersionForm):
    """The same of one posting that was written down."""

    place = TextField(label="Nơi niêm yết", max_length=300)
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến hết ngày")

    def __init__(self, data: Any = None, *, posting: Posting) -> None:
        super().__init__(data, initial={name: getattr(posting, name) for name in self.base_fields})


class ComplaintForm(Form):
    """A complaint about the posted result of a household, or of a village."""

    village: forms.ModelChoiceField = forms.ModelChoiceField(Area.objects.none(), label="Thôn")
    household = TextField(
        label="Mã hộ bị khiếu nại",
        max_length=30,
        required=False,
        help_text="Có trong danh sách hộ của đợt. Bỏ trống nếu khiếu nại cả thôn hoặc về hộ không có tên.",
    )
    complainant = TextField(label="Người khiếu nại", max_length=100)
    content = LinesField(label="Nội dung khiếu nại", max_length=4000, widget=FEW_LINES)
    received_on = DayField(label="Ngày nhận")

    def __init__(
        self,
        data: Any = None,
        *,
        villages: QuerySet[Area],
        reviews: QuerySet[Review],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.reviews = reviews
        cast(forms.ModelChoiceField, self.fields["village"]).queryset = villages

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        values["review"] = None
        if code := values.pop("household", ""):
            review = self.reviews.select_related("village").filter(household__code=code).first()
            village = values.get("village")
            if review is None:
                self.add_error("household", f"Không có hộ mã «{code}» trong danh sách của đợt.")
            elif village and review.village_id != village.pk:
                self.add_error("household", f"Hộ {code} thuộc {review.village}, không thuộc {village}.")
            values["review"] = review
        return values


class AnswerForm(VersionForm):
    """What the recheck found."""

    rechecked_on = DayField(label="Ngày phúc tra")
    result = forms.ChoiceField(label="Kết quả", choices=labelled(ComplaintResult), widget=forms.RadioSelect)
    answer = LinesField(label="Trả lời người khiếu nại", max_length=4000, widget=FEW_LINES)

    def __init__(self, data: Any = None, *, complaint: Complaint) -> None:
        stored = {name: getattr(complaint, name) for name in ("version", "rechecked_on", "result", "answer")}
        super().__init__(data, initial=stored)


class OpinionAskForm(Form):
    """The day the preliminary result was sent up."""

    sent_on = DayField(label="Ngày gửi")
    paper = PaperChoice(
        Paper.objects.none(),
        label="Văn bản xin ý kiến",
        required=False,
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )

    def __init__(self, data: Any = None, *, unit: Area, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        cast(PaperChoice, self.fields["paper"]).queryset = papers_kept_by(unit)


class ReplyForm(VersionForm):
    """The answer of the level above."""

    reply = forms.ChoiceField(label="Trả lời", choices=labelled(OpinionReply), widget=forms.RadioSelect)
    text = LinesField(
        label="Ý kiến",
        max_length=4000,
        required=False,
        widget=FEW_LINES,
        help_text="Phải ghi khi đề nghị xem lại: xem lại điều gì.",
    )
    number = TextField(label="Số văn bản trả lời", max_length=60, required=False)
    on = DayField(label="Ngày trả lời")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("reply") == OpinionReply.RETURNED and not values.get("text") and "text" not in self.errors:
            self.add_error("text", "Đề nghị xem lại thì ghi rõ xem lại điều gì.")
        return values
