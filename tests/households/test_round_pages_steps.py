"""Pages of rounds: wrong order, meeting, posting, complaint, opinion."""

import datetime
from typing import Any

import pytest
from django.test import Client

from households.choices import Agreement, ReviewState, RoundKind, Step
from households.models import Complaint, Posting, Review, ReviewRound, VillageMeeting
from households.services import rounds as round_services
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.households.round_steps import (
    DONE,
    MINUTES,
    YEAR,
    finished,
    listed,
    met,
    met_round,
    opened,
    posted,
    scored,
    surveyed_round,
    villages,
)
from tests.households.test_round_pages_index import address, text

MINUTES_TYPED = MINUTES | {"held_on": "20/10/2025", "households_represented": "1", "households_listed": "3"}


def village_of(round: ReviewRound) -> Area:
    return Area.objects.villages_of(round.unit).get()


# Order


def test_finishing_a_later_step_first_lists_everything_that_is_missing(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    step = round.steps.get(step=Step.POSTING)
    url = address("finish", commune, round.pk, step.step)

    page = text(officer_client.post(url, {"version": step.version, "on": "30/10/2025"}, follow=True))

    for earlier in ("Lập danh sách", "Nhận dạng nhanh", "Rà soát, chấm điểm", "Họp dân"):
        assert f"Bước «{earlier}» chưa xong." in page
    assert round.steps.filter(done_on__isnull=False).count() == 0


def test_a_day_that_is_no_day_is_refused_with_a_sentence(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    url = address("finish", commune, round.pk, Step.LISTING)

    assert "«mai» không phải ngày." in text(officer_client.post(url, {"version": 1, "on": "mai"}, follow=True))


def test_opening_a_step_again_opens_the_later_ones_and_wants_a_reason(officer_client: Client, commune: Area) -> None:
    round = surveyed_round(commune)
    step = round.steps.get(step=Step.QUICK_SCREEN)
    url = address("reopen", commune, round.pk, step.step)

    assert officer_client.post(url, {"version": step.version, "reason": ""}).status_code == 422
    officer_client.post(url, {"version": step.version, "reason": "sót một hộ"})

    assert list(round.steps.filter(done_on__isnull=False).values_list("step", flat=True)) == [Step.LISTING]
    assert "sót một hộ" in text(officer_client.get(address("step", commune, round.pk, step.step)))


def test_the_days_of_a_step_follow_the_plan_of_the_commune(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    step = round.steps.get(step=Step.SURVEY)
    url = address("plan", commune, round.pk, step.step)

    late = officer_client.post(url, {"version": step.version, "due_on": "31/12/2025"})
    assert late.context["form"].errors["due_on"][0].startswith("Đợt kết thúc ngày 14/12/2025")
    officer_client.post(url, {"version": step.version, "due_on": "05/11/2025"})

    step.refresh_from_db()
    assert step.due_on == datetime.date(2025, 11, 5)


@pytest.mark.parametrize("name", ["nothing", "village-meeting"])
def test_an_unknown_step_is_not_found(officer_client: Client, commune: Area, name: str) -> None:
    assert officer_client.get(address("step", commune, opened(commune).pk, name)).status_code == 404


def test_a_regular_round_has_no_step_of_opinion(officer_client: Client, commune: Area) -> None:
    round = opened(commune, kind=RoundKind.REGULAR, month=3)

    assert officer_client.get(address("step", commune, round.pk, Step.OPINION)).status_code == 404


# Village meeting (Quyết định 24/2021, Điều 4: at least half of those present agree)


def test_everybody_agrees_where_nothing_is_typed(officer_client: Client, commune: Area) -> None:
    round = surveyed_round(commune, count=2)
    url = address("meeting", commune, round.pk, village_of(round).pk)

    answer = officer_client.post(url, MINUTES_TYPED, follow=True)

    assert "mọi hộ đều được thống nhất" in text(answer)
    verdicts = VillageMeeting.objects.get().verdicts.all()
    assert {(row.agreed, row.result) for row in verdicts} == {(MINUTES["participants"], Agreement.AGREED)}


@pytest.mark.parametrize(("agreed", "result"), [(20, Agreement.AGREED), (19, Agreement.REDO)])
def test_half_of_those_present_is_enough_and_less_sends_the_household_back(
    officer_client: Client, commune: Area, agreed: int, result: str
) -> None:
    round = surveyed_round(commune)
    review = Review.objects.get()
    url = address("meeting", commune, round.pk, village_of(round).pk)

    officer_client.post(url, MINUTES_TYPED | {f"agreed-{review.pk}": agreed, f"opinion-{review.pk}": "có bò"})

    review.refresh_from_db()
    assert review.verdicts.get().result == result
    assert (review.state == ReviewState.TO_SURVEY) == (result == Agreement.REDO)
    assert result == Agreement.AGREED or "19/40 người thống nhất. có bò" in review.redo_because


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"chair": ""}, "chair", "Chưa ghi chủ trì (họ tên, chức danh)."),
        ({"participants": "0"}, "participants", "Cuộc họp phải có người dự."),
        ({"participants": "bốn mươi"}, "participants", "không phải số nguyên"),
        ({"held_on": "01/10/2025"}, "held_on", "họp dân không trước ngày đó"),
        ({"households_represented": "4"}, "households_represented", "Số hộ có đại diện nhiều hơn"),
    ],
)
def test_wrong_minutes_are_refused_by_field_and_nothing_typed_is_lost(
    officer_client: Client, commune: Area, wrong: dict[str, str], field: str, sentence: str
) -> None:
    round = surveyed_round(commune)
    url = address("meeting", commune, round.pk, village_of(round).pk)

    answer = officer_client.post(url, MINUTES_TYPED | {"opinions": "xét thêm hộ ở xa"} | wrong)

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert "xét thêm hộ ở xa" in text(answer)
    assert not VillageMeeting.objects.exists()


