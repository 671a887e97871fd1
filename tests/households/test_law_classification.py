"""The category at the edges of the law; each case names its clause and how sure we are of it."""

import pytest

from households.choices import Category
from households.rules.classification import Income, StandardRules, classify, income_said_by_b1, same_scale
from povertyplan.areas.choices import Setting

RURAL, URBAN = Setting.RURAL, Setting.URBAN
POOR, NEAR, NOT = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR

NOW = StandardRules(
    code="2022_2025",
    name="Chuẩn 2022–2025",
    b1_rural=140,
    b1_urban=175,
    b2_poor=30,
    b2_points=10,
    poor_indicators=3,
    income_rural=1_500_000,
    income_urban=2_000_000,
)
BEFORE = StandardRules(
    code="2016_2020",
    name="Chuẩn 2016–2020",
    b1_always_rural=120,
    b1_always_urban=140,
    b1_urban=175,
    b2_poor=30,
    income_rural=700_000,
    income_urban=900_000,
    near_income_rural=1_000_000,
    near_income_urban=1_300_000,
)
NEXT = StandardRules(
    code="2027_2030",
    name="Chuẩn 2027–2030",
    income_rural=2_200_000,
    income_urban=2_800_000,
    poor_indicators=3,
    is_provisional=True,
)
BY_INCOME = StandardRules(
    code="two_lines",
    name="Chuẩn hai mức",
    income_rural=700_000,
    income_urban=900_000,
    near_income_rural=1_000_000,
    near_income_urban=1_300_000,
    poor_indicators=3,
)


@pytest.mark.parametrize(
    ("setting", "b1", "b2", "category"),
    [
        (RURAL, 140, 30, POOR),
        (RURAL, 141, 30, NOT),
        (RURAL, 140, 20, NEAR),
        (RURAL, 140, 0, NEAR),  # a household that lacks nothing is near poor too: «< 3», not «1-2»
        (RURAL, 0, 120, POOR),
        (RURAL, 141, 120, NOT),
        (URBAN, 175, 30, POOR),
        (URBAN, 176, 30, NOT),
        (URBAN, 175, 20, NEAR),
        (URBAN, 141, 30, POOR),
        (URBAN, 140, 30, POOR),
    ],
)
def test_b1_and_b2_of_2022(setting: Setting, b1: int, b2: int, category: Category) -> None:
    """Thông tư 07/2021 (READ): rural B1 ≤ 140, urban ≤ 175; B2 ≥ 30 poor, below near poor."""
    assert classify(b1=b1, b2=b2, setting=setting, standard=NOW).category == category


def test_the_reasons_name_the_cut_offs() -> None:
    verdict = classify(b1=140, b2=30, setting=RURAL, standard=NOW)
    assert verdict.reasons == ("B1 = 140, không quá 140 (nông thôn).", "B2 = 30, từ 30 trở lên.")
    assert verdict.standard == "2022_2025"


def test_above_the_cut_off_b2_is_not_needed() -> None:
    assert classify(b1=141, b2=None, setting=RURAL, standard=NOW).category == NOT


@pytest.mark.parametrize(
    ("b1", "b2", "missing"), [(None, 30, "Chưa có điểm B1."), (140, None, "Chưa có điểm B2."), (None, None, "B1")]
)
def test_what_is_missing_is_said(b1: int | None, b2: int | None, missing: str) -> None:
    verdict = classify(b1=b1, b2=b2, setting=RURAL, standard=NOW)
    assert verdict.category is None
    assert missing in " ".join(verdict.reasons)


def test_where_b2_is_not_entered_the_number_of_indicators_serves() -> None:
    """Nghị định 07/2021, Điều 3 (READ): deprived in 3 of 12 or more."""
    assert classify(b1=140, b2=None, setting=RURAL, standard=NOW, deprived=3).category == POOR
    assert classify(b1=140, b2=None, setting=RURAL, standard=NOW, deprived=2).category == NEAR


@pytest.mark.parametrize(
    ("setting", "b1", "b2", "category"),
    [
        (URBAN, 140, 0, POOR),
        (URBAN, 141, 30, POOR),
        (URBAN, 141, 20, NEAR),
        (URBAN, 175, 30, POOR),
        (URBAN, 176, 120, NOT),
        (RURAL, 120, 0, POOR),
        (RURAL, 121, 120, None),
    ],
)
def test_b1_and_b2_of_2016(setting: Setting, b1: int, b2: int, category: Category | None) -> None:
    """Thông tư 17/2016, 14/2018 (READ): urban ≤ 140, or ≤ 175 with B2 ≥ 30; rural ≤ 120, upper cut-off NOT FOUND."""
    assert classify(b1=b1, b2=b2, setting=setting, standard=BEFORE).category == category


def test_the_unknown_rural_cut_off_of_2016_is_named() -> None:
    verdict = classify(b1=121, b2=30, setting=RURAL, standard=BEFORE)
    assert verdict.reasons == ("B1 = 121; mốc điểm B1 nông thôn của Chuẩn 2016–2020 chưa có trong dữ liệu.",)


