"""Households and members as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from households import choices
from households.models import Ethnicity, Household, Member
from households.rules.persons import masked
from households.selectors.registry import State
from povertyplan.accounts.api import LAST_YEAR, UnitFields
from povertyplan.areas.choices import Setting
from povertyplan.core.api.fields import Body, Choice, Count, Day, Id, Items, Shown, Table, Text, Whole, YesNo

MOST_MEMBERS = 100


class HouseholdQuery(UnitFields):
    village = Id(required=False, help_text="Id of the village.")
    q = Text(required=False, max_length=100, help_text="Part of a member's name, code of the household, citizen ID.")
    state = Choice(State.choices, default=State.FOLLOWED.value, help_text="followed when left out.")


class EthnicityShown(Shown):
    """Both official codes, which are never mixed."""

    class Meta:
        model = Ethnicity
        fields = ("name", "code_121", "code_1019", "is_minority")


class HouseholdShown(Shown):
    unit_code = serializers.CharField(source="unit.code", read_only=True)
    village_name = serializers.CharField(source="village.name", read_only=True)
    head_name = serializers.CharField(read_only=True, allow_null=True)
    persons = serializers.IntegerField(read_only=True)

    class Meta:
        model = Household
        fields = (
            "id",
            "version",
            "unit",
            "unit_code",
            "village",
            "village_name",
            "code",
            "head_name",
            "persons",
            "address",
            "setting",
            "phone",
            "opened_on",
            "closed_on",
            "closed_because",
            "note",
        )


class MemberShown(Shown):
    """A person. The numbers of the person are whole for who enters in the unit, else their middle is hidden."""

    ethnicity = EthnicityShown(read_only=True, allow_null=True)
    citizen_id = serializers.SerializerMethodField()
    insurance_number = serializers.SerializerMethodField()

    class Meta:
        model = Member
        fields = (
            "id",
            "version",
            "household",
            "position",
            "name",
            "sex",
            "birth_date",
            "birth_year",
            "ethnicity",
            "citizen_id",
            "insurance_number",
            "health_card",
            "card_from",
            "card_to",
            "relation",
            "schooling",
            "qualification",
            "is_trained_on_job",
            "work",
            "disability",
            "nutrition",
            "uses_internet",
            "is_merit",
            "has_social_allowance",
            "is_party_member",
            "maternity",
            "joined_on",
            "left_on",
            "left_because",
        )

    def get_citizen_id(self, member: Member) -> str:
        return self._number(member.citizen_id)

    def get_insurance_number(self, member: Member) -> str:
        return self._number(member.insurance_number)

    def _number(self, number: str) -> str:
        return number if self.context.get("shows_ids") else masked(number)


class HouseholdFields(Body):
    address = Text(required=False, allow_blank=True, max_length=200)
    setting = Choice(Setting.choices, required=False, allow_blank=True)
    phone = Text(required=False, allow_blank=True, max_length=20)
    note = Text(required=False, allow_blank=True, max_length=500)


class HouseholdChanges(HouseholdFields):
    code = Text(required=False, max_length=30)


class MemberFields(Body):
    """What may be written of a person; the service says what is missing and what cannot be true."""

    name = Text(max_length=100)
    sex = Choice(choices.Sex.choices, required=False, allow_blank=True)
    birth_date = Day(required=False, allow_null=True)
    birth_year = Count(required=False, allow_null=True, max_value=LAST_YEAR)
    ethnicity = Text(required=False, allow_null=True, max_length=40, help_text="Name or a known spelling of it.")
    citizen_id = Text(required=False, allow_blank=True, max_length=30, help_text="12 digits.")
    insurance_number = Text(required=False, allow_blank=True, max_length=30, help_text="10 digits.")
    health_card = Choice(choices.HealthCard.choices, required=False, allow_blank=True)
    card_from = Day(required=False, allow_null=True)
    card_to = Day(required=False, allow_null=True)
    schooling = Choice(choices.Schooling.choices, required=False, allow_blank=True)
    qualification = Choice(choices.Qualification.choices, required=False, allow_blank=True)
    is_trained_on_job = YesNo(required=False, allow_null=True)
    work = Choice(choices.Work.choices, required=False, allow_blank=True)
    disability = Choice(choices.Disability.choices, required=False, allow_blank=True)
    nutrition = Choice(choices.Nutrition.choices, required=False, allow_blank=True)
    uses_internet = YesNo(required=False, allow_null=True)
    is_merit = YesNo(required=False)
    has_social_allowance = YesNo(required=False)
    is_party_member = YesNo(required=False)
    maternity = Choice(choices.Maternity.choices, required=False, allow_blank=True)
    joined_on = Day(required=False, allow_null=True)


class MemberOpened(MemberFields):
    relation = Choice(choices.Relation.choices)


class MemberChanges(MemberOpened):
    """Any of them."""


class MemberQuery(Body):
    left = YesNo(default=False, help_text="true: with those who are no longer members.")


class HouseholdOpened(UnitFields, HouseholdFields):
    village = Id(help_text="Id of a village of the unit.")
    code = Text(required=False, allow_blank=True, max_length=30, help_text="The next free code when left out.")
    kind = Choice(
        [(kind.value, kind.label) for kind in (choices.ChangeKind.OPENED, choices.ChangeKind.MOVED_IN)],
        default=choices.ChangeKind.OPENED.value,
        help_text="moved_in: from elsewhere; opened, when left out: lived here already.",
    )
    opened_on = Day(required=False, help_text="Today when left out.")
    members = MemberOpened(many=True, max_length=MOST_MEMBERS)


class Relations(Body):
    """Relations to the head that change with it."""

    relations = Table(
        child=Choice(choices.Relation.choices),
        required=False,
        help_text="Relation to the new head by member id.",
    )

    def validate_relations(self, value: dict[str, Any]) -> dict[int, str]:
        wrong = [key for key in value if not (key.isascii() and key.isdigit())]
        if wrong:
            raise serializers.ValidationError([f"«{key}» không phải mã của một người." for key in wrong])
        return {int(key): relation for key, relation in value.items()}


class Moved(Body):
    village = Id(help_text="Id of a village of the same unit.")
    on = Day()
    address = Text(required=False, allow_blank=True, max_length=200)


class Split(Relations):
    member_ids = Items(child=Id(), min_length=1, max_length=MOST_MEMBERS, help_text="Ids of those who leave.")
    head_id = Id(help_text="Id of the head of the new household.")
    on = Day()
    village = Id(required=False, help_text="Village of the new household; the same when left out.")


class Merged(Relations):
    into = Id(help_text="Id of the household that takes the members.")
    into_version = Whole(help_text="Its version as it was read; the version of the one that goes is in If-Match.")
    on = Day()


class HeadChanged(Relations):
    member = Id(help_text="Id of the new head.")
    on = Day()


class HouseholdClosed(Body):
    on = Day()
    because = Choice(choices.HouseholdClosed.choices)


class HouseholdReopened(Body):
    on = Day()


class MemberLeft(Body):
    on = Day()
    because = Choice(choices.MemberLeft.choices)
