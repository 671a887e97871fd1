"""A sample unit's exit registration: how many households of each village registered, chosen out of its poor list."""

import datetime
from typing import Any

from households.choices import Category
from households.models import ExitDrive, ReviewNeed
from households.selectors.rounds import official_list
from households.services import exit_meetings, exits
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area

Facts = dict[str, Any]


def load_exits(unit: Area, facts: Facts) -> None:
    """The drive opened by the system, then village after village its meeting and the households that register."""
    stated = facts["exits"]
    drive = exits.drive_open(by=None, unit=unit, year=stated["year"], on=_day(stated["opened"]), note=stated["note"])
    officer = User.objects.get(username=stated["entered_by"])
    villages = {village.name: village for village in Area.objects.villages_of(unit)}
    for name, said in stated["villages"].items():
        _load_village(drive, villages[name], stated, said, officer)


def _load_village(drive: ExitDrive, village: Area, stated: Facts, said: Facts, officer: User) -> None:
    day = _day(said["on"])
    rows = _nearest(drive, village, day)
    poor = len(rows)
    exit_meetings.meeting_record(
        by=officer,
        drive=drive,
        village=village,
        held_on=day,
        participants=poor + 8,
        households_represented=poor,
        **{name: text.format(village=village) for name, text in stated["meeting"].items()},
    )
    chosen = rows[: said["households"]]
    needs: dict[int, list[str]] = {}
    asked = ReviewNeed.objects.filter(review__in=[row.review_id for row in chosen]).order_by("pk")
    for review, need in asked.values_list("review", "need"):
        needs.setdefault(review, []).append(need)
    signed = len(chosen) - said.get("unsigned", 0)
    exits.registrations_add(
        by=officer,
        drive=drive,
        on=day,
        rows=[
            {"household": row.household, "is_form_signed": place < signed, "needs": needs.get(row.review_id, [])}
            for place, row in enumerate(chosen)
        ],
    )


def _nearest(drive: ExitDrive, village: Area, day: datetime.date) -> list[Any]:
    """Poor households of the village on the list of the day, those that lack least and earn most first."""
    rows = official_list(drive.unit, day).filter(village=village, category=Category.POOR)
    nearest = ("review__b2_score", "-review__b1_score", "household__code")
    return list(rows.select_related("household").order_by(*nearest))


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
