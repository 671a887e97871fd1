"""What was submitted and decided, what changed between two versions, who made the figures, what others said."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from households.choices import ParameterCode
from households.selectors.law import parameters
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach
from povertyplan.core.text import first_upper
from targets.choices import PlanState, VersionState
from targets.models import Comment, PlanVersion, TargetPlan, TargetRow, VersionRow
from targets.rules.figures import COUNTS, FOR_THE_UNIT

# What an approval says «yes» to: who wrote any of it since the version in force is a maker of the next.
MADE_OF = ("TargetRow", "Movement", "Quota", "IndicatorTarget")
# Of these a version keeps no copy: an adjustment that touched them cannot be taken back.
NOT_KEPT = {"Movement": "diễn biến năm trước", "Quota": "chỉ tiêu được giao", "IndicatorTarget": "chỉ tiêu khác"}
# Acts that make no figures, though dropping an adjustment writes the old ones back; ``services.review`` names them so.
DECISIONS = tuple(
    f"target_plan.{act}" for act in ("return", "approve", "forward", "approve_above", "return_above", "adjust", "drop")
)
# Of an open comment, its row and its author: what a line of it shows.
OPEN_COMMENT = (
    *("version", "column", "text", "at", "closed_at", "closed_by", "answer"),
    *("row__place__kind", "row__place__name", "by__full_name", "by__username"),
)


def versions_of(plan: TargetPlan) -> QuerySet[PlanVersion]:
    """All that was submitted, the newest first, with who submitted and decided. One query."""
    people = ("submitted_by", "decided_by", "above_by", "paper")
    return PlanVersion.objects.filter(plan=plan).select_related(*people).order_by("-number")


def approval_above_needed(unit: Area, day: datetime.date) -> bool:
    """Whether the province asks that the level above approves what its communes approved; not, while it says nothing.

    One query for a commune, none for a unit of a higher level.
    """
    if unit.level != Level.COMMUNE:
        return False
    return parameters(unit=unit, day=day).get(ParameterCode.TARGETS_APPROVED_ABOVE, 0) == 1


def table_to_approve(*, unit: Area, year: int) -> TargetPlan | None:
    """The unit's table of the year while it is not approved, or is being adjusted; None where nothing is in the way.

    A plan without any figure is no table: it only keeps quotas and goals. One query.
    """
    known = TargetRow.objects.filter(plan=OuterRef("pk")).exclude(**{f"{name}__isnull": True for name in COUNTS})
    found = TargetPlan.objects.filter(unit=unit, year=year).exclude(state=PlanState.APPROVED)
    return found.filter(Q(in_force__isnull=False) | Exists(known)).select_related("in_force").first()


def authors_of(plan: TargetPlan) -> set[int]:
    """Who typed, imported, allocated or submitted anything of the plan since the version in force, from the audit.

    Two queries. The system is nobody.
    """
    since = _since(plan)
    acts = [_events("TargetPlan").filter(since, pgh_obj=plan.pk)]
    acts += [_events(name).filter(since, plan=plan.pk) for name in MADE_OF]
    made = [events.exclude(pgh_context__metadata__action__in=DECISIONS) for events in acts]
    first, *others = (events.values_list("pgh_context__metadata__user") for events in made)
    return {user for (user,) in first.union(*others) if user is not None}


def changed_beside_rows(plan: TargetPlan) -> list[str]:
    """Parts of the plan, in words, that were written since the version in force and of which it keeps no copy."""
    since = _since(plan)
    return [word for name, word in NOT_KEPT.items() if _events(name).filter(since, plan=plan.pk).exists()]


def _events(name: str) -> QuerySet[Any]:
    return apps.get_model(f"targets.{name}Event")._default_manager.all()


def _since(plan: TargetPlan) -> Q:
    """Events from the submission of the version in force on; all of them while there is none."""
    if plan.in_force_id is None:
        return Q()
    submission = _events("PlanVersion").filter(pgh_obj=plan.in_force_id).aggregate(at=Min("pgh_created_at"))
    return Q(pgh_created_at__gte=submission["at"])


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One cell of two versions; ``place`` is empty for a figure of the unit as a whole."""

    place: str
    label: str
    old: int | str | None
    new: int | str | None


def changes_between(old: PlanVersion | None, new: PlanVersion) -> tuple[Difference, ...]:
    """Cells that differ, in the order of the places and columns; none where there is nothing to compare with.

    A place that only one of them has differs in every count it has. One query.
    """
    if old is None:
        return ()
    rows = VersionRow.objects.filter(version__in=(old.pk, new.pk)).select_related("place")
    by_place: dict[Area, dict[int, VersionRow]] = {}
    for row in rows.order_by("place__position", "place__sort_key", "place_id"):
        by_place.setdefault(row.place, {})[row.version_id] = row
    found = [
        difference
        for place, pair in by_place.items()
        for difference in _differences(str(place), pair.get(old.pk), pair.get(new.pk), (*COUNTS, "remark"))
    ]
    return (*found, *_differences("", old, new, FOR_THE_UNIT))


