"""Pages of documents: scope, rights, what is missing, preview, frame, number."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.jobs.models import Job
from povertyplan.offices.models import Officer
from povertyplan.papers.models import Paper
from reports.check import frame_findings
from reports.datasets import target_table
from reports.models import AnnualPlan
from targets.choices import PlanState
from targets.models import PlanVersion, TargetPlan
from tests.factories import START, CommuneFactory, PaperFactory, user_with
from tests.reports.conftest import YEAR
from tests.targets.review_rows import world


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


def test_clerk_gives_number_and_day(issuable: AnnualPlan) -> None:
    client = client_of(Role.REGISTRY_CLERK, issuable.unit)
    data = {"version": issuable.version, "number": "5", "issued_on": "5/2/2024"}
    assert client.post(address("number", issuable.unit), data | {"issued_on": ""}).status_code == 422
    assert client.post(address("number", issuable.unit), data).status_code == 302
    page = client.get(address("index", issuable.unit)).content.decode()
    assert "Đã ban hành số 05/KH-UBND, ngày 05/02/2024" in page
    assert client_of(Role.OFFICER, issuable.unit).get(address("number", issuable.unit)).status_code == 403


def test_number_form_says_what_is_wrong_where_it_is(issuable: AnnualPlan) -> None:
    client = client_of(Role.REGISTRY_CLERK, issuable.unit)
    url, version = address("number", issuable.unit), issuable.version
    page = client.get(url).content.decode()
    assert "không bắt buộc" not in page
    assert "Bỏ số, ngày ban hành" not in page
    sent = {"version": version, "number": "abc", "issued_on": ""}
    assert client.post(url, sent).context["form"].errors == {
        "number": ["Số văn bản chỉ gồm chữ số, ví dụ 41."],
        "issued_on": ["Ghi ngày ban hành cùng với số."],
    }
    early = client.post(url, {"version": version, "number": "5", "issued_on": "1/1/2023"})
    assert "trước ngày của căn cứ" in early.context["form"].errors["issued_on"][0]


def test_numbered_plan_is_closed_and_opened_by_the_clerk(issuable: AnnualPlan) -> None:
    clerk, officer = client_of(Role.REGISTRY_CLERK, issuable.unit), client_of(Role.OFFICER, issuable.unit)
    number, frame = address("number", issuable.unit), address("frame", issuable.unit)
    clerk.post(number, {"version": issuable.version, "number": "5", "issued_on": "5/3/2024"})
    page = officer.get(frame).content.decode()
    assert "Kế hoạch đã có số 05/KH-UBND, ngày 05/03/2024" in page
    assert "<textarea" not in page
    assert officer.post(frame, {"version": issuable.version}).status_code == 409
    issuable.refresh_from_db()
    assert "Bỏ số, ngày ban hành" in clerk.get(number).content.decode()
    response = clerk.post(number, {"version": issuable.version, "clear": "1"}, follow=True)
    assert "Đã bỏ số, ngày ban hành." in response.content.decode()
    issuable.refresh_from_db()
    assert (issuable.number, issuable.issued_on) == (None, None)
    assert "<textarea" in officer.get(frame).content.decode()


def test_the_page_of_the_number_says_that_the_table_comes_first(framed: AnnualPlan) -> None:
    unit = framed.unit
    clerk, number = client_of(Role.REGISTRY_CLERK, unit), address("number", unit)
    page = clerk.get(number).content.decode()
    assert "đang lập nên kế hoạch chưa ghi số được" in page
    assert reverse("targets:versions", args=[unit.code, YEAR]) in page
    assert 'name="issued_on"' not in page
    refused = clerk.post(number, {"version": framed.version, "number": "5", "issued_on": "5/3/2024"})
    assert refused.status_code == 409
    assert "chưa ghi số được" in refused.content.decode()
    framed.refresh_from_db()
    assert framed.number is None


# session, user, grants, unit, plan, table, and the frame of the page (2).
@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.APPROVED])
def test_the_page_of_the_number_asks_few_times(
    issuable: AnnualPlan, state: PlanState, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    TargetPlan.objects.update(state=state)
    client = client_of(Role.REGISTRY_CLERK, issuable.unit)
    client.get(address("number", issuable.unit))
    with django_assert_num_queries(8):
        client.get(address("number", issuable.unit))


def test_only_leaders_are_offered_to_sign(framed: AnnualPlan) -> None:
    unit = framed.unit
    club = framed.duties.exclude(body=None).get().body
    for title, more in (("Văn thư", {}), ("Chủ tịch", {}), ("Chủ tịch Hội", {"body": club})):
        Officer.objects.create(unit=unit, full_name=f"Người {title}", title=title, valid_from=START, **more)
    form = client_of(Role.OFFICER, unit).get(address("frame", unit)).context["form"]
    assert [row.title for row in form.fields["signer"].queryset] == ["Phó Chủ tịch", "Chủ tịch"]


def test_contradicting_signer_is_refused_on_the_page(framed: AnnualPlan) -> None:
    client = client_of(Role.OFFICER, framed.unit)
    form = client.get(address("frame", framed.unit)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"authority": "chair"}
    response = client.post(address("frame", framed.unit), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["signer"]
    lines = {"authority": "deputy", "recipients": "Như trên"}
    assert list(client.post(address("frame", framed.unit), data | lines).context["form"].errors) == ["recipients"]


def test_bases_offer_own_papers_then_national_ones_in_force(framed: AnnualPlan) -> None:
    PaperFactory(number="11", date=datetime.date(2024, 1, 1), certainty="unchecked")
    PaperFactory(number="12", in_force_to=datetime.date(2024, 1, 1))
    PaperFactory(number="13", in_force_from=datetime.date(2025, 1, 1))
    form = client_of(Role.OFFICER, framed.unit).get(address("frame", framed.unit)).context["form"]
    labels = [label for _, label in form.fields["basis-1"].choices[1:]]
    assert [label.split()[3].partition("/")[0] for label in labels] == ["3450", "3709", "11"]
    assert labels[2].endswith("(chưa đối chiếu văn bản)")


def test_index_says_each_gap_once_and_links_only_who_may_enter(framed: AnnualPlan) -> None:
    unit = framed.unit
    AnnualPlan.objects.filter(pk=framed.pk).update(signer=None)
    framed.recipients.all().delete()
    Paper.objects.filter(number="3450").update(certainty="unchecked", in_force_to=datetime.date(2024, 2, 1))
    officer, leader = (client_of(role, unit).get(address("index", unit)) for role in (Role.OFFICER, Role.LEADER))
    for response in (officer, leader):
        page = response.content.decode()
        for sentence in ("Chưa chọn người ký", "Chưa ghi nơi nhận", "hết hiệu lực từ 01/02/2024", "chưa đối chiếu"):
            assert page.count(sentence) == 1
    assert all(finding.anchor for finding in officer.context["findings"])
    assert not any(finding.anchor or finding.remedy for finding in leader.context["findings"])
    framed.bases.all().delete()
    found = {finding.code: finding.severity for finding in frame_findings(framed)}
    assert found["no-bases"] == "warning"


def test_index_asks_the_same_number_of_queries_for_few_and_many_villages(
    dai_lanh: Area, big_commune: Area, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for unit in (dai_lanh, big_commune):
        client = client_of(Role.OFFICER, unit)
        with django_assert_max_num_queries(25):
            client.get(address("index", unit))


def test_the_preview_offers_every_layout_and_a_strange_one_is_no_address(framed: AnnualPlan) -> None:
    client = client_of(Role.LEADER, framed.unit)
    page = client.get(address("preview", framed.unit, kind="target_table")).content.decode()
    assert '<a class="button button-small" href="?layout=standard" aria-current="page">' in page
    assert "reports/draft.css" in page
    two = client.get(address("preview", framed.unit, kind="target_table"), {"layout": "two_blocks"}).content.decode()
    assert "Dự kiến cuối năm" in two
    assert '<input type="hidden" name="layout" value="two_blocks">' in two
    for wrong in ({"layout": "poem"}, {"edition": "9"}):
        assert client.get(address("preview", framed.unit, kind="target_table"), wrong).status_code == 404


def test_the_file_takes_the_layout_that_was_looked_at(framed: AnnualPlan) -> None:
    from reports.tasks import render_document_task

    job = Job.objects.create(unit=framed.unit, requested_by=user_with(Role.OFFICER, framed.unit), title="In")
    asked = {"kind": "annual_plan", "unit_id": framed.unit.pk, "year": YEAR, "format": "html", "layout": "compact"}
    render_document_task.call(job_id=str(job.pk), **asked)
    job.refresh_from_db()
    assert "doc-in-text" in job.result.read().decode()


def test_the_index_says_that_the_table_is_not_approved_and_leads_to_its_way(framed: AnnualPlan) -> None:
    response = client_of(Role.OFFICER, framed.unit).get(address("index", framed.unit))
    assert "Bảng chỉ tiêu đang lập; văn bản in chữ «DỰ THẢO», chưa ghi số được." in response.content.decode()
    found = {finding.code: finding.anchor for finding in response.context["findings"]}
    assert found["not-approved"] == reverse("targets:versions", args=[framed.unit.code, YEAR])


def test_while_the_table_is_adjusted_the_version_in_force_is_offered(db: None) -> None:
    told = world()
    told.submit()
    told.approve()
    client = Client()
    client.force_login(told.officer)
    offer = "?edition=1"
    page = reverse("reports:index", kwargs={"code": told.unit.code, "year": told.plan.year})
    assert offer not in client.get(page).content.decode()
    told.adjust()
    assert offer in client.get(page).content.decode()
    preview = reverse(
        "reports:preview", kwargs={"code": told.unit.code, "year": told.plan.year, "kind": "target_table"}
    )
    assert "bản số 1, được duyệt ngày" in client.get(preview, {"edition": "1"}).content.decode()


def test_a_return_from_above_does_not_move_the_day_of_the_approval(db: None) -> None:
    told = world()
    told.submit()
    version = told.approve()
    earlier = version.decided_at - datetime.timedelta(days=9)
    PlanVersion.objects.filter(pk=version.pk).update(decided_at=earlier)
    told.send_back(told.reviewer)
    approved_on = target_table(unit=told.unit, year=told.plan.year, edition="1").approved_on
    assert approved_on == timezone.localtime(earlier).date()
