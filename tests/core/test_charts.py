"""Pictures of figures: what is drawn, what is written beside it, and that the text is safe and always the same."""

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from povertyplan.core.charts import NEAR_POOR, POOR, Bar, Chart, Point, Share, Span, Stage, progress, rate_bars, trend
from povertyplan.core.charts.trend import apart

BOTH = (POOR, NEAR_POOR)
NOTHING = Span(start=None, end=None)


def share(part: int, whole: int = 400) -> Share:
    return Share(part=part, whole=whole)


def bars_of(*bars: Bar) -> Chart:
    return rate_bars(title="Tỷ lệ theo thôn", series=BOTH, bars=bars)


def span(start: int, end: int) -> Span:
    return Span(start=share(start), end=share(end))


def written(chart: Chart) -> list[str]:
    """Every line of text in the pictures."""
    trees = [ElementTree.fromstring(picture) for picture in chart.pictures]  # noqa: S314 -- our own text
    return ["".join(node.itertext()) for tree in trees for node in tree.iter() if node.tag.endswith("}text")]


def shapes(chart: Chart, css: str) -> list[ElementTree.Element]:
    trees = [ElementTree.fromstring(picture) for picture in chart.pictures]  # noqa: S314 -- our own text
    return [node for tree in trees for node in tree.iter() if css in node.get("class", "").split()]


def drawn(quota: int | None, plan: int | None, registered: int | None, reached: int | None) -> Chart:
    return progress(
        title="Giảm hộ nghèo",
        series=POOR,
        quota=Stage(word="chỉ tiêu giao", households=quota),
        plan=Stage(word="kế hoạch", households=plan),
        registered=Stage(word="đăng ký", households=registered),
        reached=Stage(word="công nhận", households=reached),
    )


# Bars


def test_a_bar_is_written_out_beside_it_and_its_table_shows_the_division() -> None:
    chart = bars_of(Bar(name="Tây Bắc 1", spans=(span(40, 20), span(8, 6))))
    assert "10,00 → 5,00 %" in written(chart)
    assert chart.rows == (("Tây Bắc 1", "10,00 % = 40/400", "5,00 % = 20/400", "2,00 % = 8/400", "1,50 % = 6/400"),)


def test_bars_share_one_scale() -> None:
    chart = bars_of(
        Bar(name="Tây Bắc 1", spans=(span(40, 20), NOTHING)), Bar(name="Tây Bắc 2", spans=(span(20, 10), NOTHING))
    )
    frames = [node.get("width") for node in shapes(chart, "chart-frame")][1:]
    assert frames == ["30.00%", "15.00%"]


def test_unknown_is_said_and_zero_is_drawn_as_a_thin_bar() -> None:
    chart = bars_of(
        Bar(name="Tây Bắc 1", spans=(NOTHING, span(0, 0))),
        Bar(name="Tây Bắc 2", spans=(Span(start=share(4), end=None), NOTHING)),
    )
    assert {"chưa có", "0,00 → 0,00 %", "1,00 → chưa có"} <= set(written(chart))
    assert chart.rows[0][1:] == ("chưa có", "chưa có", "0,00 % = 0/400", "0,00 % = 0/400")
    assert "1 thôn chưa có số." in chart.sentence


def test_a_rate_of_nothing_is_unknown() -> None:
    assert Share(part=0, whole=0).rate is None
    assert bars_of(Bar(name="Mới", spans=(Span(start=share(0, 0), end=None), NOTHING))).rows[0][1] == "chưa có"


def test_the_sentence_names_the_extremes_or_says_that_all_are_equal() -> None:
    first, second = Bar(name="A", spans=(span(40, 0), span(4, 0))), Bar(name="B", spans=(span(20, 0), span(4, 0)))
    assert bars_of(first, second).sentence == (
        "Hộ nghèo đầu năm: cao nhất A 10,00 %, thấp nhất B 5,00 %. Hộ cận nghèo đầu năm: các thôn bằng nhau, 1,00 %."
    )


def test_a_long_name_is_broken_between_words_and_makes_room() -> None:
    short = bars_of(Bar(name="Làng Groi", spans=(NOTHING, NOTHING)))
    long = bars_of(Bar(name="Tổ dân phố số 12 Trần Hưng Đạo", spans=(NOTHING, NOTHING)))
    assert {"Tổ dân phố số", "12 Trần Hưng", "Đạo"} <= set(written(long))
    height = [int(re.search(r'height="(\d+)"', chart.pictures[0])[1]) for chart in (short, long)]
    assert height[1] > height[0]


def test_many_places_come_in_pieces_that_a_page_may_part() -> None:
    chart = bars_of(*(Bar(name=f"Thôn {number}", spans=(span(number, 0), NOTHING)) for number in range(30)))
    assert len(chart.pictures) == 5
    assert len(chart.rows) == 30
    assert written(chart).count("Hộ nghèo") == 1


def test_nothing_to_draw_draws_nothing() -> None:
    assert bars_of().pictures == ()
    empty = trend(title="Diễn biến", series=BOTH, points=[])
    assert (empty.pictures, empty.sentence) == (
        (),
        "Hộ nghèo: chưa có số năm nào. Hộ cận nghèo: chưa có số năm nào.",
    )


# Trend


def test_a_line_is_broken_where_a_year_is_unknown_and_a_year_without_any_stands_on_the_axis() -> None:
    points = [Point(year=year, shares=(share(year - 2000), share(4))) for year in (2020, 2021, 2023)]
    chart = trend(title="Diễn biến", series=BOTH, points=points)
    assert [row[0] for row in chart.rows] == ["2020", "2021", "2022", "2023"]
    assert chart.rows[2] == ("2022", "chưa có", "chưa có")
    assert len([node for node in shapes(chart, "chart-trend") if "poor" in node.get("class", "").split()]) == 1


