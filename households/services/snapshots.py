"""What a review keeps of its household: head, ethnicity, persons, flags, children.

One statement for any number of households, each part of it worked out once. The SQL repeats
``households.rules.persons`` and ``households.rules.indicators``; a test holds them together.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from households.choices import HealthCard, MinorityBasis, Relation, Schooling, Sex, Work
from households.rules.indicators import MALNOURISHED, SCHOOLS
from households.rules.persons import CHILD_BELOW, DISABLED, WORKING_FROM, WORKING_TO

# What is kept, by column. The village follows the household while it stays in the unit.
KEPT = (
    "village_id",
    "head_name",
    "head_sort_key",
    "ethnicity_id",
    "persons",
    "is_ethnic_minority",
    "is_merit",
    "has_no_labour",
    "is_female_head",
    "children",
    "children_malnourished",
    "children_uninsured",
    "children_out_of_school",
)
# The day of a review: the one of Phiếu B; until then today, but no later than the end of the round.
REFRESH = """
WITH wanted AS (
    SELECT review.id, review.household_id, review.unit_id, household.opened_on,
        CASE WHEN household.unit_id = review.unit_id THEN household.village_id ELSE review.village_id END AS village_id,
        COALESCE(review.surveyed_on, LEAST(%(today)s::date, round.ends_on)) AS day
    FROM households_review review
    JOIN households_household household ON household.id = review.household_id
    JOIN households_reviewround round ON round.id = review.round_id
    WHERE review.household_id = ANY(%(households)s) AND NOT review.is_frozen
), persons AS (
    SELECT wanted.id AS review_id, member.*, ethnicity.is_minority,
        CASE WHEN member.birth_date IS NOT NULL
            THEN EXTRACT(YEAR FROM AGE(wanted.day, member.birth_date))::int
            ELSE EXTRACT(YEAR FROM wanted.day)::int - member.birth_year END AS age,
        member.health_card = %(no_card)s OR (member.health_card = %(card)s AND member.card_to < wanted.day) AS uninsured
    FROM wanted
    JOIN households_member member ON member.household_id = wanted.household_id
        AND (member.left_on IS NULL OR member.left_on > wanted.day)
        AND (member.joined_on IS NULL OR member.joined_on <= GREATEST(wanted.day, wanted.opened_on))
    LEFT JOIN households_ethnicity ethnicity ON ethnicity.id = member.ethnicity_id
), heads AS MATERIALIZED (
    SELECT DISTINCT ON (review_id) * FROM persons WHERE relation = %(head)s ORDER BY review_id, left_on NULLS FIRST, id
), counted AS MATERIALIZED (
    SELECT review_id, COUNT(*) AS persons,
        COUNT(*) FILTER (WHERE is_minority) AS minority,
        BOOL_OR(is_merit) AS is_merit,
        NOT BOOL_OR(age >= %(working_from)s AND age < CASE WHEN sex = %(female)s THEN %(women_to)s ELSE %(men_to)s END
            AND work <> %(unable)s AND disability <> ALL(%(disabled)s)) AS has_no_labour,
        BOOL_OR(age IS NULL) AS has_unknown_age,
        COUNT(*) FILTER (WHERE age < %(child_below)s) AS children,
        COUNT(*) FILTER (WHERE age < %(child_below)s AND nutrition = ANY(%(malnourished)s)) AS malnourished,
        COUNT(*) FILTER (WHERE age BETWEEN 6 AND 15 AND uninsured) AS uninsured,
        COUNT(*) FILTER (WHERE (
            age BETWEEN 3 AND 5 AND schooling = ANY(%(under_preschool)s)
            OR age BETWEEN 6 AND 11 AND schooling = ANY(%(under_primary)s)
            OR age BETWEEN 12 AND 15 AND schooling = ANY(%(under_secondary)s)
        )) AS out_of_school
    FROM persons GROUP BY review_id
), bases AS (
    SELECT wanted.id AS review_id, setting.minority_basis AS basis
    FROM wanted
    JOIN households_registrysetting setting ON setting.unit_id = wanted.unit_id AND setting.valid_from <= wanted.day
        AND (setting.valid_to IS NULL OR setting.valid_to >= wanted.day)
), fresh AS MATERIALIZED (
    SELECT wanted.id, wanted.village_id, COALESCE(head.name, '') AS head_name,
        COALESCE(head.sort_key, '') AS head_sort_key, head.ethnicity_id, COALESCE(counted.persons, 0) AS persons,
        CASE COALESCE(bases.basis, %(by_head)s)
            WHEN %(by_majority)s THEN COALESCE(counted.minority * 2 > counted.persons, FALSE)
            WHEN %(by_any)s THEN COALESCE(counted.minority > 0, FALSE)
            ELSE COALESCE(head.is_minority, FALSE) END AS is_ethnic_minority,
        COALESCE(counted.is_merit, FALSE) AS is_merit,
        COALESCE(counted.has_no_labour, FALSE) AND NOT COALESCE(counted.has_unknown_age, FALSE) AS has_no_labour,
        COALESCE(head.sex = %(female)s, FALSE) AS is_female_head,
        COALESCE(counted.children, 0) AS children,
        COALESCE(counted.malnourished, 0) AS children_malnourished,
        COALESCE(counted.uninsured, 0) AS children_uninsured,
        COALESCE(counted.out_of_school, 0) AS children_out_of_school
    FROM wanted
    LEFT JOIN heads head ON head.review_id = wanted.id
    LEFT JOIN counted ON counted.review_id = wanted.id
    LEFT JOIN bases ON bases.review_id = wanted.id
)
UPDATE households_review review SET {pairs}
FROM fresh
WHERE review.id = fresh.id AND ({kept}) IS DISTINCT FROM ({fresh})
"""


def under(level: Schooling) -> list[str]:
    """Levels below one; attending a higher one than the age asks for is no lack."""
    return [str(school) for school in SCHOOLS[: SCHOOLS.index(level)]]


WORDS: dict[str, Any] = {
    "head": Relation.HEAD.value,
    "female": Sex.FEMALE.value,
    "card": HealthCard.YES.value,
    "no_card": HealthCard.NO.value,
    "unable": Work.UNABLE.value,
    "disabled": sorted(DISABLED),
    "malnourished": sorted(MALNOURISHED),
    "under_preschool": under(Schooling.PRESCHOOL),
    "under_primary": under(Schooling.PRIMARY),
    "under_secondary": under(Schooling.LOWER_SECONDARY),
    "by_head": MinorityBasis.HEAD.value,
    "by_majority": MinorityBasis.MAJORITY.value,
    "by_any": MinorityBasis.ANY.value,
    "child_below": CHILD_BELOW,
    "working_from": WORKING_FROM,
    "women_to": WORKING_TO[Sex.FEMALE],
    "men_to": WORKING_TO[Sex.MALE],
}


def snapshots_refresh(*, household_ids: Iterable[int]) -> None:
    """Bring the kept facts of every review of these households that is not frozen up to date; a version rises only
    where something differs."""
    households = sorted(set(household_ids))
    if not households:
        return
    statement = REFRESH.format(
        pairs=", ".join(f"{name} = fresh.{name}" for name in KEPT),
        kept=", ".join(f"review.{name}" for name in KEPT),
        fresh=", ".join(f"fresh.{name}" for name in KEPT),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, WORDS | {"households": households, "today": timezone.localdate()})
