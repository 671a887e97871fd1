"""Rows of the registry and the review: search, summary tables, the form, the village."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Member, Review, ReviewRound
from households.rules.summary_layouts import NUMBERS
from households.selectors.registry import households_found
from households.selectors.summaries import summaries
from households.services.reviews import review_save
from tests.bench.commune import CODE, REVIEWED, YEAR, Commune
from tests.bench.measure import Row

MAX_QUERIES = 12
PAGE = 50
WORDS = "inh blo"  # in the middle of names, without accents


def rows() -> Iterator[Row]:
    commune = Commune.make()
    yield search_row(commune)
    yield summaries_row(commune)
    yield from pages(commune)


# Search by any part of a name


def search_row(commune: Commune) -> Row:
    """How many households have such a member, and the first page of them; against an indexed lookup of the same."""
    unit = commune.unit
    hits = [household.pk for household in households_found(unit=unit, words=WORDS)]
    assert hits, "không có ai mang tên ấy"
    print(f"tìm tên trong {Member.objects.filter(unit=unit).count()} người: {len(hits)} hộ")

    def by_key() -> tuple[int, list[int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM households_household WHERE id = ANY(%s)", [hits])
            total = cursor.fetchone()[0]
            cursor.execute(
                "SELECT h.*, v.* FROM households_household h JOIN areas_area v ON v.id = h.village_id"
                " WHERE h.id = ANY(%s) ORDER BY v.position, v.sort_key, h.code, h.id LIMIT %s",
                [hits, PAGE],
            )
            return total, [row[0] for row in cursor.fetchall()]

    def by_name() -> tuple[int, list[int]]:
        found = households_found(unit=unit, words=WORDS)
        return found.count(), [household.pk for household in found[:PAGE]]

    return Row(
        workload="tìm một phần họ tên, trang đầu / tra đúng các hộ ấy theo khóa",
        ours=by_name,
        other=by_key,
        same=_equal,
        bound=3.0,
        rounds=40,
    )


def _equal(ours: Any, other: Any) -> None:
    assert ours == other


# Tables 1–11


GROUPS = """
    SELECT r.village_id, r.category, r.is_ethnic_minority, r.has_no_labour, r.is_merit, coalesce(r.ethnicity_id, 0),
        e.is_minority, count(*), sum(r.persons), sum(f.children), sum(f.children_malnourished),
        sum(f.children_uninsured), sum(f.children_out_of_school)
    FROM households_recognised r JOIN households_review f ON f.id = r.review_id
    LEFT JOIN households_ethnicity e ON e.id = r.ethnicity_id
    WHERE r.round_id = %s AND r.is_current AND r.category IN ('poor', 'near_poor') GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
ANSWERS = """
    SELECT r.village_id, r.category, i.code, count(*)
    FROM households_recognised r JOIN households_answer a ON a.review_id = r.review_id
    JOIN households_indicator i ON i.id = a.indicator_id
    WHERE r.round_id = %s AND r.is_current AND r.category IN ('poor', 'near_poor') AND a.is_deprived GROUP BY 1, 2, 3
"""
CAUSES = """
    SELECT r.village_id, r.category, c.number, count(*)
    FROM households_recognised r JOIN households_reviewcause a ON a.review_id = r.review_id
    JOIN households_cause c ON c.id = a.cause_id
    WHERE r.round_id = %s AND r.is_current AND r.category IN ('poor', 'near_poor') GROUP BY 1, 2, 3
"""
FLOWS = """
    SELECT village_id, coalesce(from_village_id, village_id), category, from_category, transition, count(*),
        sum(persons), sum(from_persons), sum(greatest(persons - from_persons, 0)),
        sum(greatest(from_persons - persons, 0))
    FROM households_recognised WHERE round_id = %s AND is_current AND transition <> '' GROUP BY 1, 2, 3, 4, 5
"""
COUNTS = """
    SELECT DISTINCT ON (village_id) village_id, households, population FROM households_villagecount
    WHERE unit_id = %s AND cut_off <= %s ORDER BY village_id, cut_off DESC
"""
NAMES = (
    "SELECT id, name, kind FROM areas_area WHERE parent_id = %s AND level = 'village' ORDER BY position, sort_key, id"
)
LEFT = {
    "poor_to_near_poor": 2,
    "near_poor_to_poor": 2,
    "poor_to_above": 3,
    "escaped_near_poverty": 3,
    "other_decrease": 4,
}
CAME = {"fell_back": 6, "fell_back_near_poor": 6, "newly_poor": 7, "newly_near_poor": 7, "other_increase": 8}
Found = dict[int, dict[str, int]]


