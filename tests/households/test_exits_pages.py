"""Pages of exit registration: villages, the households behind every number, registering, minutes, withdrawing."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Category, ChangeKind, Need
from households.models import ExitMeeting, ExitRegistration
from households.selectors.exit_pages import findings, overview
from households.selectors.exits import Registered, needs_in, registered_counts, registration_of
from households.services.exit_meetings import meeting_record
from households.services.exits import registration_withdraw
from households.services.moves import household_move
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import reach_rebuild
from tests.factories import CommuneFactory, ProvinceFactory, VillageFactory, user_with
from tests.households import years
from tests.households.exit_rows import JUNE, Spring, spring
from tests.households.test_exits_meetings import MINUTES

TODAY = datetime.date(2023, 7, 1)


@pytest.fixture
def world(commune: Area) -> Spring:
    return spring(commune)


@pytest.fixture
def officer(world: Spring) -> Client:
    return signed_in(Role.OFFICER, world.unit)


def signed_in(role: Role, unit: Area) -> Client:
    client = Client()
    client.force_login(user_with(role, unit))
    return client


def url(world: Spring, name: str, *rest: Any) -> str:
    return reverse(f"exits:{name}", args=[world.unit.code, 2023, *rest])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_before_the_targets_are_approved_the_page_says_when_it_opens(commune: Area) -> None:
    client = signed_in(Role.OFFICER, commune)
    page = client.get(reverse("exits:list", args=[commune.code, 2023]))

    assert "Đăng ký mở khi chỉ tiêu của thôn được duyệt" in page.content.decode()
    assert reverse("targets:table", args=[commune.code, 2023]) in page.content.decode()
    assert client.get(reverse("exits:drive", args=[commune.code, 2023])).status_code == 404
    assert client.get(reverse("exits:households", args=[commune.code, 2023])).status_code == 404


def test_a_province_is_sent_to_its_communes(db: None) -> None:
    province = ProvinceFactory()
    client = signed_in(Role.REVIEWER, province)
    page = client.get(reverse("exits:list", args=[province.code, 2026]))
    assert "do xã, phường, thị trấn, đặc khu ghi" in page.content.decode()


def test_every_number_of_the_table_opens_its_households(world: Spring, officer: Client) -> None:
    world.register(world.poor[0])
    world.register(world.near_poor[0], is_form_signed=True)
    gone = world.register(world.poor[1])
    registration_withdraw(by=None, registration=gone, version=1, on=JUNE, reason="đi làm xa")

    table = officer.get(url(world, "list")).content.decode()
    here = url(world, "village", world.here.pk)
    everywhere = url(world, "households")
    expected = {
        "poor": 2,
        "near-poor": 1,
        "registered-poor": 1,
        "registered-near-poor": 1,
        "withdrawn": 1,
        "unsigned": 1,
    }
    for show, number in expected.items():
        assert f'<a href="{here}?show={show}">{number}</a>' in table
        page = officer.get(f"{here}?show={show}")
        assert len(page.context["page"].object_list) == number
    assert f'<a href="{everywhere}?show=poor">4</a>' in table
    assert len(officer.get(f"{everywhere}?show=poor").context["page"].object_list) == 4
    assert "đi làm xa" in officer.get(f"{here}?show=withdrawn").content.decode()


def test_households_of_a_village_register_together(world: Spring, officer: Client) -> None:
    page = officer.get(url(world, "add", world.here.pk))
    assert page.content.decode().count('name="household"') == 3

    poor, near = world.poor[0], world.near_poor[0]
    data = {
        "registered_on": "20/03/2023",
        "household": [poor.pk, near.pk, world.poor[2].pk],
        f"signed-{poor.pk}": "1",
        f"needs-{poor.pk}": ["credit", "housing"],
    }
    answer = officer.post(url(world, "add", world.here.pk), data, follow=True)

    assert "Đã ghi 2 hộ đăng ký thoát nghèo" in text(answer)  # the third is of another village
    stored = registration_of(household=poor, year=2023)
    assert stored is not None
    assert (stored.is_form_signed, stored.signer, needs_in(stored)) == (
        True,
        "Nghèo Đông Một",
        {"credit": "", "housing": ""},
    )
    assert officer.get(url(world, "add", world.here.pk)).content.decode().count('name="household"') == 1


def test_what_was_chosen_stays_when_the_day_is_refused(world: Spring, officer: Client) -> None:
    poor = world.poor[0]
    data = {"registered_on": "20/02/2023", "household": [poor.pk], f"needs-{poor.pk}": ["credit"]}

    answer = officer.post(url(world, "add", world.here.pk), data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Đăng ký mở từ ngày 01/03/2023" in page
    assert f'name="household" value="{poor.pk}" checked' in page
    assert f'name="needs-{poor.pk}" value="credit" checked' in page
    empty = officer.post(url(world, "add", world.here.pk), {"registered_on": "20/03/2023"})
    assert "Chưa chọn hộ nào" in empty.content.decode()
    assert not ExitRegistration.objects.exists()


def test_needs_of_the_last_form_are_proposed(world: Spring, officer: Client) -> None:
    review = world.poor[0].reviews.get()
    review_need = review.needs.model
    review_need.objects.create(review=review, unit=world.unit, need=Need.CREDIT)
    years.Recognised.objects.filter(household=world.poor[0]).update(review=review)

    page = officer.get(url(world, "add", world.here.pk)).content.decode()

    assert f'name="needs-{world.poor[0].pk}" value="credit" checked' in page
    assert f'name="needs-{world.poor[1].pk}" value="credit" checked' not in page


def test_a_registration_is_corrected_and_a_conflict_shows_both(world: Spring, officer: Client) -> None:
    row = world.register(world.poor[0], needs=[(Need.CREDIT, "50 triệu đồng")])
    page = officer.get(url(world, "edit", row.pk)).content.decode()
    assert "50 triệu đồng" in page
    typed = {
        "version": 1,
        "registered_on": "21/03/2023",
        "signer": "Vợ Chủ Hộ",
        "is_form_signed": "True",
        "note": "",
        "need-credit": "on",
        "need_note-credit": "60 triệu đồng",
    }

    answer = officer.post(url(world, "edit", row.pk), typed, follow=True)

    assert "Đã lưu đăng ký của hộ Nghèo Đông Một" in text(answer)
    stored = registration_of(household=world.poor[0], year=2023)
    assert stored is not None
    assert (stored.signer, stored.is_form_signed, needs_in(stored)) == ("Vợ Chủ Hộ", True, {"credit": "60 triệu đồng"})
    clash = officer.post(url(world, "edit", row.pk), typed | {"signer": "Người Khác"})
    assert clash.status_code == 409
    insisted = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', clash.content.decode()))
    officer.post(url(world, "edit", row.pk), insisted)
    row.refresh_from_db()
    assert (row.signer, row.is_form_signed) == ("Người Khác", True)


def test_a_note_of_a_need_that_is_not_chosen_is_asked_about(world: Spring, officer: Client) -> None:
    row = world.register(world.poor[0])
    typed = {"version": 1, "registered_on": "20/03/2023", "signer": "A", "need_note-credit": "50 triệu đồng"}

    answer = officer.post(url(world, "edit", row.pk), typed)

    assert answer.status_code == 422
    assert "Ghi cụ thể thì đánh dấu nhu cầu" in answer.content.decode()


def test_minutes_are_recorded_and_corrected(world: Spring, officer: Client) -> None:
    typed = MINUTES | {"held_on": "20/03/2023", "opinions": ""}
    answer = officer.post(url(world, "meeting", world.here.pk), typed, follow=True)
    assert "Đã ghi biên bản họp" in text(answer)
    assert "các cán bộ phụ trách hộ" in text(answer)

    answer = officer.post(
        url(world, "meeting", world.here.pk), typed | {"participants": "50", "version": 1}, follow=True
    )

    assert "Đã sửa biên bản họp" in text(answer)
    assert ExitMeeting.objects.get().participants == 50


def test_a_withdrawal_names_what_happens(world: Spring, officer: Client) -> None:
    row = world.register(world.poor[0])
    assert "vẫn giữ ở mục «Đã rút»" in officer.get(url(world, "withdraw", row.pk)).content.decode()

    officer.post(url(world, "withdraw", row.pk), {"version": 1, "on": "01/06/2023", "reason": "đi làm xa"})

    row.refresh_from_db()
    assert (row.withdrawn_on, row.withdrawn_because) == (JUNE, "đi làm xa")
    assert "Sửa" not in text(officer.get(url(world, "village", world.here.pk) + "?show=withdrawn")).split("TT")[1]


def test_the_last_day_is_kept(world: Spring, officer: Client) -> None:
    officer.post(url(world, "drive"), {"version": 1, "closes_on": "30/04/2023", "note": "", "paper": ""})

    assert "nhận đến hết ngày 30/04/2023" in text(officer.get(url(world, "list")))


def test_the_list_is_what_the_plan_attaches(world: Spring, officer: Client) -> None:
    world.register(world.poor[2], needs=[Need.CREDIT])
    world.register(world.near_poor[0], is_form_signed=True)

    page = text(officer.get(url(world, "households")))

    assert "Kèm theo Kế hoạch số" in page
    assert "Cộng 2 hộ: 1 hộ nghèo, 1 hộ cận nghèo" in page
    assert page.index("Cận Đông Một") < page.index("Nghèo Tây Một")


def test_the_form_to_sign_is_filled_in(world: Spring, officer: Client) -> None:
    world.register(world.poor[0], is_form_signed=True)
    world.register(world.poor[1])

    page = text(officer.get(url(world, "forms", world.here.pk)))
    assert "Nghèo Đông Một" not in page
    assert "Tôi là: Nghèo Đông Hai" in page
    assert "mẫu của phần mềm" in page
    one = text(officer.get(url(world, "forms", world.here.pk) + f"?household={world.poor[0].pk}"))
    assert "Tôi là: Nghèo Đông Một" in one
    assert "Nghèo Đông Hai" not in one


def test_who_only_reads_sees_no_button_that_writes(world: Spring) -> None:
    row = world.register(world.poor[0])
    leader = signed_in(Role.LEADER, world.unit)

    for address in (url(world, "list"), url(world, "village", world.here.pk)):
        page = leader.get(address).content.decode()
        for name, pk in (("add", world.here.pk), ("meeting", world.here.pk), ("edit", row.pk), ("withdraw", row.pk)):
            assert url(world, name, pk) not in page


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_the_same_number_of_queries(commune: Area, many: int, django_assert_num_queries: Any) -> None:
    world = spring(commune, poor=3)
    for household in world.poor[:many] + world.poor[3 : 3 + many]:
        world.register(household, needs=[Need.CREDIT, Need.HOUSING])
    meeting_record(by=None, drive=world.drive, village=world.here, **MINUTES)
    client = signed_in(Role.OFFICER, world.unit)
    client.get(url(world, "list"))

    for address, number in (
        (url(world, "list"), 12),
        (url(world, "households"), 12),
        (url(world, "village", world.here.pk), 12),
        (url(world, "village", world.here.pk) + "?show=poor", 12),
        (url(world, "add", world.here.pk), 12),
        (url(world, "forms", world.here.pk), 12),
    ):
        with django_assert_num_queries(number):
            assert client.get(address).status_code == 200


# --- what needs a look --------------------------------------------------------------------------------------------


def marks(world: Spring, today: datetime.date = TODAY) -> dict[str, tuple[str, bool]]:
    shown = overview(unit=world.unit, year=2023, today=today)
    return {entry.row.signer: (entry.mark, entry.is_off) for entry in shown.entries}


def test_missing_forms_and_meetings_are_findings(world: Spring, officer: Client) -> None:
    world.register(world.poor[0])
    world.register(world.poor[2], is_form_signed=True)
    meeting_record(by=None, drive=world.drive, village=world.there, **MINUTES)

    found = findings(overview(unit=world.unit, year=2023, today=TODAY))

    assert [(one.code, one.place) for one in found] == [("meeting", "Thôn Đông"), ("unsigned", "Thôn Đông")]
    page = officer.get(url(world, "list")).content.decode()
    assert url(world, "meeting", world.here.pk) in page
    assert f"{url(world, 'village', world.here.pk)}?show=unsigned" in page
    leader = signed_in(Role.LEADER, world.unit).get(url(world, "list")).content.decode()
    assert url(world, "meeting", world.here.pk) not in leader


def test_what_became_of_a_registered_household_is_said(world: Spring, officer: Client) -> None:
    closed, moved, off, changed = world.poor[0], world.poor[1], world.poor[2], world.poor[3]
    for household in (closed, moved, off, changed, world.near_poor[0]):
        world.register(household)
    household_move(by=None, household=moved, version=1, village=world.there, on=JUNE)
    years.close(closed, datetime.date(2023, 5, 5))
    spring_review = years.regular(world.unit, 2023, 6)
    years.reviewed(spring_review, off, Category.NOT_POOR)
    years.reviewed(spring_review, changed, Category.NEAR_POOR)
    years.recognise(spring_review)

    assert marks(world) == {
        "Nghèo Đông Một": ("chuyển khỏi địa bàn từ 05/05/2023", True),
        "Nghèo Đông Hai": ("nay ở thôn Tây", False),
        "Nghèo Tây Một": ("không còn trong danh sách ngày 01/07/2023", True),
        "Nghèo Tây Hai": ("danh sách ngày 01/07/2023 ghi là hộ cận nghèo", False),
        "Cận Đông Một": ("", False),
    }
    found = [one for one in findings(overview(unit=world.unit, year=2023, today=TODAY)) if one.code == "off-list"]
    assert [one.place for one in found] == ["Thôn Đông", "Thôn Tây"]
    page = text(officer.get(url(world, "village", world.here.pk)))
    assert "chuyển khỏi địa bàn từ 05/05/2023" in page  # it stays in the village's list


def test_the_review_of_the_year_itself_takes_nobody_off(world: Spring) -> None:
    world.register(world.poor[0])
    autumn = years.periodic(world.unit, 2023)
    years.reviewed(autumn, world.poor[0], Category.NOT_POOR)
    years.recognise(autumn)

    assert marks(world, datetime.date(2024, 5, 1)) == {"Nghèo Đông Một": ("", False)}


def test_registrations_of_a_unit_that_merged_count_in_the_village_of_today(world: Spring) -> None:
    row = world.register(world.poor[0])
    merger = datetime.date(2023, 7, 1)
    new = CommuneFactory(parent=world.unit.parent, valid_from=merger)
    village = VillageFactory(parent=new, name="Mới", valid_from=merger)
    Succession.objects.create(predecessor=world.unit, successor=new, on=merger)
    Succession.objects.create(predecessor=world.here, successor=village, on=merger)
    reach_rebuild()
    home = world.poor[0]
    home.refresh_from_db()
    home.unit, home.village, home.code = new, village, "M-1"
    home.save()
    years.happened(home, ChangeKind.REORGANISED, merger)

    assert registered_counts(unit=new, year=2023) == {village.pk: Registered(poor=1)}
    shown = overview(unit=new, year=2023, today=datetime.date(2023, 8, 1))
    assert [(entry.row, entry.village, entry.is_own) for entry in shown.entries] == [(row, village.pk, False)]
    assert shown.entries[0].mark.startswith(f"đăng ký tại {world.unit}")
