"""The goals that the real plans state in words, entered by an officer and judged from lists, registry and reports."""

import datetime
from typing import Any

import pytest
from django.test import Client

from households.models import Member, VillageCount
from povertyplan.areas.models import Area
from povertyplan.offices.models import Department
from povertyplan.offices.services import office_add
from targets.choices import GoalUnit
from targets.services.tables import plan_open
from tests.factories import VillageFactory
from tests.households import build, years
from tests.households.answers import answer
from tests.targets.test_goals_pages import YEAR, address, form, shown

SHARE = {"comparison": "at_least", "unit_of_value": "percent"}
GOALS: list[dict[str, Any]] = [
    {"measure": "insured", "value": "100", **SHARE},
    {"measure": "latrine", "value": "95", **SHARE},
    {"text": "Giới thiệu việc làm", "measure": "", "value": "20", **SHARE, "unit_of_value": "persons"},
    {
        "measure": "minority_poor_fall",
        "comparison": "more_than",
        "value": "3",
        "unit_of_value": "points",
        "scope": "unit",
    },
    {
        "measure": "party_member",
        "comparison": "exactly",
        "value": "0",
        "unit_of_value": "households",
        "scope": "near_poor",
    },
]


def recognised(village: Area, *, is_good: bool) -> None:
    """Two poor ethnic-minority households of 20 last year; this year one of 25, that is 6,00 points less, or of 10."""
    assert village.parent is not None
    homes = [build.household(village.parent, village, persons=2) for _ in range(2)]
    for year, minority in ((YEAR - 1, 20), (YEAR, 25 if is_good else 10)):
        VillageCount.objects.create(
            unit=village.parent,
            village=village,
            cut_off=datetime.date(year, 8, 31),
            source="Công an xã",
            households=40,
            minority_households=minority,
        )
        round = years.periodic(village.parent, year)
        for number, home in enumerate(homes):
            category = "near_poor" if year == YEAR and number == 0 else "poor"
            answer(years.reviewed(round, home, category, is_ethnic_minority=True), latrine=not is_good)
        years.recognise(round)
    Member.objects.update(health_card="yes")
    if not is_good:
        Member.objects.filter(household=homes[0], position=1).update(health_card="no", is_party_member=True)


@pytest.mark.parametrize(("is_good", "placed", "verdict"), [(True, "23", "reached"), (False, "19", "missed")])
def test_the_goals_of_the_real_plans_are_entered_and_judged(
    officer_client: Client, commune: Area, is_good: bool, placed: str, verdict: str
) -> None:
    village = VillageFactory(parent=commune)
    plan = plan_open(by=None, unit=commune, year=YEAR)
    lead = office_add(by=None, unit=commune, model=Department, name="Phòng Văn hóa - Xã hội")
    recognised(village, is_good=is_good)

    for fields in GOALS:
        answered = officer_client.post(address(commune, "goal-add"), form(lead_department=lead.pk, **fields))
        assert answered["Location"] == address(commune), fields
    by_hand = plan.goals.get(unit_of_value=GoalUnit.PERSONS)
    report = {"on": f"30/11/{YEAR}", "value": placed, "source": "Báo cáo Phòng Văn hóa - Xã hội"}
    officer_client.post(address(commune, "goal-actuals", by_hand.pk), report)

    lines = shown(officer_client, commune).lines
    assert [line.verdict for line in lines] == [verdict] * len(GOALS)
    assert {line.goal.lead for line in lines} == {lead.name}
    assert not shown(officer_client, commune).findings
