"""Tables 2 and 3 hold for any population and any history: 9 = 1−2−3−4+5+6+7+8, by household and by person.

First the pure rules over generated ledgers, then whole years of moves, splits, merges and leavings in the database.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.choices import LISTED, Category, ChangeKind, HouseholdClosed
from households.models import Household, ReviewRound
from households.rules.summaries import breaks
from households.rules.transitions import SIGNS, Flow, Presence, Standing, decide, entries
from households.selectors.summaries import summary
from households.selectors.transitions import last_list
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.years import by_household, close, family, happened, periodic, recognise, regular, reviewed

CATEGORIES = [category.value for category in Category]
VILLAGES = st.integers(1, 3)
HEADS = st.integers(1, 12)

standings = st.one_of(
    st.builds(Standing, presence=st.just(Presence.REVIEWED), category=st.sampled_from(CATEGORIES)),
    st.just(Standing(presence=Presence.PENDING)),
    st.just(Standing(presence=Presence.GONE, reason="chuyển đi")),
)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Flow]:
    """Households with where they were, where they are and what the rule says became of them."""
    flows = []
    for _ in range(draw(st.integers(0, 25))):
        before = draw(st.sampled_from(["", Category.POOR, Category.NEAR_POOR]))
        now = draw(standings)
        fate = decide(
            before=before,
            now=now,
            arrival=draw(st.sampled_from(["", "chuyển đến"])),
            was_poor=draw(st.booleans()),
            was_near_poor=draw(st.booleans()),
        )
        assert bool(fate.transition) == bool(before or fate.category in LISTED)
        from_persons = draw(HEADS) if before else 0
        persons = 0 if now.presence is Presence.GONE else draw(HEADS)
        from_village = draw(VILLAGES) if before else None
        change = persons - from_persons if before and fate.category in LISTED else 0
        flows.append(
            Flow(
                village=from_village if from_village and now.presence is Presence.GONE else draw(VILLAGES),
                from_village=from_village,
                category=fate.category,
                from_category=before,
                transition=fate.transition,
                households=1,
                persons=persons,
                from_persons=from_persons,
                grown=max(change, 0),
                shrunk=max(-change, 0),
            )
        )
    return flows


@dataclass(frozen=True)
class Sums:
    households: Counter[tuple[int, int, int]]
    persons: Counter[tuple[int, int, int]]


def sums_of(flows: Iterable[Flow]) -> Sums:
    """By table, column and village; village 0 is the total."""
    households: Counter[tuple[int, int, int]] = Counter()
    persons: Counter[tuple[int, int, int]] = Counter()
    for flow in flows:
        for entry in entries(flow):
            for village in (entry.village, 0):
                households[entry.table, entry.column, village] += entry.households
                persons[entry.table, entry.column, village] += entry.persons
    return Sums(households, persons)


@given(ledgers())
@settings(max_examples=150)
def test_the_formula_row_holds_in_every_village_and_in_total(flows: list[Flow]) -> None:
    sums = sums_of(flows)
    for figures in (sums.households, sums.persons):
        assert min(figures.values(), default=0) >= 0
        for table in (2, 3):
            for village in range(4):
                end = sum(sign * figures[table, column, village] for column, sign in SIGNS.items())
                assert figures[table, 9, village] == end


@given(ledgers())
@settings(max_examples=100)
def test_what_leaves_one_list_for_the_other_arrives_there(flows: list[Flow]) -> None:
    """Table 2 column 2 = table 3 column 5, and table 3 column 2 = table 2 column 5, in every village."""
    sums = sums_of(flows)
    for figures in (sums.households, sums.persons):
        for village in range(4):
            assert figures[2, 2, village] == figures[3, 5, village]
            assert figures[3, 2, village] == figures[2, 5, village]


@given(ledgers())
@settings(max_examples=100)
def test_start_and_end_are_the_lists(flows: list[Flow]) -> None:
    sums = sums_of(flows)
    for table, category in ((2, Category.POOR), (3, Category.NEAR_POOR)):
        for village in (1, 2, 3):
            start = [flow for flow in flows if flow.from_category == category and flow.from_village == village]
            end = [flow for flow in flows if flow.category == category and flow.village == village]
            assert sums.households[table, 1, village] == len(start)
            assert sums.persons[table, 1, village] == sum(flow.from_persons for flow in start)
            assert sums.households[table, 9, village] == len(end)
            assert sums.persons[table, 9, village] == sum(flow.persons for flow in end)


@given(ledgers())
@settings(max_examples=60)
def test_flows_of_alike_households_add_up_to_the_same(flows: list[Flow]) -> None:
    """What the database groups gives the same tables as household by household."""
    grouped: dict[tuple[object, ...], list[Flow]] = {}
    for flow in flows:
        key = (flow.village, flow.from_village, flow.category, flow.from_category, flow.transition)
        grouped.setdefault(key, []).append(flow)
    together = [
        Flow(
            village=rows[0].village,
            from_village=rows[0].from_village,
            category=rows[0].category,
            from_category=rows[0].from_category,
            transition=rows[0].transition,
            households=len(rows),
            persons=sum(row.persons for row in rows),
            from_persons=sum(row.from_persons for row in rows),
            grown=sum(row.grown for row in rows),
            shrunk=sum(row.shrunk for row in rows),
        )
        for rows in grouped.values()
    ]
    assert sums_of(together) == sums_of(flows)


# Years in the database

EVENTS = ("move", "split", "merge", "leave", "nothing")
Year = list[tuple[str, int, str, int]]
years = st.lists(
    st.lists(
        st.tuples(st.sampled_from(EVENTS), st.integers(0, 9), st.sampled_from([*CATEGORIES, "", "out"]), HEADS),
        min_size=3,
        max_size=6,
    ),
    min_size=2,
    max_size=2,
)


class Commune:
    """A unit with three villages whose households live through generated years."""

    def __init__(self, unit: Area) -> None:
        self.unit = unit
        self.villages = [VillageFactory(parent=unit) for _ in range(3)]
        self.households = [family(village) for village in self.villages for _ in range(2)]

    @property
    def open(self) -> list[Household]:
        return [household for household in self.households if household.closed_on is None]

    def live(self, year: int, acts: Year) -> None:
        day = datetime.date(year, 3, 1)
        for event, which, _, _ in acts:
            households = self.open
            if not households:
                return
            one, other = households[which % len(households)], households[(which + 1) % len(households)]
            if event == "move":
                one.village = self.villages[which % 3]
                one.save()
                one.refresh_from_db()
            elif event == "split":
                new = family(one.village)
                happened(new, ChangeKind.SPLIT, day, other=one)
                self.households.append(new)
            elif event == "merge" and one.pk != other.pk:
                happened(other, ChangeKind.MERGED, day, other=one)
                close(one, day, HouseholdClosed.MERGED)
            elif event == "leave":
                close(one, day)

    def review(self, round: ReviewRound, acts: Year) -> None:
        for number, household in enumerate(self.open):
            _, _, result, persons = acts[number % len(acts)]
            if result == "out":
                continue
            reviewed(round, household, result, persons=persons)


@pytest.mark.django_db
@given(history=years, monthly=st.booleans())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_keeps_the_tables_whole(commune: Area, history: list[Year], monthly: bool) -> None:
    with transaction.atomic():
        place = Commune(commune)
        for year, acts in enumerate(history, start=2022):
            place.live(year, acts)
            if monthly:
                month = regular(commune, year, 5)
                place.review(month, acts[::-1][:2])
                check(month)
                recognise(month)
            round = periodic(commune, year)
            place.review(round, acts)
            check(round)
            recognise(round)
            check_official(round)
        transaction.set_rollback(True)


def check(round: ReviewRound) -> None:
    """Everybody on either list once; start, end and formula of tables 2 and 3 agree with the lists."""
    found = by_household(round)
    before = last_list(round).on_list
    listed = {pk for pk, row in found.items() if row.category in LISTED}
    if not round.month:
        assert {pk for pk, row in found.items() if row.transition} == listed | set(before)
    else:
        assert {pk for pk, row in found.items() if row.transition} == listed | set(before) & set(found)
    for number, category in ((2, Category.POOR), (3, Category.NEAR_POOR)):
        table = summary(round=round, table=number, is_official=False)
        assert breaks(table) == []
        line = [cell.value for cell in table.line(None, "households").cells]
        assert line[0] == sum(row.category == category and pk in found for pk, row in before.items())
        assert line[8] == sum(row.category == category for row in found.values())


def check_official(round: ReviewRound) -> None:
    for number in (2, 3, 12):
        official = summary(round=round, table=number, is_official=True)
        assert breaks(official) == []
    poor = [cell.value for cell in summary(round=round, table=2, is_official=True).line(None, "persons").cells]
    rows = round.recognised.filter(is_current=True, category=Category.POOR)
    assert poor[8] == sum(rows.values_list("persons", flat=True))
