"""The two real target tables as their papers print them, head to total, and the counts behind them."""

from targets.rules.figures import Figures

DAI_LANH = """\
TT | Thôn | Tổng số hộ dân cư |  | Hộ nghèo đầu năm
A | B | 1 | 2 | 3 | 4=3/1 | 5 | 6=5/1 | 7 | 8=7/1 | 9 | 10=9/1 | 11 | 12=11/1 | 13 | 14=13/1
1 | Đông Nam | 360 | 1.433 | 0 | 0,00 | 6 | 1,67 | 0 | 0 | 1 | 0,28 | 0 | 0 | 5 | 1,39
2 | Đông Bắc | 426 | 1.639 | 3 | 0,7 | 8 | 1,88 | 1 | 0,23 | 2 | 0,47 | 2 | 0,47 | 6 | 1,41
3 | Tây Bắc 1 | 485 | 1.975 | 2 | 0,41 | 19 | 3,92 | 1 | 0,21 | 5 | 1,03 | 1 | 0,21 | 14 | 2,89
4 | Tây Bắc 2 | 551 | 2.117 | 1 | 0,18 | 14 | 2,54 | 0 | 0 | 2 | 0,36 | 1 | 0,18 | 12 | 2,18
5 | Tây Nam 1 | 690 | 2.794 | 0 | 0,00 | 20 | 2,9 | 0 | 0 | 3 | 0,43 | 0 | 0 | 17 | 2,46
6 | Tây Nam 2 | 510 | 1.940 | 5 | 0,98 | 15 | 2,94 | 0 | 0 | 3 | 0,59 | 5 | 0,98 | 12 | 2,16
 | Tổng cộng | 3.022 | 11.898 | 11 | 0,36 | 82 | 2,71 | 2 | 0,07 | 16 | 0,53 | 9 | 0,29 | 66 | 2,18
"""

SON_THANH = """\
TT | xã, thị trấn | Đầu năm 2025 | Dự kiến cuối năm 2025 (Theo KH huyện giao)
Tổng cộng: xã Sơn Thành | 2.497 | 349 | 426 | 31,04 | 13,98 | 17,06 | 2.538 | 179 | 170 | 77 | 349 | 10,09 | 7,05 | 3,03
1 | Làng Vẹt | 94 | 15 | 27 | 44,68 | 15,96 | 28,72 | 96 | 7 | 8 | 3 | 24 | 10,42 | 7,29 | 3,13
2 | Hà Thành | 475 | 58 | 83 | 29,68 | 12,21 | 17,47 | 483 | 35 | 23 | 15 | 68 | 10,35 | 7,25 | 3,11
3 | Gò Ra | 467 | 75 | 68 | 30,62 | 16,06 | 14,56 | 474 | 33 | 42 | 14 | 54 | 9,92 | 6,96 | 2,95
4 | Gò Rinh | 382 | 55 | 97 | 39,79 | 14,40 | 25,39 | 388 | 27 | 28 | 12 | 85 | 10,05 | 6,96 | 3,09
5 | Gò Chu | 556 | 57 | 75 | 23,74 | 10,25 | 13,49 | 565 | 40 | 17 | 17 | 58 | 10,09 | 7,08 | 3,01
6 | Gò Gạo | 523 | 89 | 76 | 31,55 | 17,02 | 14,53 | 532 | 37 | 52 | 16 | 60 | 9,96 | 6,95 | 3,01
"""

# Typed counts, in the order of ``COUNTS_OF_DAI_LANH`` and ``COUNTS_OF_SON_THANH``.
COUNTS_OF_DAI_LANH = (
    "households",
    "population",
    "poor_households",
    "near_poor_households",
    "poor_reduction",
    "near_poor_reduction",
)
COUNTS_OF_SON_THANH = (
    "households",
    "poor_households",
    "near_poor_households",
    "expected_households",
    "poor_reduction",
    "near_poor_reduction",
)
DAI_LANH_VILLAGES = {
    "Đông Nam": (360, 1433, 0, 6, 0, 1),
    "Đông Bắc": (426, 1639, 3, 8, 1, 2),
    "Tây Bắc 1": (485, 1975, 2, 19, 1, 5),
    "Tây Bắc 2": (551, 2117, 1, 14, 0, 2),
    "Tây Nam 1": (690, 2794, 0, 20, 0, 3),
    "Tây Nam 2": (510, 1940, 5, 15, 0, 3),
}
SON_THANH_VILLAGES = {
    "Làng Vẹt": (94, 15, 27, 96, 8, 24),
    "Hà Thành": (475, 58, 83, 483, 23, 68),
    "Gò Ra": (467, 75, 68, 474, 42, 54),
    "Gò Rinh": (382, 55, 97, 388, 28, 85),
    "Gò Chu": (556, 57, 75, 565, 17, 58),
    "Gò Gạo": (523, 89, 76, 532, 52, 60),
}


def figures(names: tuple[str, ...], villages: dict[str, tuple[int, ...]]) -> dict[str, Figures]:
    return {name: Figures(**dict(zip(names, counts, strict=True))) for name, counts in villages.items()}
