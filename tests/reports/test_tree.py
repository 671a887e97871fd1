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


def heads(table: Table) -> list[list[tuple[str, int, int, int]]]:
    return [[(cell.text, cell.place, cell.columns, cell.rows) for cell in row] for row in table.header]


def test_header_puts_neighbours_of_a_group_under_one_cell() -> None:
    columns = (Column(label="TT"), Column(label="Hộ", groups=("Đầu năm",)), Column(label="%", groups=("Đầu năm",)))
    assert heads(Table(columns=columns, formulas=(), rows=())) == [
        [("TT", 0, 1, 2), ("Đầu năm", 1, 2, 1)],
        [("Hộ", 1, 1, 1), ("%", 2, 1, 1)],
    ]


def test_a_header_of_three_levels_covers_every_column_once_in_every_row() -> None:
    """Two groups of the same name apart from each other stay two cells; a label reaches down to the rows."""
    start, within = ("Đầu năm",), ("Đầu năm", "Trong đó")
    columns = (
        Column(label="TT"),
        Column(label="Tổng số", groups=start),
        Column(label="Nghèo", groups=within),
        Column(label="Cận nghèo", groups=within),
        Column(label="Tỷ lệ", groups=start),
        Column(label="Tỷ lệ nghèo", groups=within),
    )
    table = Table(columns=columns, formulas=(), rows=())
    assert heads(table) == [
        [("TT", 0, 1, 3), ("Đầu năm", 1, 5, 1)],
        [("Tổng số", 1, 1, 2), ("Trong đó", 2, 2, 1), ("Tỷ lệ", 4, 1, 2), ("Trong đó", 5, 1, 1)],
        [("Nghèo", 2, 1, 1), ("Cận nghèo", 3, 1, 1), ("Tỷ lệ nghèo", 5, 1, 1)],
    ]
    covered = [
        (level + down, cell.place + aside)
        for level, row in enumerate(table.header)
        for cell in row
        for down in range(cell.rows)
        for aside in range(cell.columns)
    ]
    assert sorted(covered) == [(level, place) for level in range(3) for place in range(6)]


def test_a_table_without_groups_keeps_the_height_of_the_others() -> None:
    assert heads(Table(columns=(Column(label="TT"),), formulas=(), rows=())) == [[("TT", 0, 1, 2)], []]
