"""``manage.py create_unit`` and ``load_areas``."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.national import REFORM, areas_load

GOOD = {"level": "commune", "code": "12345", "name": "Thử Nghiệm", "kind": "xã"}


def run(**options: str) -> str:
    out = StringIO()
    call_command("create_unit", stdout=out, **options)
    return out.getvalue()


def test_a_unit_is_made_and_said_in_one_line(commune: Area) -> None:
    said = run(**GOOD, parent=commune.parent.code, valid_from="01/07/2025")

    assert said == "Đã tạo xã Thử Nghiệm, mã 12345, từ ngày 01/07/2025.\n"
    assert Area.objects.get(code="12345").parent == commune.parent


def test_a_parent_that_began_later_is_taken(commune: Area) -> None:
    run(**GOOD, parent=commune.parent.code, valid_from="1999-01-01")

    assert Area.objects.get(code="12345").parent == commune.parent


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Thiếu --name."),
        ({"level": "village"}, "Cấp «village» không đúng: chọn province, district, commune."),
        ({"code": "1234"}, "Mã xã gồm đúng 5 chữ số, đang là «1234»."),
        ({"code": "1234a"}, "Mã xã gồm đúng 5 chữ số, đang là «1234a»."),
        ({"kind": "thôn"}, "Loại «thôn» không hợp với cấp xã: chọn xã, phường, thị trấn, đặc khu."),
        ({"parent": "12345"}, "Cấp xã trực thuộc tỉnh hoặc huyện; «12345» không phải mã cấp đó."),
        ({"parent": "00"}, "Không có đơn vị cấp trên nào mang mã 00 vào ngày 01/07/2025."),
        ({"valid_from": "31/02/2025"}, "Không có ngày «31/02/2025» trong lịch."),
    ],
)
def test_wrong_input_is_one_sentence(db: None, change: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run(**(GOOD | {"valid_from": "01/07/2025"} | change))

    assert str(refusal.value) == sentence
    assert not Area.objects.exists()


def test_load_areas_says_how_many_were_added(db: None) -> None:
    out = StringIO()
    call_command("load_areas", stdout=out)
    call_command("load_areas", stdout=out)

    assert out.getvalue().splitlines() == ["Đã nạp thêm 3.444 đơn vị.", "Danh mục đơn vị đã đủ."]


def test_loading_leaves_a_unit_made_by_hand_alone(db: None) -> None:
    made = Area.objects.create(
        level=Level.PROVINCE, code="52", name="Tên riêng", kind="tỉnh", valid_from=REFORM, sort_key="x"
    )

    areas_load()

    assert list(Area.objects.filter(level=Level.PROVINCE, code="52").valid_on(REFORM)) == [made]
