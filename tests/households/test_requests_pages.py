"""The pages of the register and of the statuses: what they show, take and refuse."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.choices import Channel, RequestKind, RequestResult, RoundKind, RoundState, StatusState
from households.models import Household, Request, Review, ReviewRound, Standard, Status
from households.services.requests import request_register, request_update
from households.services.rounds import round_open
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, PaperFactory, VillageFactory, user_with
from tests.households.build import household, standard

YEAR = 2025
RECEIVED = datetime.date(2025, 3, 10)


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def home(law: Standard, commune: Area) -> Household:
    return household(commune, VillageFactory(parent=commune))


def asked(home: Household, kind: str = RequestKind.FORM_01, **changes: Any) -> Request:
    values: dict[str, Any] = {
        "kind": kind,
        "channel": Channel.COUNTER,
        "received_on": RECEIVED,
        "village": home.village,
        "household": home,
        "applicant": "Nguyễn Văn A",
    }
    return request_register(by=None, unit=home.unit, **(values | changes))


def url(name: str, unit: Area, *rest: Any) -> str:
    return reverse(f"requests:{name}", args=[unit.code, YEAR, *rest])


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, law: Standard, count: int, django_assert_num_queries: Any
) -> None:
    village = VillageFactory(parent=commune)
    for _ in range(count):
        asked(household(commune, village))

    with django_assert_num_queries(8):  # session, user, grants, unit, count, requests, and two of the frame
        page = officer_client.get(url("list", commune))

    assert len(page.context["lines"]) == count


def test_open_requests_stand_first_and_the_latest_on_top(
    officer_client: Client, home: Household, commune: Area
) -> None:
    asked(home, due_on=datetime.date(2999, 1, 1), applicant="Còn Hạn")
    asked(home, RequestKind.FORM_04, applicant="Quá Hạn")

    page = officer_client.get(url("list", commune))

    assert [line.request.applicant for line in page.context["lines"]] == ["Quá Hạn", "Còn Hạn"]
    assert "ngày quá hạn" in page.content.decode()


def test_filters_narrow_the_register_and_nonsense_does_not_break_it(
    officer_client: Client, home: Household, commune: Area
) -> None:
    asked(home, file_number="000.12")

    def count(query: str) -> int:
        return len(officer_client.get(f"{url('list', commune)}?{query}").context["lines"])

    assert [count(query) for query in ("", "state=answered", "kind=form_04", "q=000.12", "q=không+có")] == [
        1,
        0,
        0,
        1,
        0,
    ]
    assert count("late=1&state=open") == 1
    assert count("state=xyz&kind=zzz&page=99") == 1


def test_a_household_is_chosen_and_its_request_taken_in(officer_client: Client, home: Household, commune: Area) -> None:
    found = officer_client.get(f"{url('add', commune)}?q=nguyen van a")
    assert f"?household={home.pk}" in found.content.decode()
    typed = {
        "kind": RequestKind.FORM_01,
        "applicant": "Nguyễn Văn A",
        "channel": Channel.PORTAL,
        "file_number": "H1",
        "received_on": "10/03/2025",
    }

    answer = officer_client.post(f"{url('add', commune)}?household={home.pk}", typed, follow=True)

    assert "hạn trả kết quả 30/03/2025" in answer.content.decode()
    row = Request.objects.get()
    assert (row.household, row.village, row.file_number) == (home, home.village, "H1")


def test_a_request_of_who_is_not_in_the_registry_names_the_village(
    officer_client: Client, home: Household, commune: Area
) -> None:
    typed = {"kind": RequestKind.FORM_01, "applicant": "Người Mới", "channel": "counter", "received_on": "10/03/2025"}

    assert "Chưa chọn thôn." in officer_client.post(url("add", commune), typed).content.decode()
    officer_client.post(url("add", commune), typed | {"village": home.village_id})

    assert Request.objects.get().household is None
    assert "chưa gắn với hộ" in officer_client.get(url("detail", commune, Request.objects.get().pk)).content.decode()


def test_a_search_that_finds_nobody_says_what_to_do(officer_client: Client, commune: Area, law: Standard) -> None:
    assert "Không có hộ nào khớp" in officer_client.get(f"{url('add', commune)}?q=zzz").content.decode()


def test_a_household_of_another_unit_is_not_found(officer_client: Client, commune: Area, law: Standard) -> None:
    foreign = household(CommuneFactory())

    assert officer_client.get(f"{url('add', commune)}?household={foreign.pk}").status_code == 404
    assert officer_client.get(url("detail", commune, asked(foreign).pk)).status_code == 404


def test_sentences_of_the_service_stand_at_their_fields_and_nothing_typed_is_lost(
    officer_client: Client, home: Household, commune: Area
) -> None:
    typed = {"kind": "form_01", "applicant": "Trần Thị B", "channel": "counter", "received_on": "01/01/2999"}

    answer = officer_client.post(f"{url('add', commune)}?household={home.pk}", typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors["received_on"] == ["Ngày nhận không được sau hôm nay."]
    assert "Trần Thị B" in answer.content.decode()


def test_an_edit_on_an_old_version_shows_both_values(officer_client: Client, home: Household, commune: Area) -> None:
    row = asked(home)
    request_update(by=None, request=row, version=row.version, applicant="Của Họ")
    typed = {
        "version": row.version,
        "kind": row.kind,
        "applicant": "Của Tôi",
        "channel": row.channel,
        "received_on": "10/03/2025",
        "due_on": "30/03/2025",
    }

    answer = officer_client.post(url("edit", commune, row.pk), typed)

    assert answer.status_code == 409
    assert {"Của Họ", "Của Tôi"} <= {value for value in ("Của Họ", "Của Tôi") if value in answer.content.decode()}


def test_a_result_is_written_and_taken_back(officer_client: Client, home: Household, commune: Area) -> None:
    row = asked(home)
    typed = {"version": row.version, "result": "refused", "on": "20/03/2025", "reason": "Không đủ điều kiện"}

    page = officer_client.post(url("answer", commune, row.pk), typed, follow=True).content.decode()
    assert "Không đủ điều kiện" in page
    assert "Mở lại" in page

    row.refresh_from_db()
    officer_client.post(url("reopen", commune, row.pk), {"version": row.version})
    row.refresh_from_db()
    assert row.result == ""


def test_a_refusal_without_a_reason_is_asked_for_one(officer_client: Client, home: Household, commune: Area) -> None:
    row = asked(home)

    answer = officer_client.post(
        url("answer", commune, row.pk), {"version": row.version, "result": RequestResult.REFUSED, "on": "20/03/2025"}
    )

    assert answer.context["form"].errors["reason"] == ["Không công nhận thì ghi lý do."]


def test_a_household_goes_to_an_open_round_because_of_its_request(
    officer_client: Client, home: Household, commune: Area, law: Standard
) -> None:
    row = asked(home)
    round = round_open(by=None, unit=commune, year=YEAR, kind=RoundKind.REGULAR, month=4, standard=law)
    assert (
        "Đưa hộ vào rà soát thường xuyên tháng 04/2025"
        in officer_client.get(url("detail", commune, row.pk)).content.decode()
    )

    officer_client.post(url("to-round", commune, row.pk, round.pk))

    row.refresh_from_db()
    assert row.round == round
    assert Review.objects.get(round=round).request == row


def test_a_closed_round_takes_no_household(
    officer_client: Client, home: Household, commune: Area, law: Standard
) -> None:
    row = asked(home)
    round = ReviewRound.objects.create(
        unit=commune,
        year=YEAR,
        kind=RoundKind.PERIODIC,
        standard=law,
        state=RoundState.CANCELLED,
        starts_on=RECEIVED,
        ends_on=RECEIVED,
    )

    assert officer_client.post(url("to-round", commune, row.pk, round.pk)).status_code == 404


def test_the_whole_way_of_a_status(officer_client: Client, leader: User, home: Household, commune: Area) -> None:
    row = asked(home, RequestKind.FORM_01_AVERAGE)
    paper = PaperFactory(unit=commune, is_own=True, date=datetime.date(2025, 3, 24))
    received = PaperFactory(unit=commune, date=datetime.date(2025, 3, 24))
    income = {"income": "96.000.000", "income_from": "01/03/2024", "persons": "4", "is_rural_work": "yes"}
    detail = url("detail", commune, row.pk)
    leader_client = client_of(leader)

    assert "Xác định thu nhập" in officer_client.get(detail).content.decode()
    unsaid = officer_client.post(url("assess", commune, row.pk), income | {"is_rural_work": ""})
    assert "Chưa chọn hộ có làm nông, lâm, ngư, diêm nghiệp hay không." in unsaid.content.decode()
    said = officer_client.post(url("assess", commune, row.pk), income, follow=True).content.decode()
    assert "Đủ điều kiện: 2.000.000 đồng/người/tháng" in said
    status = Status.objects.get()

    post = {"version": status.version, "posted_at": "Nhà văn hóa", "posted_from": "17/03/2025"}
    officer_client.post(url("post", commune, status.pk), post)
    status.refresh_from_db()
    assert "Công nhận" in leader_client.get(detail).content.decode()
    offered = leader_client.get(url("decide", commune, status.pk)).context["form"].fields["decision"].queryset
    assert (paper in offered, received in offered) == (True, False)
    early = {"version": status.version, "on": "21/03/2025", "decision": paper.pk}
    assert "quyết định từ ngày hôm sau" in leader_client.post(url("decide", commune, status.pk), early).content.decode()
    leader_client.post(url("decide", commune, status.pk), early | {"on": "24/03/2025"})

    status.refresh_from_db()
    assert (status.state, status.decision) == (StatusState.DECIDED, paper)
    listed = officer_client.get(url("statuses", commune)).content.decode()
    assert "Nguyễn Văn A" in listed
    assert "24/03/2025" in listed

    last = {"version": status.version, "valid_to": "30/09/2025"}
    assert "Chưa ghi lý do thôi." in leader_client.post(url("end", commune, status.pk), last).content.decode()
    leader_client.post(url("end", commune, status.pk), last | {"because": "Hộ chuyển nghề"})
    everybody = officer_client.get(f"{url('statuses', commune)}?show=all").content.decode()
    assert "30/09/2025" in everybody
    assert "Hộ chuyển nghề" in everybody
    assert "Hộ chuyển nghề" in officer_client.get(detail).content.decode()
    assert "Nguyễn Văn A" not in officer_client.get(url("statuses", commune)).content.decode()


def on_the_way(home: Household, **changes: Any) -> Status:
    values = {"kind": "average_living", "income": 1, "income_from": RECEIVED, "is_eligible": True}
    row = asked(home, RequestKind.FORM_01_AVERAGE)
    return Status.objects.create(
        unit=home.unit, request=row, household=home, village=home.village, **(values | changes)
    )


def test_who_waits_stands_first_in_the_list(officer_client: Client, home: Household, commune: Area) -> None:
    decided = on_the_way(home, state=StatusState.DECIDED, valid_from=RECEIVED)
    Request.objects.update(result=RequestResult.ACCEPTED, result_on=RECEIVED)
    waiting = on_the_way(home)

    def listed(query: str) -> list[Status]:
        return list(officer_client.get(f"{url('statuses', commune)}{query}").context["page"].object_list)

    assert listed("") == [waiting, decided]
    assert (listed("?show=way"), listed("?show=force")) == ([waiting], [decided])
    page = officer_client.get(url("statuses", commune)).content.decode()
    assert "chờ văn thư ghi số" in page
    assert home.village.title in page


def test_recognition_is_offered_from_the_day_after_the_posting(leader: User, home: Household, commune: Area) -> None:
    today = timezone.localdate()
    status = on_the_way(home, state=StatusState.POSTED, posted_from=today, posted_to=today)
    client, detail = client_of(leader), url("detail", commune, status.request_id)
    tomorrow = today + datetime.timedelta(days=1)

    early = client.get(detail).content.decode()
    assert url("decide", commune, status.pk) not in early
    assert f"công nhận được từ ngày {tomorrow:%d/%m/%Y}" in early

    Status.objects.update(posted_to=today - datetime.timedelta(days=1))
    assert url("decide", commune, status.pk) in client.get(detail).content.decode()


def test_the_clerk_is_offered_to_number_what_was_decided(home: Household, commune: Area, leader: User) -> None:
    status = on_the_way(home, state=StatusState.DECIDED, valid_from=RECEIVED)
    clerk = client_of(user_with(Role.REGISTRY_CLERK, commune))
    detail, number = url("detail", commune, status.request_id), url("number", commune, status.pk)
    assert number in clerk.get(detail).content.decode()
    assert number not in client_of(leader).get(detail).content.decode()

    typed = {"version": status.version, "number": "41", "notation": "QĐ-UBND", "date": "24/03/2025"}
    page = clerk.post(number, typed, follow=True).content.decode()

    assert "Đã ghi Quyết định số 41/QĐ-UBND." in page
    assert number not in page


def test_a_request_says_which_round_takes_it_or_is_to_be_opened(
    officer_client: Client, home: Household, commune: Area, law: Standard
) -> None:
    row = asked(home)
    detail = url("detail", commune, row.pk)

    assert "theo ngày nhận là đợt thường xuyên tháng 03/2025" in officer_client.get(detail).content.decode()
    round_open(by=None, unit=commune, year=YEAR, kind=RoundKind.PERIODIC, standard=law)
    page = officer_client.get(detail).content.decode()
    assert "Giấy này chờ vào rà soát định kỳ năm 2025" in page
    assert "Chưa mở đợt rà soát" not in page


def test_a_leader_refuses_with_a_reason(leader: User, officer_client: Client, home: Household, commune: Area) -> None:
    row = asked(home, RequestKind.LOW_INCOME, member=home.members.get(relation="head"))
    officer_client.post(url("assess", commune, row.pk), {"income": "90000000", "income_from": "01/03/2024"})
    status = Status.objects.get()
    typed = {"version": status.version, "on": "24/03/2025", "reason": "Thu nhập trên mức"}

    page = client_of(leader).post(url("refuse", commune, status.pk), typed, follow=True).content.decode()

    assert "Thu nhập trên mức" in page
    assert "không công nhận" in page


def test_who_found_the_income_is_told_that_another_decides(
    commune: Area, home: Household, leader: User, officer_client: Client
) -> None:
    row = asked(home, RequestKind.FORM_01_AVERAGE)
    found = {"income": "96000000", "income_from": "01/03/2024", "persons": "4", "is_rural_work": "no"}
    officer_client.post(url("assess", commune, row.pk), found)
    Status.objects.update(entered_by=leader)

    page = client_of(leader).get(url("detail", commune, row.pk)).content.decode()

    assert "không tự quyết định" in page
    assert url("refuse", commune, Status.objects.get().pk) not in page


@pytest.mark.parametrize("count", [1, 3])
def test_statuses_are_listed_with_the_same_queries_for_one_and_three(
    officer_client: Client, commune: Area, law: Standard, count: int, django_assert_num_queries: Any
) -> None:
    village = VillageFactory(parent=commune)
    for _ in range(count):
        home = household(commune, village)
        Status.objects.create(
            unit=commune,
            kind="average_living",
            request=asked(home, RequestKind.FORM_01_AVERAGE),
            household=home,
            village=village,
            income=1,
            income_from=RECEIVED,
        )

    with django_assert_num_queries(8):
        page = officer_client.get(f"{url('statuses', commune)}?show=way")

    assert len(page.context["page"].object_list) == count


def test_a_request_page_takes_few_queries(
    officer_client: Client, home: Household, commune: Area, django_assert_max_num_queries: Any
) -> None:
    row = asked(home)

    with django_assert_max_num_queries(12):
        officer_client.get(url("detail", commune, row.pk))
