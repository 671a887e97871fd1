"""The demonstration: loads once, says what the plans say, and refuses in production."""

import datetime
import json
import unicodedata
from io import StringIO
from typing import Any

from django.core.management import call_command

from households.models import (
    Answer,
    Certificate,
    Household,
    Member,
    Parameter,
    Recognised,
    Review,
    ReviewRound,
    Standard,
    VillageCount,
)
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.permissions import can_enter, can_review
from povertyplan.areas.models import Area, AreaFlag, Reach
from povertyplan.areas.selectors import unit_in_year
from povertyplan.core.numbers import format_rate
from povertyplan.offices.models import BoardMember, Department, Officer, OutsideBody
from povertyplan.papers.models import Paper
from povertyplan.web.demo import FOLDER, demo_accounts, demo_load, sample_units
from reports.models import AnnualPlan, Duty, LegalBasis, Recipient
from targets.models import TargetPlan, TargetRow
from targets.selectors.tables import target_table

SAMPLES = {("21295", 2025), ("22492", 2024), ("23818", 2025), ("870", 2022), ("23668", 2022)}
LOADED = (
    Area,
    AreaFlag,
    Reach,
    Paper,
    User,
    Grant,
    Department,
    OutsideBody,
    Officer,
    BoardMember,
    TargetPlan,
    TargetRow,
    AnnualPlan,
    LegalBasis,
    Duty,
    Recipient,
    Standard,
    Parameter,
    Household,
    Member,
    VillageCount,
    ReviewRound,
    Review,
    Answer,
    Recognised,
    Certificate,
)


def rows() -> dict[str, Any]:
    return {model.__name__: set(model.objects.values_list("pk", flat=True)) for model in LOADED}


def test_loading_twice_is_loading_once(demo: None) -> None:
    before = rows()
    out = StringIO()

    call_command("load_demo", stdout=out)

    assert rows() == before
    assert out.getvalue() == "Dữ liệu trình diễn đã đủ, không nạp thêm.\n"
    assert all(before.values())


