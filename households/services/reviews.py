"""The only writes of review forms: Phiếu A, Phiếu B, drafts. ``by=None`` is the system, which enters."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households.choices import ReviewState, RoundState, ScreenResult
from households.models import Answer, Review, ReviewDraft
from households.selectors.parts import parts_before
from households.services.review_parts import parts_merge, parts_write
from households.services.review_scores import screen_write
from households.services.review_work import FACTS, Ground, Work, ground_of, judged, normal, parts_from, shown, worded
from households.services.snapshots import snapshots_refresh
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.core.audit import acting
from povertyplan.core.bulk import learn
from povertyplan.core.text import clean
from povertyplan.core.versions import EditConflict, FieldConflict, last_author, lock_and_merge, save_changes

DRAFT_KEYS, DRAFT_CHARACTERS = 400, 60_000
RELATED = ("round__standard", "household__village", "village", "unit")


def refuse_closed(review: Review) -> None:
    """A form that may not be changed any more, or not here. Raises ValidationError."""
    household = review.household
    if review.is_frozen or (review.round.state != RoundState.OPEN and review.corrects_id is None):
        raise ValidationError(f"Phiếu đã khóa: {review.round} {review.round.get_state_display()}.")
    if review.state == ReviewState.DROPPED:
        raise ValidationError(f"Hộ đã được đưa ra khỏi danh sách rà soát: {review.dropped_because}")
    if household.closed_on is not None:
        because = household.get_closed_because_display()
        raise ValidationError(
            f"Không rà soát hộ đã thôi theo dõi từ ngày {household.closed_on:%d/%m/%Y} ({because}). "
            "Đưa hộ ra khỏi danh sách của đợt."
        )
    if household.unit_id != review.unit_id:
        raise ValidationError("Hộ đã chuyển sang đơn vị khác: rà soát ở đơn vị mới, ở đây đưa ra khỏi danh sách.")


def _refuse_order(review: Review) -> None:
    if review.state == ReviewState.LISTED:
        raise ValidationError("Hộ này phải làm Phiếu A (nhận dạng nhanh) trước Phiếu B.")
    if review.state == ReviewState.SCREENED_OUT:
        raise ValidationError("Phiếu A kết luận không rà soát tiếp. Muốn làm Phiếu B thì sửa Phiếu A trước.")


def _day_errors(review: Review, on: datetime.date | None, field: str) -> dict[str, list[str]]:
    if on is None:
        return {}
    if on > timezone.localdate():
        return {field: [f"Ngày {on:%d/%m/%Y} ở tương lai."]}
    if on < review.round.starts_on:
        return {field: [f"Ngày {on:%d/%m/%Y} trước khi đợt rà soát bắt đầu ({review.round.starts_on:%d/%m/%Y})."]}
    return {}


def _with_author(review: Review, by: User | None) -> list[int]:
    return review.authors if by is None or by.pk in review.authors else [*review.authors, by.pk]


@transaction.atomic
def review_screen(
    *,
    by: User | None,
    review: Review,
    version: int,
    result: str = "",
    answers: Mapping[str, Any] | None = None,
    on: datetime.date | None = None,
) -> Review:
    """Phiếu A: go on to Phiếu B, or stop (Thông tư 07/2021, Phụ lục II).

    ``answers`` (item code → option code, codes or number) decide where a sheet of Phiếu A is loaded; without one the
    result is stated. Raises EditConflict, ValidationError.
    """
    demand(can_enter, by, review.unit)
    day = on or timezone.localdate()
    with acting(by=by, action="review.screen"):
        changes = {"screen_result": result, "screened_on": day}
        row, mine = lock_and_merge(
            Review.objects.select_related(*RELATED), pk=review.pk, version=version, changes=changes
        )
        refuse_closed(row)
        if row.state not in {ReviewState.LISTED, ReviewState.SCREENED_OUT, ReviewState.TO_SURVEY}:
            raise ValidationError("Hộ đã làm Phiếu B; muốn sửa Phiếu A thì rà soát lại từ đầu.")
        if answers:
            mine["screen_result"] = screen_write(row, answers, stated=result)
        found = mine.get("screen_result", row.screen_result)
        errors = _day_errors(row, day, "screened_on")
        if found not in set(ScreenResult):
            errors["result"] = ["Chưa chọn kết quả Phiếu A."]
        if errors:
            raise ValidationError(errors)
        goes_on = found == ScreenResult.CONTINUE
        mine["state"] = ReviewState.TO_SURVEY if goes_on else ReviewState.SCREENED_OUT
        mine["authors"] = _with_author(row, by)
        return save_changes(row, mine)


@transaction.atomic
def review_save(
    *,
    by: User | None,
    review: Review,
    version: int,
    facts: Mapping[str, Any],
    answers: Mapping[str, tuple[bool | None, str]],
    b1_score: int | None = None,
    b1_answers: Mapping[str, Any] | None = None,
    incomes: Iterable[tuple[str, int, int]] = (),
    causes: Iterable[int] = (),
    needs: Iterable[str | tuple[str, str]] = (),
    surveyed_on: datetime.date | None,
    surveyor: str,
    is_complete: bool,
    overrule: int | None = None,
) -> Review:
    """Phiếu B of a household, typed on ``version``.

    ``facts``: fields of the dwelling and ``note``. ``answers``: indicator code → (deprived, reason where it differs
    from what the facts say); absent or None follows the facts. ``incomes``: (source, earners, đồng in 12 months);
    ``causes``: numbers of the standard's list; ``needs``: words of ``Need``, with a note or without.
    What somebody else changed meanwhile stays unless we both changed it: EditConflict, or written over when the
    version still is ``overrule``. A finished form (``is_complete``, or one that was finished before) needs every
    answer, B1, surveyor and day; ValidationError names all that is wrong, by field.
    """
    demand(can_enter, by, review.unit)
    changes = dict(facts) | {"surveyed_on": surveyed_on, "surveyor": clean(surveyor)}
    if b1_answers is None:
        changes["b1_score"] = b1_score
    with acting(by=by, action="review.save"):
        row, mine, conflicts = _locked(review, version, changes)
        refuse_closed(row)
        _refuse_order(row)
        ground = ground_of([row])
        typed, errors = parts_from(
            row, ground, answers=answers, b1_answers=b1_answers, incomes=incomes, causes=causes, needs=needs
        )
        parts = typed
        if row.version != version:
            labels = ground.labels(row)
            parts, more = parts_merge(
                before=parts_before(row, version),
                theirs=ground.parts[row.pk],
                mine=normal(row, mine, typed, ground),
                labels=labels,
                show=shown,
            )
            conflicts += more
        if conflicts and row.version != overrule:
            who, when = last_author(row)
            raise EditConflict(row=row, fields=conflicts, mine=mine, who=who, when=when)
        work = judged(
            row,
            mine,
            parts,
            ground,
            is_complete=is_complete,
            errors=errors | _day_errors(row, surveyed_on, "surveyed_on"),
        )
        if work.errors:
            raise ValidationError(work.errors)
        return _write_one(row, work, by)


def _locked(
    review: Review, version: int, changes: Mapping[str, Any]
) -> tuple[Review, dict[str, Any], list[FieldConflict]]:
    unknown = set(changes) - {*FACTS, "surveyed_on", "surveyor", "b1_score"}
    if unknown:
        raise TypeError(f"no such facts of a review: {sorted(unknown)}")
    rows = Review.objects.select_related(*RELATED)
    try:
        row, mine = lock_and_merge(rows, pk=review.pk, version=version, changes=changes)
    except EditConflict as conflict:
        return cast(Review, conflict.row), dict(conflict.mine), [worded(field) for field in conflict.fields]
    return row, mine, []


def _write_one(row: Review, work: Work, by: User | None) -> Review:
    before = row.version
    saved = save_changes(row, work.changes | {"authors": _with_author(row, by)})
    touched = parts_write([work.written])
    if touched and saved.version == before:
        Review.objects.filter(pk=row.pk).update(version=F("version") + 1)
    if by is not None:
        ReviewDraft.objects.filter(review=row, user=by).delete()
    snapshots_refresh(household_ids=[row.household_id])
    row.refresh_from_db()
    return row


@transaction.atomic
def reviews_save(*, by: User | None, rows: Sequence[Mapping[str, Any]]) -> list[Review]:
    """Many forms at once, by the same rules and with the same number of queries however many they are.

    Each row has the arguments of ``review_save``; ``version`` is optional, and a form that is no longer at that
    version is refused. All or nothing: ValidationError says ``dòng N, mã hộ: …`` for every bad row.
    """
    wanted = {row["review"].pk: row for row in rows}
    with acting(by=by, action="review.save_many"):
        locked = Review.objects.select_related(*RELATED).select_for_update(of=("self",)).filter(pk__in=wanted)
        reviews = list(locked.order_by("pk"))
        for unit in {review.unit for review in reviews}:
            demand(can_enter, by, unit)
        ground = ground_of(reviews)
        numbers = {pk: number for number, pk in enumerate(wanted, start=1)}
        works: list[Work] = []
        errors: list[str] = []
        for review in reviews:
            try:
                works.append(_judged_row(review, wanted[review.pk], ground))
            except ValidationError as error:
                errors += [f"Dòng {numbers[review.pk]}, hộ {review.household.code}: {text}" for text in error.messages]
        if errors:
            raise ValidationError(errors)
        return _write_many(works, by)


def _judged_row(review: Review, row: Mapping[str, Any], ground: Ground) -> Work:
    if row.get("version") not in (None, review.version):
        raise ValidationError("phiếu vừa được người khác sửa; tải lại rồi ghi.")
    refuse_closed(review)
    _refuse_order(review)
    day = row.get("surveyed_on")
    changes = dict(row.get("facts", {})) | {"surveyed_on": day, "surveyor": clean(row.get("surveyor", ""))}
    if row.get("b1_answers") is None:
        changes["b1_score"] = row.get("b1_score")
    typed: Mapping[str, tuple[bool | None, str]] = row.get("answers", {})
    parts, errors = parts_from(
        review,
        ground,
        answers=typed,
        b1_answers=row.get("b1_answers"),
        incomes=row.get("incomes", ()),
        causes=row.get("causes", ()),
        needs=row.get("needs", ()),
    )
    errors |= _day_errors(review, day, "surveyed_on")
    work = judged(review, changes, parts, ground, is_complete=row.get("is_complete", True), errors=errors)
    if work.errors:
        raise ValidationError(work.errors)
    return work


def _write_many(works: Sequence[Work], by: User | None) -> list[Review]:
    reviews = []
    for work in works:
        row = work.written.review
        for name, value in (work.changes | {"authors": _with_author(row, by)}).items():
            setattr(row, name, value)
        reviews.append(row)
    columns = sorted({name for work in works for name in work.changes} | {"authors"})
    Review.objects.bulk_create(reviews, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    touched = parts_write([work.written for work in works])
    learn(reviews, Review, Answer)
    versions = {review.pk: review.version for review in reviews}
    unraised = Review.objects.filter(pk__in=touched)
    stale = [pk for pk, version in unraised.values_list("pk", "version") if version == versions[pk]]
    Review.objects.filter(pk__in=stale).update(version=F("version") + 1)
    snapshots_refresh(household_ids=[review.household_id for review in reviews])
    return list(Review.objects.filter(pk__in=versions).order_by("pk"))


@transaction.atomic
def draft_save(*, by: User, review: Review, base_version: int, data: Mapping[str, Sequence[str]]) -> ReviewDraft:
    """Keep what ``by`` has typed and not saved: the form's fields as the browser sends them. One a person and form."""
    demand(can_enter, by, review.unit)
    refuse_closed(review)
    if len(data) > DRAFT_KEYS or sum(len(text) for texts in data.values() for text in texts) > DRAFT_CHARACTERS:
        raise ValidationError("Bản nháp quá dài.")
    kept = {name: list(texts) for name, texts in data.items()}
    with acting(by=by, action="review.draft"):
        draft, _ = ReviewDraft.objects.update_or_create(
            review=review, user=by, defaults={"unit": review.unit, "base_version": base_version, "data": kept}
        )
    return draft


@transaction.atomic
def draft_drop(*, by: User, review: Review) -> None:
    demand(can_enter, by, review.unit)
    with acting(by=by, action="review.draft_drop"):
        ReviewDraft.objects.filter(review=review, user=by).delete()
