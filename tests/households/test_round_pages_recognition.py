"""Pages of rounds: recognition by the leader, the number by văn thư, corrections, certificates."""

from typing import Any

import pytest
from django.test import Client

from households.choices import RoundState, Step
from households.models import Certificate, Recognition, Review, ReviewRound
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.offices.models import Officer, OutsideBody
from tests.factories import START, user_with
from tests.households.round_steps import DONE, agreed_round, posted_round, scored
from tests.households.test_round_pages_index import address, text

ON = "05/11/2025"


@pytest.fixture
def ready(commune: Area, officer: User) -> ReviewRound:
    """Everything is done but the decision; ``officer`` typed."""
    return agreed_round(commune, reviewer=user_with(Role.REVIEWER, commune.parent), by=officer, count=2)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def recognise(round: ReviewRound, leader: User) -> Any:
    sent = {"version": round.version, "on": ON, "is_read": "on"}
    return logged_in(leader).post(address("recognise", round.unit, round.pk), sent, follow=True)


def numbered(round: ReviewRound) -> Client:
    """Văn thư has written the number of the only decision."""
    decision = Recognition.objects.get(round=round)
    clerk = logged_in(user_with(Role.REGISTRY_CLERK, round.unit))
    sent = {"version": decision.version, "number": "123", "notation": "QĐ-UBND", "date": ON}
    assert clerk.post(address("number", round.unit, round.pk, decision.pk), sent).status_code == 302
    return clerk


def test_the_leader_sees_counts_transitions_and_who_typed(ready: ReviewRound, leader: User, officer: User) -> None:
    page = logged_in(leader).get(address("recognise", ready.unit, ready.pk))

    assert (page.context["total"].poor, page.context["total"].near_poor) == (2, 0)
    assert page.context["transitions"] == [("nghèo phát sinh mới", 2, 8)]
    assert f"{officer.full_name} (2 phiếu)" in text(page)
    assert page.context["shown"].findings == ()


def test_recognising_wants_the_list_read(ready: ReviewRound, leader: User) -> None:
    sent = {"version": ready.version, "on": ON}

    answer = logged_in(leader).post(address("recognise", ready.unit, ready.pk), sent)

    assert answer.status_code == 422
    assert "Đánh dấu đã xem danh sách" in text(answer)
    assert not Recognition.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_recognised(commune: Area, leader: User) -> None:
    round = posted_round(commune)

    page = text(recognise(round, leader))

    assert "Bước «Xin ý kiến cấp trên» chưa xong." in page
    round.refresh_from_db()
    assert round.state == RoundState.OPEN


def test_who_typed_reads_why_somebody_else_must_recognise(ready: ReviewRound, leader: User) -> None:
    scored(Review.objects.all()[:1], by=leader)

    page = text(logged_in(leader).get(address("recognise", ready.unit, ready.pk)))

    assert "không công nhận chính đợt đó; người khác công nhận." in page
    assert 'name="is_read"' not in page
    assert "không công nhận chính đợt đó" in text(recognise(ready, leader))
    assert not Recognition.objects.exists()


def test_recognition_number_certificates_and_the_register(
    ready: ReviewRound, leader: User, officer_client: Client
) -> None:
    unit = ready.unit
    assert "Văn thư ghi số quyết định" in text(recognise(ready, leader))
    decision = Recognition.objects.get()
    clerk = logged_in(user_with(Role.REGISTRY_CLERK, unit))
    step = address("step", unit, ready.pk, Step.RECOGNITION)
    url = address("number", unit, ready.pk, decision.pk)
    assert url in text(clerk.get(step))
    sent = {"version": decision.version, "number": "123", "notation": "QĐ-UBND", "date": ON}
    chairman, party = (
        Officer(unit=unit, full_name=name, title="Chủ tịch", valid_from=START) for name in ("Ông Ký", "B")
    )
    party.body = OutsideBody.objects.create(unit=unit, name="Đảng ủy", kind="party", valid_from=START)
    chairman.save()
    party.save()
    assert clerk.post(url, sent | {"date": "04/11/2025"}).status_code == 422
    assert clerk.post(url, sent | {"signer": party.pk}).status_code == 422
    clerk.post(url, sent | {"signer": chairman.pk})
    assert "123/QĐ-UBND, ngày 05/11/2025, Ông Ký" in text(clerk.get(step))
    assert url in text(clerk.get(step))
    assert clerk.get(url).context["form"]["signer"].value() == chairman.pk

    done = officer_client.post(address("issue", unit, ready.pk), {"on": "10/11/2025"}, follow=True)
    assert "Đã cấp, xác nhận 2 giấy chứng nhận." in text(done)
    again = officer_client.post(address("issue", unit, ready.pk), {"on": "10/11/2025"}, follow=True)
    assert "không cấp thêm" in text(again)
    register = officer_client.get(address("certificates", unit))
    assert [str(row) for row in register.context["page"]] == ["01/GCN-HN.HCN", "02/GCN-HN.HCN"]
    assert "2025: hộ nghèo" in text(register)


