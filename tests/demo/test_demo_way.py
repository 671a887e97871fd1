"""How far the tables of the demonstration have come: every step can be tried somewhere."""

import datetime

from django.utils import timezone

from povertyplan.areas.selectors import unit_in_year
from reports.datasets import target_table
from reports.selectors import issued_plan
from targets.choices import PlanState
from targets.models import PlanVersion, TargetPlan
from targets.selectors.versions import authors_of


def plan(code: str, year: int) -> TargetPlan:
    return TargetPlan.objects.get(unit=unit_in_year(code, year), year=year)


def test_one_table_is_open_one_waits_for_its_leader_one_is_approved(demo: None) -> None:
    states = {code: plan(code, year).state for code, year in (("22492", 2024), ("21295", 2025), ("23668", 2023))}

    assert states == {"22492": PlanState.DRAFT, "21295": PlanState.SUBMITTED, "23668": PlanState.APPROVED}


def test_whoever_made_a_table_is_not_who_approves_it(demo: None) -> None:
    for version in PlanVersion.objects.select_related("submitted_by", "decided_by"):
        assert version.submitted_by.username.startswith("officer-")
        assert version.decided_by is None or version.decided_by.username.startswith("leader-")
        assert version.decided_by_id not in authors_of(version.plan)


def test_the_approved_table_is_printed_and_its_plan_numbered_on_days_of_their_year(demo: None) -> None:
    unit = unit_in_year("23668", 2023)
    version = plan("23668", 2023).in_force
    printed = target_table(unit=unit, year=2023)

    assert timezone.localtime(version.submitted_at).date() == datetime.date(2023, 3, 20)
    assert (printed.approved_on, printed.version_number) == (datetime.date(2023, 3, 22), 1)
    issued = issued_plan(unit=unit, year=2023)
    assert issued is not None
    assert issued.issued_on == datetime.date(2023, 3, 24)
