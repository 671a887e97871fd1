"""Forms of households and their members, in the order of the paper register."""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.choices import ChangeKind, HouseholdClosed, MemberLeft, Relation, Sex
from households.models import Ethnicity, Household, Member
from povertyplan.areas.choices import Setting
from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, ModelForm, TextField

YEAR = re.compile(r"^[0-9]{4}$")
OTHERS = [(relation.value, relation.label) for relation in Relation if relation != Relation.HEAD]
EVERYBODY = [(relation.value, relation.label) for relation in Relation]
BLANK = ("", "– Chọn –")
TYPED_ID_LENGTH = 30


class YearField(forms.Field):
    """A year in four figures."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4})

    def to_python(self, value: Any) -> int | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        if not YEAR.match(typed):
            raise ValidationError(f"«{typed}» không phải năm. Ghi bốn chữ số, ví dụ 1985.")
        return int(typed)


class EthnicityField(forms.TypedChoiceField):
    """An ethnic group out of rows that were read once for all forms of the page."""

    def offer(self, groups: Iterable[Ethnicity]) -> None:
        known = {str(group.pk): group for group in groups}
        self.choices = [BLANK, *((pk, group.name) for pk, group in known.items())]
        self.coerce = lambda value: known[str(value)]


class VillageField(forms.ModelChoiceField):
    """A village of the list it is given."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)

    def offer(self, villages: Sequence[Area]) -> None:
        self.queryset = Area.objects.filter(pk__in=[village.pk for village in villages])
        self.choices = [BLANK, *((village.pk, village.title) for village in villages)]


def year_of_date(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """The year follows the date, unless a person typed another year beside it: that is refused by the service."""
    born = cleaned.get("birth_date")
    if born and "birth_year" not in form.changed_data:
        cleaned["birth_year"] = born.year


# Households


class HouseholdForm(Form):
    """A new household, above the rows of its members."""

    village = VillageField(Area.objects.none(), label="Thôn")
    address = TextField(label="Địa chỉ", max_length=200, required=False, help_text="Tổ, xóm, số nhà.")
    kind = forms.ChoiceField(
        label="Vì sao lập hộ",
        choices=[
            (ChangeKind.OPENED.value, "đã ở đây, nay ghi vào sổ"),
            (ChangeKind.MOVED_IN.value, "từ nơi khác chuyển đến"),
        ],
    )
    opened_on = DayField(label="Theo dõi từ ngày")
    code = TextField(label="Mã hộ", max_length=30, required=False, help_text="Để trống thì máy cho số tiếp theo.")
    phone = TextField(label="Điện thoại", max_length=30, required=False)
    setting = forms.ChoiceField(
        label="Khu vực",
        choices=[("", "– Như khu vực của thôn –"), *Setting.choices],
        required=False,
        help_text="Chỉ chọn khi khác với khu vực của thôn.",
    )
    note = TextField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args: Any, villages: Sequence[Area], **kwargs: Any) -> None:
        first = {"opened_on": timezone.localdate(), "kind": ChangeKind.OPENED.value}
        kwargs["initial"] = first | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        cast(VillageField, self.fields["village"]).offer(villages)


