"""The registration of 2023 has the total that the plan states; how it is spread is labelled as simulated."""

import datetime

from django.db.models import Count

from households.choices import Category
from households.models import ExitDrive, ExitMeeting, ExitRegistration
from households.selectors.exit_pages import findings, overview
from households.selectors.exits import registered_counts
from povertyplan.areas.selectors import unit_in_year
from povertyplan.web.demo import demo_load

TODAY = datetime.date(2026, 11, 22)


def test_the_plan_states_51_households(demo: None) -> None:
    unit = unit_in_year("23668", 2023)
    rows = ExitRegistration.objects.filter(unit=unit)

    assert rows.count() == 51
    assert set(rows.values_list("category", "withdrawn_on")) == {(Category.POOR, None)}
    counts = registered_counts(unit=unit, year=2023)
    assert sum(count.poor for count in counts.values()) == 51
    assert len(counts) == 8
    assert ExitDrive.objects.count() == 1
    assert "mô phỏng" in ExitDrive.objects.get(unit=unit).note


def test_every_village_met_and_two_forms_are_still_to_be_signed(demo: None) -> None:
    unit = unit_in_year("23668", 2023)

    assert ExitMeeting.objects.filter(unit=unit).count() == 8
    assert not ExitRegistration.objects.filter(meeting__isnull=True).exists()
    shown = overview(unit=unit, year=2023, today=TODAY)
    assert (shown.total.poor, shown.total.registered, shown.total.unsigned) == (242, 51, 2)
    assert [finding.code for finding in findings(shown)] == ["unsigned", "unsigned"]


def test_needs_are_those_of_the_last_form(demo: None) -> None:
    rows = ExitRegistration.objects.annotate(n=Count("needs")).prefetch_related("needs", "household__reviews__needs")

    for row in rows:
        review = min(row.household.reviews.all(), key=lambda one: one.round_id)
        assert {need.need for need in row.needs.all()} == {need.need for need in review.needs.all()}
    assert sum(row.n for row in rows) > 51


def test_a_second_loading_adds_nothing(demo: None) -> None:
    assert demo_load().is_nothing
    assert ExitRegistration.objects.count() == 51
