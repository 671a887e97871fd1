"""Writes of the frame: rights, order, no lost update, audit."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.offices.models import Officer
from reports import services
from reports.choices import Authority
from reports.models import AnnualPlan
from reports.selectors import issued_plan
from targets.choices import PlanState
from targets.models import TargetPlan, TargetRow
from targets.rules.figures import COUNTS
from tests.factories import START, PaperFactory, user_with
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
    assert caught.value.who == str(officer)
    assert caught.value.when is not None


def test_bases_keep_their_order_and_stay_in_the_file(framed: AnnualPlan) -> None:
    first, second = (basis.paper for basis in framed.bases.all())
    services.bases_set(by=None, plan=framed, papers=[second, first, second])
    assert [basis.paper for basis in framed.bases.all()] == [second, first]
    with pytest.raises(ValidationError, match="không thuộc danh mục"):
        services.bases_set(by=None, plan=framed, papers=[PaperFactory(unit=framed.unit.parent)])


def test_what_is_issued_is_closed_until_the_number_is_taken_back(issuable: AnnualPlan) -> None:
    unit = issuable.unit
    assert issued_plan(unit=unit, year=YEAR) is None
    day = datetime.date(2024, 3, 5)
    plan = services.number_give(by=None, plan=issuable, version=issuable.version, number=5, issued_on=day)
    assert issued_plan(unit=unit, year=YEAR) == plan
    writes = (
        lambda: services.annual_plan_describe(by=None, unit=unit, year=YEAR, place="Chợ Mới"),
        lambda: save(plan, unit, None, plan.version, place="Chợ Mới"),
        lambda: services.bases_set(by=None, plan=plan, papers=[]),
        lambda: services.recipients_set(by=None, plan=plan, lines=[]),
        lambda: services.duties_set(by=None, plan=plan, duties=[]),
    )
    for write in writes:
        with pytest.raises(ValidationError, match="Kế hoạch đã có số 05/KH-UBND, ngày 05/03/2024; muốn sửa"):
            write()
    plan = services.number_give(by=None, plan=plan, version=plan.version, number=None, issued_on=None)
    assert save(plan, unit, None, plan.version, place="Chợ Mới").place == "Chợ Mới"


@pytest.mark.parametrize(
    ("authority", "title", "is_right"),
    [
        (Authority.CHAIR, "Chủ tịch UBND xã", True),
        (Authority.CHAIR, "Phó Chủ tịch", False),
        (Authority.ACTING, "Quyền Chủ tịch", True),
        (Authority.ACTING, "Phó Chủ tịch UBND", False),
        (Authority.DEPUTY, "Phó Chủ tịch UBND xã", True),
        (Authority.DEPUTY, "Chủ tịch", False),
        (Authority.DEPUTY, "Phó phòng", False),
    ],
)
def test_authority_and_post_of_the_signer_agree(
    commune: Area, authority: Authority, title: str, is_right: bool
) -> None:
    signer = Officer.objects.create(unit=commune, full_name="Người Ký", title=title, valid_from=START)
    if is_right:
        assert save(None, commune, None, 0, authority=authority, signer=signer).signer == signer
        return
    with pytest.raises(ValidationError) as caught:
        save(None, commune, None, 0, authority=authority, signer=signer)
    assert list(caught.value.message_dict) == ["signer"]
    assert not AnnualPlan.objects.exists()


def test_a_plan_has_nobody_above_to_be_sent_to(framed: AnnualPlan) -> None:
    with pytest.raises(ValidationError, match="ghi tên từng nơi nhận"):
        services.recipients_set(by=None, plan=framed, lines=["- Như trên;", "Các thôn"])


def test_day_of_issue_is_neither_tomorrow_nor_before_a_basis(issuable: AnnualPlan) -> None:
    def give(day: datetime.date) -> None:
        services.number_give(by=None, plan=issuable, version=issuable.version, number=5, issued_on=day)

    with pytest.raises(ValidationError, match="trước ngày của căn cứ đã chọn: Quyết định số 3450/QĐ-UBND, ban hành"):
        give(datetime.date(2023, 11, 20))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    AnnualPlan.objects.filter(pk=issuable.pk).update(year=tomorrow.year)
    issuable.refresh_from_db()
    with pytest.raises(ValidationError, match="chưa tới"):
        give(tomorrow)


def test_number_and_day_are_the_clerks(issuable: AnnualPlan) -> None:
    clerk, officer = user_with(Role.REGISTRY_CLERK, issuable.unit), user_with(Role.OFFICER, issuable.unit)
    day = datetime.date(2024, 2, 5)
    with pytest.raises(PermissionDenied):
        services.number_give(by=officer, plan=issuable, version=issuable.version, number=5, issued_on=day)
    plan = services.number_give(by=clerk, plan=issuable, version=issuable.version, number=5, issued_on=day)
    assert (plan.number, plan.issued_on) == (5, day)
    with pytest.raises(ValidationError, match="cùng lúc"):
        services.number_give(by=clerk, plan=plan, version=plan.version, number=5, issued_on=None)
    with pytest.raises(ValidationError, match="quá xa"):
        services.number_give(by=clerk, plan=plan, version=plan.version, number=5, issued_on=datetime.date(2042, 1, 1))


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (PlanState.DRAFT, "đang lập nên kế hoạch chưa ghi số được. Cán bộ nhập liệu trình, lãnh đạo duyệt"),
        (PlanState.SUBMITTED, "chờ lãnh đạo duyệt nên"),
        (PlanState.RETURNED, "trả lại để sửa nên"),
        (PlanState.FORWARDED, "chờ cấp trên duyệt nên"),
    ],
)
def test_a_plan_whose_table_nobody_approved_gets_no_number(framed: AnnualPlan, state: PlanState, who: str) -> None:
    TargetPlan.objects.filter(unit=framed.unit).update(state=state)
    for by in (None, user_with(Role.REGISTRY_CLERK, framed.unit)):
        with pytest.raises(ValidationError, match=f"Bảng chỉ tiêu năm {YEAR} {who}"):
            give(framed, by)
    framed.refresh_from_db()
    assert framed.number is None


def test_while_the_table_is_adjusted_no_number_is_given_but_one_may_be_taken_back(issuable: AnnualPlan) -> None:
    plan = give(issuable)
    TargetPlan.objects.filter(unit=plan.unit).update(state=PlanState.DRAFT)
    with pytest.raises(ValidationError, match=r"đang điều chỉnh \(đang lập\) nên kế hoạch chưa ghi số được"):
        give(plan)
    assert services.number_give(by=None, plan=plan, version=plan.version, number=None, issued_on=None).number is None


def test_a_plan_without_a_table_gets_its_number(framed: AnnualPlan) -> None:
    """Rows without a count only keep the quotas and goals of a plan that carries no table."""
    TargetRow.objects.filter(unit=framed.unit).update(**dict.fromkeys(COUNTS))
    assert give(framed).number == 5
    TargetPlan.objects.filter(unit=framed.unit).delete()
    assert give(framed).number == 5


def give(plan: AnnualPlan, by: User | None = None) -> AnnualPlan:
    plan.refresh_from_db()
    day = datetime.date(YEAR, 3, 5)
    return services.number_give(by=by, plan=plan, version=plan.version, number=5, issued_on=day)
