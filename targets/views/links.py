"""Where a start figure opens: the households of the recognised list behind it."""

from django.urls import reverse

from households.models import ReviewRound
from households.rules.summary_layouts import HOUSEHOLDS, PERSONS, Words, layout

# The figure of table 1 that each start count is.
OF_TABLE_1 = {
    "poor_households": (HOUSEHOLDS, "poor"),
    "near_poor_households": (HOUSEHOLDS, "near_poor"),
    "poor_persons": (PERSONS, "poor"),
    "near_poor_persons": (PERSONS, "near_poor"),
}


def start_links(round: ReviewRound) -> dict[str, str]:
    """By start count the address of its cell in table 1 of the round, for the unit: «…/0/»."""
    columns = {
        (column.measure, column.code): column.number for column in layout(1, Words()).columns if not column.is_rate
    }
    return {
        name: reverse("summaries:cell", args=[round.unit.code, round.year, round.pk, 1, columns[key], "all", 0])
        for name, key in OF_TABLE_1.items()
    }
