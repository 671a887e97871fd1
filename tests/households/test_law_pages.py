"""The pages of the law: who reads, who confirms, what a province sets for itself."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import ParameterCode, Step
from households.models import OpinionAddressee, Parameter, Standard, StandardIndicator, StepWindow
from households.selectors import law
from households.services import law as services
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import paper_by_number
from tests.factories import CommuneFactory, UserFactory, user_with
from tests.households.build import standard

YEAR = 2026
TODAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    standard()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def root(db: None) -> Client:
    return logged_in(UserFactory(is_superuser=True))


@pytest.fixture
def province_admin(commune: Area) -> User:
    return user_with(Role.ADMINISTRATOR, commune.parent)


def address(name: str, unit: Area, **rest: Any) -> str:
    return reverse(f"law:{name}", kwargs={"code": unit.code, "year": YEAR} | rest)


def law_paper() -> Paper:
    paper = paper_by_number("24/2021/QĐ-TTg")
    assert paper
    return paper


def confirm_address(unit: Area, kind: str, row: Any) -> str:
    return address("confirm", unit, kind=kind, pk=row.pk)


@pytest.mark.parametrize("name", ["index", "procedure", "sheets"])
def test_everyone_in_the_unit_reads(name: str, leader: User, stranger: User, commune: Area) -> None:
    assert logged_in(leader).get(address(name, commune)).status_code == 200
    assert logged_in(stranger).get(address(name, commune)).status_code == 404


def test_the_page_says_what_is_not_compared_and_what_is_not_known(officer_client: Client, commune: Area) -> None:
    page = officer_client.get(address("index", commune)).content.decode()
    assert "1.500.000" in page
    assert "chưa đối chiếu văn bản" in page
    assert "chưa có trong dữ liệu" in page
    assert "12 chỉ số thiếu hụt" in page
    assert "Đối chiếu<" not in page


@pytest.mark.parametrize(("name", "queries"), [("index", 10), ("procedure", 10), ("sheets", 8)])
def test_the_pages_ask_the_same_questions_however_many_rows(
    name: str, queries: int, officer_client: Client, commune: Area, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(queries):
        officer_client.get(address(name, commune))


@pytest.mark.parametrize("name", ["parameter", "window", "addressee", "sheet-add"])
def test_who_administers_only_a_commune_sets_nothing(name: str, commune: Area) -> None:
    client = logged_in(user_with(Role.ADMINISTRATOR, commune))
    assert client.get(address(name, commune)).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.REVIEWER])
def test_other_roles_of_the_province_set_nothing(role: Role, commune: Area) -> None:
    assert logged_in(user_with(role, commune.parent)).get(address("parameter", commune)).status_code == 403


def test_national_facts_are_confirmed_by_the_installation_alone(
    root: Client, province_admin: User, commune: Area
) -> None:
    row = StandardIndicator.objects.get(standard__code="2022_2025", number=4)
    url = confirm_address(commune, "indicators", row)
    typed = {"version": row.version, "threshold": row.threshold, "paper": law_paper().pk, "source": "Phụ lục, chỉ số 4"}

    assert logged_in(province_admin).post(url, typed).status_code == 403
    assert root.get(url).status_code == 200
    assert root.post(url, typed).status_code == 302

    row.refresh_from_db()
    assert (row.certainty, row.source) == (Certainty.CHECKED, "Phụ lục, chỉ số 4")


def test_confirming_needs_a_paper_and_a_place_in_it(root: Client, commune: Area) -> None:
    row = Parameter.objects.get(code=ParameterCode.POSTING_DAYS)
    url = confirm_address(commune, "parameters", row)
    typed = {"version": row.version, "value": "3"}
    for more, field in (({"source": "Điều 4, khoản 4"}, "paper"), ({"paper": law_paper().pk}, "source")):
        answer = root.post(url, typed | more)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
    row.refresh_from_db()
    assert row.certainty == Certainty.UNCHECKED


def test_words_from_memory_are_no_source_that_was_compared(root: Client, commune: Area) -> None:
    row = Parameter.objects.get(code=ParameterCode.POSTING_DAYS)
    url = confirm_address(commune, "parameters", row)

    page = root.get(url)
    assert page.context["form"]["source"].value() is None
    assert page.context["form"]["paper"].value() is None
    assert "ghi theo hiểu biết chung (chưa đối chiếu văn bản)." in page.content.decode()
    typed = {"version": row.version, "value": "3", "paper": law_paper().pk, "source": row.source}
    assert "nguồn ghi khi chưa đối chiếu" in root.post(url, typed).content.decode()

    row.refresh_from_db()
    assert row.certainty == Certainty.UNCHECKED


def test_the_system_confirms_nothing(commune: Area) -> None:
    row = Parameter.objects.get(code=ParameterCode.POSTING_DAYS)
    with pytest.raises(services.PermissionDenied):
        services.legal_fact_confirm(by=None, row=row, version=row.version, paper=law_paper(), source="Điều 4, khoản 4")


def test_confirming_puts_right_what_differs(root: Client, commune: Area) -> None:
    row = Standard.objects.get(code="2016_2020")
    typed = {"version": row.version, "b1_rural": "150", "b2_points": "10", "source": "Thông tư 17/2016, Phụ lục"}
    typed["paper"] = law_paper().pk
    assert root.post(confirm_address(commune, "standards", row), typed).status_code == 302
    row.refresh_from_db()
    assert (row.b1_rural, row.b2_points, row.income_rural) == (150, 10, None)


@pytest.mark.parametrize("kind", ["causes", "addressees", "windows"])
def test_every_kind_of_fact_has_its_form(root: Client, commune: Area, kind: str) -> None:
    model: Any = {"addressees": OpinionAddressee, "windows": StepWindow}.get(kind) or type(
        Standard.objects.get(code="2022_2025").causes.first()
    )
    assert root.get(confirm_address(commune, kind, model.objects.first())).status_code == 200


def test_an_unknown_kind_is_not_found(root: Client, commune: Area) -> None:
    assert root.get(address("confirm", commune, kind="nothing", pk=1)).status_code == 404
    assert root.get(address("remove", commune, kind="standards", pk=1)).status_code == 404


def test_a_confirmation_on_an_old_version_shows_both(root: Client, commune: Area) -> None:
    row = Parameter.objects.get(code=ParameterCode.POSTING_DAYS)
    common = {"row": row, "version": row.version, "paper": law_paper()}
    services.legal_fact_confirm(by=UserFactory(is_superuser=True), source="Điều 4, khoản 4", value=4, **common)
    typed = {"version": row.version, "value": "5", "paper": law_paper().pk, "source": "Điều 5"}
    assert root.post(confirm_address(commune, "parameters", row), typed).status_code == 409


def test_a_province_sets_its_own_days_from_a_day_on(province_admin: User, commune: Area) -> None:
    typed = {"place": "province", "code": "posting_days", "value": "7", "valid_from": "01/01/2026"}
    client = logged_in(province_admin)

    assert client.post(address("parameter", commune), typed).status_code == 302

    row = Parameter.objects.get(area=commune.parent)
    assert (row.value, row.certainty) == (7, Certainty.UNCHECKED)
    assert law.parameters(unit=commune, day=TODAY)[ParameterCode.POSTING_DAYS] == 7
    assert "Bỏ giá trị riêng" in client.get(address("procedure", commune)).content.decode()


def test_a_province_may_not_choose_the_nation(province_admin: User, commune: Area) -> None:
    typed = {"place": "nation", "code": "posting_days", "value": "7", "valid_from": "01/01/2026"}
    assert logged_in(province_admin).post(address("parameter", commune), typed).status_code == 422
    assert not Parameter.objects.filter(value=7).exists()


def test_a_new_value_ends_the_one_before(province_admin: User, commune: Area) -> None:
    common = {"by": province_admin, "area": commune.parent, "code": ParameterCode.POSTING_DAYS}
    services.parameter_set(**common, value=7, valid_from=datetime.date(2026, 1, 1))
    services.parameter_set(**common, value=9, valid_from=datetime.date(2026, 6, 1), source="Quyết định của tỉnh")
    services.parameter_set(**common, value=8, valid_from=datetime.date(2026, 6, 1))

    found = Parameter.objects.filter(area=commune.parent).order_by("valid_from").values_list("value", "valid_to")
    assert list(found) == [(7, datetime.date(2026, 5, 31)), (8, None)]


def test_a_value_is_compared_only_with_a_paper_and_a_place_in_it(province_admin: User, commune: Area) -> None:
    common: dict[str, Any] = {"by": province_admin, "area": commune.parent, "code": ParameterCode.POSTING_DAYS}
    common |= {"value": 7, "valid_from": datetime.date(2026, 1, 1)}

    assert services.parameter_set(**common, source="Quyết định của tỉnh").certainty == Certainty.UNCHECKED
    assert services.parameter_set(**common, paper=law_paper()).certainty == Certainty.UNCHECKED
    row = services.parameter_set(**common, paper=law_paper(), source="Điều 4, khoản 4")
    assert row.certainty == Certainty.CHECKED


def test_removing_gives_the_national_value_back(province_admin: User, commune: Area) -> None:
    row = services.parameter_set(
        by=province_admin, area=commune.parent, code="posting_days", value=7, valid_from=datetime.date(2026, 1, 1)
    )
    url = address("remove", commune, kind="parameters", pk=row.pk)
    assert logged_in(province_admin).post(url, {"version": row.version}).status_code == 302
    assert law.parameters(unit=commune, day=TODAY)[ParameterCode.POSTING_DAYS] == 3


def test_national_values_are_not_removed(root: Client, commune: Area) -> None:
    row = Parameter.objects.get(code=ParameterCode.POSTING_DAYS)
    assert root.post(address("remove", commune, kind="parameters", pk=row.pk), {"version": 1}).status_code == 403


def test_rows_of_another_province_are_not_found(root: Client, commune: Area) -> None:
    other = CommuneFactory()
    row = services.parameter_set(
        by=None, area=other.parent, code="posting_days", value=7, valid_from=datetime.date(2026, 1, 1)
    )
    assert root.get(confirm_address(commune, "parameters", row)).status_code == 404
    assert (
        '<td class="number" data-label="Giá trị">7</td>' not in root.get(address("procedure", commune)).content.decode()
    )


def test_a_calendar_of_a_year(province_admin: User, commune: Area) -> None:
    typed = {"place": "province", "kind": "periodic", "step": "posting", "first": "01/11/2026", "last": "10/11/2026"}
    assert logged_in(province_admin).post(address("window", commune), typed).status_code == 302
    assert law.windows(unit=commune, year=2026)[Step.POSTING].last == datetime.date(2026, 11, 10)
    again = typed | {"last": "12/11/2026"}
    logged_in(province_admin).post(address("window", commune), again)
    assert StepWindow.objects.filter(area=commune.parent).count() == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("01/11/2026", "30/10/2026", "Ngày cuối không được trước ngày đầu."),
        ("01/11/2025", "30/11/2026", "Các ngày phải thuộc năm 2026."),
        ("", "30/11/2027", "Các ngày phải thuộc năm 2026."),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(
    province_admin: User, commune: Area, first: str, last: str, said: str
) -> None:
    typed = {"place": "province", "kind": "periodic", "step": "posting", "first": first, "last": last}
    answer = logged_in(province_admin).post(address("window", commune), typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_addressee_of_the_province(province_admin: User, commune: Area) -> None:
    typed = {"place": "province", "level": "province", "title": "Chủ tịch UBND tỉnh", "valid_from": "01/09/2026"}
    assert logged_in(province_admin).post(address("addressee", commune), typed).status_code == 302
    assert law.addressee(unit=commune, day=TODAY).title == "Chủ tịch UBND tỉnh"
    assert law.addressee(unit=commune, day=datetime.date(2026, 8, 1)).title == "Chủ tịch UBND cấp tỉnh"


@pytest.mark.parametrize("setter", [services.parameter_set, services.window_set, services.addressee_set])
def test_the_gate_of_services(setter: Any, commune: Area, officer: User) -> None:
    fields: dict[Any, dict[str, Any]] = {
        services.parameter_set: {"code": "posting_days", "value": 1, "valid_from": TODAY},
        services.window_set: {"year": 2026, "first": None, "last": TODAY},
        services.addressee_set: {"level": "province", "title": "X", "valid_from": TODAY},
    }
    for user, area in ((officer, commune.parent), (user_with(Role.ADMINISTRATOR, commune), commune)):
        with pytest.raises(services.PermissionDenied):
            setter(by=user, area=area, **fields[setter])
    with pytest.raises(services.PermissionDenied):
        setter(by=user_with(Role.ADMINISTRATOR, commune.parent), area=None, **fields[setter])


def test_an_administrator_of_the_installation_sets_a_national_value(root: Client, commune: Area) -> None:
    typed = {"place": "nation", "code": "posting_days", "value": "5", "valid_from": "01/10/2026", "source": "Điều 4"}
    assert root.post(address("parameter", commune), typed).status_code == 302
    assert law.parameters(unit=commune, day=TODAY)[ParameterCode.POSTING_DAYS] == 5
    assert law.parameters(unit=commune, day=datetime.date(2026, 9, 30))[ParameterCode.POSTING_DAYS] == 3