def _differences(place: str, old: Any, new: Any, names: Sequence[str]) -> Iterable[Difference]:
    for name in names:
        before, after = _known(old, name), _known(new, name)
        if before != after:
            yield Difference(place=first_upper(place), label=label_of(name), old=before, new=after)


def _known(row: Any, name: str) -> int | str | None:
    value: int | str | None = getattr(row, name, None)
    return None if value == "" else value


def label_of(column: str) -> str:
    """The name of a count, to open a line."""
    return first_upper(str(TargetRow._meta.get_field(column).verbose_name))  # type: ignore[union-attr]


def last_return(plan: TargetPlan) -> PlanVersion | None:
    """The version that was returned last, with the reason; None where nothing was."""
    returned = PlanVersion.objects.filter(plan=plan).exclude(returned_because="")
    return returned.select_related("decided_by", "above_by").order_by("-number").first()


@dataclass(frozen=True, kw_only=True)
class CommentLine:
    """A remark as pages show it: ``where`` in words, ``cell`` as «row pk.column» (column empty: the line).

    ``row_id`` leads to the line on the page of the table; None for a remark on the whole of it.
    """

    pk: int
    version: int
    where: str
    row_id: int | None
    cell: str
    text: str
    by: str
    by_id: int
    at: datetime.datetime
    closed_at: datetime.datetime | None
    closed_by: str
    answer: str


def comments_of(plan: TargetPlan) -> list[CommentLine]:
    """Every remark on the table, those still open first, the newest first. One query."""
    rows = Comment.objects.filter(plan=plan).select_related("row__place", "by", "closed_by").order_by("-at", "-pk")
    return sorted((_line(row) for row in rows), key=lambda line: line.closed_at is not None)


def open_comments(plan: TargetPlan) -> list[CommentLine]:
    """Remarks that the unit has not dealt with yet. One query."""
    rows = (
        Comment.objects.filter(plan=plan, closed_at__isnull=True).select_related("row__place", "by").only(*OPEN_COMMENT)
    )
    return [_line(row) for row in rows.order_by("-at", "-pk")]


def remarked_cells(comments: Iterable[CommentLine]) -> dict[str, list[CommentLine]]:
    """Open remarks by cell: «row pk.column», or «row pk.» for a line; those on the whole table are left out."""
    found: dict[str, list[CommentLine]] = {}
    for comment in comments:
        if comment.cell and comment.closed_at is None:
            found.setdefault(comment.cell, []).append(comment)
    return found


def _line(comment: Comment) -> CommentLine:
    where = "Cả bảng"
    if comment.row is not None:
        where = comment.row.place.title
        if comment.column:
            where = f"{where}, {label_of(comment.column).lower()}"
    return CommentLine(
        pk=comment.pk,
        version=comment.version,
        where=where,
        row_id=comment.row_id,
        cell=f"{comment.row_id}.{comment.column}" if comment.row_id else "",
        text=comment.text,
        by=str(comment.by),
        by_id=comment.by_id,
        at=comment.at,
        closed_at=comment.closed_at,
        closed_by=str(comment.closed_by) if comment.closed_by_id else "",
        answer=comment.answer,
    )


def version_to_decide(plan: TargetPlan) -> PlanVersion | None:
    """The version that waits for a decision, with who submitted it."""
    waiting = PlanVersion.objects.filter(plan=plan, state__in=(VersionState.SUBMITTED, VersionState.FORWARDED))
    return waiting.select_related("submitted_by", "decided_by", "paper").order_by("-number").first()


def version_to_judge(*, unit: Area, year: int) -> PlanVersion | None:
    """The version that waits, else the one in force, with its plan: what a leader or the level above looks at."""
    states = (VersionState.SUBMITTED, VersionState.FORWARDED, VersionState.APPROVED)
    rows = PlanVersion.objects.filter(unit=unit, plan__year=year, state__in=states)
    return rows.select_related("plan__in_force", "submitted_by", "paper").order_by("-number").first()


def forwarded_to(user: User, *, within: Area | None = None) -> QuerySet[TargetPlan]:
    """Tables of communes that wait for the level above, where the user acts as that today; the oldest first.

    An area that has ended gives nothing to decide. One query.
    """
    today = timezone.localdate()
    areas = [
        grant.area_id
        for grant in user.grants_today
        if grant.role == Role.REVIEWER and (grant.area.valid_to is None or grant.area.valid_to >= today)
    ]
    found = TargetPlan.objects.filter(state=PlanState.FORWARDED, unit__level=Level.COMMUNE)
    found = found.filter(unit__in=Reach.objects.filter(area__in=areas).values("reached"))
    if within is not None:
        found = found.filter(unit__in=Reach.objects.filter(area=within).values("reached"))
    return found.select_related("unit").annotate(sent_at=Max("versions__decided_at")).order_by("sent_at", "pk")


def names_of(users: Iterable[int]) -> list[str]:
    """Names of accounts, in order."""
    return [str(user) for user in User.objects.filter(pk__in=list(users)).order_by("sort_key", "pk")]
