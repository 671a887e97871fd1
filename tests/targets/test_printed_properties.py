"""Whatever the counts: what the layouts print agrees with itself, and one cell changed is found where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.choices import LayoutName
from targets.layouts import LAYOUTS
from targets.rules.columns import Layout
from targets.rules.figures import Figures, total
from targets.rules.pasted import read
from targets.rules.printed import Place, compare

counts = st.integers(min_value=0, max_value=20_000)


@st.composite
def villages(draw: st.DrawFn) -> Figures:
    poor, near = draw(counts), draw(counts)
    households = poor + near + draw(counts)
    return Figures(
        households=households,
        population=draw(st.integers(0, 90_000)),
        poor_households=poor,
        near_poor_households=near,
        poor_reduction=draw(st.integers(0, poor)),
        near_poor_reduction=draw(st.integers(0, near)),
        expected_households=draw(st.integers(households, households + 500)),
    )


tables = st.lists(villages(), min_size=1, max_size=12)


def places(rows: list[Figures]) -> list[Place]:
    return [Place(name=f"Xóm {number} Núi", kind="thôn", figures=row) for number, row in enumerate(rows, start=1)]


def on_paper(layout: Layout, rows: list[Figures]) -> list[list[str]]:
    lines = [
        [str(number), place.name, *(column.text(column.value(place.figures)) for column in layout.columns)]
        for number, place in enumerate(places(rows), start=1)
    ]
    sums = total(rows)
    return [*lines, ["", "Tổng cộng", *(column.text(column.value(sums)) for column in layout.columns)]]


def pasted(lines: list[list[str]]) -> str:
    return "\n".join("\t".join(cells) for cells in lines)


@pytest.mark.parametrize("name", LayoutName)
@given(rows=tables)
def test_what_a_layout_prints_agrees_with_itself(name: LayoutName, rows: list[Figures]) -> None:
    layout = LAYOUTS[name]
    comparison = compare(read(pasted(on_paper(layout, rows)), layout), layout, places(rows))
    assert (comparison.differences, comparison.remarks) == ((), ())
    assert comparison.cells == (len(rows) + 1) * len(layout.columns)


@pytest.mark.parametrize("name", LayoutName)
@given(rows=tables, data=st.data())
def test_one_wrong_cell_is_found_where_it_stands(name: LayoutName, rows: list[Figures], data: st.DataObject) -> None:
    layout, lines = LAYOUTS[name], on_paper(LAYOUTS[name], rows)
    line = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(layout.columns) - 1))
    lines[line][column + 2] = "777" if layout.columns[column].kind == "rate" else "999.999"
    comparison = compare(read(pasted(lines), layout), layout, places(rows))
    place = "Tổng cộng" if line == len(rows) else f"Thôn Xóm {line + 1} Núi"
    found = {(difference.place, difference.key): difference for difference in comparison.differences}
    assert found[place, layout.columns[column].key].printed == lines[line][column + 2]


@given(st.text(max_size=400), st.sampled_from(list(LayoutName)))
def test_any_text_is_read_without_an_error(text: str, name: LayoutName) -> None:
    rows = [Figures(households=10, poor_households=1, near_poor_households=2)]
    compare(read(text, LAYOUTS[name]), LAYOUTS[name], places(rows))


@given(
    st.lists(st.lists(st.sampled_from(["1", "", "-", "0,5", "Xóm 1 Núi", "Tổng cộng", "9=2/1", "1.000"]), max_size=18))
)
def test_any_cells_are_read_without_an_error(lines: list[list[str]]) -> None:
    rows = [Figures(households=10, poor_households=1, near_poor_households=2)]
    for layout in LAYOUTS.values():
        compare(read(pasted(lines), layout), layout, places(rows))
