"""The pages of a village's forms: what is done, missing and suspicious; and the forms on paper."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AccessLog, Member, Review, ReviewRound
from households.selectors.reviews import round_page
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.review_forms import (
    BY_HAND,
    DAY,
    FACTS,
    YEAR,
    listed,
    open_round,
    page_of,
    recognised_before,
    save,
    sheet,
)

# The same frame; round, village, forms with their rows, members, last year's, indicators.
VILLAGE_QUERIES = 12
SOUND = FACTS | {"latrine": "septic"}
# The same frame; round, counts, villages.
OVERVIEW_QUERIES = 9


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return open_round(commune)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def review(round: ReviewRound, village: Area) -> Review:
    return listed(round, village=village)


@pytest.mark.parametrize("households", [1, 3])
def test_the_village_asks_the_same_number_of_times(
    officer_client: Client, round: ReviewRound, village: Area, households: int, django_assert_num_queries: Any
) -> None:
    reviews = [listed(round, village=village) for _ in range(households)]
    recognised_before(round, [review.household for review in reviews])
    save(reviews[0])
    address = reverse("reviews:village", args=[round.unit.code, YEAR, round.pk, village.pk])
    with django_assert_num_queries(VILLAGE_QUERIES):
        answer = officer_client.get(address)
    assert len(answer.context["rows"]) == households


@pytest.mark.parametrize("villages", [1, 3])
def test_the_overview_asks_the_same_number_of_times(
    officer_client: Client, round: ReviewRound, villages: int, django_assert_num_queries: Any
) -> None:
    for _ in range(villages):
        listed(round, village=VillageFactory(parent=round.unit))
    with django_assert_num_queries(OVERVIEW_QUERIES):
        answer = officer_client.get(reverse("reviews:villages", args=[round.unit.code, YEAR, round.pk]))
    assert len(answer.context["rows"]) == villages
    assert answer.context["total"]["listed"] == villages


# --- village and paper --------------------------------------------------------------------------------------------


def test_the_village_shows_what_is_done_missing_and_suspicious(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    done, waits = listed(round, village=village), listed(round, village=village, head="Trần Văn B")
    recognised_before(round, [done.household, waits.household])
    save(done, b1_score=200)
    address = reverse("reviews:village", args=[round.unit.code, YEAR, round.pk, village.pk])
    html = page_of(officer_client, address)
    assert "đã xong 1/2 hộ" in html
    assert "Kỳ trước là hộ nghèo, kỳ này hộ không nghèo" in html
    for show, head in (("to_do", "Trần Văn B"), ("suspicious", "Nguyễn Văn A"), ("changed", "Nguyễn Văn A")):
        rows = officer_client.get(address, {"show": show}).context["rows"]
        assert [row.review.head_name for row in rows] == [head]


def test_a_round_is_looked_through_in_the_same_number_of_queries(
    round: ReviewRound, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        save(
            listed(round, village=VillageFactory(parent=round.unit)),
            b1_score=50,
            answers=dict.fromkeys(BY_HAND, (False, "")),
            facts=SOUND,
            causes=[1],
        )
        with django_assert_num_queries(4):
            findings = round_page(round).findings
    assert [finding.code for finding in findings] == ["low-b1-no-lack"] * 2


def test_a_listed_household_without_a_cause_is_looked_at_again(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    with_cause, without = listed(round, village=village), listed(round, village=village)
    save(with_cause, causes=[1])
    save(without)
    address = reverse("reviews:village", args=[round.unit.code, YEAR, round.pk, village.pk])
    answer = officer_client.get(address, {"show": "suspicious"})
    assert "Chưa ghi nguyên nhân." in answer.content.decode()
    codes = {row.review.pk: {finding.code for finding in row.findings} for row in answer.context["rows"]}
    assert "no-cause" in codes[without.pk]
    assert "no-cause" not in codes.get(with_cause.pk, set())


def test_an_empty_village_teaches_the_next_step(officer_client: Client, round: ReviewRound, village: Area) -> None:
    html = page_of(officer_client, reverse("reviews:village", args=[round.unit.code, YEAR, round.pk, village.pk]))
    assert "chưa có hộ trong danh sách" in html


def paper(client: Client, review: Review, **query: str) -> str:
    address = reverse("reviews:paper", args=[review.unit.code, YEAR, review.round_id, review.village_id])
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_paper_is_blank_or_knows_the_household_one_a_page(
    officer_client: Client, round: ReviewRound, village: Area, review: Review
) -> None:
    listed(round, village=village)
    assert paper(officer_client, review, form="B", fill="known").count("<article") == 2
    blank = paper(officer_client, review, form="A", fill="blank")
    assert blank.count("<article") == 1
    assert "Câu hỏi lấy từ Phụ lục II" in blank
    assert "Nguyễn Văn A" not in blank
    assert "chưa có bảng điểm nên chỉ ghi tổng" in paper(officer_client, review, form="B", fill="blank")
    sheet("quick_screen")
    assert "Câu một" in paper(officer_client, review, form="A", fill="known")


def test_citizen_numbers_are_printed_only_for_who_enters_and_leave_a_line(
    officer_client: Client, leader: User, review: Review
) -> None:
    Member.objects.filter(household=review.household, relation="head").update(citizen_id="064012345612")
    assert "064012345612" in paper(officer_client, review, form="B", fill="known")
    log = AccessLog.objects.get()
    assert (log.rows, "In Phiếu B" in log.what) == (1, True)
    client = Client()
    client.force_login(leader)
    html = paper(client, review, form="B", fill="known")
    assert "064012345612" not in html
    assert "0640••••••12" in html
    assert AccessLog.objects.count() == 1


def test_a_form_of_another_year_or_unit_is_not_found(officer_client: Client, review: Review) -> None:
    other = reverse("reviews:form", args=[review.unit.code, YEAR + 1, review.pk])
    assert officer_client.get(other).status_code == 404
    foreign = listed(open_round(VillageFactory().parent))
    assert officer_client.get(reverse("reviews:form", args=[review.unit.code, YEAR, foreign.pk])).status_code == 404
    assert foreign.round.starts_on <= DAY
