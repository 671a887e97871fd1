"""Review forms as the API shows and takes them: facts, answers, scores, incomes, causes, needs."""

from typing import Any

from rest_framework import serializers

from households import choices
from households.models import Answer, Review, ReviewIncome, ReviewNeed, ReviewScore
from povertyplan.core.api.fields import Body, Choice, Count, Day, Exact, Id, Items, Shown, Table, Text, YesNo

FACTS = (
    "is_wall_durable",
    "is_column_durable",
    "is_roof_durable",
    "floor_area",
    "water",
    "latrine",
    "devices",
    "note",
)
MOST_DONG = 9_999_999_999_999


class ReviewQuery(Body):
    village = Id(required=False, help_text="Id of the village.")
    state = Choice(choices.ReviewState.choices, required=False)
    category = Choice(choices.Category.choices, required=False)


class ReviewShown(Shown):
    """A form in a list."""

    village_name = serializers.CharField(source="village.name", read_only=True)
    household_code = serializers.CharField(source="household.code", read_only=True)

    class Meta:
        model = Review
        fields: tuple[str, ...] = (
            "id",
            "version",
            "unit",
            "round",
            "household",
            "household_code",
            "head_name",
            "village",
            "village_name",
            "persons",
            "listed_because",
            "state",
            "screen_result",
            "surveyed_on",
            "b1_score",
            "b2_score",
            "category",
            "is_frozen",
        )


class AnswerShown(Shown):
    """``is_deprived`` is what counts; ``computed`` is what the facts say, and ``why``."""

    indicator = serializers.CharField(source="indicator.code", read_only=True)

    class Meta:
        model = Answer
        fields = ("indicator", "is_deprived", "computed", "why", "override_reason")


class ScoreShown(Shown):
    item = serializers.CharField(source="item.code", read_only=True)
    option = serializers.CharField(source="option.code", read_only=True, allow_null=True)

    class Meta:
        model = ReviewScore
        fields = ("item", "option", "amount", "points")


class IncomeShown(Shown):
    class Meta:
        model = ReviewIncome
        fields = ("source", "earners", "amount")


class NeedShown(Shown):
    class Meta:
        model = ReviewNeed
        fields = ("need", "note")


class ReviewWhole(ReviewShown):
    """The whole form with everything under it."""

    answers = AnswerShown(many=True, read_only=True)
    scores = ScoreShown(many=True, read_only=True)
    incomes = IncomeShown(many=True, read_only=True)
    causes = serializers.SerializerMethodField()
    needs = NeedShown(many=True, read_only=True)
    ethnicity = serializers.CharField(source="ethnicity.name", read_only=True, allow_null=True)

    class Meta(ReviewShown.Meta):
        fields: tuple[str, ...] = (
            *ReviewShown.Meta.fields,
            "request",
            "screened_on",
            "dropped_because",
            "redo_because",
            "surveyor",
            *FACTS,
            "b1_source",
            "reasons",
            "ethnicity",
            "is_ethnic_minority",
            "is_merit",
            "has_no_labour",
            "is_female_head",
            "corrects",
            "correction_reason",
            "is_current",
            "answers",
            "scores",
            "incomes",
            "causes",
            "needs",
        )

    def get_causes(self, review: Review) -> list[int]:
        """Numbers in the standard's list."""
        return sorted(row.cause.number for row in review.causes.all())


class ReviewAdded(Body):
    household = Id(help_text="Id of a household of the unit.")


class ReviewDropped(Body):
    reason = Text(max_length=300)


class Screened(Body):
    result = Choice(choices.ScreenResult.choices, required=False, help_text="Stated; without a sheet of Phiếu A.")
    answers = Table(child=serializers.JSONField(), required=False, help_text="Option codes or number by item code.")
    on = Day(required=False, help_text="Today when left out.")


class Facts(Body):
    """Of the dwelling; null or empty: not asked."""

    is_wall_durable = YesNo(required=False, allow_null=True)
    is_column_durable = YesNo(required=False, allow_null=True)
    is_roof_durable = YesNo(required=False, allow_null=True)
    floor_area = Exact(required=False, allow_null=True, max_digits=6, decimal_places=1, min_value=0)
    water = Choice(choices.Water.choices, required=False, allow_blank=True)
    latrine = Choice(choices.Latrine.choices, required=False, allow_blank=True)
    devices = Items(
        child=Choice(choices.Device.choices),
        required=False,
        allow_null=True,
        max_length=len(choices.Device),
        help_text="An empty list: none; null: not asked.",
    )
    note = Text(required=False, allow_blank=True, max_length=500)


class Answered(Body):
    is_deprived = YesNo(required=False, allow_null=True, default=None, help_text="null follows the facts.")
    reason = Text(required=False, allow_blank=True, max_length=300, default="", help_text="Where it differs from them.")


class Earned(Body):
    source = Choice(choices.IncomeSource.choices)
    earners = Count(min_value=1, max_value=100)
    amount = Count(max_value=MOST_DONG, help_text="Đồng in twelve months.")


class Needed(Body):
    need = Choice(choices.Need.choices)
    note = Text(required=False, allow_blank=True, max_length=200, default="")


class ReviewSaved(Body):
    """The form whole: what is left out is emptied."""

    facts = Facts(required=False)
    answers = Table(child=Answered(), required=False, help_text="By code of the indicator.")
    b1_score = Count(required=False, allow_null=True, max_value=1000, help_text="Total, where no sheet is loaded.")
    b1_answers = Table(
        child=serializers.JSONField(),
        required=False,
        allow_null=True,
        help_text="Option codes or number by item code of the B1 sheet.",
    )
    incomes = Earned(many=True, required=False, max_length=len(choices.IncomeSource))
    causes = Items(child=Count(max_value=1000), required=False, max_length=50, help_text="Numbers of the standard.")
    needs = Needed(many=True, required=False, max_length=len(choices.Need))
    surveyed_on = Day(required=False, allow_null=True)
    surveyor = Text(required=False, allow_blank=True, max_length=100)
    is_complete = YesNo(default=False, help_text="true: nothing may be missing; the household gets its category.")

    def as_arguments(self) -> dict[str, Any]:
        """As ``review_save`` takes them; facts that are left out are emptied."""
        sent = dict(self.validated_data)
        facts: dict[str, Any] = dict.fromkeys(FACTS) | {"water": "", "latrine": "", "note": ""}
        answers = {code: (row["is_deprived"], row["reason"]) for code, row in sent.get("answers", {}).items()}
        return {
            "facts": facts | sent.get("facts", {}),
            "answers": answers,
            "b1_score": sent.get("b1_score"),
            "b1_answers": sent.get("b1_answers"),
            "incomes": [(row["source"], row["earners"], row["amount"]) for row in sent.get("incomes", [])],
            "causes": sent.get("causes", []),
            "needs": [(row["need"], row["note"]) for row in sent.get("needs", [])],
            "surveyed_on": sent.get("surveyed_on"),
            "surveyor": sent.get("surveyor", ""),
            "is_complete": sent["is_complete"],
        }
