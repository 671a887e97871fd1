"""Quotas are kept as assigned, with who may write them and when."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from targets.choices import Meaning, PlanState, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Quota, TargetPlan
from targets.selectors.quotas import quotas_of
from targets.services import quotas as services
from targets.services.tables import plan_open
from tests.factories import PaperFactory, ProvinceFactory, user_with

NET = {"issuer": QuotaIssuer.DISTRICT, "subject": QuotaSubject.POOR, "meaning": Meaning.NET}
HOUSEHOLDS: dict[str, Any] = NET | {"form": QuotaForm.HOUSEHOLDS, "households": 170}
RATE: dict[str, Any] = NET | {"form": QuotaForm.END_RATE, "rate": Decimal("11.91")}


@pytest.fixture
def plan(officer: User, commune: Area) -> TargetPlan:
    return plan_open(by=officer, unit=commune, year=2026)


@pytest.fixture
def quota(plan: TargetPlan) -> Quota:
    return services.quota_add(by=None, plan=plan, **HOUSEHOLDS)


def test_a_rate_is_kept_as_assigned(plan: TargetPlan, officer: User) -> None:
    services.quota_add(by=officer, plan=plan, **RATE)
    (line,) = quotas_of(plan)
    assert (line.rate, line.households, line.assigned) == (Decimal("11.91"), None, "còn 11,91 %")


def test_quotas_are_listed_by_subject_and_issuer(plan: TargetPlan, quota: Quota) -> None:
    near = HOUSEHOLDS | {"subject": QuotaSubject.NEAR_POOR}
    for values in (near, HOUSEHOLDS | {"issuer": QuotaIssuer.PROVINCE}):
        services.quota_add(by=None, plan=plan, **values)
    assert [(line.subject, line.issuer) for line in quotas_of(plan)] == [
        (QuotaSubject.POOR, QuotaIssuer.PROVINCE),
        (QuotaSubject.POOR, QuotaIssuer.DISTRICT),
        (QuotaSubject.NEAR_POOR, QuotaIssuer.DISTRICT),
    ]


def test_the_paper_is_said_with_its_number(plan: TargetPlan, commune: Area) -> None:
    paper = PaperFactory(unit=commune, number="45")
    services.quota_add(by=None, plan=plan, paper=paper, **HOUSEHOLDS)
    assert "45/QĐ-UBND" in quotas_of(plan)[0].paper


def test_a_rate_is_always_net(plan: TargetPlan) -> None:
    quota = services.quota_add(by=None, plan=plan, **RATE | {"meaning": Meaning.GROSS})
    assert quota.meaning == Meaning.NET
    services.quota_update(by=None, quota=quota, version=quota.version, meaning=Meaning.GROSS)
    quota.refresh_from_db()
    assert quota.meaning == Meaning.NET


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (HOUSEHOLDS | {"households": None}, "households"),
        (HOUSEHOLDS | {"rate": Decimal(1)}, "rate"),
        (RATE | {"rate": None}, "rate"),
        (RATE | {"households": 1}, "households"),
        (RATE | {"rate": Decimal("100.01")}, "rate"),
    ],
)
def test_the_number_stands_where_the_form_says(plan: TargetPlan, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.quota_add(by=None, plan=plan, **values)
    assert field in caught.value.message_dict


def test_one_paper_assigns_a_thing_once(plan: TargetPlan, quota: Quota) -> None:
    with pytest.raises(ValidationError, match="đã có"):
        services.quota_add(by=None, plan=plan, **HOUSEHOLDS | {"households": 180})


def test_a_paper_of_another_unit_is_refused(plan: TargetPlan) -> None:
    with pytest.raises(ValidationError) as caught:
        services.quota_add(by=None, plan=plan, paper=PaperFactory(unit=ProvinceFactory()), **HOUSEHOLDS)
    assert caught.value.message_dict == {"paper": ["Văn bản này của đơn vị khác."]}


def test_what_is_no_field_is_a_mistake_of_the_program(plan: TargetPlan) -> None:
    with pytest.raises(TypeError, match="state"):
        services.quota_add(by=None, plan=plan, state="x")


@pytest.mark.parametrize("who", ["leader", "stranger"])
def test_only_who_plans_in_the_unit_writes(
    plan: TargetPlan, quota: Quota, who: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        services.quota_add(by=by, plan=plan, **RATE)
    with pytest.raises(PermissionDenied):
        services.quota_update(by=by, quota=quota, version=quota.version, households=1)
    with pytest.raises(PermissionDenied):
        services.quota_remove(by=by, quota=quota, version=quota.version)


def test_one_level_up_its_reviewer_keeps_the_quotas_of_its_own_plan(db: None) -> None:
    province = ProvinceFactory()
    reviewer = user_with(Role.REVIEWER, province)
    plan = plan_open(by=None, unit=province, year=2026)
    assert services.quota_add(by=reviewer, plan=plan, **RATE).unit == province


def test_a_submitted_plan_keeps_its_quotas(plan: TargetPlan, quota: Quota, officer: User) -> None:
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    for write in (
        lambda: services.quota_add(by=officer, plan=plan, **RATE),
        lambda: services.quota_update(by=officer, quota=quota, version=quota.version, households=1),
        lambda: services.quota_remove(by=officer, quota=quota, version=quota.version),
    ):
        with pytest.raises(ValidationError, match="chờ lãnh đạo duyệt"):
            write()


def test_of_two_edits_of_one_number_the_second_is_told(quota: Quota, officer: User) -> None:
    services.quota_update(by=officer, quota=quota, version=quota.version, households=180)
    with pytest.raises(EditConflict):
        services.quota_update(by=officer, quota=quota, version=quota.version, households=190)
    saved = services.quota_update(by=officer, quota=quota, version=quota.version, note="theo Quyết định mới")
    assert (saved.households, saved.note) == (180, "theo Quyết định mới")


def test_what_changed_meanwhile_is_not_removed_unseen(quota: Quota, officer: User) -> None:
    services.quota_update(by=officer, quota=quota, version=quota.version, households=180)
    with pytest.raises(ValidationError, match="vừa được sửa"):
        services.quota_remove(by=officer, quota=quota, version=quota.version)
    services.quota_remove(by=officer, quota=quota, version=quota.version + 1)
    assert not Quota.objects.exists()
