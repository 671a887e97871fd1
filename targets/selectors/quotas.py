"""What the levels above assigned to a unit for the year."""

from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Quota, TargetPlan
from targets.rules.quotas import QuotaLine

ISSUERS = list(QuotaIssuer)
SUBJECTS = list(QuotaSubject)


def quotas_of(plan: TargetPlan) -> tuple[QuotaLine, ...]:
    """Quotas of the plan by subject, then by who assigned them. One query."""
    lines = [_line(quota) for quota in Quota.objects.filter(plan=plan).select_related("paper").order_by("pk")]
    return tuple(sorted(lines, key=lambda line: (SUBJECTS.index(line.subject), ISSUERS.index(line.issuer))))


def _line(quota: Quota) -> QuotaLine:
    return QuotaLine(
        pk=quota.pk,
        version=quota.version,
        issuer=QuotaIssuer(quota.issuer),
        subject=QuotaSubject(quota.subject),
        form=QuotaForm(quota.form),
        meaning=Meaning(quota.meaning),
        households=quota.households,
        rate=quota.rate,
        paper=str(quota.paper or ""),
        note=quota.note,
    )
