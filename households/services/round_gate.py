"""What every write of a round asks first: the round locked and open, days that have come."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from households.choices import RoundState, Step
from households.models import ReviewRound
from povertyplan.core.text import first_upper


def lock_round(round: ReviewRound, *states: str) -> ReviewRound:
    """The round as it is now, locked until the end of the transaction; ValidationError unless in one of ``states``
    (default: open)."""
    row = ReviewRound.objects.select_for_update(of=("self",)).select_related("unit", "standard").get(pk=round.pk)
    if row.state not in (states or (RoundState.OPEN,)):
        raise ValidationError(f"{first_upper(str(row))} {row.get_state_display()} nên không ghi thêm được.")
    return row


def refuse_future(**days: datetime.date | None) -> None:
    """ValidationError on each field whose day has not come yet."""
    today = timezone.localdate()
    late = {
        name: [f"Hôm nay là {today:%d/%m/%Y}; không ghi ngày chưa đến."]
        for name, day in days.items()
        if day and day > today
    }
    if late:
        raise ValidationError(late)


def refuse_done(round: ReviewRound, step: Step) -> None:
    """ValidationError when the step is marked done: it is opened again first, so that what follows it is too."""
    if round.steps.filter(step=step, done_on__isnull=False).exists():
        raise ValidationError(f"Bước «{step.label}» đã xong; mở lại bước này trước khi ghi.")