@pytest.mark.parametrize(
    ("setting", "income", "deprived", "category"),
    [
        (RURAL, 2_200_000, 3, POOR),
        (RURAL, 2_200_000, 2, NEAR),
        (RURAL, 2_200_000, 0, NEAR),
        (RURAL, 2_200_001, 12, NOT),
        (URBAN, 2_800_000, 3, POOR),
        (URBAN, 2_800_001, 3, NOT),
    ],
)
def test_income_and_indicators_of_2027(setting: Setting, income: int, deprived: int, category: Category) -> None:
    """Nghị định 351/2025 (READ): 2,2 and 2,8 million, three indicators; no B1 points yet."""
    verdict = classify(b1=None, b2=None, setting=setting, standard=NEXT, income=income, deprived=deprived)
    assert verdict.category == category
    assert verdict.reasons[-1].startswith("Chuẩn 2027–2030 còn tạm thời")


def test_points_of_the_old_form_do_not_count_under_2027() -> None:
    verdict = classify(b1=100, b2=60, setting=RURAL, standard=NEXT)
    assert verdict.category is None
    assert "Chưa biết thu nhập" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("deprived", "unanswered", "category"), [(3, 9, POOR), (2, 1, None), (2, 0, NEAR), (0, 2, NEAR), (0, 3, None)]
)
def test_unanswered_indicators_leave_it_open_only_where_they_could_decide(
    deprived: int, unanswered: int, category: Category | None
) -> None:
    verdict = classify(
        b1=None, b2=None, setting=RURAL, standard=NEXT, income=1, deprived=deprived, unanswered=unanswered
    )
    assert verdict.category == category


@pytest.mark.parametrize(
    ("income", "deprived", "category"),
    [(700_000, 0, POOR), (700_001, 3, POOR), (700_001, 2, NEAR), (1_000_000, 3, POOR), (1_000_001, 12, NOT)],
)
def test_a_standard_of_two_income_lines(income: int, deprived: int, category: Category) -> None:
    """Quyết định 59/2015 (lines READ; that the lower one decides alone follows from its B1 rule, INFERRED)."""
    verdict = classify(b1=None, b2=None, setting=RURAL, standard=BY_INCOME, income=income, deprived=deprived)
    assert verdict.category == category


def test_a_standard_without_any_line_says_so() -> None:
    empty = StandardRules(code="x", name="Chuẩn mới")
    verdict = classify(b1=1, b2=1, setting=RURAL, standard=empty, income=1)
    assert verdict.reasons == ("Chuẩn mới: chưa có mốc điểm B1 và mức thu nhập nông thôn trong dữ liệu.",)


def test_a_standard_without_a_rule_on_deprivations_says_so() -> None:
    no_rule = StandardRules(code="x", name="Chuẩn mới", income_rural=1_000_000)
    verdict = classify(b1=None, b2=None, setting=RURAL, standard=no_rule, income=1, deprived=3)
    assert verdict.category is None
    assert verdict.reasons[-1] == "Chuẩn mới: chưa có mốc thiếu hụt trong dữ liệu."


def test_b1_within_the_cut_off_says_income_within_the_line() -> None:
    """Thông tư 07/2021 (READ): 140 points stand for 1.500.000 đồng, 175 for 2.000.000 đồng."""
    within, above = income_said_by_b1(140, RURAL, NOW), income_said_by_b1(141, RURAL, NOW)
    assert (within.above, within.at_most) == (None, 1_500_000)
    assert (above.above, above.at_most) == (1_500_000, None)
    assert income_said_by_b1(175, URBAN, NOW).at_most == 2_000_000
    assert income_said_by_b1(None, URBAN, NOW) == Income()
    assert income_said_by_b1(150, URBAN, BEFORE) == Income()


def test_a_bound_decides_only_what_it_can() -> None:
    poor_then = income_said_by_b1(140, RURAL, NOW)
    assert classify(b1=None, b2=None, setting=RURAL, standard=NEXT, known_income=poor_then, deprived=3).category == POOR
    better_off = income_said_by_b1(141, RURAL, NOW)
    verdict = classify(b1=None, b2=None, setting=RURAL, standard=NEXT, known_income=better_off, deprived=3)
    assert verdict.category is None
    assert "1.500.000" in verdict.reasons[0]


def test_points_are_read_by_another_standard_only_on_the_same_scale() -> None:
    assert same_scale(NOW, NOW, RURAL)
    assert not same_scale(NOW, BEFORE, URBAN)
    assert not same_scale(NEXT, NEXT, RURAL)


def test_a_stored_setting_is_read_as_text() -> None:
    assert classify(b1=175, b2=30, setting="urban", standard=NOW).category == POOR  # type: ignore[arg-type]


def test_every_reason_fits_its_column() -> None:
    long = StandardRules(code="x", name="C" * 100, is_provisional=True)
    for standard in (long, NOW, BEFORE, NEXT):
        verdict = classify(b1=121, b2=None, setting=RURAL, standard=standard)
        assert all(len(reason) <= 200 for reason in verdict.reasons)
