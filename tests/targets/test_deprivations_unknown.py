"""Where no list says who is deprived, or nobody leads anything, the page says so and takes no impossible number."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from households.models import Indicator
from povertyplan.areas.models import Area
from povertyplan.core.findings import Severity
from povertyplan.offices.models import Department
from povertyplan.offices.services import office_add
from targets.models import TargetPlan
from targets.services.tables import plan_open, row_set
from tests.factories import VillageFactory
from tests.households import years
from tests.households.answers import answer, indicators
from tests.targets.test_deprivations import YEAR, address, codes, owner, table


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def water(db: None) -> Indicator:
    return indicators()["water"]


@pytest.fixture
def plan(commune: Area, village: Area) -> TargetPlan:
    return plan_open(by=None, unit=commune, year=YEAR)


def test_without_a_list_no_more_are_resolved_than_live_in_the_unit(
    plan: TargetPlan, village: Area, water: Indicator
) -> None:
    row_set(by=None, plan=plan, place=village, households=40, poor_households=3, near_poor_households=2)

    with pytest.raises(ValidationError) as caught:
        owner(plan, water, to_resolve=41)
    assert caught.value.message_dict == {"to_resolve": ["Chỉ có 40 hộ trong bảng chỉ tiêu; không ghi nhiều hơn."]}
    assert owner(plan, water, to_resolve=40).pk


def test_nobody_known_to_be_deprived_is_not_nobody_deprived(
    officer_client: Client, plan: TargetPlan, water: Indicator
) -> None:
    others = len(table(plan).lines)

    (finding,) = table(plan).findings

    assert (finding.code, finding.severity) == ("deprivation-unknown", Severity.HINT)
    assert finding.message == f"{others} chỉ số chưa có nơi chủ trì, chưa biết có hộ thiếu hụt hay không."
    assert (
        "Chỉ số nào có hộ thiếu hụt cũng có nơi chủ trì" not in officer_client.get(address(plan.unit)).content.decode()
    )


def test_that_nobody_leads_anything_is_said_though_nobody_is_deprived(
    plan: TargetPlan, village: Area, water: Indicator
) -> None:
    round = years.periodic(plan.unit, YEAR - 1)
    answer(years.reviewed(round, years.family(village), "poor"), **dict.fromkeys(indicators(), False))
    years.recognise(round)

    assert codes(plan) == [("deprivation-none-led", Severity.HINT)]
    owner(plan, water, lead_department=office_add(by=None, unit=plan.unit, model=Department, name="Phòng Kinh tế"))
    assert codes(plan) == []
