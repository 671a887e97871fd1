"""A status asked for and found, step by step through the services."""

import datetime
from typing import Any

from households.choices import (
    Channel,
    RequestKind,
)
from households.models import Household, Request, Status
from households.services.requests import request_register
from households.services.statuses import (
    status_assess,
)
from povertyplan.accounts.models import User

RECEIVED = datetime.date(2025, 3, 10)
FROM = datetime.date(2024, 3, 1)
AVERAGE = 2_000_000 * 12 * 4


def asked(home: Household, kind: str = RequestKind.FORM_01_AVERAGE, **changes: Any) -> Request:
    return request_register(
        by=None,
        unit=home.unit,
        kind=kind,
        channel=Channel.COUNTER,
        received_on=RECEIVED,
        village=home.village,
        household=home,
        applicant="Nguyễn Văn A",
        member=home.members.order_by("position").first() if kind == RequestKind.LOW_INCOME else None,
        **changes,
    )


def assessed(request_: Request, by: User | None = None, **changes: Any) -> Status:
    values: dict[str, Any] = {"income": AVERAGE, "income_from": FROM, "persons": 4, "is_rural_work": True}
    return status_assess(by=by, request=request_, **(values | changes))
