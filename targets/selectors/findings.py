"""Everything the checks say of a table: the same on its page, at its submission and for who approves it."""

from django.urls import reverse

from povertyplan.core.findings import Finding
from targets.checks import NamedFigures, StartGap, TableFacts, check, check_start
from targets.selectors.quotas import quotas_of
from targets.selectors.start import recognised_start
from targets.selectors.tables import TargetTable, start_differences


def findings_of(table: TargetTable, *, with_start: bool = True) -> list[Finding]:
    """Most serious first; an error stops the submission. Spots of the table are ``#row-<pk>`` on its page.

    One query for the quotas; ``with_start`` also asks what the review of the year before recognised.
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
        poor_persons=table.poor_persons,
        near_poor_persons=table.near_poor_persons,
        quotas=quotas_of(table.plan) if table.plan else (),
        quotas_page=reverse("targets:quotas", args=[table.unit.code, table.year]),
        start_gaps=_start_gaps(table) if with_start else (),
    )
    return list(check(facts))


def start_findings(table: TargetTable) -> list[Finding]:
    """Start figures that differ from what was recognised, alone: for a page that asks once, not at every cell."""
    return list(check_start(_start_gaps(table), table.year))


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
