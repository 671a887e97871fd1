"""What four counts of a village must be to each other."""

from collections.abc import Mapping

FIELDS = ("households", "population", "minority_households", "minority_population")


def wrong_counts(counts: Mapping[str, int | None]) -> dict[str, str]:
    """Field → Vietnamese sentence, for every count that cannot be; empty when all may stand. None is unknown."""
    households, population, minority_households, minority_population = (counts.get(name) for name in FIELDS)
    wrong: dict[str, str] = {}
    if households is None:
        wrong["households"] = "Chưa ghi tổng số hộ."
        return wrong
    if population is not None and population < households:
        wrong["population"] = f"Nhân khẩu ({population}) ít hơn số hộ ({households})."
    if minority_households is not None and minority_households > households:
        wrong["minority_households"] = (
            f"Số hộ dân tộc thiểu số ({minority_households}) nhiều hơn tổng số hộ ({households})."
        )
    if minority_population is not None and population is not None and minority_population > population:
        wrong["minority_population"] = (
            f"Số khẩu dân tộc thiểu số ({minority_population}) nhiều hơn nhân khẩu ({population})."
        )
    return wrong