def summaries_row(commune: Commune) -> Row:
    round = commune.round
    assert round.recognised.count() >= REVIEWED
    keys = [[cell.key for line in table.total.lines for cell in line.cells] for table in summaries(round=round)]
    return Row(
        workload=f"biểu 1–11 của {REVIEWED} hộ / SQL viết tay",
        ours=lambda: summaries(round=round),
        other=lambda: by_hand(round, keys),
        same=_same_tables,
        bound=1.5,
        rounds=20,
    )


Rows = list[list[tuple[str, list[int]]]]


def by_hand(round: ReviewRound, keys: list[list[str]]) -> Rows:
    """The rows of every table, each a village with its counts: the least that a person would ask of the database."""
    found, names = figures_by_hand(round)
    return [[(name, [found[village][key] for key in table]) for village, name in names] for table in keys]


def figures_by_hand(round: ReviewRound) -> tuple[Found, list[tuple[int, str]]]:
    with connection.cursor() as cursor:

        def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
            cursor.execute(sql, values)
            return cursor.fetchall()

        names = [(village, name) for village, name, _ in ask(NAMES, round.unit_id)]
        found: Found = {village: defaultdict(int) for village, _ in names}
        for village, households, population in ask(COUNTS, round.unit_id, round.ends_on):
            found[village] |= {"households.all": households, "persons.all": population}
        for row in ask(GROUPS, round.pk):
            _add_group(found[row[0]], row)
        for village, category, code, number in ask(ANSWERS, round.pk):
            found[village][f"households.{category}:deprived:{code}"] += number
            found[village][f"households.{category}:deprivations"] += number
        for village, category, cause, number in ask(CAUSES, round.pk):
            found[village][f"households.{category}:cause:{cause}"] += number
            found[village][f"households.listed:cause:{cause}"] += number
        for row in ask(FLOWS, round.pk):
            _add_flow(found, *row)
    return found, names


def _add_group(figures: dict[str, int], row: tuple[Any, ...]) -> None:
    _, category, minority, no_labour, merit, ethnicity, is_minority, households, persons, *children = row
    codes = [name for name, is_so in (("minority", minority), ("no_labour", no_labour), ("merit", merit)) if is_so]
    codes = codes or ["none"]
    codes += [f"ethnicity:{ethnicity}", "minorities" if is_minority else "majority"]
    for code in ("", *(f":{code}" for code in codes)):
        figures[f"households.{category}{code}"] += households
        figures[f"persons.{category}{code}"] += persons
    for code, number in zip(("", ":malnourished", ":uninsured", ":out_of_school"), children, strict=True):
        figures[f"children.{category}{code}"] += number


def _add_flow(
    found: Found, village: int, old: int, now: str, before: str, transition: str,
    households: int, persons: int, from_persons: int, grown: int, shrunk: int,
) -> None:  # fmt: skip
    tables = {"poor": 2, "near_poor": 3}

    def add(where: int, table: int, column: int, homes: int, heads: int) -> None:
        found[where][f"households.{table}:{column}"] += homes
        found[where][f"persons.{table}:{column}"] += heads

    first, last = tables.get(before), tables.get(now)
    if first:
        add(old, first, 1, households, from_persons)
        if old != village:
            add(old, first, 4, households, from_persons)
            add(village, first, 8, households, from_persons)
        if first != last:
            add(village, first, LEFT[transition], households, from_persons)
    if last and first:
        if first != last:
            add(village, last, 5, households, from_persons)
        add(village, last, 8, 0, grown)
        add(village, last, 4, 0, shrunk)
    elif last:
        add(village, last, CAME[transition], households, persons)
    if last:
        add(village, last, 9, households, persons)


