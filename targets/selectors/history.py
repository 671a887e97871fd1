"""Who changed what in a target plan, newest first: rows, quotas, movements, and the plan itself.

A page reads its own events only, each with the state before it; nothing is kept twice.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, Value

from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count, format_rate
from targets.models import Movement, Quota, TargetPlan, TargetRow
from targets.rules.figures import COUNTS, FOR_THE_UNIT

DELETED, INSERTED = "delete", "insert"
EMPTY = "trống"


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One field that changed; ``who`` is empty where the change came by no account (a command, raw SQL)."""

    at: datetime.datetime
    who: str
    thing: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class HistoryPage:
    lines: tuple[HistoryLine, ...]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A model of the plan: which fields people change, how its rows are called, how its events find the plan."""

    model: type[models.Model]
    fields: tuple[str, ...]
    thing: Callable[[Any], str]
    related: tuple[str, ...] = ()
    plan: str = "plan"

    @property
    def events(self) -> models.QuerySet[Any]:
        return apps.get_model(f"{self.model._meta.label}Event").objects.all()


def _quota(event: Any) -> str:
    return f"chỉ tiêu được giao: {_choice(Quota, 'issuer', event)}, {_choice(Quota, 'subject', event)}"


def _movement(event: Any) -> str:
    return f"diễn biến năm trước, {event.place or 'cả đơn vị'}: {_choice(Movement, 'transition', event)}"


KINDS = {
    "row": _Kind(
        model=TargetRow, fields=(*COUNTS, "remark"), thing=lambda event: str(event.place), related=("place",)
    ),
    "quota": _Kind(
        model=Quota,
        fields=("households", "rate", "issuer", "subject", "form", "meaning", "paper", "note"),
        thing=_quota,
        related=("paper",),
    ),
    "movement": _Kind(
        model=Movement,
        fields=("households", "persons"),
        thing=_movement,
        related=("place",),
    ),
    "plan": _Kind(
        model=TargetPlan,
        fields=(
            "state", "start_source", "source_paper", "source_note", "cut_off", *FOR_THE_UNIT,
            "layout", "adjusted_because",
        ),
        thing=lambda event: "kế hoạch chỉ tiêu",
        related=("source_paper",),
        plan="pgh_obj",
    ),
}  # fmt: skip


def plan_history(*, unit: Area, year: int, number: int = 1, size: int = 50) -> HistoryPage:
    """Page ``number`` of the events, at most ``size`` of them; six queries at most, however long the history."""
    number = max(number, 1)
    plans = TargetPlan.objects.filter(unit=unit, year=year).values("pk")
    keys = ("pgh_created_at", "pgh_id", "pgh_obj_id", "version", "kind")
    streams = [
        kind.events.filter(**{f"{kind.plan}__in": plans}).order_by().annotate(kind=Value(name)).values(*keys)
        for name, kind in KINDS.items()
    ]
    union = streams[0].union(*streams[1:], all=True).order_by("-pgh_created_at", "-kind", "-pgh_id")
    found = list(union[(number - 1) * size : number * size + 1])
    return HistoryPage(lines=tuple(_lines(found[:size])), number=number, has_next=len(found) > size)


def _lines(found: list[dict[str, Any]]) -> Iterator[HistoryLine]:
    states = {name: _states(KINDS[name], rows) for name, rows in _by_kind(found).items()}
    drafts = []
    for row in found:
        known = states[row["kind"]]
        now = known["at"][row["pgh_id"]]
        before = None if now.pgh_label == INSERTED else known["of"].get((row["pgh_obj_id"], _version_before(now)))
        drafts.append((KINDS[row["kind"]], now, before))
    names = _names(user for _, now, _ in drafts if (user := _user(now)))
    for kind, now, before in drafts:
        for label, old, new in _changes(kind, now, before):
            yield HistoryLine(
                at=now.pgh_created_at,
                who=names.get(_user(now) or 0, ""),
                thing=kind.thing(now),
                label=label,
                old=old,
                new=new,
            )


def _by_kind(found: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    sorted_out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        sorted_out[row["kind"]].append(row)
    return sorted_out


def _states(kind: _Kind, rows: list[dict[str, Any]]) -> dict[str, dict[Any, Any]]:
    """The events of the page and those right before them: every change raises the version by one."""
    wanted = Q()
    for row in rows:
        wanted |= Q(pgh_obj_id=row["pgh_obj_id"], version__in=(row["version"], row["version"] - 1))
    events = list(kind.events.filter(wanted).select_related("pgh_context", *kind.related).order_by("pgh_id"))
    return {
        "at": {event.pgh_id: event for event in events},
        "of": {(event.pgh_obj_id, event.version): event for event in events if event.pgh_label != DELETED},
    }


def _version_before(event: Any) -> int:
    """A deleted row goes as it last was."""
    return int(event.version if event.pgh_label == DELETED else event.version - 1)


def _user(event: Any) -> int | None:
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None


def _names(users: Iterable[int]) -> dict[int, str]:
    rows = apps.get_model("accounts.User").objects.filter(pk__in=set(users))
    return dict(rows.values_list("pk", "full_name"))


def _changes(kind: _Kind, now: Any, before: Any) -> Iterator[tuple[str, str, str]]:
    if now.pgh_label == DELETED:
        yield "xóa", "", ""
        return
    changed = [name for name in kind.fields if _raw(kind, before, name) != _raw(kind, now, name)]
    if not changed and before is None:
        yield "thêm", "", ""
    for name in changed:
        label = str(kind.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        yield label, _text(kind, before, name), _text(kind, now, name)


def _raw(kind: _Kind, event: Any, name: str) -> Any:
    """What is stored, a related row as its key; an empty text is nothing."""
    field: Any = kind.model._meta.get_field(name)
    value = getattr(event, field.attname, None)
    return None if value == "" else value


def _text(kind: _Kind, event: Any, name: str) -> str:
    value = getattr(event, name, None)
    if value is None or value == "":
        return EMPTY
    if kind.model._meta.get_field(name).choices:  # type: ignore[union-attr]
        return _choice(kind.model, name, event)
    if isinstance(value, Decimal):
        return format_rate(value)
    if isinstance(value, int):
        return format_count(value)
    return format_date(value) if isinstance(value, datetime.date) else str(value)


def _choice(model: type[models.Model], name: str, event: Any) -> str:
    value = getattr(event, name)
    return str(dict(model._meta.get_field(name).flatchoices).get(value, value))  # type: ignore[union-attr]
