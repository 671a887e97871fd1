"""Two standards side by side: the answers of a round, classified once more by another standard.

Nothing is stored and nothing asked again. Deprivations go by the code of the indicator; B1 points are read by the other
standard only where both use one scale, else they say what they stand for in income.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Subquery, Sum

from households.choices import Category
from households.models import Answer, Review, ReviewIncome, ReviewRound, Standard, StandardIndicator
from households.rules.classification import (
    Income,
    StandardRules,
    Verdict,
    classify,
    income_said_by_b1,
    same_scale,
)
from households.selectors.law import standard_rules
from households.selectors.surveys import setting_of
from povertyplan.areas.choices import Setting
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count
from povertyplan.core.text import first_upper

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One household: its category in the round, and what the other standard makes of the same answers."""

    review_id: int
    household_id: int
    village: Area
    head_name: str
    persons: int
    category: Category
    verdict: Verdict

    @property
    def other(self) -> Category | None:
        return self.verdict.category

    @property
    def is_changed(self) -> bool:
        return self.other is not None and self.other != self.category

    @property
    def is_open(self) -> bool:
        return self.other is None


@dataclass(frozen=True, kw_only=True)
class Cell:
    households: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """Households of one category in the round, by what the other standard makes of them; last, the undecided."""

    category: Category
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """``limits``: in one sentence, what of the answers the other standard cannot read; empty when it reads all."""

    round: ReviewRound
    other: Standard
    rows: tuple[Compared, ...]
    limits: str = ""

    @property
    def changed(self) -> list[Compared]:
        return [row for row in self.rows if row.is_changed]

    @property
    def undecided(self) -> list[Compared]:
        return [row for row in self.rows if row.is_open]

    @property
    def lines(self) -> list[Line]:
        """The matrix: category in the round × category by the other standard."""
        households = Counter((row.category, row.other) for row in self.rows)
        persons: Counter[tuple[Category, Category | None]] = Counter()
        for row in self.rows:
            persons[row.category, row.other] += row.persons
        ends = (*Category, None)
        found = []
        for category in Category:
            cells = [Cell(households=households[category, end], persons=persons[category, end]) for end in ends]
            found.append(Line(category=category, cells=tuple(cells), total=_sum(cells)))
        return found

    @property
    def totals(self) -> list[Cell]:
        """The last line of the matrix, with the total of totals."""
        lines = self.lines
        columns = [_sum(line.cells[place] for line in lines) for place in range(len(Category) + 1)]
        return [*columns, _sum(line.total for line in lines)]


def _sum(cells: Iterable[Cell]) -> Cell:
    parts = list(cells)
    return Cell(households=sum(part.households for part in parts), persons=sum(part.persons for part in parts))


def compare(round: ReviewRound, other: Standard) -> Comparison:
    """Every scored review of the round by another standard; three queries, however many households."""
    own = standard_rules(round.standard)
    # That the other standard is provisional is said once, not on every household.
    rules = replace(standard_rules(other), is_provisional=False)
    asked = set(StandardIndicator.objects.filter(standard=other).values_list("indicator__code", flat=True))
    answers = _answers(round)
    rows = [
        Compared(
            review_id=review.pk,
            household_id=review.household_id,
            village=review.village,
            head_name=review.head_name,
            persons=review.persons,
            category=Category(review.category),
            verdict=_verdict(review, answers[review.pk], asked, own, rules),
        )
        for review in _reviews(round)
    ]
    return Comparison(round=round, other=other, rows=tuple(rows), limits=_limits(own, rules, asked))


def _limits(own: StandardRules, rules: StandardRules, asked: set[str]) -> str:
    """Why households stay undecided or change: what is not known of the other standard or on another scale."""
    unknown = [setting.label for setting in Setting if rules.b1_cut_off(setting) is None]
    parts = []
    if not all(same_scale(own, rules, setting) for setting in Setting):
        parts.append("điểm B1 của hai chuẩn khác thang nên chỉ đọc thành mức thu nhập không quá hay trên chuẩn của đợt")
    if unknown:
        parts.append(f"mốc điểm B1 {', '.join(unknown)} của chuẩn để so chưa có trong dữ liệu")
    if not asked:
        parts.append("các chỉ số thiếu hụt của chuẩn để so chưa có trong dữ liệu")
    return f"{first_upper('; '.join(parts))}." if parts else ""


def _reviews(round: ReviewRound) -> Iterable[Review]:
    earned = ReviewIncome.objects.filter(review=OuterRef("pk")).order_by().values("review")
    counted = Review.objects.counted().filter(round=round).select_related("household", "village", "unit")
    return counted.annotate(earned=Subquery(earned.annotate(all=Sum("amount")).values("all"))).order_by(
        "village__position", "village__sort_key", "head_sort_key", "pk"
    )


def _answers(round: ReviewRound) -> Mapping[int, dict[str, bool]]:
    """Answered indicators of every review of the round."""
    found: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    rows = Answer.objects.filter(review__in=Review.objects.counted().filter(round=round), is_deprived__isnull=False)
    for review, code, is_deprived in rows.values_list("review_id", "indicator__code", "is_deprived"):
        found[review][code] = bool(is_deprived)
    return found


def _verdict(
    review: Review, answers: Mapping[str, bool], asked: set[str], own: StandardRules, rules: StandardRules
) -> Verdict:
    setting = setting_of(review)
    deprived = sum(answers.get(code, False) for code in asked) if asked else None
    unanswered = len(asked - set(answers))
    is_one_scale = same_scale(own, rules, setting)
    return classify(
        b1=review.b1_score if is_one_scale else None,
        b2=_b2(deprived, unanswered, rules),
        setting=setting,
        standard=rules if is_one_scale else _without_b1(rules),
        deprived=deprived,
        unanswered=unanswered,
        known_income=_income(review, setting, own),
    )


def _without_b1(rules: StandardRules) -> StandardRules:
    return replace(rules, b1_rural=None, b1_urban=None, b1_always_rural=None, b1_always_urban=None)


def _b2(deprived: int | None, unanswered: int, rules: StandardRules) -> int | None:
    """B2 points by the other standard; with open questions only where these could not change the verdict."""
    if deprived is None or rules.b2_points is None or rules.b2_poor is None:
        return None
    points, most = deprived * rules.b2_points, (deprived + unanswered) * rules.b2_points
    return points if points >= rules.b2_poor or most < rules.b2_poor else None


def _income(review: Review, setting: Setting, own: StandardRules) -> Income:
    """The income written on the form, else what the B1 points of the round stand for."""
    earned: int | None = review.earned  # type: ignore[attr-defined]
    if not earned or not review.persons:
        return income_said_by_b1(review.b1_score, setting, own)
    of_one = -(-earned // (MONTHS * review.persons))
    return Income(above=of_one - 1, at_most=of_one, why=f"thu nhập {format_count(of_one)} đồng/người/tháng")
