"""The form of a household, the village and the paper as a browser gets them, also one without script."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import ReviewState, RoundState
from households.models import Answer, Member, Review, ReviewDraft, ReviewRound
from households.services import reviews as services
from households.services.rounds import review_add
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households import build
from tests.households.review_forms import (
    BY_HAND,
    DAY,
    YEAR,
    errors_of,
    listed,
    open_round,
    page_of,
    recognised_before,
    save,
    sheet,
)

# session, user, grants, unit, units and years of the frame; form with its rows, last year's, indicators, causes,
# members, score sheet.
FORM_QUERIES = 12


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return open_round(commune)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def review(round: ReviewRound, village: Area) -> Review:
    return listed(round, village=village)


def url(review: Review, name: str = "form") -> str:
    return reverse(f"reviews:{name}", args=[review.unit.code, YEAR, review.pk])


def posted(review: Review, **changes: Any) -> dict[str, Any]:
    """A finished form as the browser sends it: by hand what facts do not say, by facts the rest."""
    data: dict[str, Any] = {
        "version": review.version, "b1_score": "128", "is_wall_durable": "1", "is_column_durable": "1",
        "is_roof_durable": "1", "floor_area": "45,5", "water": "tap", "latrine": "none", "devices": ["television"],
        "surveyor": "Y Thử", "surveyed_on": "10/10/2024", "causes": ["1", "3"], "needs": ["credit"],
        "need_note-credit": "nuôi bò", "amount-crops": "12.000.000", "earners-crops": "2", "note": "",
    }  # fmt: skip
    data |= {f"answer-{code}": "1" if code == "employment" else "0" for code in BY_HAND}
    data |= {f"reason-{code}": "người dân khai" for code in BY_HAND}
    return {name: value for name, value in (data | changes).items() if value is not None}


def test_the_form_asks_the_database_at_most_twelve_times(
    officer_client: Client, round: ReviewRound, review: Review, officer: User, django_assert_num_queries: Any
) -> None:
    recognised_before(round, [review.household])
    address = url(review)
    with django_assert_num_queries(FORM_QUERIES):
        officer_client.get(address)
    sheet()
    services.draft_save(by=officer, review=review, base_version=1, data={"note": ["nháp"]})
    Member.objects.create(
        unit=review.unit, household=review.household, name="Thêm", relation="other", position=9, birth_year=1990
    )
    with django_assert_num_queries(FORM_QUERIES):
        officer_client.get(address)


def test_the_form_stands_in_the_order_of_the_paper(officer_client: Client, review: Review) -> None:
    html = page_of(officer_client, url(review))
    order = ["Hộ và người trong hộ", "Điểm B1", "Nhà ở, nước, vệ sinh", "(B2)", "Nguyên nhân nghèo", "Người rà soát"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert "Chưa có bảng điểm B1 cho chuẩn, khu vực này trong máy" in html
    assert len(re.findall(r'<fieldset class="indicator', html)) == 12


def test_without_script_a_form_is_saved_and_the_next_household_opens(
    officer_client: Client, round: ReviewRound, village: Area, review: Review
) -> None:
    following = listed(round, village=village)
    answer = officer_client.post(url(review), posted(review))
    assert (answer.status_code, answer["Location"]) == (302, f"{url(following)}?saved={review.pk}")
    review.refresh_from_db()
    assert (review.b1_score, review.b2_score, review.category) == (128, 20, "near_poor")
    assert str(review.floor_area) == "45.5"
    assert list(review.incomes.values_list("source", "earners", "amount")) == [("crops", 2, 12_000_000)]
    assert list(review.needs.values_list("need", "note")) == [("credit", "nuôi bò")]
    html = page_of(officer_client, url(review))
    assert 'value="45,5"' in html
    assert 'value="12.000.000"' in html
    last = officer_client.post(url(following), posted(following))
    assert f"/{round.pk}/{village.pk}/?saved=" in last["Location"]


def test_from_a_missing_household_saving_leads_to_the_next_missing_one(
    officer_client: Client, round: ReviewRound, village: Area
) -> None:
    first, done, second, third = (listed(round, village=village) for _ in range(4))
    listed(round, village=VillageFactory(parent=round.unit))
    save(done)
    assert "Lưu rồi mở hộ còn thiếu tiếp theo của thôn" in page_of(officer_client, url(first))
    for review, following in ((third, first), (first, second)):
        answer = officer_client.post(url(review), posted(review))
        assert answer["Location"] == f"{url(following)}?saved={review.pk}"
    done.refresh_from_db()
    assert "Lưu rồi mở hộ tiếp theo của thôn" in page_of(officer_client, url(done))
    assert officer_client.post(url(done), posted(done))["Location"] == f"{url(second)}?saved={done.pk}"
    last = officer_client.post(url(second), posted(second))
    assert last["Location"] == f"{url(third)}?saved={second.pk}"
    assert "Lưu rồi về danh sách của thôn" in page_of(officer_client, url(third))


def test_the_surveyor_whom_one_wrote_last_in_the_round_stands_on_the_next_form(
    officer_client: Client, officer: User, round: ReviewRound, village: Area
) -> None:
    first, second, third, fourth = (listed(round, village=village) for _ in range(4))
    assert 'name="surveyor" value=' not in page_of(officer_client, url(fourth))
    save(second, by=officer, surveyor="Y Hai")
    save(first, by=officer, surveyor="Y Một")
    save(third, surveyor="Y Ba")
    assert 'name="surveyor" value="Y Một"' in page_of(officer_client, url(fourth))
    assert 'name="surveyor" value="Y Hai"' in page_of(officer_client, url(second))
    fourth.refresh_from_db()
    assert fourth.surveyor == ""


def test_with_script_the_answer_says_where_to_go(officer_client: Client, review: Review) -> None:
    answer = officer_client.post(url(review), posted(review), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "?saved=" in answer["HX-Redirect"]


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(officer_client: Client, review: Review) -> None:
    answer = officer_client.post(
        url(review), posted(review, b1_score="nhiều", surveyor="", latrine=None, note="Còn đây")
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "«nhiều»: không phải số nguyên" in html
    assert 'value="nhiều"' in html
    assert "Còn đây" in html
    review.refresh_from_db()
    assert review.state == ReviewState.TO_SURVEY


def test_an_incomplete_form_may_be_kept_as_far_as_it_is(officer_client: Client, review: Review) -> None:
    answer = officer_client.post(url(review), posted(review, b1_score="", latrine=None))
    html = answer.content.decode()
    assert "Chưa có điểm B1." in html
    assert "Lưu phần đã có, làm tiếp sau" in html
    answer = officer_client.post(url(review), posted(review, b1_score="", latrine=None, part="1"))
    assert answer["Location"] == f"{url(review)}?saved={review.pk}"
    review.refresh_from_db()
    assert (review.state, review.water) == (ReviewState.TO_SURVEY, "tap")


def test_an_answer_that_was_left_as_computed_follows_the_facts(officer_client: Client, review: Review) -> None:
    save(review)
    review.refresh_from_db()
    data = posted(review, latrine="septic", **{"answer-latrine": "1", "auto-latrine": "1"})
    assert officer_client.post(url(review), data).status_code == 302
    assert Answer.objects.get(review=review, indicator__code="latrine").is_deprived is False


def test_the_live_result_is_what_the_save_stores(officer_client: Client, review: Review) -> None:
    data = posted(review)
    live = officer_client.post(url(review, "preview"), data)
    assert live.status_code == 200
    assert not Answer.objects.exists()
    officer_client.post(url(review), data)
    review.refresh_from_db()
    html = live.content.decode()
    assert live.context["category"] == review.category
    assert (live.context["assessment"].b1, live.context["assessment"].b2) == (review.b1_score, review.b2_score)
    assert all(reason in html for reason in review.reasons)
    assert 'id="why-latrine" hx-swap-oob="true" data-auto="1"' in html


def test_the_live_result_of_a_half_typed_form_says_what_is_missing(officer_client: Client, review: Review) -> None:
    html = officer_client.post(url(review, "preview"), {"b1_score": "vài", "floor_area": "abc"}).content.decode()
    assert "Chưa phân loại được" in html
    assert "Chưa có điểm B1." in html


def test_last_years_answer_stands_beside_each_question(
    officer_client: Client, round: ReviewRound, review: Review
) -> None:
    recognised_before(round, [review.household])
    save(review, facts={"latrine": "septic"}, is_complete=False)
    html = page_of(officer_client, url(review))
    assert html.count(f"{YEAR - 1}: thiếu hụt") == 3
    row = re.search(r'<fieldset class="indicator([^"]*)"[^>]*id="id_answer-latrine"', html)
    assert row
    assert "is-changed" in row[1]
    assert f"Năm {YEAR - 1}: hộ nghèo, B1 128, B2 30" in html


def test_where_nothing_is_known_of_last_years_answers_nothing_is_said(
    officer_client: Client, round: ReviewRound, review: Review
) -> None:
    recognised_before(round, [review.household])
    unknown = f"{YEAR - 1}: không rõ"
    Answer.objects.filter(review__round__year=YEAR - 1, indicator__code="latrine").delete()
    assert page_of(officer_client, url(review)).count(unknown) == 1
    Answer.objects.filter(review__round__year=YEAR - 1).delete()
    assert unknown not in page_of(officer_client, url(review))


def test_two_officers_see_both_values_and_may_insist(officer_client: Client, review: Review) -> None:
    save(review)
    first = posted(review, version=review.version + 1)
    review.refresh_from_db()
    first["version"] = review.version
    save(review, b1_score=131)
    answer = officer_client.post(url(review), first | {"b1_score": "132"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "131" in html
    assert "132" in html
    assert officer_client.post(url(review), sent_again(html)).status_code == 302
    review.refresh_from_db()
    assert review.b1_score == 132


def sent_again(html: str) -> dict[str, list[str]]:
    """The form of the page of a conflict, as the button «Ghi giá trị của tôi» sends it."""
    again: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html):
        again.setdefault(name, []).append(value)
    return again


def test_who_insists_on_an_unfinished_form_keeps_it_unfinished(officer_client: Client, review: Review) -> None:
    mine = posted(review, b1_score="132", latrine=None, surveyor="", part="1")
    save(review, b1_score=131, is_complete=False)
    answer = officer_client.post(url(review), mine)
    assert answer.status_code == 409
    again = officer_client.post(url(review), sent_again(answer.content.decode()))
    assert (again.status_code, again["Location"]) == (302, f"{url(review)}?saved={review.pk}")
    review.refresh_from_db()
    assert (review.b1_score, review.state) == (132, ReviewState.TO_SURVEY)


@pytest.mark.parametrize("version", ["²", "9" * 30, "-1", "abc"])
def test_a_version_that_no_page_ever_sent_is_as_good_as_none(
    officer_client: Client, review: Review, version: str
) -> None:
    assert officer_client.post(url(review, "draft"), posted(review, version=version)).status_code == 302
    assert ReviewDraft.objects.get().base_version == review.version
    assert officer_client.post(url(review), posted(review, overrule=version)).status_code == 302


# --- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_shown_with_a_notice_and_dropped(officer_client: Client, review: Review) -> None:
    data = posted(review, b1_score="12x", note="nháp của tôi")
    kept = officer_client.post(url(review, "draft"), data, headers={"HX-Request": "true"})
    assert re.fullmatch(r"\d\d:\d\d", kept.json()["at"])
    html = page_of(officer_client, url(review))
    assert "Đang hiện bản nháp của" in html
    assert 'value="12x"' in html
    assert "nháp của tôi" in html
    assert officer_client.post(url(review, "draft-drop")).status_code == 302
    assert "nháp của tôi" not in page_of(officer_client, url(review))


def test_without_script_a_draft_leads_back_to_the_form(officer_client: Client, review: Review) -> None:
    answer = officer_client.post(url(review, "draft"), posted(review))
    assert answer["Location"] == url(review)
    assert "csrfmiddlewaretoken" not in ReviewDraft.objects.get().data


def test_a_draft_of_a_locked_form_is_refused_in_words(officer_client: Client, review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(state=ReviewState.DROPPED, dropped_because="ghi nhầm")
    answer = officer_client.post(url(review, "draft"), {}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "đưa ra khỏi danh sách" in answer.json()["refused"][0]
    assert officer_client.post(url(review, "draft"), {}).status_code == 302


def test_a_draft_belongs_to_one_person(officer_client: Client, leader: User, review: Review) -> None:
    officer_client.post(url(review, "draft"), {"note": "của riêng tôi"})
    client = Client()
    client.force_login(leader)
    html = page_of(client, url(review))
    assert "của riêng tôi" not in html
    assert "không có quyền nhập liệu" in html


# --- Phiếu A ------------------------------------------------------------------------------------------------------


def test_phieu_a_without_questions_states_its_result(officer_client: Client, round: ReviewRound, village: Area) -> None:
    review = review_add(by=None, round=round, household=build.household(round.unit, village))
    html = page_of(officer_client, url(review))
    assert "Chưa có câu hỏi Phiếu A trong máy" in html
    assert "review-form" not in html
    empty = officer_client.post(url(review, "screen"), {"version": review.version})
    assert empty.status_code == 422
    data = {"version": review.version, "result": "continue", "screened_on": "10/10/2024"}
    assert officer_client.post(url(review, "screen"), data)["Location"] == url(review)
    stale = officer_client.post(url(review, "screen"), data | {"result": "stop", "version": review.version})
    assert stale.status_code == 409
    again = sent_again(stale.content.decode())
    assert f'action="{url(review, "screen")}"' in stale.content.decode()
    assert officer_client.post(url(review, "screen"), again).status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.SCREENED_OUT
    data |= {"version": review.version}
    assert officer_client.post(url(review, "screen"), data)["Location"] == url(review)
    assert "Sửa Phiếu A" in page_of(officer_client, url(review))
    assert "Lưu Phiếu A" in page_of(officer_client, url(review) + "?screen=1")


def test_phieu_a_with_questions_decides_by_them(officer_client: Client, round: ReviewRound, village: Area) -> None:
    sheet("quick_screen")
    review = review_add(by=None, round=round, household=build.household(round.unit, village))
    assert "Câu một" in page_of(officer_client, url(review))
    half = officer_client.post(url(review, "screen"), {"version": review.version, "screen-1": "b"})
    assert "chưa trả lời" in half.content.decode()
    data = {"version": review.version, "screen-1": "a", "screened_on": "10/10/2024"}
    assert officer_client.post(url(review, "screen"), data).status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.SCREENED_OUT


def test_a_score_sheet_puts_its_questions_on_the_form(officer_client: Client, review: Review) -> None:
    sheet()
    html = page_of(officer_client, url(review))
    assert "1. Câu một" in html
    data = posted(review, b1_score="", **{"b1-1": "a", "b1-2": "2"})
    assert officer_client.post(url(review), data).status_code == 302
    review.refresh_from_db()
    assert review.b1_score == 120
    assert 'value="a" selected' in page_of(officer_client, url(review))


def test_a_frozen_form_is_only_to_be_read(officer_client: Client, review: Review) -> None:
    save(review)
    Review.objects.filter(pk=review.pk).update(is_frozen=True, state=ReviewState.RECOGNISED)
    html = page_of(officer_client, url(review))
    assert "chỉ để xem" in html
    assert '<fieldset class="review-fields" disabled' in html
    assert "Lưu, sang hộ sau" not in html
    assert errors_of(review)


def test_a_correction_is_typed_in_a_round_that_is_closed(officer_client: Client, review: Review) -> None:
    save(review)
    Review.objects.filter(pk=review.pk).update(is_frozen=True, state=ReviewState.RECOGNISED)
    ReviewRound.objects.filter(pk=review.round_id).update(state=RoundState.RECOGNISED, recognised_on=DAY)
    frozen = Review.objects.get(pk=review.pk)
    copied = {"unit": frozen.unit, "round": frozen.round, "household": frozen.household, "village": frozen.village}
    correction = Review.objects.create(
        corrects=frozen,
        is_current=False,
        correction_reason="chấm nhầm",
        state=ReviewState.TO_SURVEY,
        listed_because="added",
        **copied,
    )
    assert "Phiếu điều chỉnh: chấm nhầm" in page_of(officer_client, url(correction))
    answer = officer_client.post(url(correction), posted(correction, b1_score="150"))
    assert answer["Location"] == f"{url(correction)}?saved={correction.pk}"
    correction.refresh_from_db()
    assert (correction.category, Review.objects.get(pk=frozen.pk).category) == ("not_poor", "poor")
