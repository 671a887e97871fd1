"""One request and one status for the sweep over every address of a unit."""

import datetime
from typing import Any

from households.choices import RequestKind, StatusKind
from households.models import Household, Request, ReviewRound, Status

CUT_OFF = "2026-01-01"


def request_rows(household: Household, round_pk: int) -> dict[str, dict[str, Any]]:
    """What fills the addresses of ``requests:…``, by name."""
    round = ReviewRound.objects.get(pk=round_pk)
    day = round.starts_on
    common = {"unit": household.unit, "village": household.village, "household": household}
    request = Request.objects.create(
        kind=RequestKind.FORM_01_AVERAGE, received_on=day, due_on=day, applicant="Nguyễn Văn A", **common
    )
    asked = Request.objects.create(
        kind=RequestKind.FORM_01, received_on=day, due_on=day, applicant="Nguyễn Văn A", **common
    )
    status = Status.objects.create(
        kind=StatusKind.AVERAGE_LIVING, request=request, income=1, income_from=datetime.date(2025, 1, 1), **common
    )
    return {
        "request": {"pk": request.pk},
        "request-round": {"pk": asked.pk, "round_pk": round_pk},
        "status": {"pk": status.pk},
        "cut-off": {"day": CUT_OFF},
    }
