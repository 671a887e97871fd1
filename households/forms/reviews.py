"""The form of one household as it is typed: Phiếu A, Phiếu B."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.choices import Device, IncomeSource, ItemKind, Latrine, Need, ScreenResult, Water
from households.rules.scoring import SheetItem
from households.selectors.parts import Parts
from households.selectors.sheets import Sheet
from households.selectors.surveys import FormLaw
from povertyplan.core.forms import EMPTY_CHOICE, CountField, DayField, Form, LinesField, TextField

DURABLE = (("1", "Bền chắc"), ("0", "Không bền chắc"))
DEPRIVED = (("1", "Thiếu hụt"), ("0", "Không"))
STRUCTURES = ("is_wall_durable", "is_column_durable", "is_roof_durable")
TRUTH = {"1": True, "0": False}


class AmountField(forms.Field):
    """A number with a decimal comma: ``48,5``."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value or "").strip().replace(" ", "")
        if not typed:
            return None
        try:
            number = Decimal(typed.replace(",", "."))
        except InvalidOperation as error:
            raise ValidationError(f"«{typed}» không phải số. Ví dụ cách ghi đúng: 48,5.") from error
        if not number.is_finite() or abs(number) >= 100_000:
            raise ValidationError(f"«{typed}» ngoài khoảng ghi được.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


def _radio(choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)


def _checks(choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def item_field(item: SheetItem) -> forms.Field:
    options = [(option.code, option.label) for option in item.options]
    if item.kind == ItemKind.MULTI:
        field: forms.Field = _checks(options)
    elif item.kind == ItemKind.SINGLE:
        field = forms.ChoiceField(choices=[("", EMPTY_CHOICE), *options], required=False)
    else:
        field = AmountField(required=False)
    field.label = f"{item.code}. {item.label}"
    return field


class SurveyForm(Form):
    """Phiếu B. Fields of the indicators, the sheet and the incomes carry their code in the name.

    ``auto-CODE`` holds what «tự tính» said when the page was drawn: an answer left equal to it follows the facts.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_wall_durable = _radio(DURABLE)
    is_column_durable = _radio(DURABLE)
    is_roof_durable = _radio(DURABLE)
    floor_area = AmountField(label="Diện tích nhà ở", required=False)
    water = forms.ChoiceField(
        label="Nguồn nước sinh hoạt", choices=[("", EMPTY_CHOICE), *Water.choices], required=False
    )
    latrine = forms.ChoiceField(label="Nhà tiêu", choices=[("", EMPTY_CHOICE), *Latrine.choices], required=False)
    devices = _checks(Device.choices)
    no_devices = forms.BooleanField(label="không có phương tiện nào", required=False)
    causes = _checks(())
    needs = _checks(Need.choices)
    b1_score = CountField(label="Tổng điểm B1", required=False)
    note = LinesField(label="Ghi chú", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    surveyor = TextField(label="Rà soát viên", max_length=100, required=False)
    surveyed_on = DayField(label="Ngày làm Phiếu B", required=False)

    def __init__(self, *args: Any, law: FormLaw, sheet: Sheet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law, self.sheet = law, sheet
        self.fields["causes"].choices = [(str(cause.number), cause.name) for cause in law.causes]  # type: ignore[attr-defined]
        for question in law.questions:
            self.fields[f"answer-{question.code}"] = _radio(DEPRIVED)
            self.fields[f"auto-{question.code}"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.fields[f"reason-{question.code}"] = TextField(
                label="Lý do khác với tự tính", max_length=300, required=False
            )
        for item in sheet.items if sheet else ():
            self.fields[f"b1-{item.code}"] = item_field(item)
        for source, label in IncomeSource.choices:
            self.fields[f"earners-{source}"] = CountField(label=f"Số người, {label}", required=False)
            self.fields[f"amount-{source}"] = CountField(label=f"Thu nhập 12 tháng, {label}", required=False)
        for need, label in Need.choices:
            self.fields[f"need_note-{need}"] = TextField(label=f"Cụ thể, {label}", max_length=200, required=False)

    @property
    def has_incomes(self) -> bool:
        return any(self[f"amount-{source}"].value() not in (None, "") for source in IncomeSource)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("no_devices") and cleaned.get("devices"):
            self.add_error("devices", "Đã chọn «không có phương tiện nào» thì không chọn phương tiện.")
        for source in IncomeSource:
            if cleaned.get(f"earners-{source}") and cleaned.get(f"amount-{source}") is None:
                self.add_error(f"amount-{source}", "Chưa ghi thu nhập 12 tháng của nguồn này.")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What was typed, as ``services.reviews.review_save`` takes it; a field that was refused counts as empty."""
        got = self.cleaned_data
        chosen = got.get("devices") or []
        facts = {name: TRUTH.get(got.get(name, "")) for name in STRUCTURES} | {
            "floor_area": got.get("floor_area"),
            "water": got.get("water", ""),
            "latrine": got.get("latrine", ""),
            "devices": chosen if chosen or got.get("no_devices") else None,
            "note": got.get("note", ""),
        }
        return {
            "facts": facts,
            "answers": {question.code: self._answer(question.code) for question in self.law.questions},
            "b1_score": got.get("b1_score"),
            "b1_answers": self._b1_answers(),
            "incomes": [
                (str(source), got.get(f"earners-{source}") or 1, got[f"amount-{source}"])
                for source in IncomeSource
                if got.get(f"amount-{source}") is not None
            ],
            "causes": [int(number) for number in got.get("causes", [])],
            "needs": [(need, got.get(f"need_note-{need}", "")) for need in got.get("needs", [])],
            "surveyed_on": got.get("surveyed_on"),
            "surveyor": got.get("surveyor", ""),
        }

    def _answer(self, code: str) -> tuple[bool | None, str]:
        chosen, auto = self.cleaned_data.get(f"answer-{code}", ""), self.cleaned_data.get(f"auto-{code}", "")
        if chosen == auto:
            return None, ""
        return TRUTH.get(chosen), self.cleaned_data.get(f"reason-{code}", "")

    def _b1_answers(self) -> dict[str, Any] | None:
        """None where there is no sheet, or where only a total was typed."""
        if self.sheet is None:
            return None
        answers = {item.code: self.cleaned_data.get(f"b1-{item.code}") for item in self.sheet.items}
        is_answered = any(answer not in (None, "", []) for answer in answers.values())
        return answers if is_answered or self.cleaned_data.get("b1_score") is None else None


def survey_initial(
    *, review: Any, parts: Parts, law: FormLaw, sheet: Sheet | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """What is stored, as the form shows it. ``answers``: code → ``rules.survey.Resolved`` of now."""
    causes = {cause.pk: str(cause.number) for cause in law.causes}
    initial: dict[str, Any] = {name: _as_choice(getattr(review, name)) for name in STRUCTURES}
    initial |= {
        name: getattr(review, name) for name in ("floor_area", "water", "latrine", "note", "surveyor", "surveyed_on")
    }
    initial |= {
        "version": review.version,
        "b1_score": review.b1_score,
        "devices": review.devices or [],
        "no_devices": review.devices == [],
        "causes": [causes[pk] for pk in parts.causes if pk in causes],
        "needs": list(parts.needs),
    }
    for code, answer in answers.items():
        initial[f"answer-{code}"] = _as_choice(answer.is_deprived)
        initial[f"auto-{code}"] = _as_choice(answer.computed)
        initial[f"reason-{code}"] = answer.override_reason
    for item, given in (sheet.answers_of(parts.scores) if sheet else {}).items():
        initial[f"b1-{item}"] = given
    for source, (earners, amount) in parts.incomes.items():
        initial |= {f"earners-{source}": earners, f"amount-{source}": amount}
    return initial | {f"need_note-{need}": note for need, note in parts.needs.items()}


def _as_choice(value: bool | None) -> str:
    return "" if value is None else "1" if value else "0"


def draft_initial(form: SurveyForm, data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A draft as the form shows it: texts as they were typed, also those that would be refused."""
    several = (forms.MultipleChoiceField,)
    return {
        name: list(texts) if isinstance(form.fields[name], several) else texts[-1]
        for name, texts in data.items()
        if name in form.fields and texts
    } | {name: [] for name, field in form.fields.items() if isinstance(field, several) and name not in data}


class ScreenForm(Form):
    """Phiếu A: the questions of the sheet where one is loaded, else the result alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    screened_on = DayField(label="Ngày làm Phiếu A", required=False)

    def __init__(self, *args: Any, sheet: Sheet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for item in sheet.items if sheet else ():
            self.fields[f"screen-{item.code}"] = item_field(item)
        if sheet is None:
            choices = [(ScreenResult.CONTINUE, "Tiếp tục rà soát (Phiếu B)"), (ScreenResult.STOP, "Không rà soát tiếp")]
            self.fields["result"] = forms.ChoiceField(
                label="Kết quả Phiếu A",
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Chưa chọn kết quả Phiếu A."},
            )

    def arguments(self) -> dict[str, Any]:
        got = self.cleaned_data
        answers = {item.code: got.get(f"screen-{item.code}") for item in self.sheet.items} if self.sheet else None
        return {"result": got.get("result", ""), "answers": answers, "on": got.get("screened_on")}
