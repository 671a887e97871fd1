"""Markers of the tree and the two header rows of a table."""

from reports.tree import Column, Level, Outline, Table, letter, roman


def test_letters_follow_the_vietnamese_order() -> None:
    assert "".join(letter(number) for number in range(1, 24)) == "abcdđeghiklmnopqrstuvxy"
    assert (letter(24), letter(25)) == ("aa", "ab")


def test_romans() -> None:
    assert [roman(number) for number in (1, 4, 9, 14, 40)] == ["I", "IV", "IX", "XIV", "XL"]


def test_markers_count_by_depth_and_start_again_below_a_higher_one() -> None:
    text = Outline()
    text.heading(Level.SECTION, "MỘT")
    text.heading(Level.CLAUSE, "một")
    text.heading(Level.SUBCLAUSE, "một một")
    text.heading(Level.SUBSUBCLAUSE, "một một một")
    text.item(Level.POINT, "a")
    text.item(Level.POINT, "b")
    text.item(Level.DASH, "gạch")
    text.item(Level.PLUS, "cộng")
    text.item(Level.POINT, "c")
    text.heading(Level.SUBCLAUSE, "một hai")
    text.item(Level.POINT, "a lại")
    text.heading(Level.SECTION, "HAI")
    text.heading(Level.CLAUSE, "một lại")
    assert [block.marker for block in text.blocks] == [
        "I.", "1.", "1.1.", "1.1.1.", "a)", "b)", "-", "+", "c)", "1.2.", "a)", "II.", "1.",
    ]  # fmt: skip


def test_header_puts_neighbours_of_a_group_under_one_cell() -> None:
    columns = (Column(label="TT"), Column(label="Hộ", group="Đầu năm"), Column(label="%", group="Đầu năm"))
    upper, lower = Table(columns=columns, formulas=(), rows=()).header
    assert [(cell.text, cell.columns, cell.rows) for cell in upper] == [("TT", 1, 2), ("Đầu năm", 2, 1)]
    assert [cell.text for cell in lower] == ["Hộ", "%"]
