"""The rows under a review merged and written as a whole: answers, B1 scores, incomes, causes, needs."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from households.choices import IncomeSource, Need, SheetPurpose
from households.models import Answer, Review, ReviewCause, ReviewIncome, ReviewNeed, ReviewScore
from households.rules.merging import merge
from households.rules.survey import Resolved
from households.selectors.parts import Parts
from povertyplan.core.versions import FieldConflict

BATCH = 20_000


@dataclass(frozen=True, kw_only=True)
class Labels:
    """How a conflict names a row: indicators and items by their id."""

    indicators: Mapping[int, str]
    causes: Mapping[int, str]
    items: Mapping[int, str] = field(default_factory=dict)


KINDS = ("typed", "scores", "incomes", "causes", "needs")


def parts_merge(
    *, before: Parts, theirs: Parts, mine: Parts, labels: Labels, show: Callable[[str, Any], Any]
) -> tuple[Parts, list[FieldConflict]]:
    """Both people's changes; where both changed a row differently, a conflict with both values, shown by ``show``."""
    merged: dict[str, Any] = {}
    conflicts: list[FieldConflict] = []
    for kind in KINDS:
        ours, stored = getattr(mine, kind), getattr(theirs, kind)
        merged[kind], clashes = merge(before=getattr(before, kind), theirs=stored, mine=ours)
        conflicts += [
            FieldConflict(
                name=f"{kind}-{key}",
                label=_label(kind, key, labels),
                theirs=show(kind, stored.get(key)),
                mine=show(kind, ours.get(key)),
            )
            for key in clashes
        ]
    return Parts(**merged), conflicts


def _label(kind: str, key: Hashable, labels: Labels) -> str:
    if kind == "typed":
        return labels.indicators.get(key, "chỉ số")  # type: ignore[call-overload]
    if kind == "scores":
        return labels.items.get(key, "câu hỏi B1")  # type: ignore[call-overload]
    if kind == "causes":
        return labels.causes.get(key, "nguyên nhân")  # type: ignore[call-overload]
    words = IncomeSource if kind == "incomes" else Need
    return str(words(key).label) if key in set(words) else str(key)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a review shall hold: its rows, the answers as resolved, the points of each score item."""

    review: Review
    stored: Parts
    parts: Parts
    answers: Mapping[int, Resolved]
    points: Mapping[tuple[int, int | None], int] = field(default_factory=dict)


def parts_write(written: Collection[Written]) -> set[int]:
    """Bring the rows of the reviews to what they shall be, at most four statements a table; reviews that changed."""
    touched = _write_answers(written)
    touched |= _write_scores(written)
    touched |= _replace(
        ReviewIncome,
        "source",
        ("earners", "amount"),
        {(w.review, key): value for w in written for key, value in w.parts.incomes.items()},
        {(w.review, key): value for w in written for key, value in w.stored.incomes.items()},
    )
    touched |= _replace(
        ReviewCause,
        "cause_id",
        (),
        {(w.review, key): () for w in written for key in w.parts.causes},
        {(w.review, key): () for w in written for key in w.stored.causes},
    )
    touched |= _replace(
        ReviewNeed,
        "need",
        ("note",),
        {(w.review, key): (note,) for w in written for key, note in w.parts.needs.items()},
        {(w.review, key): (note,) for w in written for key, note in w.stored.needs.items()},
    )
    return touched


ANSWER = ("is_deprived", "computed", "why", "override_reason")


def _write_answers(written: Collection[Written]) -> set[int]:
    ids = [w.review.pk for w in written]
    stored = {
        (row.review_id, row.indicator_id): tuple(getattr(row, name) for name in ANSWER)
        for row in Answer.objects.filter(review__in=ids)
    }
    wanted = {
        (w.review, indicator): (answer.is_deprived, answer.computed, answer.why[:300], answer.override_reason)
        for w in written
        for indicator, answer in w.answers.items()
    }
    changed = [
        Answer(review=review, unit_id=review.unit_id, indicator_id=indicator, **dict(zip(ANSWER, values, strict=True)))
        for (review, indicator), values in wanted.items()
        if stored.get((review.pk, indicator)) != values
    ]
    Answer.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["review", "indicator"],
        update_fields=list(ANSWER),
    )
    return {row.review_id for row in changed}


def _write_scores(written: Collection[Written]) -> set[int]:
    """Scores of an item are few: those of a review that changed are written anew."""
    changed = [w for w in written if w.parts.scores != w.stored.scores]
    if not changed:
        return set()
    ReviewScore.objects.filter(review__in=[w.review.pk for w in changed], item__sheet__purpose=SheetPurpose.B1).delete()
    rows = [
        ReviewScore(
            review=w.review,
            unit_id=w.review.unit_id,
            item_id=item,
            option_id=option,
            amount=amount,
            points=w.points.get((item, option), 0),
        )
        for w in changed
        for item, given in w.parts.scores.items()
        for option, amount in given
    ]
    ReviewScore.objects.bulk_create(rows, batch_size=BATCH)
    return {w.review.pk for w in changed}


def _replace(
    model: Any,
    key: str,
    values: tuple[str, ...],
    wanted: Mapping[tuple[Review, Any], tuple[Any, ...]],
    stored: Mapping[tuple[Review, Any], tuple[Any, ...]],
) -> set[int]:
    gone = [pair for pair in stored if pair not in wanted]
    new = {pair: held for pair, held in wanted.items() if stored.get(pair) != held}
    if gone:
        _delete(model, key, gone)
    rows = [
        model(review=review, unit_id=review.unit_id, **{key: name}, **dict(zip(values, held, strict=True)))
        for (review, name), held in new.items()
    ]
    options: dict[str, Any] = {"ignore_conflicts": True}
    if values:
        unique = ["review", key.removesuffix("_id")]
        options = {"update_conflicts": True, "unique_fields": unique, "update_fields": list(values)}
    model._default_manager.bulk_create(rows, batch_size=BATCH, **options)
    return {review.pk for review, _ in [*gone, *new]}


def _delete(model: Any, key: str, pairs: Iterable[tuple[Review, Any]]) -> None:
    by_key: dict[Any, list[int]] = {}
    for review, name in pairs:
        by_key.setdefault(name, []).append(review.pk)
    doomed = models.Q()
    for name, reviews in by_key.items():
        doomed |= models.Q(**{key: name, "review__in": reviews})
    model._default_manager.filter(doomed).delete()