def test_the_fall_is_counted_in_points_from_counts_not_from_two_rounded_rates() -> None:
    points = [Point(year=2023, shares=(share(1, 3000),)), Point(year=2024, shares=(share(2, 3000),))]
    chart = trend(title="Diễn biến", series=(POOR,), points=points)
    assert chart.sentence == "Hộ nghèo: năm 2023 0,03 %, năm 2024 0,07 %, tăng 0,03 điểm."


def test_one_year_is_two_marks_and_two_labels() -> None:
    chart = trend(title="Diễn biến", series=BOTH, points=[Point(year=2024, shares=(share(40), share(40)))])
    assert {"Hộ nghèo", "Hộ cận nghèo", "2024"} <= set(written(chart))
    assert shapes(chart, "chart-trend") == []


def test_labels_of_equal_lines_do_not_overlap() -> None:
    chart = trend(
        title="Diễn biến", series=BOTH, points=[Point(year=year, shares=(share(8), share(8))) for year in (2023, 2024)]
    )
    tree = ElementTree.fromstring(chart.pictures[0])  # noqa: S314 -- our own text
    labels = {node.text: int(node.get("y", "0")) for node in tree.iter() if node.get("dx") == "16"}
    assert abs(labels["Hộ nghèo"] - labels["Hộ cận nghèo"]) >= 36


@given(st.lists(st.integers(0, 224), min_size=1, max_size=4).map(sorted))
def test_labels_are_pushed_apart_and_stay_in_the_picture(tops: list[int]) -> None:
    moved = apart(tops, 36, 224)
    assert all(later - earlier >= 36 for earlier, later in pairwise(moved))
    assert moved[0] >= 0
    assert moved[-1] <= 224


# Progress


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (22, "công nhận: 22 hộ, còn thiếu 29 hộ so với chỉ tiêu giao."),
        (51, "51 hộ, đạt chỉ tiêu giao."),
        (60, "60 hộ, vượt 9 hộ so với chỉ tiêu giao."),
    ],
)
def test_progress_says_what_is_left(reached: int, said: str) -> None:
    assert drawn(51, 51, 40, reached).sentence.endswith(said)


def test_progress_without_a_quota_is_measured_against_the_plan_and_a_growth_has_no_bar() -> None:
    chart = drawn(None, 30, None, -5)
    assert chart.headings[2] == "So với kế hoạch (%)"
    assert chart.rows == (
        ("Chỉ tiêu giao", "chưa có", "–"),
        ("Kế hoạch", "30 hộ", "100,00"),
        ("Đăng ký", "chưa có", "–"),
        ("Công nhận", "tăng 5 hộ", "–"),
    )
    assert [node.get("width") for node in shapes(chart, "poor") if "%" in node.get("width", "")] == ["0.00%"]


def test_progress_of_nothing_known_has_no_verdict() -> None:
    assert drawn(None, None, None, None).sentence.endswith("công nhận: chưa có.")
    assert drawn(0, 0, 0, 0).sentence.endswith("công nhận: 0 hộ, đạt chỉ tiêu giao.")


# All of them

CHARTS = (
    bars_of(Bar(name='<script>"Hai & Ba"</script>', spans=(span(40, 20), span(8, 6)))),
    trend(title="<b>", series=BOTH, points=[Point(year=2023, shares=(share(8), share(9)))]),
    drawn(51, 50, 40, 22),
)


@pytest.mark.parametrize("chart", CHARTS, ids=["bars", "trend", "progress"])
def test_a_picture_has_no_style_no_script_and_words_instead_of_itself(chart: Chart) -> None:
    for picture in chart.pictures:
        tree = ElementTree.fromstring(picture)  # noqa: S314 -- our own text
        tags = {node.tag.rpartition("}")[2] for node in tree.iter()}
        assert tags <= {"svg", "title", "desc", "text", "rect", "line", "path"}
        assert not any("style" in node.attrib or "id" in node.attrib for node in tree.iter())
        assert not any(name.startswith("on") for node in tree.iter() for name in node.attrib)
        assert [tree[0].text, tree[1].text] == [chart.title, chart.sentence]
        assert tree.get("role") == "img"


@pytest.mark.parametrize("chart", CHARTS, ids=["bars", "trend", "progress"])
def test_a_page_shows_the_picture_the_sentence_and_the_table(chart: Chart) -> None:
    page = render_to_string("ui/chart.html", {"chart": chart, "level": "2"})
    assert page.count("<svg") == "".join(chart.pictures).count("<svg")
    assert "<script>" not in page
    assert page.count("<tr>") == len(chart.rows) + 1


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), max_size=12))
def test_the_same_figures_give_the_same_text_and_no_fraction_of_a_machine(rows: list[tuple[int, int, int]]) -> None:
    bars = [Bar(name="Thôn", spans=(Span(start=share(a, c), end=share(b, c)), span(b, a))) for a, b, c in rows]
    points = [Point(year=2000 + n, shares=(share(a, c), share(b, c))) for n, (a, b, c) in enumerate(rows)]
    for make in (lambda: bars_of(*bars), lambda: trend(title="Diễn biến", series=BOTH, points=points)):
        text = "".join(make().pictures)
        assert text == "".join(make().pictures)
        assert not re.search(r"\d\.\d{3,}|[0-9]e[-+]", text)
        assert "nan" not in text.lower()


def test_counts_are_whole_and_rates_are_exact() -> None:
    assert share(1, 3).rate == Decimal("33.33")
    assert share(1, 3).division == "33,33 % = 1/3"
