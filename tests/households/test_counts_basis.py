"""How a unit counts: from which day, corrected, and kept where a result stands on it."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from households.choices import (
    MinorityBasis,
    RoundKind,
    RoundState,
)
from households.models import ReviewRound, VillageCount
from households.selectors.counts import (
    denominators,
    minority_basis,
)
from households.services.counts import counts_remove, counts_set, registry_setting_set
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory
from tests.households import build

DAY = datetime.date(2024, 9, 1)
LATER = datetime.date(2024, 12, 31)
FOUR = {"households": 100, "population": 400, "minority_households": 30, "minority_population": 130}


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def typed(unit: Area, village: Area, day: datetime.date = DAY, **changes: int | None) -> VillageCount:
    return counts_set(by=None, unit=unit, cut_off=day, source="Công an xã", rows={village.pk: FOUR | changes})[0]


def test_a_new_way_of_counting_ends_the_one_before(commune: Area) -> None:
    registry_setting_set(by=None, unit=commune, minority_basis="any", is_complete=False, valid_from=DAY)
    registry_setting_set(by=None, unit=commune, minority_basis="head", is_complete=False, valid_from=LATER)

    assert minority_basis(unit=commune, day=LATER - datetime.timedelta(days=1)) == MinorityBasis.ANY
    assert minority_basis(unit=commune, day=LATER) == MinorityBasis.HEAD


def test_a_way_of_counting_is_corrected_on_its_own_day(commune: Area) -> None:
    first = registry_setting_set(by=None, unit=commune, minority_basis="any", is_complete=False, valid_from=DAY)
    again = registry_setting_set(by=None, unit=commune, minority_basis="head", is_complete=True, valid_from=DAY)

    assert (first.pk, again.is_complete) == (again.pk, True)


def test_a_way_of_counting_before_the_last_one_is_refused(commune: Area) -> None:
    registry_setting_set(by=None, unit=commune, minority_basis="any", is_complete=False, valid_from=LATER)

    with pytest.raises(ValidationError, match="Đã có cách tính từ ngày 31/12/2024"):
        registry_setting_set(by=None, unit=commune, minority_basis="head", is_complete=False, valid_from=DAY)


def test_a_way_of_counting_changed_meanwhile_is_a_conflict(commune: Area) -> None:
    first = registry_setting_set(by=None, unit=commune, minority_basis="any", is_complete=False, valid_from=DAY)
    registry_setting_set(by=None, unit=commune, minority_basis="head", is_complete=False, valid_from=DAY)

    with pytest.raises(EditConflict):
        registry_setting_set(
            by=None,
            unit=commune,
            minority_basis="majority",
            is_complete=False,
            valid_from=DAY,
            version=first.version,
        )


@pytest.fixture
def recognised(commune: Area) -> ReviewRound:
    """A round whose tables divide by the figures up to 31/12/2024."""
    return ReviewRound.objects.create(
        unit=commune,
        year=2024,
        kind=RoundKind.PERIODIC,
        standard=build.standard(),
        state=RoundState.RECOGNISED,
        starts_on=DAY,
        ends_on=datetime.date(2024, 12, 14),
        recognised_on=LATER,
    )


@pytest.mark.parametrize("day", [DAY, DAY + datetime.timedelta(days=30), LATER])
def test_figures_of_a_recognised_result_stay(
    commune: Area, village: Area, recognised: ReviewRound, day: datetime.date
) -> None:
    typed(commune, village)  # missing until now
    assert typed(commune, village) == VillageCount.objects.get()

    with pytest.raises(ValidationError, match="Số liệu đến ngày 31/12/2024 đã dùng cho kết quả rà soát đã công nhận"):
        typed(commune, village, day, households=120)
    assert typed(commune, village, LATER + datetime.timedelta(days=1), households=120).households == 120
    assert denominators(unit=commune, day=LATER)[village.pk].households == 100


def test_figures_and_the_way_of_counting_of_a_recognised_result_are_not_taken_away(
    commune: Area, village: Area, recognised: ReviewRound
) -> None:
    row = typed(commune, village)

    with pytest.raises(ValidationError, match="đã dùng cho kết quả"):
        counts_remove(by=None, unit=commune, cut_off=DAY, versions={village.pk: row.version})
    counting = {"by": None, "unit": commune, "minority_basis": MinorityBasis.HEAD, "is_complete": True}
    with pytest.raises(ValidationError, match="chọn ngày sau ngày đó"):
        registry_setting_set(**counting, valid_from=LATER)
    assert registry_setting_set(**counting, valid_from=LATER + datetime.timedelta(days=1)).is_complete
