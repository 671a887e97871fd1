"""Everything the checks say of a table: the same on its page, at its submission and for who approves it."""

from dataclasses import replace

from django.urls import reverse

from povertyplan.core.findings import Finding
from targets.checks import (
    LABELS,
    NamedFigures,
    StartGap,
    TableFacts,
    check,
    check_start,
    check_units,
    most_serious_first,
)
from targets.rules.figures import FOR_THE_UNIT, START_COUNTS
from targets.selectors.above import approved_starts
from targets.selectors.movements import MovementTable, movement_findings, movement_table
from targets.selectors.quotas import quotas_of
from targets.selectors.start import recognised_start
from targets.selectors.tables import TargetTable, start_differences


def findings_of(table: TargetTable, *, with_start: bool = True) -> list[Finding]:
    """Most serious first; an error stops the submission. Spots of the table are ``#row-<pk>`` on its page.

    One query for the quotas; ``with_start`` adds ``start_findings``.
    """
    named = [
        NamedFigures(name=f"{row.kind} {row.name}", anchor=f"#row-{row.pk}", figures=row.figures) for row in table.rows
    ]
    facts = TableFacts(
        rows=named,
        unlisted=table.unlisted,
        year=table.year,
        has_source=bool(table.source_paper or table.source_note),
        cut_off=table.cut_off,
        typed={name: getattr(table.total, name) for name in FOR_THE_UNIT},
        quotas=quotas_of(table.plan) if table.plan else (),
        quotas_page=reverse("targets:quotas", args=[table.unit.code, table.year]),
    )
    found = check(facts)
    return most_serious_first([*found, *start_findings(table, movement_table(table))]) if with_start else found


def start_findings(table: TargetTable, movements: MovementTable) -> list[Finding]:
    """Where the start is not what the year before leads to: its recognised lists, its start and movements; of a table
    of units also where it is not what their own approved tables say.

    For a page that asks once, not at every cell.
    """
    page = reverse("targets:movements", args=[table.unit.code, table.year])
    moved = [
        replace(finding, anchor=f"{page}{finding.anchor}", message=f"Diễn biến năm {table.year - 1}: {finding.message}")
        for finding in movement_findings(table, movements)
    ]
    return [*check_start(_start_gaps(table), table.year), *check_units(_unit_gaps(table)), *moved]


def _unit_gaps(table: TargetTable) -> list[StartGap]:
    """One query for a table of units, none for a commune's."""
    said = approved_starts([row.place_id for row in table.rows], table.year) if table.is_of_units else {}
    return [
        StartGap(
            place=f"{row.kind} {row.name}",
            anchor=f"#row-{row.pk}",
            label=LABELS[name],
            stored=stored,
            recognised=own,
        )
        for row in table.rows
        for name in START_COUNTS
        if (own := said.get(row.place_id, {}).get(name)) is not None and (stored := getattr(row.figures, name)) != own
    ]


def _start_gaps(table: TargetTable) -> list[StartGap]:
    recognised = recognised_start(unit=table.unit, year=table.year)
    return [
        StartGap(
            place=gap.place,
            anchor=f"#row-{gap.row_pk}",
            label=gap.label,
            stored=gap.stored,
            recognised=gap.recognised,
        )
        for gap in start_differences(table, recognised)
    ]
