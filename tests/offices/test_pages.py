"""The pages of offices."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.offices import services
from povertyplan.offices.choices import BoardKind, BodyKind
from povertyplan.offices.models import Board, BoardMember, Department, Officer, OfficeRow, OutsideBody

YEAR = 2024
TYPED = {
    "departments": {"name": "Phòng Kinh tế", "abbreviation": "KT", "valid_from": "01/01/2020"},
    "officers": {"full_name": "Người Thử", "title": "Chủ tịch", "valid_from": "01/01/2020"},
    "boards": {"kind": "review_board", "name": "Ban Chỉ đạo", "valid_from": "01/01/2020"},
    "bodies": {"name": "Hội", "kind": "front", "valid_from": "01/01/2020"},
}
MODELS: dict[str, type[OfficeRow]] = {
    "departments": Department,
    "officers": Officer,
    "boards": Board,
    "bodies": OutsideBody,
}


def address(name: str, unit: Area, *rest: Any) -> str:
    return reverse(f"offices:{name}", args=[unit.code, YEAR, *rest])


def offices(unit: Area, count: int = 1) -> dict[str, list[OfficeRow]]:
    """``count`` rows of each list; each board has one member."""
    rows: dict[str, list[OfficeRow]] = {slug: [] for slug in TYPED}
    for place in range(count):
        add = {"by": None, "unit": unit}
        house = services.office_add(model=Department, name=f"Phòng {place}", **add)
        person = services.office_add(
            model=Officer, full_name=f"Người {place}", title="Chuyên viên", department=house, **add
        )
        board = services.office_add(model=Board, kind=BoardKind.REVIEW, name=f"Ban {place}", **add)
        services.member_add(by=None, board=board, officer=person, role="Trưởng ban")
        body = services.office_add(model=OutsideBody, name=f"Hội {place}", kind=BodyKind.FRONT, **add)
        for slug, row in zip(TYPED, (house, person, board, body), strict=True):
            rows[slug].append(row)
    return rows


def pages(unit: Area) -> list[str]:
    """Every page that changes something."""
    rows = offices(unit)
    member = BoardMember.objects.get(board__unit=unit)
    return [
        *(address("add", unit, slug) for slug in rows),
        *(address(name, unit, slug, rows[slug][0].pk) for slug in rows for name in ("edit", "end", "remove")),
        address("member-add", unit, rows["boards"][0].pk),
        address("member-edit", unit, member.pk),
        address("member-remove", unit, member.pk),
    ]


def test_another_commune_is_not_found(stranger: User, commune: Area, client: Client) -> None:
    client.force_login(stranger)

    assert {client.get(url).status_code for url in [address("index", commune), *pages(commune)]} == {404}


def test_a_leader_reads_only(leader: User, commune: Area, client: Client) -> None:
    client.force_login(leader)

    assert {client.get(url).status_code for url in pages(commune)} == {403}
    assert client.get(address("index", commune)).status_code == 200


def test_an_officer_opens_every_page(officer_client: Client, commune: Area) -> None:
    assert {officer_client.get(url).status_code for url in pages(commune)} == {200}


def test_rows_of_another_commune_are_not_found(officer_client: Client, commune: Area, stranger: User) -> None:
    foreign = offices(stranger.grants.get().area)
    member = BoardMember.objects.get()
    urls = [
        *(address("edit", commune, slug, rows[0].pk) for slug, rows in foreign.items()),
        address("member-add", commune, foreign["boards"][0].pk),
        address("member-remove", commune, member.pk),
    ]

    assert {officer_client.get(url).status_code for url in urls} == {404}
    assert officer_client.get(address("add", commune, "people")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    rows = offices(commune, count)

    with django_assert_num_queries(11):  # as every page of a unit, then four lists and the members
        page = officer_client.get(address("index", commune))

    shown = page.context["offices"]
    assert {slug: list(getattr(shown, slug)) for slug in rows} == rows


@pytest.mark.parametrize("slug", TYPED)
def test_a_row_is_added_corrected_and_ended(officer_client: Client, commune: Area, slug: str) -> None:
    assert officer_client.post(address("add", commune, slug), TYPED[slug]).status_code == 302
    row = MODELS[slug].objects.get(unit=commune)
    first = next(iter(TYPED[slug]))
    if first == "kind":
        first = "name"
    edited = TYPED[slug] | {first: "Tên mới", "version": row.version}
    assert officer_client.post(address("edit", commune, slug, row.pk), edited).status_code == 302
    row.refresh_from_db()
    assert getattr(row, first) == "Tên mới"
    ended = {"version": row.version, "last_day": "31/12/2023"}
    assert officer_client.post(address("end", commune, slug, row.pk), ended).status_code == 302
    row.refresh_from_db()
    assert str(row.valid_to) == "2023-12-31"


def test_an_end_before_the_beginning_is_refused_on_the_page(officer_client: Client, commune: Area) -> None:
    row = offices(commune)["departments"][0]

    answer = officer_client.post(
        address("end", commune, "departments", row.pk), {"version": row.version, "last_day": "31/12/1999"}
    )

    assert answer.status_code == 422
    assert "Ngày cuối không được trước ngày đầu" in answer.content.decode()


def test_an_edit_on_an_old_version_shows_both_values(officer_client: Client, commune: Area) -> None:
    row = offices(commune)["departments"][0]
    services.office_update(by=None, row=row, version=row.version, name="Của người khác")

    answer = officer_client.post(
        address("edit", commune, "departments", row.pk),
        TYPED["departments"] | {"name": "Của tôi", "version": row.version},
    )

    assert answer.status_code == 409
    assert "Của người khác" in answer.content.decode()
    assert "Của tôi" in answer.content.decode()


def test_members_are_added_corrected_and_taken_off(officer_client: Client, commune: Area) -> None:
    rows = offices(commune)
    person = services.office_add(by=None, unit=commune, model=Officer, full_name="Người Hai", title="Thư ký")
    board = rows["boards"][0]

    officer_client.post(address("member-add", commune, board.pk), {"officer": person.pk, "role": "Thư ký"})
    member = BoardMember.objects.get(officer=person)
    officer_client.post(
        address("member-edit", commune, member.pk), {"officer": person.pk, "role": "Ủy viên", "version": member.version}
    )
    member.refresh_from_db()
    assert member.role == "Ủy viên"
    officer_client.post(address("member-remove", commune, member.pk), {"version": member.version})
    assert not BoardMember.objects.filter(officer=person).exists()


@pytest.mark.parametrize("slug", TYPED)
def test_a_row_written_by_mistake_is_removed(officer_client: Client, commune: Area, slug: str) -> None:
    officer_client.post(address("add", commune, slug), TYPED[slug])
    row = MODELS[slug].objects.get(unit=commune)
    url = address("remove", commune, slug, row.pk)

    assert str(row) in officer_client.get(url).content.decode()
    assert officer_client.post(url, {"version": row.version}).status_code == 302

    assert not MODELS[slug].objects.filter(unit=commune).exists()


@pytest.mark.parametrize(
    ("slug", "place"),
    [
        ("departments", "cán bộ (Người 0, Chuyên viên)"),
        ("officers", "thành viên (Người 0, Trưởng ban)"),
        ("boards", "thành viên (Người 0, Trưởng ban)"),
    ],
)
def test_a_row_in_use_stays_and_the_page_says_where(
    officer_client: Client, commune: Area, slug: str, place: str
) -> None:
    row = offices(commune)[slug][0]

    answer = officer_client.post(address("remove", commune, slug, row.pk), {"version": row.version}, follow=True)

    assert f"Chưa xóa được {row}: đang dùng ở {place}." in answer.content.decode()
    assert MODELS[slug].objects.filter(pk=row.pk).exists()


def test_the_page_is_called_as_in_the_menu_and_turns_into_cards(officer_client: Client, commune: Area) -> None:
    offices(commune)

    page = officer_client.get(address("index", commune)).content.decode()

    assert "<h1" in page
    assert "Cán bộ và phân công" not in page
    assert page.count("table-cards") == len(TYPED)


def test_the_page_says_what_was_done(officer_client: Client, commune: Area) -> None:
    answer = officer_client.post(address("add", commune, "officers"), TYPED["officers"], follow=True)
    assert "Đã thêm Người Thử." in answer.content.decode()
    row = Officer.objects.get(unit=commune)
    ended = {"version": row.version, "last_day": "31/12/2024"}
    answer = officer_client.post(address("end", commune, "officers", row.pk), ended, follow=True)
    assert "Đã ghi ngày cuối của Người Thử: 31/12/2024." in answer.content.decode()


def test_a_first_day_after_the_last_is_refused_in_words(officer_client: Client, commune: Area) -> None:
    row = offices(commune)["departments"][0]
    ended = services.office_end(by=None, row=row, version=row.version, last_day=datetime.date(2024, 6, 30))
    typed = TYPED["departments"] | {"valid_from": "01/01/2025", "version": ended.version}

    answer = officer_client.post(address("edit", commune, "departments", row.pk), typed)

    assert answer.status_code == 422
    assert "Ngày cuối không được trước ngày đầu." in answer.content.decode()


def test_an_empty_form_names_what_is_missing(officer_client: Client, commune: Area) -> None:
    answer = officer_client.post(address("add", commune, "officers"), {"x": ""})

    assert answer.context["form"].errors == {
        "full_name": ["Chưa ghi họ và tên."],
        "title": ["Chưa ghi chức vụ."],
        "valid_from": ["Chưa ghi ngày ở ô «Từ ngày»."],
    }
    assert "– Chọn –" in answer.content.decode()
