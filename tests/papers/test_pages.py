"""The pages of papers."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.papers import services
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from tests.factories import PaperFactory, UserFactory

YEAR = 2024
TYPED = {
    "type": "decision",
    "system": "state",
    "number": "3450/QĐ-UBND",
    "notation": "",
    "date": "21/11/2023",
    "issuer": "UBND huyện",
    "subject": "phê duyệt kết quả rà soát",
}


def address(name: str, unit: Area, *rest: int) -> str:
    return reverse(f"papers:{name}", args=[unit.code, YEAR, *rest])


@pytest.fixture
def paper(commune: Area) -> Paper:
    return PaperFactory(unit=commune)


@pytest.mark.parametrize("name", ["list", "add", "edit", "replace", "remove"])
def test_another_commune_is_not_found(name: str, stranger: User, commune: Area, paper: Paper, client: Client) -> None:
    client.force_login(stranger)

    assert (
        client.get(address(name, commune, *([paper.pk] if name in {"edit", "replace", "remove"} else []))).status_code
        == 404
    )


@pytest.mark.parametrize("name", ["add", "edit", "replace", "remove"])
def test_a_leader_reads_only(name: str, leader: User, commune: Area, paper: Paper, client: Client) -> None:
    client.force_login(leader)
    page = client.get(address("list", commune))

    assert client.get(address(name, commune, *([] if name == "add" else [paper.pk]))).status_code == 403
    assert page.status_code == 200
    assert "Thêm văn bản" not in page.content.decode()


def test_national_papers_and_those_of_others_cannot_be_edited(
    officer_client: Client, commune: Area, stranger: User
) -> None:
    for unit in (None, stranger.grants.get().area):
        assert officer_client.get(address("edit", commune, PaperFactory(unit=unit).pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    kept = PaperFactory.create_batch(count, unit=commune)
    national = PaperFactory.create_batch(count)

    with django_assert_num_queries(9):  # as every page of a unit, then the count, the unit's papers, the national ones
        page = officer_client.get(address("list", commune))

    assert list(page.context["page_of_papers"]) == kept
    assert page.context["national"] == national


def test_a_pasted_number_is_taken_apart(officer_client: Client, commune: Area) -> None:
    assert officer_client.post(address("add", commune), TYPED).status_code == 302

    paper = Paper.objects.get(unit=commune)
    assert (paper.number, paper.notation, paper.full_number) == ("3450", "QĐ-UBND", "3450/QĐ-UBND")


def test_a_duplicate_is_refused_in_words(officer_client: Client, commune: Area) -> None:
    officer_client.post(address("add", commune), TYPED)

    answer = officer_client.post(address("add", commune), TYPED)

    assert answer.status_code == 422
    assert "Văn bản này đã có trong danh mục." in answer.content.decode()


def test_an_edit_on_an_old_version_shows_both_values(officer_client: Client, commune: Area, paper: Paper) -> None:
    services.paper_update(by=None, paper=paper, version=paper.version, subject="của người khác")
    typed = TYPED | {"number": paper.number, "notation": paper.notation, "subject": "của tôi", "version": paper.version}

    answer = officer_client.post(address("edit", commune, paper.pk), typed)

    assert answer.status_code == 409
    assert "của người khác" in answer.content.decode()
    assert "của tôi" in answer.content.decode()


def test_an_edit_is_saved(officer_client: Client, commune: Area, paper: Paper) -> None:
    typed = TYPED | {"subject": "về việc giao chỉ tiêu", "version": paper.version}

    assert officer_client.post(address("edit", commune, paper.pk), typed).status_code == 302

    paper.refresh_from_db()
    assert (paper.subject, paper.number) == ("về việc giao chỉ tiêu", "3450")


def test_a_replacement_is_saved_and_shown(officer_client: Client, commune: Area, paper: Paper) -> None:
    other = PaperFactory(unit=commune, number="77")

    answer = officer_client.post(
        address("replace", commune, paper.pk), {"version": paper.version, "replaced_by": other.pk}
    )

    assert answer.status_code == 302
    assert "Bị thay thế bởi Quyết định số 77/QĐ-UBND" in officer_client.get(address("list", commune)).content.decode()


def test_a_subject_is_kept_as_it_is_cited(officer_client: Client, commune: Area) -> None:
    officer_client.post(address("add", commune), TYPED | {"subject": "Về việc giao chỉ tiêu."})

    assert Paper.objects.get(unit=commune).subject == "về việc giao chỉ tiêu"


def test_an_empty_form_names_what_is_missing(officer_client: Client, commune: Area) -> None:
    answer = officer_client.post(address("add", commune), TYPED | {"type": "", "subject": "", "date": "21/11/23"})

    assert answer.context["form"].errors == {
        "type": ["Chưa chọn tên loại."],
        "subject": ["Chưa ghi trích yếu."],
        "date": ["«21/11/23» không phải ngày. Ví dụ cách ghi đúng: 05/11/2026."],
    }
    page = answer.content.decode()
    assert "– Chọn –" in page
    assert "---------" not in page
    assert 'placeholder="ngày/tháng/năm"' in page


def test_a_paper_written_by_mistake_is_removed(officer_client: Client, commune: Area, paper: Paper) -> None:
    url = address("remove", commune, paper.pk)

    assert paper.full_citation in officer_client.get(url).content.decode()
    answer = officer_client.post(url, {"version": paper.version}, follow=True)

    assert f"Đã xóa {paper}." in answer.content.decode()
    assert not Paper.objects.filter(unit=commune).exists()


def test_a_paper_that_replaces_another_stays(officer_client: Client, commune: Area, paper: Paper) -> None:
    other = PaperFactory(unit=commune, number="77")
    services.paper_replace(by=None, paper=other, version=other.version, replaced_by=paper)

    answer = officer_client.post(address("remove", commune, paper.pk), {"version": paper.version}, follow=True)

    sentence = f"Chưa xóa được {paper}: đang dùng ở văn bản (Quyết định số 77/QĐ-UBND)."
    assert sentence in answer.content.decode()
    assert Paper.objects.filter(pk=paper.pk).exists()


def test_a_superuser_compares_a_national_paper_for_every_unit(
    commune: Area, client: Client, officer_client: Client
) -> None:
    paper = PaperFactory(unit=None, certainty=Certainty.UNCHECKED)
    client.force_login(UserFactory(is_superuser=True))
    url = address("confirm", commune, paper.pk)
    assert url in client.get(address("list", commune)).content.decode()
    typed = {"version": paper.version, "date": "21/11/2023", "issuer": paper.issuer, "subject": "về việc khác"}

    assert client.get(url).context["form"]["subject"].value() == paper.subject
    assert client.post(url, typed).status_code == 422
    answer = client.post(url, typed | {"source": "Công báo số 12"}, follow=True)

    assert f"Đã ghi {paper} là đã đối chiếu văn bản." in answer.content.decode()
    listed = officer_client.get(address("list", commune)).content.decode()
    assert "Đã đối chiếu: Công báo số 12" in listed
    assert "về việc khác" in listed
    assert "chưa đối chiếu văn bản" not in listed
    stale = client.post(url, typed | {"source": "Bản giấy"})
    assert stale.status_code == 409


def test_only_a_superuser_compares_and_only_national_papers(
    commune: Area, officer_client: Client, client: Client, paper: Paper
) -> None:
    national = PaperFactory(unit=None, certainty=Certainty.UNCHECKED)
    assert officer_client.get(address("confirm", commune, national.pk)).status_code == 403
    assert address("confirm", commune, national.pk) not in officer_client.get(address("list", commune)).content.decode()

    client.force_login(UserFactory(is_superuser=True))
    assert client.get(address("confirm", commune, paper.pk)).status_code == 404
