"""How far a quota is met: one bar for what was assigned, taken on, registered and reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from povertyplan.core.charts.parts import (
    INK,
    LINE_STRONG,
    PAPER,
    UNKNOWN,
    Chart,
    Series,
    Svg,
    at,
    element,
    percent,
    picture,
    words,
)
from povertyplan.core.numbers import format_count, format_rate, rate
from povertyplan.core.text import first_upper

SPAN = 92
TOP, HIGH = 14, 30
LINE_HIGH = 26


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step towards the quota: its word and households; None is not known, below zero they became more."""

    word: str
    households: int | None

    @property
    def text(self) -> str:
        if self.households is None:
            return UNKNOWN
        if self.households < 0:
            return f"tăng {format_count(-self.households)} hộ"
        return f"{format_count(self.households)} hộ"


def progress(*, title: str, series: Series, quota: Stage, plan: Stage, registered: Stage, reached: Stage) -> Chart:
    """One bar to the scale of the largest figure, with a line of words for each mark on it.

    What is reached is measured against the quota, without one against the plan.
    """
    stages = (quota, plan, registered, reached)
    measure = quota if quota.households is not None else plan
    verdict = _verdict(measure, reached)
    named = "; ".join(f"{stage.word}: {stage.text}" for stage in stages)
    sentence = first_upper(f"{named}, {verdict}." if verdict else f"{named}.")
    lines = len(stages) + bool(verdict)
    return Chart(
        title=title,
        pictures=(picture(title, sentence, TOP + HIGH + 16 + lines * LINE_HIGH, _drawing(series, stages, verdict)),),
        sentence=sentence,
        headings=("Số liệu", "Số hộ", f"So với {measure.word} (%)"),
        rows=tuple((first_upper(stage.word), stage.text, _share(stage, measure)) for stage in stages),
        is_said=True,
    )


def _share(stage: Stage, measure: Stage) -> str:
    if stage.households is None or stage.households < 0:
        return "–"
    return format_rate(rate(stage.households, measure.households)) or "–"


def _verdict(measure: Stage, reached: Stage) -> str:
    if measure.households is None or reached.households is None:
        return ""
    left = measure.households - reached.households
    if left > 0:
        return f"còn thiếu {format_count(left)} hộ so với {measure.word}"
    return f"vượt {format_count(-left)} hộ so với {measure.word}" if left else f"đạt {measure.word}"


def _drawing(series: Series, stages: tuple[Stage, ...], verdict: str) -> Iterator[Svg]:
    quota, plan, registered, reached = stages
    largest = max((stage.households for stage in stages if stage.households is not None), default=0)

    def along(stage: Stage) -> Decimal | None:
        """Where the stage ends on the bar; None when it is not drawn."""
        return None if stage.households is None else 1 + percent(max(stage.households, 0), largest, SPAN)

    yield _box(x="1%", y=TOP, width=f"{SPAN}%", height=HIGH, fill=PAPER, stroke=LINE_STRONG)
    if (end := along(registered)) is not None:
        yield _registered(series, x="1%", y=TOP, width=f"{end - 1}%", height=HIGH)
    if (end := along(reached)) is not None:
        yield _reached(series, x="1%", y=TOP + 8, width=f"{end - 1}%", height=HIGH - 16)
    if (end := along(quota)) is not None:
        yield _quota(f"{end}%", TOP)
    if (end := along(plan)) is not None:
        yield _plan(f"{end}%", TOP)
    yield from _lines(series, stages, verdict)


def _lines(series: Series, stages: tuple[Stage, ...], verdict: str) -> Iterator[Svg]:
    top = TOP + HIGH + 16
    samples = (
        _quota(13, top + 2, high=16),
        _plan(13, top + LINE_HIGH + 16),
        _registered(series, x=2, y=top + 2 * LINE_HIGH + 3, width=22, height=14),
        _reached(series, x=2, y=top + 3 * LINE_HIGH + 5, width=22, height=10),
    )
    for row, (stage, sample) in enumerate(zip(stages, samples, strict=True)):
        yield sample
        yield words(f"{first_upper(stage.word)}: {stage.text}", x=36, y=top + row * LINE_HIGH + 15)
    if verdict:
        yield words(first_upper(verdict), x=36, y=top + len(stages) * LINE_HIGH + 15)


def _box(**attributes: object) -> Svg:
    return element("rect", **attributes)


def _registered(series: Series, **box: object) -> Svg:
    return _box(css=f"{series.css} chart-frame", fill=series.tint, stroke=series.colour, stroke_width="1.5", **box)


def _reached(series: Series, **box: object) -> Svg:
    return _box(css=series.css, fill=series.colour, **box)


def _quota(x: object, top: int, high: int = HIGH + 10) -> Svg:
    """An upright line that stands out below the bar."""
    return at(x, top, element("path", d=f"M-1.5 0H1.5V{high}H-1.5Z", fill=INK))


def _plan(x: object, bottom: int) -> Svg:
    """A triangle that points down at the bar."""
    return at(x, bottom, element("path", d="M-7 -11H7L0 0Z", fill=INK))
