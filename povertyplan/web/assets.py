"""Fonts of the pages, cut to the letters that Vietnamese needs, and the folder that the web server sends.

Be Vietnam Pro comes from its package with figures of different widths. A column of numbers needs equal ones, so each
subset gets a set of tabular figures, chosen in CSS by ``font-variant-numeric: tabular-nums``.
"""

import copy
from pathlib import Path

import fontpkg_be_vietnam_pro
from django.conf import settings
from django.core.management import call_command
from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

WEIGHTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
VIETNAMESE = [
    0x102,
    0x103,
    0x110,
    0x111,
    0x128,
    0x129,
    0x168,
    0x169,
    0x1A0,
    0x1A1,
    0x1AF,
    0x1B0,
    0x300,
    0x301,
    0x303,
    0x309,
    0x323,
    *range(0x1EA0, 0x1EFA),
]
SIGNS = [
    *range(0x2010, 0x2016),
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2020,
    0x2022,
    0x2026,
    0x202F,
    0x2030,
    0x2039,
    0x203A,
    0x20AB,
    0x2190,
    0x2192,
    0x2212,
    0x2264,
    0x2265,
]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "case", "sups", "ordn"]
FIGURES = "0123456789"
# What collectstatic leaves out: parts of packages that no page asks for.
UNUSED = [
    "bootstrap.*",
    "bootstrap-grid*",
    "bootstrap-utilities*",
    "bootstrap-reboot.css*",
    "*.rtl.*",
    "htmx-4*",
    "htmax*",
    "htmx-2.js",
    "hx-*",
    "htmx-2-compat*",
]


def fonts_build(folder: Path) -> list[Path]:
    """Write the subsets that are missing or older than their source or this module; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for weight, style in WEIGHTS.items():
        source = fontpkg_be_vietnam_pro.ROOT / "files" / f"BeVietnamPro-{style}.ttf"
        target = folder / f"be-vietnam-pro-{weight}.woff2"
        newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
        if not target.exists() or target.stat().st_mtime < newest:
            _subset(source, target)
            written.append(target)
    return written


def assets_build() -> list[Path]:
    """Fonts, then everything static under STATIC_ROOT with hashed names and compressed twins."""
    written = fonts_build(settings.BASE_DIR / "static" / "fonts")
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    return written


def _subset(source: Path, target: Path) -> None:
    font = TTFont(source)
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LATIN + VIETNAMESE + SIGNS)
    subsetter.subset(font)
    _add_tabular_figures(font)
    font.flavor = "woff2"
    font.save(target)


def _add_tabular_figures(font: TTFont) -> None:
    """Twins of the ten figures, all of the mean width and centred in it, and the feature that swaps them in."""
    names = [font.getBestCmap()[ord(figure)] for figure in FIGURES]
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    width = sum(metrics[name][0] for name in names) // len(names)
    twins = {name: f"{name}.tnum" for name in names}
    for name, twin in twins.items():
        advance, bearing = metrics[name]
        shift = (width - advance) // 2
        glyph = copy.deepcopy(glyphs[name])
        glyph.expand(glyphs)
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        glyphs[twin] = glyph
        metrics[twin] = (width, bearing + shift)
    _add_feature(font["GSUB"].table, "tnum", twins)


def _add_feature(table: otTables.GSUB, tag: str, substitutes: dict[str, str]) -> None:
    """A single substitution under ``tag`` in every script and language of the font."""
    lookup = buildLookup([buildSingleSubstSubtable(substitutes)])
    table.LookupList.Lookup.append(lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(record)
    index = len(table.FeatureList.FeatureRecord) - 1
    for script in table.ScriptList.ScriptRecord:
        systems = [script.Script.DefaultLangSys, *(entry.LangSys for entry in script.Script.LangSysRecord)]
        for system in filter(None, systems):
            system.FeatureIndex.append(index)
