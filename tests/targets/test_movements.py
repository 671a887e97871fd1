"""What became of households in the year before: the identity, typed and recognised movements, their page."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from households.choices import Category, Transition
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from targets.choices import PlanState
from targets.models import Movement, TargetPlan
from targets.rules.movements import Ends, end_gaps, falls, gaps, gross_escapes, near_poor_fallen, new_cases
from targets.selectors.movements import movement_findings, movement_table, recognised_movements
from targets.selectors.tables import target_table
from targets.services import movements as services
from targets.services import start
from targets.services import tables as tables
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years

YEAR = 2026
T = Transition


# Arithmetic


def test_escapes_are_gross_and_falls_stand_beside_them() -> None:
    moves = {T.POOR_TO_NEAR_POOR: 7, T.POOR_TO_ABOVE: 5, T.FELL_BACK: 1, T.NEWLY_POOR: 2, T.NEAR_POOR_TO_POOR: 1}
    assert (gross_escapes(moves), falls(moves), new_cases(moves), near_poor_fallen(moves)) == (12, 1, 2, 1)
    assert gross_escapes({}) is None


def test_a_list_that_does_not_follow_from_its_movements_is_named_with_both_sums() -> None:
    moves = {T.POOR_TO_NEAR_POOR: 7, T.POOR_TO_ABOVE: 5, T.NEWLY_POOR: 2}
    (gap,) = gaps(moves, Ends(poor_start=60, poor_end=51, near_poor_start=30, near_poor_end=37))
    assert gap.sentence == "Hộ nghèo: đầu năm 60 − giảm 12 + tăng 2 = 50, nhưng cuối năm là 51."


def test_other_movements_may_belong_to_either_list_but_not_to_both() -> None:
    moves = {T.POOR_TO_ABOVE: 2, T.OTHER_INCREASE: 1}
    assert gaps(moves, Ends(poor_start=10, poor_end=9, near_poor_start=5, near_poor_end=5)) == []
    assert gaps(moves, Ends(poor_start=10, poor_end=8, near_poor_start=5, near_poor_end=6)) == []
    (gap,) = gaps(moves, Ends(poor_start=10, poor_end=9, near_poor_start=5, near_poor_end=6))
    assert (gap.subject[:8], gap.expected, gap.end) == ("Hộ nghèo", 14, 15)


COMING = {T.NEAR_POOR_TO_POOR: 1, T.FELL_BACK: 1, T.NEWLY_POOR: 1}


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ({T.REMAINED_POOR: 7, **COMING}, "Hộ nghèo: hộ cũ 7 + tăng 3 = 10, nhưng cuối năm là 11."),
        ({T.REMAINED_POOR: 9, **COMING}, "Hộ nghèo: hộ cũ 9 + tăng 3 = 12, nhưng cuối năm là 11."),
        ({T.FELL_BACK: 12}, "Hộ nghèo: riêng số tăng trong năm đã là 12, nhưng cuối năm chỉ có 11."),
        ({T.REMAINED_POOR: 8, **COMING}, None),
        ({T.REMAINED_POOR: 7, **COMING, T.OTHER_INCREASE: 1}, None),
        ({T.REMAINED_POOR: 7, T.NEWLY_POOR: 1}, None),
    ],
)
def test_who_stayed_and_who_came_are_the_list_of_the_end(moves: dict[str, int | None], sentence: str | None) -> None:
    found = [gap.sentence for gap in end_gaps(moves, poor_end=11, near_poor_end=82)]
    assert found == ([sentence] if sentence else [])


@given(st.tuples(*[st.integers(0, 500) for _ in Transition]), st.booleans())
def test_lists_made_by_their_movements_always_add_up(counts: tuple[int, ...], to_near: bool) -> None:
    moves = dict(zip(Transition, counts, strict=True))
    more, less = moves.get(T.OTHER_INCREASE, 0), moves.get(T.OTHER_DECREASE, 0)

    def change(out: tuple[Transition, ...], into: tuple[Transition, ...]) -> int:
        return sum(moves.get(name, 0) for name in into) - sum(moves.get(name, 0) for name in out)

    poor = change((T.POOR_TO_NEAR_POOR, T.POOR_TO_ABOVE), (T.NEAR_POOR_TO_POOR, T.FELL_BACK, T.NEWLY_POOR))
    near = change(
        (T.NEAR_POOR_TO_POOR, T.ESCAPED_NEAR_POVERTY),
        (T.POOR_TO_NEAR_POOR, T.FELL_BACK_NEAR_POOR, T.NEWLY_NEAR_POOR),
    )
    poor, near = (poor, near + more - less) if to_near else (poor + more - less, near)
    ends = Ends(poor_start=5000, poor_end=5000 + poor, near_poor_start=5000, near_poor_end=5000 + near)
    assert gaps(moves, ends) == []


# Typed


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    for name in ("Thượng", "Hạ"):
        VillageFactory(parent=commune, name=name)
    return tables.plan_open(by=None, unit=commune, year=YEAR)


def moved(plan: TargetPlan) -> dict[tuple[int | None, str], tuple[int | None, int | None]]:
    rows = Movement.objects.filter(plan=plan)
    return {(row.place_id, row.transition): (row.households, row.persons) for row in rows}


def test_movements_are_set_for_the_unit_or_by_place_and_an_empty_one_goes(plan: TargetPlan, officer: User) -> None:
    village = plan.rows.order_by("pk")[0].place
    rows = {
        (None, T.FELL_BACK): {"households": 2, "persons": 9},
        (village.pk, T.POOR_TO_ABOVE): {"households": 4},
    }
    assert services.movements_set(by=officer, plan=plan, rows=rows) == 2
    assert services.movements_set(by=officer, plan=plan, rows=rows) == 0
    services.movements_set(by=officer, plan=plan, rows={(None, T.FELL_BACK): {}})
    assert moved(plan) == {(village.pk, T.POOR_TO_ABOVE): (4, None)}


def test_bad_movements_are_named_all_at_once(plan: TargetPlan) -> None:
    foreign = VillageFactory(parent=CommuneFactory())
    with pytest.raises(ValidationError) as caught:
        services.movements_set(
            by=None,
            plan=plan,
            rows={(None, T.FELL_BACK): {"households": -1}, (foreign.pk, T.FELL_BACK): {"households": 1}},
        )
    assert set(caught.value.message_dict) == {"0.fell_back.households", f"{foreign.pk}.place"}
    assert moved(plan) == {}


def test_two_officers_on_one_movement_the_second_is_told(plan: TargetPlan, officer: User) -> None:
    first = {T.FELL_BACK.value: (0, {"households": 2})}
    services.movements_change(by=officer, plan=plan, place=None, changes=first)
    with pytest.raises(EditConflict) as caught:
        services.movements_change(
            by=officer, plan=plan, place=None, changes={T.FELL_BACK.value: (0, {"households": 3, "persons": 8})}
        )
    assert [(field.theirs, field.mine) for field in caught.value.fields] == [(2, 3), (None, 8)]
    services.movements_change(by=officer, plan=plan, place=None, changes={T.FELL_BACK.value: (1, {"persons": 8})})
    assert moved(plan) == {(None, "fell_back"): (2, 8)}


def test_a_closed_plan_keeps_its_movements_and_only_who_enters_types(plan: TargetPlan, leader: User) -> None:
    rows = {(None, T.FELL_BACK): {"households": 2}}
    with pytest.raises(PermissionDenied):
        services.movements_set(by=leader, plan=plan, rows=rows)
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    with pytest.raises(ValidationError, match="không sửa được"):
        services.movements_set(by=None, plan=plan, rows=rows)


def test_last_years_plan_movements_and_this_start_are_compared(plan: TargetPlan, commune: Area) -> None:
    before = tables.plan_open(by=None, unit=commune, year=YEAR - 1)
    for row in before.rows.all():
        tables.row_set(by=None, plan=before, place=row.place, poor_households=10, near_poor_households=5)
    for row in plan.rows.all():
        tables.row_set(by=None, plan=plan, place=row.place, poor_households=8, near_poor_households=5)
    services.movements_set(by=None, plan=plan, rows={(None, T.POOR_TO_ABOVE): {"households": 3}})
    table = target_table(unit=commune, year=YEAR)
    assert table is not None
    (finding,) = movement_findings(table, movement_table(table))
    assert finding.message == "Hộ nghèo: đầu năm 20 − giảm 3 + tăng 0 = 17, nhưng cuối năm là 16."
    services.movements_set(by=None, plan=plan, rows={(None, T.POOR_TO_ABOVE): {"households": 4}})
    assert movement_findings(table, movement_table(table)) == []


# Recognised


def test_movements_come_from_the_recognised_round_with_the_start_figures(plan: TargetPlan, commune: Area) -> None:
    upper = plan.rows.order_by("pk")[0].place
    homes = [years.family(upper) for _ in range(3)]
    years.past(commune, YEAR - 2, poor=homes[:2])
    round = years.periodic(commune, YEAR - 1)
    for home, category in zip(homes, (Category.NOT_POOR, Category.NEAR_POOR, Category.POOR), strict=True):
        years.reviewed(round, home, category, persons=3)
    years.recognise(round, datetime.date(YEAR - 1, 12, 20))
    services.movements_set(by=None, plan=plan, rows={(None, T.FELL_BACK): {"households": 9}})

    start.start_take(by=None, plan=plan)

    # Who left the list counts with the persons they had on it, who came with those they have.
    assert moved(plan) == {
        (upper.pk, "poor_to_above"): (1, 4),
        (upper.pk, "poor_to_near_poor"): (1, 4),
        (upper.pk, "newly_poor"): (1, 3),
    }
    with pytest.raises(ValidationError, match="không gõ được"):
        services.movements_set(by=None, plan=plan, rows={(None, T.FELL_BACK): {"households": 1}})
    start.start_typed(by=None, plan=plan)
    assert services.movements_set(by=None, plan=plan, rows={(None, T.FELL_BACK): {"households": 1}}) == 1


def test_a_list_from_paper_without_an_earlier_one_knows_no_movements(plan: TargetPlan, commune: Area) -> None:
    assert recognised_movements(unit=commune, year=YEAR) is None


# The page

PAGE_QUERIES = 9


def page_of(commune: Area) -> str:
    return reverse("targets:movements", args=[commune.code, YEAR])


def test_the_officer_types_movements_of_the_commune_and_the_table_says_them(
    officer_client: Client, plan: TargetPlan, commune: Area
) -> None:
    page = page_of(commune)
    data = {"households-poor_to_above": "1.012", "persons-poor_to_above": "", "version-poor_to_above": "0"}
    data |= {"households-fell_back": "3", "version-fell_back": "0"}
    data |= {"households-near_poor_to_poor": "23", "version-near_poor_to_poor": "0"}
    assert officer_client.post(page, data).status_code == 302
    assert moved(plan) == {
        (None, "poor_to_above"): (1012, None), (None, "fell_back"): (3, None), (None, "near_poor_to_poor"): (23, None)
    }  # fmt: skip
    beside = officer_client.get(reverse("targets:beside", args=[commune.code, YEAR])).content.decode()
    assert "1.012 hộ thoát nghèo, 3 tái nghèo, chưa rõ số phát sinh mới, 23 cận nghèo thành nghèo" in beside
    shown = officer_client.get(page).content.decode()
    assert "<dt>Phát sinh mới</dt><dd>chưa có số</dd>" in shown
    assert "<dt>Cận nghèo thành nghèo</dt><dd>23 hộ</dd>" in shown


def test_a_bad_figure_is_answered_at_its_cell_and_a_conflict_shows_both(
    officer_client: Client, plan: TargetPlan, commune: Area
) -> None:
    page = page_of(commune)
    answer = officer_client.post(page, {"households-fell_back": "ba", "version-fell_back": "0"})
    assert answer.status_code == 422
    assert "không phải số nguyên" in answer.content.decode()
    services.movements_set(by=None, plan=plan, rows={(None, T.FELL_BACK): {"households": 2}})
    answer = officer_client.post(page, {"households-fell_back": "5", "version-fell_back": "0"})
    assert answer.status_code == 409
    assert officer_client.post(page, dict(answer.context["hidden"])).status_code == 302
    assert moved(plan) == {(None, "fell_back"): (5, None)}


@pytest.mark.parametrize("villages", [1, 3])
def test_the_page_asks_the_database_the_same_number_of_times(
    officer_client: Client, commune: Area, villages: int, django_assert_num_queries
) -> None:
    VillageFactory.create_batch(villages, parent=commune)
    tables.plan_open(by=None, unit=commune, year=YEAR)
    with django_assert_num_queries(PAGE_QUERIES):
        page = officer_client.get(page_of(commune))
    assert len(page.context["places"]) == villages


def test_the_unit_is_the_sum_once_every_place_is_typed_and_not_before(
    officer_client: Client, plan: TargetPlan, commune: Area
) -> None:
    first, second = [row.place for row in plan.rows.order_by("pk")]
    services.movements_set(by=None, plan=plan, rows={(None, T.NEWLY_POOR): {"households": 3}})
    officer_client.post(
        f"{page_of(commune)}?place={first.pk}", {"households-newly_poor": "2", "version-newly_poor": "0"}
    )
    whole = officer_client.get(page_of(commune))
    assert whole.context["movements"].new_cases == 3
    assert "Mới có số của 1 / 2 thôn" in whole.content.decode()
    officer_client.post(
        f"{page_of(commune)}?place={second.pk}", {"households-newly_poor": "0", "version-newly_poor": "0"}
    )
    whole = officer_client.get(page_of(commune))
    assert whole.context["movements"].new_cases == 2
    assert "là tổng các thôn" in whole.content.decode()
    assert "ghi 3 hộ, tổng từng nơi là 2 hộ" in whole.content.decode()
    assert officer_client.get(f"{page_of(commune)}?place=0").status_code == 404


def test_what_was_typed_for_the_unit_can_be_taken_away_when_places_are_summed(
    officer_client: Client, plan: TargetPlan, commune: Area
) -> None:
    rows = {(row.place_id, T.FELL_BACK): {"households": 1} for row in plan.rows.all()}
    services.movements_set(by=None, plan=plan, rows={**rows, (None, T.FELL_BACK): {"households": 3}})
    assert 'name="households-fell_back" value="3"' in officer_client.get(page_of(commune)).content.decode()
    officer_client.post(page_of(commune), {"households-fell_back": "", "version-fell_back": "1"})
    whole = officer_client.get(page_of(commune))
    assert whole.context["movements"].falls == 2
    assert 'name="households-fell_back"' not in whole.content.decode()


def test_without_any_figure_nothing_is_said_to_be_right(
    officer_client: Client, plan: TargetPlan, commune: Area
) -> None:
    page = officer_client.get(page_of(commune)).content.decode()
    assert "Chưa có số để so" in page
    assert "Đạt" not in page


def test_fewer_persons_than_households_are_named_with_the_place(plan: TargetPlan, commune: Area) -> None:
    village = plan.rows.order_by("pk")[0].place
    rows = {(village.pk, T.REMAINED_POOR): {"households": 50, "persons": 1}}
    services.movements_set(by=None, plan=plan, rows=rows)
    table = target_table(unit=commune, year=YEAR)
    assert table is not None
    (finding,) = movement_findings(table, movement_table(table))
    assert finding.place.endswith(village.name)
    assert finding.message == "nghèo cũ: 1 khẩu ít hơn 50 hộ; mỗi hộ có ít nhất một khẩu."


def test_this_years_start_is_enough_to_find_a_movement_that_cannot_be(plan: TargetPlan, commune: Area) -> None:
    for row in plan.rows.all():
        tables.row_set(by=None, plan=plan, place=row.place, poor_households=8, near_poor_households=5)
    services.movements_set(by=None, plan=plan, rows={(None, T.FELL_BACK): {"households": 20}})
    table = target_table(unit=commune, year=YEAR)
    assert table is not None
    (finding,) = movement_findings(table, movement_table(table))
    assert finding.message == "Hộ nghèo: riêng số tăng trong năm đã là 20, nhưng cuối năm chỉ có 16."


def test_who_only_reads_gets_no_inputs(leader: User, plan: TargetPlan, commune: Area) -> None:
    client = Client()
    client.force_login(leader)
    assert b"<input name" not in client.get(page_of(commune)).content
    assert client.post(page_of(commune), {}).status_code == 403
