"""The only writes of the law: the shipped facts, their confirmation, and what a province sets for itself."""

import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from households.choices import ParameterCode, RoundKind
from households.models import (
    Cause,
    Dimension,
    Ethnicity,
    EthnicityAlias,
    Indicator,
    OpinionAddressee,
    Parameter,
    Standard,
    StandardIndicator,
    StepWindow,
)
from households.models.law import LegalRow
from households.permissions import demand_law
from households.selectors.law import ethnicity_key
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from povertyplan.papers.national import shipped_papers
from povertyplan.papers.rules import split_number
from povertyplan.papers.services import paper_add

SHIPPED = Path(settings.BASE_DIR) / "fixtures" / "law"
PARTS = ("dimensions", "causes")
# What may be put right while a fact is confirmed: the figures and words of each kind of row.
FIGURES: dict[type[LegalRow], tuple[str, ...]] = {
    Standard: (
        "income_rural",
        "income_urban",
        "near_income_rural",
        "near_income_urban",
        "average_rural",
        "average_urban",
        "b1_rural",
        "b1_urban",
        "b1_always_rural",
        "b1_always_urban",
        "b2_poor",
        "b2_points",
        "poor_indicators",
        "is_provisional",
    ),
    StandardIndicator: ("threshold",),
    Cause: ("name",),
    Parameter: ("value",),
    StepWindow: (),
    OpinionAddressee: ("title", "via"),
}


def shipped_law(name: str) -> list[dict[str, Any]]:
    """Rows of one file of ``fixtures/law``."""
    rows: list[dict[str, Any]] = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def law_load() -> int:
    """Store the shipped facts that are missing; returns how many were added. What is stored is never changed."""
    with acting(by=None, action="law.load"):
        added = _ethnicities() + _create(Indicator, shipped_law("indicators"), known=("code",))
        files = ("standards", "parameters", "step_windows", "opinion_addressees")
        shipped = {name: shipped_law(name) for name in files}
        papers = _papers(_cited(shipped))
        added += _standards(shipped["standards"], papers)
        added += _create(Parameter, _cite(shipped["parameters"], papers), known=("code", "area", "valid_from"))
        added += _create(StepWindow, _cite(shipped["step_windows"], papers), known=("kind", "step", "area"))
        addressees = _cite(shipped["opinion_addressees"], papers)
        return added + _create(OpinionAddressee, addressees, known=("level", "area"))


def _cited(value: Any) -> set[str]:
    """Every ``paper`` named anywhere in the shipped rows."""
    if isinstance(value, dict):
        own = {value["paper"]} if value.get("paper") else set()
        return own.union(*(_cited(part) for part in value.values()))
    return set().union(*(_cited(part) for part in value)) if isinstance(value, list) else set()


def _papers(cited: set[str]) -> dict[str, Paper]:
    """National papers by the number they are cited by; those not yet stored are added."""
    wanted = {split_number(number, ""): number for number in cited}
    shipped = [row for row in shipped_papers() if (row["number"], row["notation"]) in wanted]
    notations = [notation for _, notation in wanted]
    stored = {
        (paper.number, paper.notation): paper
        for paper in Paper.objects.filter(unit__isnull=True, notation__in=notations)
    }
    for row in shipped:
        key = (row["number"], row["notation"])
        if key not in stored:
            stored[key] = paper_add(by=None, unit=None, **row)
    return {number: stored[key] for key, number in wanted.items()}


def _cite(rows: Iterable[Mapping[str, Any]], papers: Mapping[str, Paper]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if name not in PARTS}
        | {"paper_id": papers[row["paper"]].pk if row.get("paper") else None, "paper": None}
        for row in rows
    ]


def _create(model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, known: tuple[str, ...]) -> int:
    """Add the rows whose ``known`` fields no row has yet. A national row has no area."""
    manager = model._default_manager
    stored = set(manager.values_list(*known))
    missing = [
        {name: value for name, value in row.items() if name != "paper"}
        for row in rows
        if tuple(_read(model, name, row.get(name)) for name in known) not in stored
    ]
    return len(manager.bulk_create(model(**row) for row in missing))


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    """The value as the database gives it back: a day for the text of a day."""
    field: Any = model._meta.get_field(name)
    return field.to_python(value)


