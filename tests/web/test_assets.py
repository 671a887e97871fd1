from pathlib import Path

from fontTools.ttLib import TTFont

from povertyplan.web.assets import WEIGHTS, fonts_build


def tabular_figures(font: TTFont) -> dict[str, str]:
    """Figure → its tabular twin, as the font's ``tnum`` feature says."""
    table = font["GSUB"].table
    feature = next(record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum")
    return table.LookupList.Lookup[feature.LookupListIndex[0]].SubTable[0].mapping


def test_fonts_hold_every_vietnamese_letter_and_tabular_figures(tmp_path: Path) -> None:
    written = fonts_build(tmp_path)
    assert len(written) == len(WEIGHTS) <= 3
    for path in written:
        font = TTFont(path)
        assert set(map(ord, "ĂăÂâĐđÊêÔôƠơƯưẰằỆệỔổỮữỴỵ0123456789«»–…")) <= set(font.getBestCmap())
        twins = tabular_figures(font)
        assert set(twins) == {font.getBestCmap()[ord(figure)] for figure in "0123456789"}
        assert len({font["hmtx"][twin][0] for twin in twins.values()}) == 1
        assert path.stat().st_size < 25_000


def test_fonts_are_built_once(tmp_path: Path) -> None:
    fonts_build(tmp_path)
    assert fonts_build(tmp_path) == []