def _same_tables(ours: Any, other: Rows) -> None:
    assert [table.layout.number for table in ours] == list(NUMBERS)
    shown = [
        [(row.place.name, [cell.value or 0 for line in row.lines for cell in line.cells]) for row in table.rows]
        for table in ours
    ]
    assert shown == other
    assert sum(len(counts) for table in shown for _, counts in table) > 1000


# Pages


def pages(commune: Commune) -> Iterator[Row]:
    round, village = commune.village_round
    client = Client()
    client.force_login(commune.officer)
    reviews = list(round.reviews.order_by("pk")[:2])
    form, bare_form = (f"/{start}/{CODE}/{YEAR + 1}/review/forms/household/{reviews[0].pk}/" for start in ("u", "bare"))
    yield Row(
        workload="mở phiếu rà soát / cùng các ô trong khuôn mẫu trơn",
        ours=partial(_page, client, form),
        other=partial(_page, client, bare_form),
        same=_same_fields,
        bound=2.5,
        rounds=40,
    )
    yield Row(
        workload="lưu phiếu rà soát / ghi đúng các dòng ấy bằng SQL",
        ours=saving(commune, reviews[0]),
        other=saving_by_hand(commune, reviews[1]),
        same=_same_points,
        bound=25.0,
        rounds=20,
    )
    listed, bare_list = (f"/{start}/{CODE}/{YEAR + 1}/review/forms/{round.pk}/{village.pk}/" for start in ("u", "bare"))
    yield Row(
        workload="trang thôn 300 hộ / cùng các dòng trong khuôn mẫu trơn",
        ours=partial(_page, client, listed),
        other=partial(_page, client, bare_list),
        same=_same_reviews,
        bound=2.0,
        rounds=20,
    )


def _page(client: Client, address: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    assert len(queries) <= MAX_QUERIES, (address, len(queries))
    return str(response.content.decode())


FIELD = re.compile(r'<(?:input|select|textarea)[^>]*? name="((?!csrf|version|part|q\b)[^"]+)"')
REVIEW = re.compile(r"review-(\d+)")


def _same_fields(ours: str, other: str) -> None:
    assert set(FIELD.findall(other)) <= set(FIELD.findall(ours))
    assert len(set(FIELD.findall(other))) > 30


def _same_reviews(ours: str, other: str) -> None:
    assert REVIEW.findall(ours) == REVIEW.findall(other)
    assert len(REVIEW.findall(ours)) == 300


POINTS = (111, 112)


def saving(commune: Commune, review: Review) -> Callable[[], int]:
    """The whole door: rights, locks, merging, computing twelve answers, category, audit, snapshot."""
    points = cycle(POINTS)

    def save() -> int:
        stored = Review.objects.select_related("unit", "round", "household").get(pk=review.pk)
        saved = review_save(
            by=commune.officer,
            review=stored,
            version=stored.version,
            facts={"note": "đo"},
            answers={},
            b1_score=next(points),
            causes=(1, 2),
            surveyed_on=stored.surveyed_on,
            surveyor="Người Đo",
            is_complete=False,
        )
        return int(saved.b1_score or 0)

    return save


def saving_by_hand(commune: Commune, review: Review) -> Callable[[], int]:
    """One transaction that locks and writes the same rows; triggers keep the audit here, too."""
    points = cycle(POINTS)

    def save() -> int:
        new = next(points)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM households_review WHERE id = %s FOR UPDATE", [review.pk])
            cursor.execute(
                "UPDATE households_review SET b1_score = %s, note = 'đo', surveyor = 'Người Đo' WHERE id = %s",
                [new, review.pk],
            )
            cursor.execute("SELECT * FROM households_answer WHERE review_id = %s", [review.pk])
            cursor.execute("SELECT * FROM households_reviewcause WHERE review_id = %s", [review.pk])
            cursor.execute("SELECT b1_score FROM households_review WHERE id = %s", [review.pk])
            return int(cursor.fetchone()[0])

    return save


def _same_points(ours: int, other: int) -> None:
    assert ours == other
