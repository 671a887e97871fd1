"""What Phiếu B is judged by: the standard of the round, the persons of the household, its dwelling and its day."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from households.models import Cause, Household, Member, Review, Standard, StandardIndicator
from households.rules.classification import StandardRules
from households.rules.survey import Question
from households.selectors.law import standard_rules
from povertyplan.areas.choices import Setting


@dataclass(frozen=True, kw_only=True)
class FormLaw:
    """A standard as a form asks it: indicators in their order, and causes."""

    standard: Standard
    rules: StandardRules
    indicators: tuple[StandardIndicator, ...]
    causes: tuple[Cause, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(Question(code=row.indicator.code, name=row.indicator.name) for row in self.indicators)

    @property
    def ids(self) -> dict[str, int]:
        """Indicator code → id."""
        return {row.indicator.code: row.indicator_id for row in self.indicators}


def form_laws(standards: Iterable[Standard]) -> dict[int, FormLaw]:
    """Two queries for any number of standards."""
    by_id = {standard.pk: standard for standard in standards}
    indicators: dict[int, list[StandardIndicator]] = {pk: [] for pk in by_id}
    rows = StandardIndicator.objects.filter(standard__in=by_id).select_related("indicator", "dimension")
    for row in rows.order_by("number"):
        indicators[row.standard_id].append(row)
    causes: dict[int, list[Cause]] = {pk: [] for pk in by_id}
    for cause in Cause.objects.filter(standard__in=by_id).order_by("number"):
        causes[cause.standard_id].append(cause)
    return {
        pk: FormLaw(
            standard=standard,
            rules=standard_rules(standard),
            indicators=tuple(indicators[pk]),
            causes=tuple(causes[pk]),
        )
        for pk, standard in by_id.items()
    }


def day_of(review: Review, today: datetime.date | None = None) -> datetime.date:
    """The day facts are judged on: of Phiếu B; until then today, but no later than the end of the round."""
    return review.surveyed_on or min(today or timezone.localdate(), review.round.ends_on)


def setting_of(review: Review) -> Setting:
    """Of the household, else of its village, else of the unit; nông thôn where nobody said (xã)."""
    return Setting(review.household.setting or review.village.setting or review.unit.setting or Setting.RURAL)


def is_present(member: Member, household: Household, day: datetime.date) -> bool:
    """A member on the day; who came with the household counts from the start."""
    came = member.joined_on is None or member.joined_on <= max(day, household.opened_on)
    return came and (member.left_on is None or member.left_on > day)


def members_by_household(households: Collection[int]) -> dict[int, list[Member]]:
    """All who are or were members, in the order of their household; one query."""
    found: dict[int, list[Member]] = {pk: [] for pk in households}
    for member in (
        Member.objects.filter(household__in=households).select_related("ethnicity").order_by("position", "pk")
    ):
        found[member.household_id].append(member)
    return found
