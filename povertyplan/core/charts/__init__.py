"""Pictures of figures: numbers in, SVG text out, with a sentence and a table that say the same.

A picture is as wide as the place it stands in: widths are shares of it in percent, heights and letters are pixels, so
one text serves a telephone, a screen and a sheet of paper. Colours are attributes, never styles: the content policy
allows them and the PDF writer reads them. No float touches a figure; the same figures give the same text.
"""

from povertyplan.core.charts.bars import Bar, Span, rate_bars
from povertyplan.core.charts.parts import NEAR_POOR, POOR, Chart, Series, Share, Svg
from povertyplan.core.charts.progress import Stage, progress
from povertyplan.core.charts.trend import Point, trend

__all__ = [
    "NEAR_POOR",
    "POOR",
    "Bar",
    "Chart",
    "Point",
    "Series",
    "Share",
    "Span",
    "Stage",
    "Svg",
    "progress",
    "rate_bars",
    "trend",
]
