"""What whoever decides on a target table compares it with: the quotas that were assigned, met or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from povertyplan.core.findings import Finding
from targets.rules.figures import Figures
from targets.rules.quotas import QuotaLine, Requirement, planned, required


class Verdict(StrEnum):
    """Whether the table does what a quota asks."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


# What the checks say of a quota that is not met, or of which that cannot be told; every other is met.
SAID = {
    "quota-missed": Verdict.MISSED,
    "quota-impossible": Verdict.MISSED,
    "quota-unknown": Verdict.UNKNOWN,
    "quota-of-which": Verdict.UNKNOWN,
}


@dataclass(frozen=True, kw_only=True)
class QuotaMark:
    """A quota, what it asks for, what the table has of it in households, and the verdict of the checks."""

    quota: QuotaLine
    requirement: Requirement
    planned: int | None
    verdict: Verdict


def quota_marks(quotas: Iterable[QuotaLine], figures: Figures, findings: Iterable[Finding]) -> list[QuotaMark]:
    """One mark for each quota; ``findings`` are those of the same table, which lead to ``…#quota-<pk>``."""
    said = {finding.anchor.rpartition("#")[2]: SAID[finding.code] for finding in findings if finding.code in SAID}
    return [
        QuotaMark(
            quota=quota,
            requirement=required(quota, figures),
            planned=planned(quota, figures),
            verdict=said.get(f"quota-{quota.pk}", Verdict.MET),
        )
        for quota in quotas
    ]
