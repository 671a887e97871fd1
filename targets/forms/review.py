"""Forms of the way of a table: submit, decide, adjust, remark. Each carries the version that was seen."""

from typing import Any, cast

from django import forms

from povertyplan.core.forms import Form, LinesField, VersionForm
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from targets.models import PlanVersion, TargetPlan, TargetRow
from targets.rules.figures import COUNTS
from targets.selectors.versions import label_of
from targets.services.review import NO_DECISION

MOST_LETTERS = 500
FEW_LINES = forms.Textarea(attrs={"rows": 3})
APPROVE, RETURN = "approve", "return"


class SubmitForm(VersionForm):
    note = LinesField(label="Lời trình", required=False, max_length=MOST_LETTERS, widget=FEW_LINES)
    paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Quyết định giao hoặc điều chỉnh chỉ tiêu",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )

    def __init__(self, data: Any = None, *, plan: TargetPlan, returned: PlanVersion | None) -> None:
        """``returned``: the version that is corrected; its decision is offered again."""
        decided = returned.paper_id if returned else None
        super().__init__(data, initial={"version": plan.version, "paper": decided})
        paper = cast(PaperChoice, self.fields["paper"])
        paper.queryset = Paper.objects.to_choose(plan.unit)
        if plan.adjusted_because:
            paper.label, paper.required = "Quyết định điều chỉnh chỉ tiêu", True
            paper.error_messages["required"] = NO_DECISION


class DecideForm(VersionForm):
    """One of two buttons; only a return asks for the reason."""

    act = forms.ChoiceField(
        choices=[(APPROVE, "Duyệt"), (RETURN, "Trả lại")],
        widget=forms.HiddenInput,
        error_messages={"required": "Bấm «Duyệt» hoặc «Trả lại».", "invalid_choice": "Bấm «Duyệt» hoặc «Trả lại»."},
    )
    reason = LinesField(
        label="Lý do trả lại",
        max_length=MOST_LETTERS,
        widget=FEW_LINES,
        help_text="Ghi khi trả lại; cán bộ nhập liệu đọc được. Duyệt thì để trống.",
    )

    def __init__(self, data: Any = None, *, plan: TargetPlan) -> None:
        super().__init__(data, initial={"version": plan.version})
        self.fields["reason"].required = self.data.get("act") != APPROVE


class AdjustForm(VersionForm):
    reason = LinesField(
        label="Lý do điều chỉnh",
        max_length=MOST_LETTERS,
        widget=FEW_LINES,
        help_text="Ví dụ: tỉnh giao thêm chỉ tiêu. Trình thì kèm quyết định điều chỉnh.",
    )


class CommentForm(Form):
    """A remark on a cell, a line (no column) or the whole table (no row)."""

    row = forms.ModelChoiceField(TargetRow.objects.none(), label="Dòng", required=False, empty_label="Cả bảng")
    column = forms.ChoiceField(label="Ô", required=False)
    text = LinesField(label="Góp ý", max_length=MOST_LETTERS, widget=FEW_LINES)

    def __init__(self, data: Any = None, *, plan: TargetPlan, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        row = cast(Any, self.fields["row"])
        row.queryset = TargetRow.objects.filter(plan=plan).for_table()
        row.label_from_instance = lambda line: line.place.title
        cast(forms.ChoiceField, self.fields["column"]).choices = [
            ("", "Cả dòng"),
            *((name, label_of(name)) for name in COUNTS),
        ]


class AnswerForm(VersionForm):
    answer = LinesField(
        label="Trả lời", max_length=MOST_LETTERS, widget=FEW_LINES, help_text="Đã sửa gì, hoặc vì sao giữ."
    )
