"""Who registered to escape poverty: counts of villages, the registrations behind them, that of one household."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from households.choices import Category, Need, Relation
from households.models import ExitDrive, ExitNeed, ExitRegistration, Household, Member
from households.selectors.lineage import lineage
from households.selectors.parts import events
from households.selectors.rounds import family
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach


@dataclass(frozen=True, kw_only=True)
class Registered:
    """Households that registered and did not withdraw, by what they were on the list when they did."""

    poor: int = 0
    near_poor: int = 0

    @property
    def total(self) -> int:
        return self.poor + self.near_poor


def drive_of(*, unit: Area, year: int) -> ExitDrive | None:
    """The registration of the unit in the year; None until the targets of its villages are approved."""
    return ExitDrive.objects.select_related("unit", "paper").filter(unit=unit, year=year).first()


def registered_counts(*, unit: Area, year: int) -> dict[int, Registered]:
    """Registered households of each village of the unit by the village's key, without those that withdrew.

    What was registered in a unit that merged into this one counts in the village of today. One query; three where
    there are such.
    """
    rows = _rows(unit, year).filter(withdrawn_on__isnull=True)
    groups = rows.values_list("unit_id", "village_id", "household__village_id", "category").annotate(n=Count("pk"))
    counts: Counter[tuple[int, str]] = Counter()
    line = None
    for unit_id, village, present, category, number in groups:
        if unit_id != unit.pk:
            line = line or lineage(unit, datetime.date(year, 12, 31))
            village = line.village_today(village, present) or present
        counts[village, category] += number
    return {
        village: Registered(poor=counts[village, Category.POOR], near_poor=counts[village, Category.NEAR_POOR])
        for village in {village for village, _ in counts}
    }


def _rows(unit: Area, year: int) -> QuerySet[ExitRegistration]:
    """Registrations of the unit, and those of its predecessors of households that it took over."""
    taken_over = Reach.objects.filter(reached=unit, area__level=Level.COMMUNE).values("area")
    older = Q(unit__in=family(unit), household__unit__in=taken_over)
    return ExitRegistration.objects.filter(Q(unit=unit) | older, drive__year=year)


def registrations_of(*, unit: Area, year: int, village: Area | None = None) -> QuerySet[ExitRegistration]:
    """Every registration of the year, withdrawn ones included, by village and name of the head; one query.

    Each brings ``head_name`` of today and ``needed``: ``[{"need": …, "note": …}, …]``.
    """
    rows = _rows(unit, year)
    if village is not None:
        rows = rows.filter(Q(unit=unit, village=village) | ~Q(unit=unit) & Q(household__village=village))
    named = with_needs(rows).annotate(head_name=head_name("household"), head_key=head_name("household", "sort_key"))
    return named.order_by("village__position", "village__sort_key", "village_id", "head_key", "pk")


def registration_of(*, household: Household, year: int) -> ExitRegistration | None:
    """The registration of the household in the year that it did not withdraw, with ``needed``; one query."""
    rows = ExitRegistration.objects.filter(household=household, drive__year=year, withdrawn_on__isnull=True)
    return with_needs(rows).first()


def with_needs(rows: QuerySet[ExitRegistration]) -> QuerySet[Any]:
    """``needed`` of each in the order in which they were written."""
    needs = ExitNeed.objects.filter(registration=OuterRef("pk")).order_by("pk")
    needed = ArraySubquery(needs.values(row=JSONObject(need="need", note="note")))
    related = ("unit", "village", "household__village", "household__unit", "meeting", "drive")
    return rows.select_related(*related).annotate(needed=needed)


def registered_in(household: str, year: str) -> ArraySubquery:
    """Subquery: the standing registration of the household at the path ``household`` of the outer row in the year at
    ``year``, at most one; read it with ``registered_words``."""
    needs = ExitNeed.objects.filter(registration=OuterRef("pk")).order_by("pk")
    needed = ArraySubquery(needs.values(row=JSONObject(need="need", note="note")))
    rows = ExitRegistration.objects.filter(
        household=OuterRef(household), drive__year=OuterRef(year), withdrawn_on__isnull=True
    )
    row = JSONObject(on="registered_on", needed="needed")
    return ArraySubquery(rows.annotate(needed=needed).order_by("pk").values(row=row)[:1])


def registered_words(found: Sequence[Mapping[str, Any]]) -> str:
    """«Đã đăng ký thoát nghèo ngày 20/03/2023, nhu cầu: vay vốn tín dụng.»; empty without a registration."""
    if not found:
        return ""
    needs = needs_words({row["need"]: row["note"] for row in found[0]["needed"]})
    said = f"Đã đăng ký thoát nghèo ngày {datetime.date.fromisoformat(found[0]['on']):%d/%m/%Y}"
    return f"{said}, nhu cầu: {needs}." if needs else f"{said}."


def needs_in(registration: Any) -> dict[str, str]:
    """Need → what exactly, of a registration that brought ``needed``."""
    return {row["need"]: row["note"] for row in registration.needed}


def needs_said(registration: Any) -> str:
    """The same in words."""
    return needs_words(needs_in(registration))


def needs_words(needs: Mapping[str, str]) -> str:
    """«sản xuất (2 con bò), vay vốn tín dụng»; empty when nothing was asked for."""
    said = [(Need(need).label, note) for need, note in needs.items()]
    return ", ".join(f"{label} ({note})" if note else str(label) for label, note in said)


def needs_before(registration: ExitRegistration, version: int) -> dict[str, str]:
    """The needs as they were when the registration had this version, out of the audit; two queries."""
    later = events(ExitRegistration).filter(pgh_obj_id=registration.pk, version__gt=version)
    acts = [act for act in later.values_list("pgh_context_id", flat=True) if act is not None]
    rows = events(ExitNeed).filter(registration_id=registration.pk).exclude(pgh_context_id__in=acts).order_by("pgh_id")
    found: dict[str, str] = {}
    for need, note, label in rows.values_list("need", "note", "pgh_label"):
        if label == "delete":
            found.pop(need, None)
        else:
            found[need] = note
    return found


def head_name(path: str = "", field: str = "name") -> Subquery:
    """Subquery: the head of the household at ``path`` of the outer row, as the registry has it now."""
    heads = Member.objects.present().filter(household=OuterRef(path or "pk"), relation=Relation.HEAD)
    return Subquery(heads.order_by("pk").values(field)[:1])
