"""Pages of rounds: the first one, opening, changing, cancelling."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import RoundKind, RoundState
from households.models import ReviewRound
from households.services import rounds
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.households.build import standard
from tests.households.round_steps import YEAR, opened, villages

AUTUMN = 2026


def address(name: str, unit: Area, *rest: Any, year: int = YEAR) -> str:
    return reverse(f"rounds:{name}", args=[unit.code, year, *rest])


def typed(**more: Any) -> dict[str, Any]:
    return {"kind": RoundKind.PERIODIC, "month": "", "standard": standard().pk} | more


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_year_without_a_round_teaches_the_officer_the_next_step(officer_client: Client, commune: Area) -> None:
    page = text(officer_client.get(address("index", commune)))

    assert "Năm này chưa có đợt rà soát định kỳ" in page
    assert f'href="{address("open", commune)}"' in page


def test_a_leader_reads_that_nothing_was_opened(leader: User, commune: Area, client: Client) -> None:
    client.force_login(leader)

    assert address("open", commune) not in text(client.get(address("index", commune)))


def test_without_standards_the_form_sends_to_the_law(officer_client: Client, commune: Area) -> None:
    page = text(officer_client.get(address("open", commune)))

    assert "Chưa có chuẩn nghèo của năm này" in page


def test_in_autumn_2026_both_standards_are_offered_and_the_page_says_that_no_text_decides(
    officer_client: Client, commune: Area
) -> None:
    standard()

    page = officer_client.get(address("open", commune, year=AUTUMN))

    offered = [str(label) for _, label in page.context["form"].fields["standard"].choices]
    assert len(offered) == 2
    assert "đến 31/12/2026" in offered[0]
    assert "tạm thời" in offered[1]
    assert "Văn bản chưa nói rõ đợt rà soát cuối năm" in text(page)
    assert page.context["form"]["standard"].value() is None


def test_opening_takes_the_days_of_the_calendar_and_leads_to_the_steps(officer_client: Client, commune: Area) -> None:
    answer = officer_client.post(address("open", commune), typed(), follow=True)

    round = ReviewRound.objects.get()
    assert (round.starts_on.isoformat(), round.ends_on.isoformat()) == ("2025-09-01", "2025-12-14")
    assert "Đã mở đợt rà soát định kỳ năm 2025." in text(answer)
    assert "1. Lập danh sách" in text(answer)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"standard": ""}, "standard", "Chưa chọn chuẩn nghèo áp dụng."),
        ({"kind": RoundKind.REGULAR}, "month", "Đợt thường xuyên phải chọn tháng."),
        ({"month": "3"}, "month", "Đợt định kỳ cả năm chỉ có một, không chọn tháng."),
        ({"starts_on": "31/02/2025"}, "starts_on", "Không có ngày «31/02/2025» trong lịch."),
        (
            {"starts_on": "01/10/2025", "ends_on": "01/09/2025"},
            "ends_on",
            "Ngày kết thúc không được trước ngày bắt đầu.",
        ),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    officer_client: Client, commune: Area, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    answer = officer_client.post(address("open", commune), typed(**wrong))

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field]
    assert not ReviewRound.objects.exists()


def test_a_second_periodic_round_is_refused(officer_client: Client, commune: Area) -> None:
    opened(commune)

    answer = officer_client.post(address("open", commune), typed())

    assert "Đơn vị đã có đợt rà soát này." in text(answer)
    assert ReviewRound.objects.count() == 1


def test_a_change_on_an_old_version_shows_both_values(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    day = round.ends_on.replace(day=1)
    rounds.round_update(by=None, round=round, version=round.version, ends_on=day)
    sent = {"version": round.version, "standard": round.standard_id, "starts_on": "01/09/2025", "ends_on": "10/12/2025"}

    answer = officer_client.post(address("edit", commune, round.pk), sent)

    assert answer.status_code == 409
    assert "01/12/2025" in text(answer)
    assert "10/12/2025" in text(answer)


def test_cancelling_names_what_happens_and_wants_a_reason(officer_client: Client, commune: Area) -> None:
    round = opened(commune)
    url = address("cancel", commune, round.pk)

    assert "phiếu đã nhập vẫn lưu và xem được" in text(officer_client.get(url))
    assert officer_client.post(url, {"version": round.version, "reason": ""}).status_code == 422
    officer_client.post(url, {"version": round.version, "reason": "mở nhầm năm"})

    round.refresh_from_db()
    assert round.state == RoundState.CANCELLED
    assert "mở nhầm năm" in text(officer_client.get(address("index", commune)))


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_page_asks_the_same_questions_for_one_and_three_rounds(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    villages(commune, count)
    opened(commune)
    for month in range(1, count + 1):
        opened(commune, kind=RoundKind.REGULAR, month=month)

    with django_assert_num_queries(11):
        page = officer_client.get(address("index", commune))

    assert len(page.context["regular"]) == count


def test_a_round_of_another_commune_is_not_found(officer_client: Client, commune: Area, stranger: User) -> None:
    foreign = opened(stranger.grants.get().area)

    for name in ("detail", "edit", "cancel", "add", "corrections", "posting", "opinion-ask", "issue"):
        assert officer_client.get(address(name, commune, foreign.pk)).status_code == 404
