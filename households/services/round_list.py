"""Which households a round reviews (Quyết định 24/2021, Điều 4: those on the list now and those that ask for it)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from households.choices import ListedBecause, RequestKind, ReviewState, RoundKind, Step
from households.models import Household, Request, Review, ReviewRound
from households.selectors.last_list import last_list
from households.services.round_gate import lock_round
from households.services.snapshots import snapshots_refresh
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.core.audit import acting
from povertyplan.core.bulk import learn
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes

REVIEWED_ON_REQUEST = (RequestKind.FORM_01, RequestKind.FORM_04)


@transaction.atomic
def round_list_fill(*, by: User | None, round: ReviewRound) -> int:
    """Put on the list who is on the last recognised list (periodic rounds) and who has an open request; the number of
    households that came new. Twice is once; who moved away or is no longer followed is left out.

    A household of the last list goes straight to Phiếu B; the others wait for Phiếu A.
    """
    demand(can_enter, by, round.unit)
    with acting(by=by, action="round.list"):
        row = _lock_for_listing(round)
        on_list = set(last_list(row).on_list)
        requests = _open_requests(row)
        wanted = set(requests) | (on_list if row.kind == RoundKind.PERIODIC else set())
        known = set(Review.objects.current().filter(round=row).values_list("household_id", flat=True))
        followed = Household.objects.of_unit(row.unit).followed()
        new = [
            _review(row, pk, village, is_on_list=pk in on_list, request=requests.get(pk))
            for pk, village in followed.filter(pk__in=wanted - known).order_by("pk").values_list("pk", "village_id")
        ]
        Review.objects.bulk_create(new, batch_size=1000)
        learn(new, Review)
        _tie_requests(row, requests, listed=known | {review.household_id for review in new})
        snapshots_refresh(household_ids=[review.household_id for review in new])
    return len(new)


@transaction.atomic
def review_add(
    *,
    by: User | None,
    round: ReviewRound,
    household: Household,
    because: str = ListedBecause.ADDED,
    request: Request | None = None,
) -> Review:
    """One more household on the list; one that was taken off comes back. ValidationError for a household that moved
    away, is no longer followed, or has a form already."""
    demand(can_enter, by, round.unit)
    with acting(by=by, action="review.add"):
        row = _lock_for_listing(round)
        household = Household.objects.select_related("unit").get(pk=household.pk)
        _require_here(row, household)
        if request is not None:
            _require_fitting(row, household, request)
        is_on_list = because == ListedBecause.ON_LIST or household.pk in last_list(row).on_list
        review = Review.objects.current().filter(round=row, household=household).first()
        if review is not None and review.state != ReviewState.DROPPED:
            raise ValidationError({"household": "Hộ này đã có phiếu trong đợt."})
        if review is None:
            review = Review(unit=row.unit, round=row, household=household, village_id=household.village_id)
        changes = {
            "listed_because": because,
            "state": _first_state(is_on_list=is_on_list),
            "dropped_because": "",
            "request": request or review.request,
        }
        review = save_changes(review, changes)
        if review.request is not None:
            Request.objects.filter(pk=review.request.pk, result="").update(round=row)
        snapshots_refresh(household_ids=[household.pk])
        review.refresh_from_db()
    return review


@transaction.atomic
def review_drop(*, by: User | None, review: Review, version: int, reason: str) -> Review:
    """Take a household off the list, with the reason; its form stays to read. Raises EditConflict."""
    demand(can_enter, by, review.unit)
    because = clean(reason)
    if not because:
        raise ValidationError({"reason": "Ghi lý do đưa hộ ra khỏi danh sách."})
    with acting(by=by, action="review.drop"):
        lock_round(review.round)
        changes = {"state": ReviewState.DROPPED, "dropped_because": because}
        reviews = Review.objects.current().filter(is_frozen=False)
        return save_changes(*lock_and_merge(reviews, pk=review.pk, version=version, changes=changes))


def _lock_for_listing(round: ReviewRound) -> ReviewRound:
    row = lock_round(round)
    done = row.steps.filter(step=Step.SURVEY, done_on__isnull=False)
    if done.exists():
        raise ValidationError(
            f"Bước «{Step.SURVEY.label}» đã xong nên danh sách không nhận thêm hộ; mở lại bước này, hoặc để hộ sang đợt"
            " rà soát thường xuyên."
        )
    return row


def _open_requests(round: ReviewRound) -> dict[int, list[Request]]:
    """Open requests for a review by household, oldest first; those that another round has taken stay there."""
    found: dict[int, list[Request]] = {}
    rows = Request.objects.filter(
        unit=round.unit,
        kind__in=REVIEWED_ON_REQUEST,
        result="",
        household__isnull=False,
        received_on__lte=round.ends_on,
    )
    for request in rows.order_by("received_on", "pk"):
        if request.household_id is not None and request.round_id in {None, round.pk}:
            found.setdefault(request.household_id, []).append(request)
    return found


def _review(
    round: ReviewRound, household: int, village: int, *, is_on_list: bool, request: list[Request] | None
) -> Review:
    return Review(
        unit=round.unit,
        round=round,
        household_id=household,
        village_id=village,
        listed_because=ListedBecause.ON_LIST if is_on_list else ListedBecause.REQUEST,
        request=request[0] if request else None,
        state=_first_state(is_on_list=is_on_list),
    )


def _first_state(*, is_on_list: bool) -> str:
    return ReviewState.TO_SURVEY if is_on_list else ReviewState.LISTED


def _tie_requests(round: ReviewRound, requests: dict[int, list[Request]], *, listed: Iterable[int]) -> None:
    """Requests of listed households belong to the round; a form that had none names the first."""
    here = {pk: rows for pk, rows in requests.items() if pk in set(listed)}
    Request.objects.filter(pk__in=[row.pk for rows in here.values() for row in rows], round__isnull=True).update(
        round=round
    )
    bare = list(Review.objects.current().filter(round=round, household__in=here, request__isnull=True))
    for review in bare:
        review.request = here[review.household_id][0]
    Review.objects.bulk_update(bare, ["request"], batch_size=500)


def _require_here(round: ReviewRound, household: Household) -> None:
    if household.unit_id != round.unit_id:
        raise ValidationError({"household": f"{household} đã chuyển sang {household.unit}; rà soát ở nơi đang ở."})
    if household.closed_on is not None:
        day, because = format_date(household.closed_on), household.get_closed_because_display()
        raise ValidationError({"household": f"{household} thôi theo dõi từ {day} ({because}); không rà soát."})


def _require_fitting(round: ReviewRound, household: Household, request: Request) -> None:
    if request.unit_id != round.unit_id or request.household_id != household.pk:
        raise ValidationError({"request": "Giấy đề nghị không phải của hộ này."})
    if request.kind not in REVIEWED_ON_REQUEST:
        raise ValidationError({"request": f"«{request.get_kind_display()}» không xét trong đợt rà soát."})
    if request.result:
        raise ValidationError({"request": "Giấy đề nghị này đã trả kết quả."})
