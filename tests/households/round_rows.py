"""One round with a row of everything, written straight into the tables: for pages that only have to open."""

import datetime
from typing import Any

from households.choices import (
    Category,
    ListedBecause,
    RecognitionKind,
    ReviewState,
    RoundKind,
    Step,
)
from households.models import (
    Certificate,
    Complaint,
    Household,
    Opinion,
    Posting,
    Recognition,
    Review,
    ReviewRound,
    RoundStep,
    Standard,
    VillageMeeting,
)
from povertyplan.areas.models import Area


def round_rows(unit: Area, village: Area, year: int) -> dict[str, dict[str, Any]]:
    """What fills the addresses of the pages of rounds; the opinion is asked of the unit itself."""
    first, last = datetime.date(year, 9, 1), datetime.date(year, 12, 14)
    standard = Standard.objects.create(code="test", name="Chuẩn thử", valid_from=datetime.date(2020, 1, 1))
    round = ReviewRound.objects.create(
        unit=unit, year=year, kind=RoundKind.PERIODIC, standard=standard, starts_on=first, ends_on=last
    )
    of = {"unit": unit, "round": round}
    RoundStep.objects.bulk_create(
        RoundStep(step=step, position=place, **of) for place, step in enumerate(Step, start=1)
    )
    listed, frozen = (_review(of, village, code) for code in ("H1", "H2"))
    scored = {"state": ReviewState.SURVEYED, "category": Category.POOR}
    Review.objects.filter(pk=frozen.pk).update(is_frozen=True, **scored)
    correction = Review.objects.create(
        household=frozen.household,
        village=village,
        listed_because=ListedBecause.ADDED,
        corrects=frozen,
        is_current=False,
        **scored,
        **of,
    )
    posting = Posting.objects.create(village=village, place="Nhà văn hóa", starts_on=first, ends_on=last, **of)
    complaint = Complaint.objects.create(
        village=village, complainant="Người Thử", content="Thử", received_on=first, due_on=last, **of
    )
    meeting = VillageMeeting.objects.create(
        village=village, held_on=first, place="Nhà văn hóa", chair="Người Thử", secretary="Người Thử", participants=1,
        households_represented=1, households_listed=1, **of,
    )  # fmt: skip
    opinion = Opinion.objects.create(asked_of=unit, addressee="Cấp trên", sent_on=first, poor=1, near_poor=0, **of)
    decision = Recognition.objects.create(kind=RecognitionKind.INITIAL, on=last, **of)
    certificate = Certificate.objects.create(
        unit=unit, household=listed.household, number=1, year=year, issued_on=last, recognition=decision
    )
    return {
        "round": {"pk": round.pk},
        "round-step": {"pk": round.pk, "step": Step.SURVEY.value},
        "round-village": {"pk": round.pk, "village_pk": village.pk},
        "round-review": {"pk": round.pk, "review_pk": listed.pk},
        "round-frozen": {"pk": round.pk, "review_pk": frozen.pk},
        "round-correction": {"pk": round.pk, "review_pk": correction.pk},
        "round-posting": {"pk": round.pk, "posting_pk": posting.pk},
        "round-meeting": {"pk": round.pk, "meeting_pk": meeting.pk},
        "round-complaint": {"pk": round.pk, "complaint_pk": complaint.pk},
        "round-decision": {"pk": round.pk, "recognition_pk": decision.pk},
        "opinion": {"pk": opinion.pk},
        "certificate": {"pk": certificate.pk},
        "review": {"pk": listed.pk},
    }


def _review(of: dict[str, Any], village: Area, code: str) -> Review:
    home = Household.objects.create(unit=of["unit"], village=village, code=code, opened_on=village.valid_from)
    return Review.objects.create(
        household=home, village=village, listed_because=ListedBecause.ADDED, head_name=f"Chủ hộ {code}", **of
    )
