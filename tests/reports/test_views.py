"""Pages of documents: scope, rights, what is missing, preview, frame, number."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.jobs.models import Job
from reports.models import AnnualPlan
from tests.factories import CommuneFactory, PaperFactory, user_with
from tests.reports.conftest import YEAR


def address(name: str, unit: Area, **more: str) -> str:
    return reverse(f"reports:{name}", kwargs={"code": unit.code, "year": YEAR, **more})


def client_of(role: Role, unit: Area) -> Client:
    client = Client()
    client.force_login(user_with(role, unit))
    return client


def test_index_says_what_is_missing(commune: Area, officer_client: Client) -> None:
    response = officer_client.get(address("index", commune))
    assert response.status_code == 200
    assert "đơn vị chưa có bảng chỉ tiêu của năm này" in response.content.decode().replace("Đơn", "đơn")
    assert reverse("targets:table", args=[commune.code, YEAR]) in response.content.decode()


def test_a_stranger_sees_nothing(dai_lanh: Area) -> None:
    client = client_of(Role.OFFICER, CommuneFactory())
    for name, more in (("index", {}), ("preview", {"kind": "annual_plan"}), ("frame", {}), ("number", {})):
        assert client.get(address(name, dai_lanh, **more)).status_code == 404


def test_preview_shows_what_is_printed_under_a_strict_policy(framed: AnnualPlan) -> None:
    client = client_of(Role.LEADER, framed.unit)
    response = client.get(address("preview", framed.unit, kind="annual_plan"))
    page = response.content.decode()
    assert "reports/document.css" in page
    assert "BẢN MẪU" in page
    assert "XÃ ĐẠI LÃNH" in page
    assert " style=" not in page
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


def test_preview_of_what_is_missing_goes_back(commune: Area, officer_client: Client) -> None:
    response = officer_client.get(address("preview", commune, kind="annual_plan"), follow=True)
    assert "Chưa lập được văn bản" in response.content.decode()
    assert officer_client.get(address("preview", commune, kind="poem")).status_code == 404


def test_pdf_is_made_by_the_worker(framed: AnnualPlan) -> None:
    client = client_of(Role.OFFICER, framed.unit)
    response = client.post(address("pdf", framed.unit, kind="annual_plan"))
    job = Job.objects.get()
    assert response.url == reverse("jobs:detail", kwargs={"code": framed.unit.code, "year": YEAR, "pk": job.pk})


def test_task_makes_the_file(framed: AnnualPlan) -> None:
    from reports.tasks import render_document_task

    user = user_with(Role.OFFICER, framed.unit)
    job = Job.objects.create(unit=framed.unit, requested_by=user, title="In")
    render_document_task.call(job_id=str(job.pk), kind="annual_plan", unit_id=framed.unit.pk, year=YEAR)
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("done", f"ke-hoach-{framed.unit.code}-{YEAR}.pdf")


@pytest.mark.parametrize("role", [Role.LEADER, Role.REGISTRY_CLERK, Role.REVIEWER])
def test_only_the_entering_role_writes_the_frame(framed: AnnualPlan, role: Role) -> None:
    assert client_of(role, framed.unit).get(address("frame", framed.unit)).status_code == 403


def test_frame_form_round_trip(framed: AnnualPlan) -> None:
    client = client_of(Role.OFFICER, framed.unit)
    form = client.get(address("frame", framed.unit)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data["planned_month"] = "3/2024"
    data["basis-1"], data["basis-2"] = data["basis-2"], data["basis-1"]
    data["recipients"] = "Các thôn\nCác trường học"
    response = client.post(address("frame", framed.unit), data)
    assert response.status_code == 302
    framed.refresh_from_db()
    assert framed.planned_month == datetime.date(2024, 3, 1)
    assert [basis.paper.number for basis in framed.bases.all()] == ["3709", "3450"]
    assert [recipient.text for recipient in framed.recipients.all()] == ["Các thôn", "Các trường học"]
    assert framed.duties.count() == 2
    data["place"] = "Nơi Khác"
    assert client.post(address("frame", framed.unit), data | {"recipients": "Khác"}).status_code == 409
    assert client.post(address("frame", framed.unit), data | {"planned_month": "13/2024"}).status_code == 422


def test_papers_of_others_cannot_be_chosen(framed: AnnualPlan) -> None:
    client = client_of(Role.OFFICER, framed.unit)
    other = PaperFactory(unit=CommuneFactory())
    data = {"version": framed.version, "authority": "chair", "basis-1": str(other.pk)}
    assert client.post(address("frame", framed.unit), data).status_code == 422


def test_clerk_gives_number_and_day(framed: AnnualPlan) -> None:
    client = client_of(Role.REGISTRY_CLERK, framed.unit)
    data = {"version": framed.version, "number": "5", "issued_on": "5/2/2024"}
    assert client.post(address("number", framed.unit), data | {"issued_on": ""}).status_code == 422
    assert client.post(address("number", framed.unit), data).status_code == 302
    page = client.get(address("index", framed.unit)).content.decode()
    assert "Số 05/KH-UBND, ngày 05/02/2024" in page
    assert client_of(Role.OFFICER, framed.unit).get(address("number", framed.unit)).status_code == 403


def test_index_asks_the_same_number_of_queries_for_few_and_many_villages(
    dai_lanh: Area, big_commune: Area, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for unit in (dai_lanh, big_commune):
        client = client_of(Role.OFFICER, unit)
        with django_assert_max_num_queries(25):
            client.get(address("index", unit))
