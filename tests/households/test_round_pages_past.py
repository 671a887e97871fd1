"""A list recorded from paper on the pages of rounds: no steps, no forms; its decision, counts and households."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.choices import Category
from households.models import Household, Recognition, ReviewRound
from households.selectors.rounds import progress
from households.services.past import past_list_correct, past_list_record
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.papers.models import Paper
from tests.factories import PaperFactory, VillageFactory, user_with
from tests.households.build import household, standard
from tests.households.test_round_pages_index import address, text

YEAR = 2023
ON = datetime.date(2023, 12, 12)


def recorded(unit: Area, count: int = 1, paper: Paper | None = None) -> ReviewRound:
    """``count`` poor households of one village, one near-poor household of another."""
    first, second = VillageFactory.create_batch(2, parent=unit)
    rows = [{"household": household(unit, first), "category": Category.POOR} for _ in range(count)]
    rows.append({"household": household(unit, second, persons=2), "category": Category.NEAR_POOR})
    return past_list_record(by=None, unit=unit, year=YEAR, standard=standard(), on=ON, rows=rows, paper=paper)


def page_of(name: str, unit: Area, *rest: Any) -> str:
    return address(name, unit, *rest, year=YEAR)


def test_progress_counts_the_list_and_has_no_steps(commune: Area, django_assert_num_queries: Any) -> None:
    round = recorded(commune)

    with django_assert_num_queries(3):
        shown = progress(round, today=timezone.localdate())

    assert (shown.steps, shown.now, shown.is_late) == ((), None, False)
    assert (shown.listed, shown.poor, shown.near_poor, shown.surveyed) == (2, 1, 1, 0)
    assert [(row.listed, row.to_do, row.is_met) for row in shown.villages] == [(1, 0, False), (1, 0, False)]
    assert shown.recorded is not None
    assert (shown.recorded.decision.on, shown.recorded.persons, shown.recorded.corrections) == (ON, 6, 0)
    assert not shown.facts.is_numbered


@pytest.mark.parametrize("name", ["index", "detail"])
def test_the_page_says_that_it_was_recorded_and_leads_on(officer_client: Client, commune: Area, name: str) -> None:
    round = recorded(commune, paper=PaperFactory(unit=commune, number="87", date=ON))

    page = text(officer_client.get(page_of(name, commune, *([round.pk] if name == "detail" else []))))

    assert "Ghi lại từ danh sách trên giấy" in page
    assert "Quyết định số 87/QĐ-UBND" in page
    assert "Mọi bước đã xong" not in page
    assert reverse("summaries:index", args=[commune.code, YEAR, round.pk]) in page
    assert reverse("requests:past", args=[commune.code, YEAR]) in page
    assert reverse("reviews:villages", args=[commune.code, YEAR, round.pk]) not in page


def test_a_leader_reads_and_is_sent_to_no_form(leader: User, commune: Area, client: Client) -> None:
    round = recorded(commune)
    client.force_login(leader)

    page = text(client.get(page_of("detail", commune, round.pk)))

    assert "chưa có số" in page
    assert reverse("requests:past", args=[commune.code, YEAR]) not in page


def test_a_village_of_the_list_is_opened(officer_client: Client, commune: Area) -> None:
    round = recorded(commune)
    url = page_of("detail", commune, round.pk)
    poor, near_poor = Household.objects.order_by("pk")

    everybody = officer_client.get(url).context["page"]
    of_village = officer_client.get(url, {"village": near_poor.village_id}).context["page"]

    assert [row.household for row in everybody] == [poor, near_poor]
    assert [row.household for row in of_village] == [near_poor]
    assert officer_client.get(url, {"village": "x"}).status_code == 200


def test_the_clerk_writes_the_number_of_the_decision_on_paper(commune: Area, client: Client) -> None:
    round = recorded(commune)
    decision = Recognition.objects.get(round=round)
    client.force_login(user_with(Role.REGISTRY_CLERK, commune))
    url = page_of("number", commune, round.pk, decision.pk)
    assert url in text(client.get(page_of("detail", commune, round.pk)))

    sent = {"version": decision.version, "number": "87", "notation": "QĐ-UBND", "date": "12/12/2023"}
    answer = client.post(url, sent, follow=True)

    assert answer.redirect_chain[-1][0] == page_of("detail", commune, round.pk)
    assert "Quyết định số 87/QĐ-UBND" in text(answer)


def test_certificates_wait_for_the_number_and_lead_back_to_the_round(officer_client: Client, commune: Area) -> None:
    round = recorded(commune)
    url = page_of("issue", commune, round.pk)

    refused = officer_client.post(url, {"on": "20/12/2023"})
    assert "ghi lại từ giấy và chưa có số quyết định" in text(refused)
    Recognition.objects.filter(round=round).update(paper=PaperFactory(unit=commune))
    issued = officer_client.post(url, {"on": "20/12/2023"}, follow=True)

    assert issued.status_code == 200
    assert "Đã cấp, xác nhận 2 giấy chứng nhận." in text(issued)


def test_corrections_lead_to_the_list_itself(officer_client: Client, commune: Area) -> None:
    round = recorded(commune)
    last = Recognition.objects.get(round=round).pk
    new = {"household": household(commune, VillageFactory(parent=commune)), "category": Category.POOR}
    past_list_correct(by=None, round=round, last=last, rows=[new])

    page = text(officer_client.get(page_of("corrections", commune, round.pk)))

    assert "ghi lại từ giấy nên không có phiếu để điều chỉnh" in page
    assert reverse("requests:past", args=[commune.code, YEAR]) in page
    assert "1 lần" in text(officer_client.get(page_of("detail", commune, round.pk)))


def test_its_tables_are_official_and_have_no_preliminary_ones(officer_client: Client, commune: Area) -> None:
    round = recorded(commune)

    for name in ("index", "table"):
        url = reverse(f"summaries:{name}", args=[commune.code, YEAR, round.pk, *([1] if name == "table" else [])])
        answer = officer_client.get(url, {"result": "preliminary"})
        page = text(answer)
        assert answer.context["is_official"]
        assert "ghi lại từ danh sách trên giấy" in page
        assert "Sơ bộ" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_questions_for_one_and_three_households(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    round = recorded(commune, count)

    with django_assert_num_queries(12):
        page = officer_client.get(page_of("detail", commune, round.pk))

    assert page.context["page"].paginator.count == count + 1
