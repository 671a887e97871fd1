"""No place, unit or village of the demonstration is written in code: all of it is data."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from povertyplan.areas.national import units_before
from povertyplan.web.demo import FOLDER

CODE = ("povertyplan", "reports", "targets", "projects", "households", "templates", "static/js", "static/css")
SUFFIXES = {".py", ".html", ".js", ".css"}
KINDS = r"(?:xã|huyện|thôn|làng|thị trấn|phường)"


def demo_names() -> set[str]:
    """Names of the units before the reform below the province, and of the villages."""
    names = {unit.name for unit in units_before() if unit.level != "province"}
    for path in (FOLDER / "units").glob("*.json"):
        names |= set(json.loads(path.read_text(encoding="utf-8")).get("villages", {}).get("names", []))
    return names


def demo_codes() -> set[str]:
    return {path.stem for path in (FOLDER / "units").glob("*.json")}


def code_files() -> Iterator[Path]:
    for folder in CODE:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path


def pattern() -> re.Pattern[str]:
    """Names of several words as they are; a single word only behind the word for its kind; codes as whole numbers."""
    names = sorted(demo_names())
    several = "|".join(re.escape(name) for name in names if re.search(r"[\s-]", name))
    single = "|".join(re.escape(name) for name in names if not re.search(r"[\s-]", name))
    return re.compile(rf"\b(?:{several})\b|\b{KINDS} (?:{single})\b|\b(?:{'|'.join(sorted(demo_codes()))})\b")


def test_the_pattern_finds_what_it_looks_for() -> None:
    assert demo_names() >= {"Đại Lãnh", "Gò Chu", "Klah"}
    assert pattern().search("xã Đại Lãnh")
    assert pattern().search("làng Klah")
    assert pattern().search("code='22492'")
    assert not pattern().search("Lao động - Thương binh và Xã hội")


def test_code_names_no_place_of_the_demonstration() -> None:
    place = pattern()
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {match[0]}"
        for path in code_files()
        for match in place.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []
