import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.services import reach_rebuild
from povertyplan.offices.models import Officer
from povertyplan.papers.models import Paper
from reports.models import AnnualPlan, LegalBasis
from targets.choices import PlanState
from targets.models import TargetPlan, TargetRow
from tests.targets.review_rows import approved
from tests.web.conftest import LONG_AGO, Place, area

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HOME = "/u/22492/2024/"
NOTHING = "Không có việc chờ bạn"


@pytest.fixture
def ready(place: Place, figures: SimpleNamespace) -> AnnualPlan:
    """Everything is typed, the table approved; the plan has neither number nor date."""
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    reduced = vars(figures) | {"poor_reduction": 1, "near_poor_reduction": 0}
    for village in place.villages:
        TargetRow.objects.create(plan=plan, unit=place.commune, place=village, **reduced)
    approved(plan)
    signer = Officer.objects.create(unit=place.commune, full_name="Trần Văn An", title="Chủ tịch", valid_from=LONG_AGO)
    annual = AnnualPlan.objects.create(unit=place.commune, year=2024, signer=signer)
    paper = Paper.objects.create(unit=place.commune, type="decision", number="1", issuer="UBND xã", subject="về việc")
    LegalBasis.objects.create(plan=annual, paper=paper, position=1)
    return annual


def titles(client: Client) -> list[str]:
    return [task.title for task in client.get(HOME).context["tasks"]]


@pytest.mark.parametrize(
    ("role", "expected", "address"),
    [
        (Role.OFFICER, "In kế hoạch giảm nghèo năm 2024", "/documents/"),
        (Role.REGISTRY_CLERK, "Ghi số, ngày ban hành", "/documents/number/"),
        (Role.LEADER, "Xem kế hoạch trước khi ký", "/documents/"),
    ],
)
def test_ready_plan_waits_for_each_role_in_its_way(
    place: Place,
    ready: AnnualPlan,
    person: Callable[..., User],
    signed_in: SignIn,
    role: Role,
    expected: str,
    address: str,
) -> None:
    client = signed_in(person("somebody", (role, place.commune)))
    assert titles(client) == [expected]
    assert f'href="/u/22492/2024{address}"' in client.get(HOME).content.decode()


@pytest.mark.parametrize("role", [Role.REGISTRY_CLERK, Role.LEADER, Role.ACCOUNTANT, Role.REVIEWER])
def test_nothing_waits_before_the_plan_is_ready(
    place: Place, person: Callable[..., User], signed_in: SignIn, role: Role
) -> None:
    client = signed_in(person("somebody", (role, place.commune)))
    assert titles(client) == []
    assert NOTHING in client.get(HOME).content.decode()


def test_a_table_that_nobody_approved_waits_for_the_officer_and_not_for_the_clerk(
    place: Place, ready: AnnualPlan, person: Callable[..., User], signed_in: SignIn
) -> None:
    TargetPlan.objects.update(state=PlanState.DRAFT)
    assert titles(signed_in(person("clerk", (Role.REGISTRY_CLERK, place.commune)))) == []
    officer = signed_in(person("officer", (Role.OFFICER, place.commune)))
    assert titles(officer) == ["Trình duyệt bảng chỉ tiêu năm 2024", "In kế hoạch giảm nghèo năm 2024"]


def test_issued_plan_is_done_for_everybody(
    place: Place, ready: AnnualPlan, person: Callable[..., User], signed_in: SignIn
) -> None:
    AnnualPlan.objects.update(number=5, issued_on=datetime.date(2024, 1, 20))
    client = signed_in(person("clerk", (Role.REGISTRY_CLERK, place.commune)))
    assert titles(client) == []
    page = client.get(HOME).content.decode()
    assert "Kế hoạch năm 2024 đã ban hành" in page
    assert "số 05/KH-UBND, ngày 20/01/2024" in page


def test_administrator_is_asked_for_an_officer_until_there_is_one(
    place: Place, person: Callable[..., User], signed_in: SignIn
) -> None:
    client = signed_in(person("administrator", (Role.ADMINISTRATOR, place.commune)))
    assert titles(client) == ["Lập tài khoản cho cán bộ nhập liệu"]
    person("officer", (Role.OFFICER, place.commune))
    assert titles(client) == []


def test_province_sees_how_far_its_communes_are(
    place: Place, ready: AnnualPlan, person: Callable[..., User], signed_in: SignIn
) -> None:
    response = signed_in(person("reviewer", (Role.REVIEWER, place.province))).get("/u/56/2024/")
    listed = [
        (line.name, word, line.figures and line.figures.poor_households) for line, word, _ in response.context["rows"]
    ]
    assert listed == [("Đại Lãnh", "Đã duyệt", 4), ("Vạn Phước", "Chưa lập", None)]
    assert 'href="/u/56/2024/targets/units/"' in response.content.decode()
    assert f'href="{HOME}"' in response.content.decode()
    assert "Khai thôn" not in response.content.decode()


def test_province_of_a_past_year_lists_communes_of_districts(
    place: Place, person: Callable[..., User], signed_in: SignIn
) -> None:
    district = area(Level.DISTRICT, "571", "Vạn Ninh", "huyện", place.province, valid_to=datetime.date(2025, 6, 30))
    area(Level.COMMUNE, "22501", "Xuân Sơn", "xã", district, valid_to=datetime.date(2025, 6, 30))
    reach_rebuild()
    client = signed_in(person("reviewer", (Role.REVIEWER, place.province)))
    assert "Xuân Sơn" in [unit.name for unit in client.get("/u/56/2024/").context["page"]]
    assert [unit.name for unit in client.get("/u/571/2024/").context["page"]] == ["Xuân Sơn"]
    assert "Xuân Sơn" not in [unit.name for unit in client.get("/u/56/2026/").context["page"]]


@pytest.mark.parametrize("count", [1, 60])
def test_communes_are_listed_in_pages_with_the_same_queries(
    place: Place, person: Callable[..., User], signed_in: SignIn, django_assert_num_queries: Callable, count: int
) -> None:
    for number in range(count):
        area(Level.COMMUNE, f"3{number:04d}", f"Xã số {number}", "xã", place.province)
    reach_rebuild()
    client = signed_in(person("reviewer", (Role.REVIEWER, place.province)))
    client.get("/u/56/2024/")
    with django_assert_num_queries(12):
        page = client.get("/u/56/2024/").context["page"]
    assert len(page) == min(count + 2, 50)
