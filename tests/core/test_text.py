import random
import unicodedata

import pytest

from povertyplan.core.text import clean, clean_lines, legacy_encoding, sort_key

IN_ORDER = [
    "An", "Ân", "Ba", "Bả", "Bá", "Đa", "Đại Lộc", "Đông Bắc", "Đông Nam", "Êa", "Tây Bắc 1", "Tây Bắc 2", "Tây Bắc 10",
    "Tây Nam 1",
]  # fmt: skip


def test_names_sort_as_a_vietnamese_dictionary_does() -> None:
    shuffled = random.sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=sort_key) == IN_ORDER


def test_a_shorter_name_comes_before_the_longer_one() -> None:
    assert sorted(["Ang", "An Bình", "An"], key=sort_key) == ["An", "An Bình", "Ang"]


def test_text_becomes_nfc_with_single_spaces() -> None:
    typed = unicodedata.normalize("NFD", "  Thôn \t Đông\u00a0 Bắc\u200b ")
    assert clean(typed) == "Thôn Đông Bắc"


def test_lines_stay_lines() -> None:
    assert clean_lines("\n a  b \n c\n\n") == "a b\nc"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Tr­ëng th«n", "TCVN3"),
        ("§¹i L·nh x· nghÌo", "TCVN3"),
        ("Coäng hoøa xaõ hoäi", "VNI"),
        ("Cộng hòa xã hội", ""),
        ("xã Sơn Hà", ""),
        ("thôn Tà Lài", ""),
        ("Kon Tum", ""),
        ("", ""),
        ("hòa", ""),
        ("Hà Nam", ""),
        ("Liên", ""),
        ("Hoà Bình", ""),
        ("Thuý Toán Xuân Giáo Hoài Quân Tiêu Uyên", ""),
        ("Công an xã «Tà Lài» · 2026", ""),
        ("Coâng an", "VNI"),
        ("nhaø vaên hoùa", "VNI"),
        ("th«n Trung, x· Hoµ B×nh", "TCVN3"),
    ],
)
def test_old_font_encodings_are_recognised(text: str, encoding: str) -> None:
    assert legacy_encoding(text) == encoding
