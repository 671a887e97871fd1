"""What holds for every template: no code or style inside the page, nothing from elsewhere, no exclamation marks."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STATIC = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.suffix in {".css", ".js"})
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.S)


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_no_inline_code_or_style(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on", text, re.I)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text, re.I)


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=name_of)
def test_file_asks_nothing_from_another_origin(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//|url\(["']?(https?:)?//|@import""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_words_carry_no_exclamation_mark(path: Path) -> None:
    text = re.sub(r"<!doctype html>|!=", "", COMMENT.sub("", path.read_text(encoding="utf-8")), flags=re.I)
    assert "!" not in text
