"""Everything the checks say of a stored table."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Category, Transition
from households.services.past import past_list_record
from targets.choices import QuotaForm, QuotaIssuer, QuotaSubject
from targets.selectors.findings import findings_of, start_findings
from targets.selectors.movements import movement_table
from targets.selectors.tables import TargetTable, target_table
from targets.services import quotas
from targets.services.movements import movements_set
from tests.households.build import household, standard
from tests.targets.review_rows import World, world

YEAR = 2026


@pytest.fixture
def told(db: None) -> World:
    return world()


def table(told: World) -> TargetTable:
    found = target_table(unit=told.unit, year=YEAR)
    assert found is not None
    return found


def test_a_quota_of_the_plan_is_held_against_its_sums(told: World) -> None:
    quotas.quota_add(
        by=told.officer, plan=told.plan, issuer=QuotaIssuer.PROVINCE, subject=QuotaSubject.POOR,
        form=QuotaForm.HOUSEHOLDS, households=50,
    )  # fmt: skip
    codes = {finding.code: finding for finding in findings_of(table(told))}
    assert codes["quota-impossible"].anchor.startswith(f"/u/{told.unit.code}/{YEAR}/targets/")
    assert "no-reductions" not in codes


def test_a_line_without_figures_leads_to_itself(told: World) -> None:
    told.type(poor_households=None, poor_reduction=None)
    row = told.row()
    missing = next(finding for finding in findings_of(table(told)) if finding.code == "missing-start")
    assert (missing.anchor, missing.message) == (f"#row-{row.pk}", "Chưa có hộ nghèo đầu năm.")


@pytest.mark.parametrize("villages", [1, 3])
def test_the_queries_do_not_grow_with_the_villages(db: None, villages: int, django_assert_num_queries) -> None:
    stored = table(world(villages))
    with django_assert_num_queries(1):
        findings_of(stored, with_start=False)


def test_a_start_that_is_not_what_was_recognised_is_said_at_its_line(told: World) -> None:
    row = told.row()
    listed = [
        {
            "household": household(told.unit, row.place, persons=4, opened_on=datetime.date(2024, 1, 1)),
            "category": category,
        }
        for category in (Category.POOR, Category.NEAR_POOR)
    ]
    past_list_record(
        by=None, unit=told.unit, year=YEAR - 1, standard=standard(), on=datetime.date(YEAR - 1, 12, 10), rows=listed
    )
    (gap, *_) = [finding for finding in findings_of(table(told)) if finding.code == "start-differs"]
    assert (gap.severity, gap.place, gap.anchor) == ("warning", f"thôn {row.place.name}", f"#row-{row.pk}")
    assert "hộ nghèo đầu năm 10, công nhận 1" in gap.message
    quick = findings_of(table(told), with_start=False)
    assert "start-differs" not in {finding.code for finding in quick}


def test_movements_that_do_not_lead_to_the_start_are_said_at_submission_and_beside_the_table(
    told: World, client: Client
) -> None:
    row = told.row()
    rows = {(row.place_id, Transition.NEWLY_POOR): {"households": 12}}
    movements_set(by=told.officer, plan=told.plan, rows=rows)
    client.force_login(told.officer)
    own = reverse("targets:movements", args=[told.unit.code, YEAR])

    (finding,) = [found for found in findings_of(table(told)) if found.code == "movements-do-not-add-up"]

    assert (finding.severity, finding.place, finding.anchor) == (
        "warning", f"thôn {row.place.name}", f"{own}?place={row.place_id}"
    )  # fmt: skip
    assert finding.message.startswith(f"Diễn biến năm {YEAR - 1}: ")
    beside = reverse("targets:beside", args=[told.unit.code, YEAR])
    assert f'href="{finding.anchor}"' in client.get(beside).content.decode()
    submission = client.get(reverse("targets:submit", args=[told.unit.code, YEAR])).content.decode()
    assert f'hx-get="{beside}" hx-trigger="load"' in submission
    assert client.get(finding.anchor).status_code == 200
    assert "movements-do-not-add-up" not in {found.code for found in findings_of(table(told), with_start=False)}


@pytest.mark.parametrize("villages", [1, 3])
def test_the_year_before_is_asked_as_often_for_few_and_many_villages(
    db: None, villages: int, django_assert_num_queries
) -> None:
    told = world(villages)
    rows = {(row.place_id, Transition.FELL_BACK): {"households": 1} for row in told.plan.rows.all()}
    movements_set(by=None, plan=told.plan, rows=rows)
    stored = table(told)
    # movements, what was recognised (4), the plan of the year before (2)
    with django_assert_num_queries(7):
        assert not start_findings(stored, movement_table(stored))