def test_more_agree_than_were_there(officer_client: Client, commune: Area) -> None:
    round = surveyed_round(commune)
    review = Review.objects.get()
    url = address("meeting", commune, round.pk, village_of(round).pk)

    answer = officer_client.post(url, MINUTES_TYPED | {f"agreed-{review.pk}": "41"})

    assert answer.context["form"].errors[f"agreed-{review.pk}"] == ["Nhiều hơn số người dự họp (40)."]


def test_a_village_without_scored_forms_has_no_minutes_to_write(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    village = villages(commune)[0]

    page = text(officer_client.get(address("meeting", commune, round.pk, village.pk)))

    assert "Chưa có hộ nào để họp" in page


def test_others_read_the_minutes(leader: User, client: Client, commune: Area) -> None:
    round = met_round(commune)
    client.force_login(leader)
    url = address("meeting", commune, round.pk, village_of(round).pk)

    assert "Lần 1, ngày 20/10/2025: 1 hộ thống nhất, 0 hộ rà soát lại" in text(client.get(url))
    assert client.post(url, MINUTES_TYPED).status_code == 403


# Posting


def test_several_villages_are_posted_at_once_until_the_last_working_day(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    here = villages(commune, 2)
    for village in here:
        scored(listed(round, village))
        met(round, village)
    url = address("posting", commune, round.pk)

    form = officer_client.get(url).context["form"]
    assert sorted(form.initial["villages"]) == sorted(village.pk for village in here)
    sent = {"villages": [village.pk for village in here], "place": "Nhà văn hóa", "starts_on": "24/10/2025"}
    officer_client.post(url, sent)

    # Friday, Monday, Tuesday: 03 working days.
    assert {row.ends_on for row in Posting.objects.all()} == {datetime.date(2025, 10, 28)}


def test_a_village_that_has_not_met_is_not_posted(officer_client: Client, commune: Area) -> None:
    round = surveyed_round(commune)
    sent = {"villages": [village_of(round).pk], "place": "Nhà văn hóa", "starts_on": "24/10/2025"}

    answer = officer_client.post(address("posting", commune, round.pk), sent)

    assert answer.status_code == 422
    assert "chưa họp dân; họp xong mới niêm yết kết quả." in text(answer)


def test_too_short_a_posting_is_refused_with_the_earliest_day(officer_client: Client, commune: Area) -> None:
    round = met_round(commune)
    posted(round, village_of(round))
    row = Posting.objects.get()
    sent = {"version": row.version, "place": row.place, "starts_on": "21/10/2025", "ends_on": "22/10/2025"}

    answer = officer_client.post(address("posting-edit", commune, round.pk, row.pk), sent)

    assert "sớm nhất đến hết ngày 23/10/2025" in answer.context["form"].errors["ends_on"][0]


# Complaint


def test_a_complaint_about_a_household_is_written_down_and_answered(officer_client: Client, commune: Area) -> None:
    round = met_round(commune)
    posted(round, village_of(round))
    review = Review.objects.select_related("household").get()
    url = address("complaint-add", commune, round.pk)
    form = officer_client.get(url, {"review": review.pk}).context["form"]
    assert form["household"].value() == review.household.code
    sent = {
        "village": village_of(round).pk,
        "household": review.household.code,
        "complainant": "Nguyễn Thị Khiếu",
        "content": "Hộ có xe máy mới",
        "received_on": "23/10/2025",
    }

    officer_client.post(url, sent)

    complaint = Complaint.objects.get()
    assert (complaint.review, complaint.due_on) == (review, datetime.date(2025, 10, 28))
    url = address("complaint-answer", commune, round.pk, complaint.pk)
    answered = {"version": complaint.version, "rechecked_on": "27/10/2025", "result": "kept", "answer": "Xe đi mượn"}
    assert officer_client.post(url, answered | {"answer": ""}).status_code == 422
    officer_client.post(url, answered)
    page = text(officer_client.get(address("step", commune, round.pk, Step.RECHECK)))
    assert "Giữ nguyên kết quả" in page
    assert "Xe đi mượn" in page


@pytest.mark.parametrize(("code", "sentence"), [("không có", "Không có hộ mã «không có» trong danh sách của đợt.")])
def test_a_complaint_about_an_unknown_household_is_refused(
    officer_client: Client, commune: Area, code: str, sentence: str
) -> None:
    round = met_round(commune)
    sent = {"village": village_of(round).pk, "household": code, "complainant": "A", "content": "B"}

    answer = officer_client.post(address("complaint-add", commune, round.pk), sent | {"received_on": "23/10/2025"})

    assert answer.context["form"].errors["household"] == [sentence]


# The one thing to do next


def next_of(client: Client, round: ReviewRound) -> tuple[str, str]:
    shown = client.get(address("detail", round.unit, round.pk)).context["shown"]
    return (shown.next.label, shown.next.url) if shown.next else ("", shown.finish_url)


def test_the_page_leads_from_step_to_step(officer_client: Client, commune: Area) -> None:
    round = surveyed_round(commune)
    village = village_of(round)
    assert next_of(officer_client, round) == (
        "Ghi biên bản họp dân",
        address("meeting", commune, round.pk, village.pk),
    )
    met(round, village)
    assert next_of(officer_client, round) == ("", address("finish", commune, round.pk, Step.VILLAGE_MEETING))
    finished(round, Step.VILLAGE_MEETING)
    assert next_of(officer_client, round) == ("Ghi niêm yết", address("posting", commune, round.pk))
    posted(round, village)
    finished(round, Step.POSTING)
    complaint = Complaint.objects.create(
        unit=commune, round=round, village=village, complainant="A", content="B", received_on=DONE, due_on=DONE
    )
    url = address("complaint-answer", commune, round.pk, complaint.pk)
    assert next_of(officer_client, round) == ("Trả lời khiếu nại", url)
    Complaint.objects.update(result="changed", rechecked_on=DONE)
    url = address("posting", commune, round.pk) + f"?recheck=1&village={village.pk}"
    assert next_of(officer_client, round) == ("Niêm yết kết quả phúc tra", url)
    Complaint.objects.update(result="kept")
    finished(round, Step.RECHECK)
    assert next_of(officer_client, round) == ("Gửi xin ý kiến", address("opinion-ask", commune, round.pk))


def test_a_cancelled_round_is_read_and_not_worked_on(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    round_services.round_cancel(by=None, round=round, version=round.version, reason="mở nhầm năm")

    page = officer_client.get(address("detail", commune, round.pk))

    assert "Đợt này đã hủy: mở nhầm năm" in text(page)
    assert "button-primary" not in text(page)
    assert "đã hủy nên không ghi thêm được" in text(
        officer_client.post(address("fill", commune, round.pk), follow=True)
    )


# Pages of the steps


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("step", "queries"), [(Step.SURVEY, 11), (Step.VILLAGE_MEETING, 12), (Step.POSTING, 12), (Step.RECHECK, 12)]
)
def test_a_step_asks_the_same_questions_for_one_and_three_villages(
    officer_client: Client, commune: Area, step: str, queries: int, count: int, django_assert_num_queries: Any
) -> None:
    round = opened(commune)
    for village in villages(commune, count):
        scored(listed(round, village))
        met(round, village)
        posted(round, village)
        Complaint.objects.create(
            unit=commune, round=round, village=village, complainant="A", content="B", received_on=DONE, due_on=DONE
        )
    finished(round, Step.LISTING)

    with django_assert_num_queries(queries):
        assert officer_client.get(address("step", commune, round.pk, step)).status_code == 200


def test_years_keep_apart(officer_client: Client, commune: Area) -> None:
    round = opened(commune)

    assert officer_client.get(address("detail", commune, round.pk, year=YEAR + 1)).status_code == 404