def test_a_second_loading_asks_little(demo: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(73):
        demo_load()


def test_what_somebody_changed_since_stays(demo: None) -> None:
    unit = unit_in_year("22492", 2024)
    Department.objects.filter(unit=unit).update(name="Tên khác")
    TargetRow.objects.filter(unit=unit).update(households=1000)

    assert demo_load().is_nothing
    assert set(TargetRow.objects.filter(unit=unit).values_list("households", flat=True)) == {1000}


def test_five_units_are_samples(demo: None) -> None:
    samples = {unit_in_year(code, year) for code, year in SAMPLES}

    assert set(Area.objects.units().filter(is_sample=True)) == samples
    assert unit_in_year("23818", 2025).valid_from == datetime.date(2025, 7, 1)


def test_every_account_of_the_contract_logs_in(demo: None, settings: Any) -> None:
    roles = ("officer", "leader", "clerk", "accountant")
    expected = {f"{role}-{code}" for role in roles for code, _ in SAMPLES}
    expected |= {f"reviewer-{code}" for code in ("51", "52", "56", "82", "529", "571", "625")} | {"admin"}

    assert set(User.objects.values_list("username", flat=True)) == expected
    assert not User.objects.filter(must_change_password=True).exists()
    assert User.objects.get(is_superuser=True).username == "admin"
    assert User.objects.get(username="officer-870").check_password(settings.DEMO_PASSWORD)


def test_reviewers_reach_the_sample_of_their_area_and_no_other(demo: None) -> None:
    reaches = {"51": "21295", "52": "23668", "56": "22492", "82": "870", "529": "21295", "571": "22492", "625": "23668"}
    years = dict(SAMPLES)

    for area, code in reaches.items():
        reviewer = User.objects.get(username=f"reviewer-{area}")
        own = {
            (unit.code, unit.valid_from) for unit in Area.objects.visible_to(reviewer).filter(is_sample=True).units()
        }
        assert (code, unit_in_year(code, years[code]).valid_from) in own
        assert len(own) == (2 if area == "52" else 1)
        assert can_review(reviewer, unit_in_year(code, years[code])) is (len(area) == 2)


def test_an_officer_enters_in_the_own_unit_only(demo: None) -> None:
    officer = User.objects.get(username="officer-22492")

    assert can_enter(officer, unit_in_year("22492", 2024))
    assert not can_enter(officer, unit_in_year("22504", 2026))


def test_the_target_table_of_2024_is_that_of_the_plan(demo: None) -> None:
    table = target_table(unit=unit_in_year("22492", 2024), year=2024)
    total = table.total

    assert [row.name for row in table.rows] == [
        "Đông Nam",
        "Đông Bắc",
        "Tây Bắc 1",
        "Tây Bắc 2",
        "Tây Nam 1",
        "Tây Nam 2",
    ]
    assert (total.households, total.population, total.poor_households, total.near_poor_households) == (
        3022,
        11898,
        11,
        82,
    )
    assert (total.poor_reduction, total.near_poor_reduction, total.poor_end, total.near_poor_end) == (2, 16, 9, 66)
    assert (table.poor_persons, table.near_poor_persons) == (45, 278)
    assert [format_rate(rate) for rate in (total.poor_rate, total.near_poor_rate)] == ["0,36", "2,71"]
    assert table.source_paper.full_number == "3450/QĐ-UBND"


def test_the_target_table_of_2025_expects_more_households(demo: None) -> None:
    total = target_table(unit=unit_in_year("21295", 2025), year=2025).total

    assert (total.households, total.poor_households, total.near_poor_households) == (2497, 349, 426)
    assert (total.households_end, total.poor_end, total.near_poor_end) == (2538, 179, 77)


def test_unknown_figures_stay_unknown(demo: None) -> None:
    table = target_table(unit=unit_in_year("23668", 2023), year=2023)

    assert table.total.poor_households == 242
    assert sum(row.figures.poor_households for row in table.rows if "mô phỏng" not in row.name) == 184
    unknown = TargetRow.objects.filter(unit__code__in=["870", "23818"])
    assert set(unknown.values_list("households", "poor_households")) == {(None, None)}


def test_the_frame_of_the_plan_of_2024(demo: None) -> None:
    plan = AnnualPlan.objects.get(unit__code="22492", year=2024)

    assert [basis.paper.full_number for basis in plan.bases.all()] == ["3450/QĐ-UBND", "3709/QĐ-UBND", "539/KH-UBND"]
    assert (plan.planned_month, plan.authority, plan.number) == (datetime.date(2024, 2, 1), "deputy", None)
    assert plan.signer.title == "Phó Chủ tịch UBND xã"
    assert plan.duties.count() == 9
    assert plan.recipients.first().text == "Phòng LĐTB&XH huyện (b/c)"


def test_every_file_of_the_demonstration_is_loaded(demo: None) -> None:
    files = {path.stem for path in (FOLDER / "units").glob("*.json")}

    assert {unit.code for unit, _ in sample_units()} == files == {code for code, _ in SAMPLES}
    for unit, facts in sample_units():
        assert Paper.objects.filter(unit=unit, is_own=False).count() == len(facts["papers"])
        assert Department.objects.filter(unit=unit).count() == len(facts["departments"])
        assert Area.objects.villages_of(unit).count() == len(facts.get("villages", {}).get("names", []))


def test_every_fixture_is_composed_unicode() -> None:
    for path in sorted(FOLDER.parent.rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        assert json.loads(text)
        assert unicodedata.is_normalized("NFC", text), path


def test_every_account_of_the_demonstration_is_told_with_its_place(demo: None) -> None:
    told = dict(demo_accounts())
    assert set(told) == set(User.objects.values_list("username", flat=True))
    assert told["reviewer-571"] == "Chuyên viên Phòng, huyện Vạn Ninh, năm 2025"
    assert told["admin"] == "Quản trị"


def test_an_account_that_was_removed_is_not_told(demo: None) -> None:
    User.objects.filter(username="clerk-870").update(username="other")
    assert "clerk-870" not in dict(demo_accounts())
