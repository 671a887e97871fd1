"""The rows under a review, as they are and as they were: answers, B1 scores, incomes, causes, needs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from households.choices import SheetPurpose
from households.models import Answer, Review, ReviewCause, ReviewIncome, ReviewNeed, ReviewScore
from households.rules.survey import Typed

# A score of an item: the options chosen, or a number.
Given = tuple[tuple[int | None, Decimal | None], ...]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """``typed``: indicator → (deprived, reason), only what was typed and does not merely follow the facts.
    ``scores``: B1 item → ((option, amount), …); ``incomes``: source → (earners, đồng); ``causes``: cause → True;
    ``needs``: need → note. ``answers``: indicator → deprived as it stands, typed or computed."""

    typed: dict[int, Typed] = field(default_factory=dict)
    scores: dict[int, Given] = field(default_factory=dict)
    incomes: dict[str, tuple[int, int]] = field(default_factory=dict)
    causes: dict[int, bool] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    answers: dict[int, bool | None] = field(default_factory=dict)


KINDS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "answers": (Answer, ("indicator_id", "is_deprived", "computed", "override_reason")),
    "scores": (ReviewScore, ("item_id", "option_id", "amount")),
    "incomes": (ReviewIncome, ("source", "earners", "amount")),
    "causes": (ReviewCause, ("cause_id",)),
    "needs": (ReviewNeed, ("need", "note")),
}
SCORES = {"scores": {"item__sheet__purpose": SheetPurpose.B1}}


def with_parts(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews that bring their rows along, in the same query; read them with ``parts_in``."""
    return reviews.annotate(**{f"part_{kind}": _rows(kind) for kind in KINDS})


def _rows(kind: str) -> ArraySubquery:
    model, names = KINDS[kind]
    rows = model._default_manager.filter(review=OuterRef("pk"), **SCORES.get(kind, {}))
    columns: dict[str, Any] = {name: name for name in names}
    if kind == "scores":
        columns["amount"] = Cast("amount", models.TextField())
    return ArraySubquery(rows.order_by("pk").values(row=JSONObject(**columns)))


def parts_in(review: Review) -> Parts:
    """What a review of ``with_parts`` brought."""
    parts = Parts()
    for kind in KINDS:
        for row in getattr(review, f"part_{kind}"):
            _add(parts, kind, row)
    return parts


def parts_of(reviews: Collection[int]) -> dict[int, Parts]:
    """What is stored under each review: one query for any number."""
    return {row.pk: parts_in(row) for row in with_parts(Review.objects.filter(pk__in=reviews).only("pk"))}


def parts_before(review: Review, version: int) -> Parts:
    """What was stored when the review had this version: every write of rows goes with a version of the review, in
    one act, so the acts of later versions are left out."""
    later = events(Review).filter(pgh_obj_id=review.pk, version__gt=version).values_list("pgh_context_id", flat=True)
    acts = [act for act in later if act is not None]
    parts = Parts()
    for kind in KINDS:
        for row, is_gone in _past_rows(review, kind, acts):
            (_remove if is_gone else _add)(parts, kind, row)
    return parts


def _past_rows(review: Review, kind: str, acts: list[Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    model, names = KINDS[kind]
    rows = events(model).filter(review_id=review.pk, **SCORES.get(kind, {})).exclude(pgh_context_id__in=acts)
    for row in rows.order_by("pgh_id").values(*names, "pgh_label"):
        yield row, row.pop("pgh_label") == "delete"


def events(model: type[models.Model]) -> QuerySet:
    """The audit's rows of the model: each state that a row ever had."""
    return apps.get_model(f"{model._meta.label}Event").objects.all()


def _add(parts: Parts, kind: str, row: dict[str, Any]) -> None:
    if kind == "answers":
        key, deprived, computed = row["indicator_id"], row["is_deprived"], row["computed"]
        parts.answers[key] = deprived
        parts.typed.pop(key, None)
        if deprived is not None and deprived != computed:
            parts.typed[key] = (deprived, row["override_reason"])
    elif kind == "scores":
        held = dict(parts.scores.get(row["item_id"], ()))
        held[row["option_id"]] = None if row["amount"] is None else Decimal(row["amount"])
        parts.scores[row["item_id"]] = tuple(sorted(held.items(), key=lambda pair: pair[0] or 0))
    elif kind == "incomes":
        parts.incomes[row["source"]] = (row["earners"], row["amount"])
    elif kind == "causes":
        parts.causes[row["cause_id"]] = True
    else:
        parts.needs[row["need"]] = row["note"]


def _remove(parts: Parts, kind: str, row: dict[str, Any]) -> None:
    key = row[KINDS[kind][1][0]]
    if kind == "scores":
        left = tuple(pair for pair in parts.scores.pop(key, ()) if pair[0] != row["option_id"])
        if left:
            parts.scores[key] = left
    else:
        getattr(parts, kind).pop(key, None)
        if kind == "answers":
            parts.typed.pop(key, None)
