"""Writes of the frame: rights, order, no lost update, audit."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from reports import services
from reports.choices import Authority
from reports.models import AnnualPlan
from tests.factories import PaperFactory, user_with
from tests.reports.conftest import YEAR


def save(plan: AnnualPlan | None, unit: Area, by: User | None, version: int, **changes: object) -> AnnualPlan:
    """The frame as it is, but for ``changes``."""
    values = {
        "subject": plan.subject if plan else "", "place": "", "planned_month": None, "authority": Authority.CHAIR,
        "signer": None, "drafted_by": None,
        "papers": [basis.paper for basis in plan.bases.all()] if plan else [],
        "lines": [recipient.text for recipient in plan.recipients.all()] if plan else [],
        "duties": [(duty.department or duty.body, duty.tasks) for duty in plan.duties.all()] if plan else [],
    }  # fmt: skip
    return services.frame_save(by=by, unit=unit, year=YEAR, version=version, **values | changes)


def test_frame_is_made_then_changed(commune: Area, officer: User) -> None:
    plan = save(None, commune, officer, 0, place="Chợ Mới", lines=["- Các thôn;", "Lưu: VT", ""])
    assert list(plan.recipients.values_list("text", flat=True)) == ["Các thôn"]
    again = save(plan, commune, officer, plan.version, place="Chợ Mới")
    assert again.version == plan.version


def test_only_the_entering_role_may(commune: Area, leader: User, stranger: User) -> None:
    for user in (leader, stranger):
        with pytest.raises(PermissionDenied):
            save(None, commune, user, 0)


def test_two_people_on_one_frame(commune: Area, officer: User) -> None:
    plan = save(None, commune, officer, 0)
    version = plan.version
    save(plan, commune, officer, version, place="Chợ Mới", lines=["Các thôn"])
    plan.refresh_from_db()
    with pytest.raises(EditConflict) as caught:
        save(plan, commune, officer, version, place="Chợ Cũ", lines=["Các làng"])
    assert {field.name for field in caught.value.fields} == {"place", "recipients"}
    assert list(plan.recipients.values_list("text", flat=True)) == ["Các thôn"]


def test_the_list_alone_is_not_lost_either(commune: Area, officer: User) -> None:
    plan = save(None, commune, officer, 0)
    version = plan.version
    save(plan, commune, officer, version, papers=[PaperFactory(unit=commune)])
    with pytest.raises(EditConflict) as caught:
        save(plan, commune, officer, version, papers=[PaperFactory(unit=commune)])
    assert [field.name for field in caught.value.fields] == ["bases"]


def test_bases_keep_their_order_and_stay_in_the_file(framed: AnnualPlan) -> None:
    first, second = (basis.paper for basis in framed.bases.all())
    services.bases_set(by=None, plan=framed, papers=[second, first, second])
    assert [basis.paper for basis in framed.bases.all()] == [second, first]
    with pytest.raises(ValidationError, match="không thuộc danh mục"):
        services.bases_set(by=None, plan=framed, papers=[PaperFactory(unit=framed.unit.parent)])


def test_number_and_day_are_the_clerks(framed: AnnualPlan) -> None:
    clerk, officer = user_with(Role.REGISTRY_CLERK, framed.unit), user_with(Role.OFFICER, framed.unit)
    day = datetime.date(2024, 2, 5)
    with pytest.raises(PermissionDenied):
        services.number_give(by=officer, plan=framed, version=framed.version, number=5, issued_on=day)
    plan = services.number_give(by=clerk, plan=framed, version=framed.version, number=5, issued_on=day)
    assert (plan.number, plan.issued_on) == (5, day)
    with pytest.raises(ValidationError, match="cùng lúc"):
        services.number_give(by=clerk, plan=plan, version=plan.version, number=5, issued_on=None)
    with pytest.raises(ValidationError, match="quá xa"):
        services.number_give(by=clerk, plan=plan, version=plan.version, number=5, issued_on=datetime.date(2042, 1, 1))
