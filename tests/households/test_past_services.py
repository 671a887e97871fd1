"""A list recognised on paper becomes the list that the next review starts from."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    Category,
    HouseholdClosed,
    RecognitionKind,
    Relation,
    RoundKind,
    RoundState,
    Sex,
    Transition,
)
from households.models import Ethnicity, Household, Member, Recognised, Recognition, ReviewRound, Standard
from households.services.past import past_list_correct, past_list_record
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.text import plain, sort_key
from tests.factories import CommuneFactory, PaperFactory, VillageFactory

DAY = datetime.date(2023, 12, 10)
NEXT = datetime.date(2024, 12, 10)
POOR, NEAR = Category.POOR, Category.NEAR_POOR


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def standard(db: None) -> Standard:
    return Standard.objects.create(code="2022_2025", name="Chuẩn thử", valid_from=datetime.date(2022, 1, 1))


def home(village: Area, persons: int = 2, **fields: Any) -> Household:
    number = Household.objects.count() + 1
    household = Household.objects.create(
        unit=village.parent, village=village, code=f"H-{number}", opened_on=DAY, **fields
    )
    for place in range(persons):
        name = f"Nguyễn Thị Thử {number}" if place == 0 else "Người Khác"
        Member.objects.create(
            unit=village.parent,
            household=household,
            name=name,
            search_key=plain(name),
            sort_key=sort_key(name),
            relation=Relation.CHILD if place else Relation.HEAD,
            sex=Sex.FEMALE,
            birth_year=1990,
            position=place + 1,
        )
    return household


def record(
    unit: Area, standard: Standard, listed: dict[Household, str], year: int = 2023, **changes: Any
) -> ReviewRound:
    rows = [{"household": household, "category": category} for household, category in listed.items()]
    common: dict[str, Any] = {"by": None, "on": DAY if year == 2023 else NEXT, "rows": rows}
    return past_list_record(unit=unit, year=year, standard=standard, **(common | changes))


def last(round: ReviewRound) -> int:
    return Recognition.objects.filter(round=round).latest("pk").pk


def test_a_paper_list_is_a_recognised_round_with_its_households(
    commune: Area, village: Area, standard: Standard
) -> None:
    paper = PaperFactory(unit=commune)
    poor, near, other = home(village, 3), home(village), home(village)

    round = record(commune, standard, {poor: POOR, near: NEAR, other: ""}, paper=paper)

    assert (round.kind, round.state, round.recognised_on) == (RoundKind.PERIODIC, RoundState.RECOGNISED, DAY)
    recognition = round.recognitions.get()
    assert (recognition.kind, recognition.paper, recognition.by) == (RecognitionKind.PAST, paper, None)
    rows = {row.household: row for row in Recognised.objects.filter(round=round)}
    assert set(rows) == {poor, near}
    row = rows[poor]
    assert (row.category, row.persons, row.head_name, row.year, row.village) == (
        POOR,
        3,
        "Nguyễn Thị Thử 1",
        2023,
        village,
    )
    assert (row.is_female_head, row.transition, row.from_category, row.review) == (True, "", "", None)


def test_persons_of_the_paper_go_before_those_of_the_registry(commune: Area, village: Area, standard: Standard) -> None:
    rows = [{"household": home(village), "category": POOR, "persons": 7}]

    round = record(commune, standard, {}, rows=rows)

    assert Recognised.objects.get(round=round).persons == 7


def test_the_head_decides_whether_the_household_is_of_a_minority(
    commune: Area, village: Area, standard: Standard
) -> None:
    household = home(village)
    minority = Ethnicity.objects.create(name="Ba Na", code_121="12", code_1019="20")
    Member.objects.filter(household=household, relation=Relation.HEAD).update(ethnicity=minority)

    row = Recognised.objects.get(round=record(commune, standard, {household: POOR}))

    assert (row.is_ethnic_minority, row.ethnicity) == (True, minority)


def test_a_second_list_says_what_became_of_the_first(commune: Area, village: Area, standard: Standard) -> None:
    kinds = {
        "stays": (POOR, POOR, Transition.REMAINED_POOR),
        "rises": (POOR, NEAR, Transition.POOR_TO_NEAR_POOR),
        "leaves": (POOR, "", Transition.POOR_TO_ABOVE),
        "sinks": (NEAR, POOR, Transition.NEAR_POOR_TO_POOR),
        "escapes": (NEAR, "", Transition.ESCAPED_NEAR_POVERTY),
        "comes": ("", POOR, Transition.NEWLY_POOR),
    }
    homes = {name: home(village) for name in kinds}
    record(commune, standard, {homes[name]: before for name, (before, _, _) in kinds.items()})

    second = record(commune, standard, {homes[name]: now for name, (_, now, _) in kinds.items()}, year=2024)

    rows = {row.household_id: row for row in Recognised.objects.filter(round=second)}
    assert {name: rows[homes[name].pk].transition for name in kinds} == {name: kinds[name][2] for name in kinds}
    assert (rows[homes["leaves"].pk].category, rows[homes["leaves"].pk].from_persons) == (Category.NOT_POOR, 2)


def test_a_household_that_is_gone_leaves_the_list_with_its_reason(
    commune: Area, village: Area, standard: Standard
) -> None:
    household = home(village)
    record(commune, standard, {household: POOR})
    Household.objects.filter(pk=household.pk).update(closed_on=NEXT, closed_because=HouseholdClosed.MOVED_OUT)

    row = Recognised.objects.get(round=record(commune, standard, {}, year=2024))

    assert (row.category, row.transition, row.persons) == ("", Transition.OTHER_DECREASE, 0)
    assert row.reason == "chuyển khỏi địa bàn"


def test_who_was_poor_two_lists_ago_falls_back(commune: Area, village: Area, standard: Standard) -> None:
    household, other = home(village), home(village)
    record(commune, standard, {household: POOR, other: POOR}, year=2022, on=datetime.date(2022, 12, 10))
    record(commune, standard, {other: POOR})

    third = record(commune, standard, {household: POOR, other: POOR}, year=2024)

    assert Recognised.objects.get(round=third, household=household).transition == Transition.FELL_BACK


def test_a_year_that_has_a_round_takes_no_paper_list(commune: Area, village: Area, standard: Standard) -> None:
    record(commune, standard, {home(village): POOR})

    with pytest.raises(ValidationError, match="Năm 2023 đã có đợt rà soát định kỳ"):
        record(commune, standard, {})


def test_everything_wrong_is_said_at_once(commune: Area, village: Area, standard: Standard) -> None:
    foreign = home(VillageFactory(parent=CommuneFactory()))
    twice = home(village)
    rows = [
        {"household": foreign, "category": POOR},
        {"household": twice, "category": "rich", "persons": 99},
        {"household": twice, "category": POOR},
    ]

    with pytest.raises(ValidationError) as refused:
        record(commune, standard, {}, rows=rows, on=datetime.date(2025, 6, 1), paper=PaperFactory(unit=foreign.unit))

    assert set(refused.value.message_dict) == {"on", "paper", str(foreign.pk), str(twice.pk)}
    assert len(refused.value.message_dict[str(twice.pk)]) == 3
    assert not ReviewRound.objects.exists()


def test_a_province_has_no_list_of_households(commune: Area, standard: Standard) -> None:
    with pytest.raises(ValidationError, match="không phải cấp xã"):
        record(commune.parent, standard, {})


def test_only_who_enters_records_and_corrects(commune: Area, village: Area, standard: Standard, leader: User) -> None:
    round = record(commune, standard, {home(village): POOR})

    with pytest.raises(PermissionDenied):
        record(commune, standard, {}, year=2024, by=leader)
    with pytest.raises(PermissionDenied):
        past_list_correct(by=leader, round=round, last=last(round), rows=[])


def test_a_correction_keeps_what_stood_before(commune: Area, village: Area, standard: Standard) -> None:
    poor, near, gone, added = (home(village) for _ in range(4))
    round = record(commune, standard, {poor: POOR, near: NEAR, gone: POOR})
    rows = [
        {"household": poor, "category": NEAR},
        {"household": near, "category": NEAR},
        {"household": gone, "category": ""},
        {"household": added, "category": POOR, "persons": 5},
    ]

    correction = past_list_correct(by=None, round=round, last=last(round), rows=rows)

    assert correction.kind == RecognitionKind.CORRECTION
    current = Recognised.objects.filter(round=round, is_current=True)
    assert dict(current.values_list("household", "category")) == {poor.pk: NEAR, near.pk: NEAR, added.pk: POOR}
    assert Recognised.objects.filter(round=round, is_current=False).count() == 2
    assert current.get(household=added).persons == 5
    assert current.get(household=near).recognition != correction


def test_a_correction_that_changes_nothing_is_refused(commune: Area, village: Area, standard: Standard) -> None:
    household = home(village)
    round = record(commune, standard, {household: POOR})

    with pytest.raises(ValidationError, match="Không có hộ nào khác"):
        past_list_correct(
            by=None, round=round, last=last(round), rows=[{"household": household, "category": POOR, "persons": None}]
        )


def test_two_corrections_on_one_reading_do_not_overwrite_each_other(
    commune: Area, village: Area, standard: Standard
) -> None:
    household = home(village)
    round = record(commune, standard, {household: POOR})
    read = last(round)
    past_list_correct(by=None, round=round, last=read, rows=[{"household": household, "category": NEAR}])

    with pytest.raises(ValidationError, match="Có người vừa điều chỉnh"):
        past_list_correct(by=None, round=round, last=read, rows=[{"household": household, "category": ""}])


def test_a_list_on_which_a_later_one_rests_is_closed(commune: Area, village: Area, standard: Standard) -> None:
    household = home(village)
    round = record(commune, standard, {household: POOR})
    record(commune, standard, {household: POOR}, year=2024)

    with pytest.raises(ValidationError, match="không sửa được nữa"):
        past_list_correct(by=None, round=round, last=last(round), rows=[{"household": household, "category": NEAR}])


def test_a_round_reviewed_here_is_not_corrected_as_a_paper_list(commune: Area, standard: Standard) -> None:
    round = ReviewRound.objects.create(
        unit=commune,
        year=2023,
        kind=RoundKind.PERIODIC,
        standard=standard,
        state=RoundState.RECOGNISED,
        starts_on=DAY,
        ends_on=DAY,
        recognised_on=DAY,
    )

    with pytest.raises(ValidationError, match="rà soát trên phần mềm"):
        past_list_correct(by=None, round=round, last=0, rows=[])


@pytest.mark.parametrize("count", [1, 3])
def test_recording_takes_the_same_queries_for_one_and_three_households(
    commune: Area, village: Area, standard: Standard, count: int, django_assert_num_queries: Any
) -> None:
    listed = {home(village): POOR for _ in range(count)}

    with django_assert_num_queries(32):
        record(commune, standard, listed)