def _ethnicities() -> int:
    rows = shipped_law("ethnicities")
    added = _create(Ethnicity, [_without(row, "aliases") for row in rows], known=("code_121",))
    by_name = {ethnicity.name: ethnicity for ethnicity in Ethnicity.objects.all()}
    spellings: dict[str, dict[str, Any]] = {}
    for row in rows:
        for spelling in (row["name"], *row["aliases"]):
            alias = {"ethnicity": by_name[row["name"]], "spelling": spelling, "key": ethnicity_key(spelling)}
            spellings.setdefault(alias["key"], alias)
    return added + _create(EthnicityAlias, spellings.values(), known=("key",))


def _standards(rows: list[dict[str, Any]], papers: Mapping[str, Paper]) -> int:
    added = _create(Standard, _cite(rows, papers), known=("code",))
    standards = {standard.code: standard for standard in Standard.objects.all()}
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    dimensions: list[dict[str, Any]] = []
    causes: list[dict[str, Any]] = []
    for row in rows:
        standard = standards[row["code"]]
        dimensions += [
            {"standard_id": standard.pk, "position": position, "name": dimension["name"]}
            for position, dimension in enumerate(row["dimensions"], start=1)
        ]
        causes += [{"standard_id": standard.pk, **cause} for cause in _cite(row["causes"], papers)]
    added += _create(Dimension, dimensions, known=("standard_id", "position"))
    stored = {(dimension.standard_id, dimension.position): dimension for dimension in Dimension.objects.all()}
    numbered: list[dict[str, Any]] = []
    for row in rows:
        standard = standards[row["code"]]
        pairs = [
            (stored[standard.pk, position], indicator)
            for position, dimension in enumerate(row["dimensions"], start=1)
            for indicator in dimension["indicators"]
        ]
        for number, (dimension, indicator) in enumerate(pairs, start=1):
            [cited] = _cite([indicator], papers)
            about = {"standard_id": standard.pk, "dimension_id": dimension.pk, "number": number}
            numbered.append(about | _without(cited, "code") | {"indicator_id": indicators[indicator["code"]].pk})
    added += _create(StandardIndicator, numbered, known=("standard_id", "number"))
    return added + _create(Cause, causes, known=("standard_id", "number"))


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def area_of_row(row: LegalRow) -> Area | None:
    """The province whose own the fact is; None for a national one."""
    holder: Any = row.standard if isinstance(row, StandardIndicator | Cause) else row
    area: Area | None = holder.area
    return area


@transaction.atomic
def legal_fact_confirm(
    *, by: User | None, row: LegalRow, version: int, paper: Paper | None, source: str, **figures: Any
) -> LegalRow:
    """Somebody compared the fact with the text of the law; ``figures`` puts right what differs.

    ``paper`` and ``source`` say where: the words that stood there while nobody had compared are no place in a law.
    Raises PermissionDenied, also for the system, which compares nothing; ValidationError; EditConflict.
    """
    if by is None:
        raise PermissionDenied
    demand_law(by, area_of_row(row))
    unknown = set(figures) - set(FIGURES[type(row)])
    if unknown:
        raise TypeError(f"no such figures of {type(row).__name__}: {sorted(unknown)}")
    source = clean(source)
    errors = {}
    if paper is None:
        errors["paper"] = "Chọn văn bản đã đối chiếu."
    if not source:
        errors["source"] = "Ghi điều, khoản, phụ lục hoặc trang đã đối chiếu."
    elif row.certainty == Certainty.UNCHECKED and source == row.source:
        errors["source"] = "Đây là nguồn ghi khi chưa đối chiếu. Ghi điều, khoản, phụ lục đã đối chiếu."
    if errors:
        raise ValidationError(errors)
    changes = figures | {"paper": paper, "source": source, "certainty": Certainty.CHECKED}
    with acting(by=by, action="law.confirm"):
        rows: models.QuerySet[Any] = type(row)._default_manager.all()
        stored, mine = lock_and_merge(rows, pk=row.pk, version=version, changes=changes)
        return save_changes(stored, mine)


