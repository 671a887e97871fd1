"""Departments, officers, boards and bodies: one pattern, within one unit."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.offices import services
from povertyplan.offices.choices import BoardKind, BodyKind
from povertyplan.offices.models import Board, Department, Officer, OutsideBody
from povertyplan.offices.selectors import accounts_of, offices_in_year
from tests.factories import PaperFactory, VillageFactory, user_with

LAST_DAY = datetime.date(2023, 12, 31)


def test_rows_come_in_the_order_they_were_added(commune: Area, officer: User) -> None:
    for name in ("Phòng Kinh tế", "Phòng Văn hóa"):
        services.office_add(by=officer, unit=commune, model=Department, name=f"  {name} ")

    departments = offices_in_year(commune, 2024).departments
    assert [(row.name, row.position, row.valid_from) for row in departments] == [
        ("Phòng Kinh tế", 1, commune.valid_from),
        ("Phòng Văn hóa", 2, commune.valid_from),
    ]


def test_only_who_may_enter_writes(commune: Area, leader: User) -> None:
    with pytest.raises(PermissionDenied):
        services.office_add(by=leader, unit=commune, model=Department, name="Phòng Kinh tế")


def test_an_ended_row_leaves_later_years_and_stays_in_earlier_ones(commune: Area, officer: User) -> None:
    body = services.office_add(by=officer, unit=commune, model=OutsideBody, name="Hội", kind=BodyKind.FRONT)

    services.office_end(by=officer, row=body, version=body.version, last_day=LAST_DAY)

    assert offices_in_year(commune, 2024).bodies == ()
    assert offices_in_year(commune, 2023).bodies == (body,)


def test_a_row_cannot_end_before_it_began(commune: Area) -> None:
    row = services.office_add(by=None, unit=commune, model=Department, name="Phòng", valid_from=LAST_DAY)

    with pytest.raises(ValidationError, match="Ngày cuối không được trước ngày đầu"):
        services.office_end(by=None, row=row, version=row.version, last_day=datetime.date(2023, 1, 1))


def test_two_corrections_of_one_name_conflict(commune: Area) -> None:
    row = services.office_add(by=None, unit=commune, model=Department, name="Phòng")
    services.office_update(by=None, row=row, version=row.version, name="Phòng A")

    with pytest.raises(EditConflict):
        services.office_update(by=None, row=row, version=row.version, name="Phòng B")


def test_an_officer_works_in_one_house_of_the_same_unit(commune: Area, stranger: User) -> None:
    own = services.office_add(by=None, unit=commune, model=Department, name="Phòng")
    body = services.office_add(by=None, unit=commune, model=OutsideBody, name="Hội", kind=BodyKind.FRONT)
    foreign = services.office_add(by=None, unit=stranger.grants.get().area, model=Department, name="Phòng khác")
    person = {"unit": commune, "model": Officer, "full_name": "Người Thử", "title": "Chuyên viên"}

    with pytest.raises(ValidationError, match="Chọn phòng, ban hoặc cơ quan, đoàn thể, không chọn cả hai"):
        services.office_add(by=None, department=own, body=body, **person)
    with pytest.raises(ValidationError, match="«Phòng khác» không thuộc đơn vị này"):
        services.office_add(by=None, department=foreign, **person)


def test_a_board_cites_a_national_paper_but_none_of_another_unit(commune: Area, stranger: User) -> None:
    board = {"unit": commune, "model": Board, "kind": BoardKind.REVIEW, "name": "Ban Chỉ đạo"}

    assert services.office_add(by=None, paper=PaperFactory(), **board).paper
    with pytest.raises(ValidationError, match="không thuộc đơn vị này"):
        services.office_add(by=None, paper=PaperFactory(unit=stranger.grants.get().area), **board)


def test_a_member_sits_once_and_can_be_taken_off(commune: Area) -> None:
    board = services.office_add(by=None, unit=commune, model=Board, kind=BoardKind.REVIEW, name="Ban Chỉ đạo")
    person = services.office_add(by=None, unit=commune, model=Officer, full_name="Người Thử", title="Chủ tịch")
    member = services.member_add(by=None, board=board, officer=person, role="Trưởng ban")

    with pytest.raises(ValidationError, match="Người này đã là thành viên của ban"):
        services.member_add(by=None, board=board, officer=person, role="Thư ký")
    changed = services.member_update(by=None, member=member, version=member.version, role="Phó Trưởng ban")
    assert str(changed) == "Người Thử, Phó Trưởng ban"
    services.member_remove(by=None, member=member, version=changed.version)
    assert not board.members.exists()


def test_accounts_to_choose_from_work_in_the_unit_or_its_villages(commune: Area, officer: User, stranger: User) -> None:
    head = user_with(Role.VILLAGE_HEAD, VillageFactory(parent=commune))
    above = user_with(Role.REVIEWER, commune.parent)

    assert set(accounts_of(commune)) == {officer, head}
    assert set(accounts_of(commune, or_id=above.pk)) == {officer, head, above}


def test_only_who_may_enter_removes(commune: Area, leader: User) -> None:
    row = services.office_add(by=None, unit=commune, model=Department, name="Phòng")

    with pytest.raises(PermissionDenied):
        services.office_remove(by=leader, row=row, version=row.version)
