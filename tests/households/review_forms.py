"""Forms of a round: waiting, filled in and saved through the services."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from households.choices import (
    ItemKind,
    ListedBecause,
    ReviewState,
    RoundKind,
    RoundState,
    SheetPurpose,
)
from households.models import (
    Review,
    ReviewRound,
    ScoreItem,
    ScoreOption,
    ScoreSheet,
)
from households.services import reviews as services
from households.services.rounds import review_add, round_open
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.households import build

YEAR = 2024
DAY = datetime.date(2024, 10, 10)
FACTS: dict[str, Any] = {
    "is_wall_durable": True, "is_column_durable": True, "is_roof_durable": True, "floor_area": Decimal("60.0"),
    "water": "tap", "latrine": "none", "devices": ["television"], "note": "",
}  # fmt: skip
# What facts of ``build.household`` do not say; the four of the dwelling and the area are computed.
BY_HAND = ("employment", "dependants", "nutrition", "health_insurance", "adult_education", "child_schooling", "telecom")


def open_round(unit: Area) -> ReviewRound:
    return round_open(by=None, unit=unit, year=YEAR, kind=RoundKind.PERIODIC, standard=build.standard(), **days())


def days() -> dict[str, datetime.date]:
    return {"starts_on": datetime.date(YEAR, 9, 1), "ends_on": datetime.date(YEAR, 12, 14)}


def listed(round: ReviewRound, *, village: Area | None = None, **fields: Any) -> Review:
    """A household that waits for Phiếu B."""
    household = build.household(round.unit, village, **fields)
    review = review_add(by=None, round=round, household=household, because=ListedBecause.ON_LIST)
    assert review.state == ReviewState.TO_SURVEY
    return review


def typed(**changes: Any) -> dict[str, Any]:
    answers = {code: (code in {"employment", "telecom"}, "người dân khai") for code in BY_HAND}
    form: dict[str, Any] = {
        "facts": FACTS, "answers": answers, "b1_score": 128, "surveyed_on": DAY, "surveyor": "Y Thử",
        "is_complete": True,
    }  # fmt: skip
    return form | changes


def save(review: Review, by: User | None = None, **changes: Any) -> Review:
    version = changes.pop("version", review.version)
    return services.review_save(by=by, review=review, version=version, **typed(**changes))


def errors_of(review: Review, **changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        save(review, **changes)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


# --- score sheets -------------------------------------------------------------------------------------------------


def sheet(purpose: str = SheetPurpose.B1) -> ScoreSheet:
    """A sheet of made-up questions: the real points are not ours to invent."""
    found = ScoreSheet.objects.create(
        standard=build.standard(),
        purpose=purpose,
        name="Bảng thử",
        is_active=True,
        valid_from=datetime.date(2022, 1, 1),
    )
    first = ScoreItem.objects.create(sheet=found, code="1", label="Câu một", kind=ItemKind.SINGLE, position=1)
    outcomes = ("stop", "") if purpose == SheetPurpose.QUICK_SCREEN else ("", "")
    for place, (code, points) in enumerate((("a", 100), ("b", 20))):
        ScoreOption.objects.create(
            item=first, code=code, label=code, points=points, position=place, outcome=outcomes[place]
        )
    second = ScoreItem.objects.create(sheet=found, code="2", label="Câu hai", kind=ItemKind.COUNT, position=2)
    ScoreOption.objects.create(item=second, code="n", label="mỗi cái", points=10, maximum=3, position=1)
    return found


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def recognised_before(round: ReviewRound, households: list[Any], **changes: Any) -> None:
    """The year before with one form a household, recognised."""
    span = {"starts_on": datetime.date(YEAR - 1, 9, 1), "ends_on": datetime.date(YEAR - 1, 12, 14)}
    before = services_round(round.unit, span)
    for household in households:
        old = review_add(by=None, round=before, household=household, because="on_list")
        save(old, **{"surveyed_on": datetime.date(YEAR - 1, 10, 10)} | changes)
    Review.objects.filter(round=before).update(state=ReviewState.RECOGNISED, is_frozen=True)
    ReviewRound.objects.filter(pk=before.pk).update(state=RoundState.RECOGNISED, recognised_on=span["ends_on"])


def services_round(unit: Area, span: dict[str, datetime.date]) -> ReviewRound:
    return ReviewRound.objects.create(unit=unit, year=YEAR - 1, kind="periodic", standard=build.standard(), **span)