@transaction.atomic
def parameter_set(
    *,
    by: User | None,
    area: Area | None,
    code: str,
    value: int,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    paper: Paper | None = None,
    source: str = "",
) -> Parameter:
    """The figure from a day on; the one before ends the day before. ``area`` None is the national one."""
    demand_law(by, area)
    with acting(by=by, action="parameter.set"):
        rows = Parameter.objects.filter(code=ParameterCode(code), area=area)
        row = _from_day(rows, valid_from) or Parameter(code=code, area=area, valid_from=valid_from)
        return save_changes(row, {"value": value, "valid_to": valid_to} | _said(paper, source))


@transaction.atomic
def addressee_set(
    *,
    by: User | None,
    area: Area | None,
    level: str,
    title: str,
    via: str = "",
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    paper: Paper | None = None,
    source: str = "",
) -> OpinionAddressee:
    """Whom communes ask for an opinion from a day on; the addressee before ends the day before."""
    demand_law(by, area)
    with acting(by=by, action="addressee.set"):
        rows = OpinionAddressee.objects.filter(area=area)
        row = _from_day(rows, valid_from) or OpinionAddressee(area=area, valid_from=valid_from)
        about = {"level": level, "title": clean(title), "via": clean(via), "valid_to": valid_to}
        return save_changes(row, about | _said(paper, source))


@transaction.atomic
def window_set(
    *,
    by: User | None,
    area: Area | None,
    year: int,
    first: datetime.date | None,
    last: datetime.date,
    step: str = "",
    kind: str = RoundKind.PERIODIC,
    paper: Paper | None = None,
    source: str = "",
) -> StepWindow:
    """The calendar of one year for a step (``""``: the whole round)."""
    demand_law(by, area)
    days = [day for day in (first, last) if day]
    if any(day.year != year for day in days):
        raise ValidationError({"last": f"Các ngày phải thuộc năm {year}."})
    if first and last < first:
        raise ValidationError({"last": "Ngày cuối không được trước ngày đầu."})
    begin, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    with acting(by=by, action="window.set"):
        rows = StepWindow.objects.select_for_update(of=("self",))
        found = rows.filter(area=area, kind=kind, step=step, valid_from=begin, valid_to=end).first()
        row = found or StepWindow(area=area, kind=kind, step=step, valid_from=begin, valid_to=end)
        about = {"first": f"{first:%m-%d}" if first else "", "last": f"{last:%m-%d}"}
        return save_changes(row, about | _said(paper, source))


@transaction.atomic
def law_row_remove(*, by: User | None, row: Parameter | StepWindow | OpinionAddressee, version: int) -> None:
    """Take back a province's own value; the national one counts again. Raises EditConflict."""
    demand_law(by, row.area)
    if row.area is None:
        raise ValidationError("Giá trị chung cả nước không xóa được; đặt giá trị mới từ một ngày.")
    with acting(by=by, action="law.remove"):
        rows: models.QuerySet[Any] = type(row)._default_manager.all()
        stored, _ = lock_and_merge(rows, pk=row.pk, version=version, changes={})
        stored.delete()


def _from_day(rows: models.QuerySet[Any], valid_from: datetime.date) -> Any:
    """The row that begins on the day, if any; one that began earlier and still holds ends on its eve."""
    for row in rows.select_for_update(of=("self",)).exclude(valid_to__lt=valid_from):
        if row.valid_from == valid_from:
            return row
        if row.valid_from < valid_from:
            save_changes(row, {"valid_to": valid_from - datetime.timedelta(days=1)})
    return None


def _said(paper: Paper | None, source: str) -> dict[str, Any]:
    """Who names a paper and the place in it has compared; else the fact stays unchecked."""
    source = clean(source)
    certainty = Certainty.CHECKED if paper and source else Certainty.UNCHECKED
    return {"paper": paper, "source": source, "certainty": certainty}
