"""Everything the checks say of a stored table."""

import pytest

from targets.choices import QuotaForm, QuotaIssuer, QuotaSubject
from targets.selectors.findings import findings_of
from targets.selectors.tables import TargetTable, target_table
from targets.services import quotas
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
