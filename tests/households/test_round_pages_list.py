"""Pages of rounds: the list of households, and progress village by village."""

from typing import Any

import pytest
from django.test import Client

from households.choices import Category, ReviewState, Step
from households.models import Review, ReviewRound
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.households.build import household
from tests.households.round_steps import DONE, finished, listed, opened, scored, villages
from tests.households.test_round_pages_index import address, text


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return opened(commune)


@pytest.fixture
def village(round: ReviewRound) -> Area:
    return villages(round.unit)[0]


def test_a_household_is_found_by_any_name_without_accents_and_added(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    home = household(round.unit, village, head="Đinh Thị Bưởi")
    url = address("add", round.unit, round.pk)

    found = officer_client.get(url, {"q": "buoi dinh"}).context["found"]
    assert [(row.head_name, row.is_listed) for row in found] == [("Đinh Thị Bưởi", False)]
    assert f"Đã đưa hộ {home.code} vào danh sách." in text(
        officer_client.post(url, {"household": home.pk}, follow=True)
    )

    assert Review.objects.get().state == ReviewState.LISTED
    assert officer_client.get(url, {"q": home.code}).context["found"][0].is_listed


def test_a_household_of_another_commune_is_refused(officer_client: Client, round: ReviewRound, stranger: User) -> None:
    foreign = household(stranger.grants.get().area)

    answer = officer_client.post(address("add", round.unit, round.pk), {"household": foreign.pk}, follow=True)

    assert "Hộ này không còn trong sổ của đơn vị; tìm lại." in text(answer)
    assert not Review.objects.exists()


def test_filling_the_list_twice_adds_once(officer_client: Client, round: ReviewRound) -> None:
    url = address("fill", round.unit, round.pk)

    assert "Danh sách đã đủ, không thêm hộ nào." in text(officer_client.post(url, follow=True))


def test_dropping_wants_a_reason_and_keeps_the_row(officer_client: Client, round: ReviewRound, village: Area) -> None:
    review = listed(round, village)[0]
    url = address("drop", round.unit, round.pk, review.pk)

    assert officer_client.post(url, {"version": review.version, "reason": " "}).status_code == 422
    officer_client.post(url, {"version": review.version, "reason": "cả hộ chuyển đi"})

    review.refresh_from_db()
    assert (review.state, review.dropped_because) == (ReviewState.DROPPED, "cả hộ chuyển đi")
    page = address("detail", round.unit, round.pk)
    assert officer_client.get(page).context["reviews"] == []
    assert officer_client.get(page, {"state": "dropped"}).context["reviews"] == [review]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"category": Category.POOR}, ["Nguyễn Văn Bình"]),
        ({"state": ReviewState.LISTED}, ["Nguyễn Văn Cúc", "Nguyễn Văn Dũng"]),
        ({"q": "dung"}, ["Nguyễn Văn Dũng"]),
        ({"q": "dung", "category": Category.POOR}, []),
        ({"village": "0"}, ["Nguyễn Văn Bình", "Nguyễn Văn Cúc", "Nguyễn Văn Dũng"]),
        ({"page": "99"}, ["Nguyễn Văn Bình", "Nguyễn Văn Cúc", "Nguyễn Văn Dũng"]),
    ],
)
def test_the_list_is_filtered(
    officer_client: Client, round: ReviewRound, village: Area, query: dict[str, str], names: list[str]
) -> None:
    scored(listed(round, village, 3)[:1])

    page = officer_client.get(address("detail", round.unit, round.pk), query)

    assert [review.head_name for review in page.context["reviews"]] == names


def test_the_page_says_what_keeps_the_step_with_a_link_and_no_finish(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    page = officer_client.get(address("detail", round.unit, round.pk))

    assert [finding.message for finding in page.context["shown"].findings] == ["Danh sách rà soát chưa có hộ nào."]
    assert page.context["shown"].finish_url == ""
    assert "Lập danh sách" in text(page)


def test_a_step_that_nothing_keeps_is_finished_with_one_button(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    listed(round, village)
    shown = officer_client.get(address("detail", round.unit, round.pk)).context["shown"]

    officer_client.post(shown.finish_url, {"version": shown.step.version, "on": f"{DONE:%d/%m/%Y}"})

    assert round.steps.get(step=Step.LISTING).done_on == DONE


def test_a_leader_sees_the_step_and_no_button(leader: User, client: Client, round: ReviewRound, village: Area) -> None:
    listed(round, village)
    client.force_login(leader)

    page = client.get(address("detail", round.unit, round.pk))

    assert page.context["shown"].finish_url == ""
    assert "button-primary" not in text(page)


@pytest.mark.parametrize("query", ["", "?category=poor&q=nguyen"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_twelve_questions_for_one_and_three_households(
    officer_client: Client, round: ReviewRound, count: int, query: str, django_assert_num_queries: Any
) -> None:
    for village in villages(round.unit, count):
        scored(listed(round, village, count))
    finished(round, Step.LISTING)

    with django_assert_num_queries(12):
        page = officer_client.get(address("detail", round.unit, round.pk) + query)

    assert len(page.context["reviews"]) == count * count


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_asks_the_same_questions_for_one_and_three(
    officer_client: Client, round: ReviewRound, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        household(round.unit, village)

    with django_assert_num_queries(8):
        page = officer_client.get(address("add", round.unit, round.pk), {"q": "nguyen"})

    assert len(page.context["found"]) == count