def test_a_certificate_is_handed_over_and_withdrawn_with_a_reason(
    ready: ReviewRound, leader: User, officer_client: Client
) -> None:
    recognise(ready, leader)
    early_issue = officer_client.post(address("issue", ready.unit, ready.pk), {"on": "10/11/2025"})
    assert "Quyết định ngày 05/11/2025 chưa có số." in text(early_issue)
    numbered(ready)
    officer_client.post(address("issue", ready.unit, ready.pk), {"on": "10/11/2025"})
    row = Certificate.objects.get(number=1)

    early = {"version": row.version, "on": "09/11/2025"}
    assert officer_client.post(address("certificate-hand-over", ready.unit, row.pk), early).status_code == 422
    officer_client.post(address("certificate-hand-over", ready.unit, row.pk), early | {"on": "12/11/2025"})
    row.refresh_from_db()
    given = {"version": row.version, "on": "13/11/2025", "because": ""}
    assert officer_client.post(address("certificate-withdraw", ready.unit, row.pk), given).status_code == 422
    officer_client.post(address("certificate-withdraw", ready.unit, row.pk), given | {"because": "cấp nhầm"})

    assert "cấp nhầm" in text(officer_client.get(address("certificates", ready.unit), {"q": "1"}))


def test_a_correction_is_opened_shown_and_decided_by_another(
    ready: ReviewRound, leader: User, officer_client: Client
) -> None:
    unit = ready.unit
    recognise(ready, leader)
    review = Review.objects.order_by("pk").first()
    assert review is not None
    listing = address("corrections", unit, ready.pk)
    url = address("correction-open", unit, ready.pk, review.pk)
    assert url in text(officer_client.get(listing, {"q": "binh"}))
    assert officer_client.post(url, {"version": review.version, "reason": ""}).status_code == 422
    officer_client.post(url, {"version": review.version, "reason": "ghi nhầm số khẩu"})
    copy = Review.objects.get(corrects=review)
    assert "ghi nhầm số khẩu" in text(officer_client.get(listing))
    assert officer_client.get(address("correction-open", unit, ready.pk, copy.pk)).status_code == 404

    decide = address("correction-recognise", unit, ready.pk, copy.pk)
    sent = {"version": copy.version, "on": "15/11/2025", "reason": "ghi nhầm số khẩu"}
    answer = logged_in(leader).post(decide, sent, follow=True)

    assert "Đã công nhận kết quả điều chỉnh" in text(answer)
    assert [row.get_kind_display() for row in answer.context["decisions"]] == ["công nhận", "điều chỉnh"]
    assert answer.context["waiting"] == []


def test_a_correction_may_be_taken_back(ready: ReviewRound, leader: User, officer_client: Client) -> None:
    recognise(ready, leader)
    review = Review.objects.order_by("pk").first()
    assert review is not None
    officer_client.post(
        address("correction-open", ready.unit, ready.pk, review.pk), {"version": review.version, "reason": "thử"}
    )
    copy = Review.objects.get(corrects=review)

    officer_client.post(address("correction-withdraw", ready.unit, ready.pk, copy.pk), {"version": copy.version})

    assert not Review.objects.filter(corrects=review).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_recognition_asks_the_same_questions_for_one_and_three_households(
    commune: Area, leader: User, officer: User, count: int, django_assert_num_queries: Any
) -> None:
    reviewer = user_with(Role.REVIEWER, commune.parent)
    round = agreed_round(commune, reviewer=reviewer, by=officer, count=count)
    client = logged_in(leader)

    with django_assert_num_queries(19):
        assert client.get(address("recognise", commune, round.pk)).context["total"].poor == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_and_corrections_ask_the_same_questions_for_one_and_three(
    commune: Area,
    leader: User,
    officer: User,
    officer_client: Client,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    reviewer = user_with(Role.REVIEWER, commune.parent)
    round = agreed_round(commune, reviewer=reviewer, by=officer, count=count)
    recognise(round, leader)
    numbered(round)
    officer_client.post(address("issue", commune, round.pk), {"on": f"{DONE.replace(month=11, day=10):%d/%m/%Y}"})

    with django_assert_num_queries(9):
        assert len(officer_client.get(address("certificates", commune)).context["page"]) == count
    with django_assert_num_queries(10):
        found = officer_client.get(address("corrections", commune, round.pk), {"q": "nguyen"}).context["found"]
    assert len(found) == count