class HouseholdEditForm(ModelForm):
    """What may be corrected of a household; the service judges the row."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    phone = TextField(label="Điện thoại", max_length=30, required=False)

    class Meta:
        model = Household
        fields = ("code", "address", "phone", "setting", "note")
        field_classes = dict.fromkeys(("code", "address", "note"), TextField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def _post_clean(self) -> None:
        """Nothing: the form only reads."""


class MemberRow(Form):
    """One line of the growing table of a new household."""

    name = TextField(label="Họ và tên", max_length=100)
    relation = forms.ChoiceField(label="Quan hệ với chủ hộ", choices=[BLANK, *EVERYBODY])
    sex = forms.ChoiceField(label="Giới tính", choices=[BLANK, *Sex.choices], required=False)
    birth_date = DayField(label="Ngày sinh", required=False)
    birth_year = YearField(label="hoặc năm sinh", required=False)
    ethnicity = EthnicityField(label="Dân tộc", required=False, empty_value=None)
    citizen_id = TextField(label="Số định danh", max_length=TYPED_ID_LENGTH, required=False)

    def __init__(self, *args: Any, ethnicities: Sequence[Ethnicity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(EthnicityField, self.fields["ethnicity"]).offer(ethnicities)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year_of_date(self, cleaned)
        return cleaned


class BaseMemberRows(forms.BaseFormSet):
    """Rows left empty do not count; what was typed comes back as ``initial`` when more rows are asked for."""

    def initial_form_count(self) -> int:
        return 0

    def members(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.filled()]

    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.has_changed()]


ROWS = 6
MOST_ROWS = 40
MORE_ROWS = 4


def member_rows(data: Any, *, ethnicities: Sequence[Ethnicity]) -> BaseMemberRows:
    """The table as it was sent; new, and when more rows are asked for, unbound with what was typed."""
    typed: list[dict[str, Any]] = []
    rows = ROWS
    if data is not None and "more" in data:
        sent = data.get("members-TOTAL_FORMS", "")
        count = min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdigit() else ROWS
        typed = [
            {name: data.get(f"members-{place}-{name}", "") for name in MemberRow.base_fields} for place in range(count)
        ]
        rows, data = min(count + MORE_ROWS, MOST_ROWS), None
    made = forms.formset_factory(
        MemberRow, formset=BaseMemberRows, extra=rows, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return cast(BaseMemberRows, made(data, prefix="members", initial=typed, form_kwargs={"ethnicities": ethnicities}))


# Persons

MEMBER_DAYS = ("birth_date", "card_from", "card_to", "joined_on")


class MemberForm(ModelForm):
    """Everything the registry knows of a person; the service judges the row."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    birth_year = YearField(label="Năm sinh", required=False, help_text="Khi không biết ngày sinh.")
    ethnicity = EthnicityField(label="Dân tộc", required=False, empty_value=None)
    citizen_id = TextField(
        label="Số định danh (CCCD)",
        max_length=TYPED_ID_LENGTH,
        required=False,
        help_text="12 chữ số. Có thể gõ kèm dấu cách, dấu chấm.",
    )
    insurance_number = TextField(label="Mã số bảo hiểm xã hội", max_length=TYPED_ID_LENGTH, required=False)
    relation = forms.ChoiceField(label="Quan hệ với chủ hộ", choices=[BLANK, *OTHERS])

    class Meta:
        model = Member
        fields = (
            "name",
            "relation",
            "sex",
            "birth_date",
            "birth_year",
            "ethnicity",
            "citizen_id",
            "insurance_number",
            "health_card",
            "card_from",
            "card_to",
            "schooling",
            "qualification",
            "is_trained_on_job",
            "work",
            "disability",
            "nutrition",
            "uses_internet",
            "maternity",
            "is_merit",
            "has_social_allowance",
            "is_party_member",
            "joined_on",
        )
        field_classes = {"name": TextField} | dict.fromkeys(MEMBER_DAYS, DayField)
        widgets = dict.fromkeys(MEMBER_DAYS, DayField.widget)
        help_texts = {"joined_on": "Sinh ra, cưới về, chuyển đến từ ngày này. Ở từ trước thì để trống."}

    def __init__(self, *args: Any, ethnicities: Sequence[Ethnicity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(EthnicityField, self.fields["ethnicity"]).offer(ethnicities)
        self.fields["version"].initial = self.instance.version if self.instance.pk else None
        if self.instance.relation == Relation.HEAD:
            del self.fields["relation"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year_of_date(self, cleaned)
        return cleaned

    def _post_clean(self) -> None:
        """Nothing: the form only reads."""

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


# Acts on a day


class DayForm(Form):
    """An act on a household or a person on a day, with the version of what was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="Từ ngày")

    def __init__(self, *args: Any, version: int, on: datetime.date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version, "on": on or timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class LeaveForm(DayForm):
    because = forms.ChoiceField(
        label="Lý do",
        choices=[
            BLANK,
            *((reason.value, reason.label) for reason in (MemberLeft.MOVED_OUT, MemberLeft.DIED, MemberLeft.MISTAKE)),
        ],
    )


class CloseForm(DayForm):
    because = forms.ChoiceField(
        label="Lý do",
        choices=[
            BLANK,
            *((reason.value, reason.label) for reason in HouseholdClosed if reason != HouseholdClosed.MERGED),
        ],
    )


class MoveForm(DayForm):
    village = VillageField(Area.objects.none(), label="Thôn mới")
    address = TextField(label="Địa chỉ mới", max_length=200, required=False, help_text="Tổ, xóm, số nhà.")

    def __init__(self, *args: Any, villages: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(VillageField, self.fields["village"]).offer(villages)


class RelationsForm(DayForm):
    """An act after which persons stand in other relations: a choice for each of ``members``, beside their names."""

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[f"relation-{member.pk}"] = forms.ChoiceField(
                label=f"{member.name}: quan hệ với chủ hộ mới", choices=[BLANK, *OTHERS], required=False
            )

    def relations(self) -> dict[int, str]:
        """Those that were chosen, by key of the person."""
        chosen = {member.pk: self.cleaned_data.get(f"relation-{member.pk}", "") for member in self.members}
        return {pk: relation for pk, relation in chosen.items() if relation}


class SplitForm(RelationsForm):
    """Who goes, who of them is head, where to."""

    member_ids = forms.MultipleChoiceField(
        label="Ai tách ra", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Chưa chọn ai tách ra."}
    )
    head_id = forms.ChoiceField(label="Chủ hộ mới")
    village = VillageField(Area.objects.none(), label="Ở thôn")

    def __init__(self, *args: Any, villages: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(member.pk), member.name) for member in self.members]
        cast(forms.ChoiceField, self.fields["member_ids"]).choices = names
        cast(forms.ChoiceField, self.fields["head_id"]).choices = [BLANK, *names]
        cast(VillageField, self.fields["village"]).offer(villages)


class MergeForm(RelationsForm):
    into_code = TextField(
        label="Mã hộ nhập vào", max_length=30, help_text="Mã ghi ở danh sách hộ và ở đầu trang của hộ đó."
    )


class HeadForm(RelationsForm):
    member = forms.ChoiceField(label="Chủ hộ mới")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(row.pk), row.name) for row in self.members if row.relation != Relation.HEAD]
        cast(forms.ChoiceField, self.fields["member"]).choices = [BLANK, *names]


class FollowForm(Form):
    """For each old village, the village of the new unit that its households go to."""

    on = DayField(label="Từ ngày", help_text="Ngày đơn vị mới hoạt động.")

    def __init__(self, *args: Any, unit: Area, waiting: Sequence[Any], villages: Sequence[Area], **kwargs: Any) -> None:
        kwargs["initial"] = {"on": unit.valid_from} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.waiting = {row.village.pk: row.village for row in waiting}
        self.villages = {village.pk: village for village in villages}
        offered = [("", "– Chưa chuyển –"), *((str(village.pk), village.title) for village in villages)]
        for row in waiting:
            self.fields[f"village-{row.village.pk}"] = forms.ChoiceField(
                label=f"{row.village.title}, {row.village.parent}: {row.households} hộ",
                choices=offered,
                required=False,
                initial=str(row.successor_id or ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.pairs():
            raise ValidationError("Chưa chọn thôn mới cho thôn cũ nào.")
        return cleaned

    def pairs(self) -> dict[Area, Area]:
        chosen = {pk: self.cleaned_data.get(f"village-{pk}") for pk in self.waiting}
        return {self.waiting[pk]: self.villages[int(to)] for pk, to in chosen.items() if to}
