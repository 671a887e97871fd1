"""Which documents there are and in which formats: one call from figures to bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from povertyplan.areas.models import Area
from reports import build, datasets, html, pdf, xlsx
from reports.tree import Document
from targets.choices import LayoutName

PDF, HTML, XLSX = "pdf", "html", "xlsx"
LAYOUT, EDITION = "layout", "edition"


class UnknownKind(LookupError):
    """No such document or format; the message is a Vietnamese sentence."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``slug`` opens the file names; ``formats`` in the order they are offered.

    ``options`` are what the dataset asks beside unit and year («round» …), each a text, empty for the usual one.
    ``is_of_round``: a paper of a review round, which is offered there.
    """

    key: str
    label: str
    slug: str
    dataset: Callable[..., Any]
    build: Callable[[Any], Document]
    formats: tuple[str, ...] = (PDF, HTML)
    options: tuple[str, ...] = ()
    is_of_round: bool = False


@dataclass(frozen=True, kw_only=True)
class Rendered:
    name: str
    content_type: str
    content: bytes


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            key="annual_plan",
            label="Kế hoạch giảm nghèo của năm",
            slug="ke-hoach",
            dataset=datasets.annual_plan,
            build=build.annual_plan,
            options=(LAYOUT, EDITION),
        ),
        Kind(
            key="target_table",
            label="Bảng phân bổ chỉ tiêu giảm hộ nghèo, hộ cận nghèo",
            slug="bang-chi-tieu",
            dataset=datasets.annual_plan,
            build=build.target_table,
            options=(LAYOUT, EDITION),
        ),
        Kind(
            key="charts",
            label="Biểu đồ giảm nghèo của năm",
            slug="bieu-do",
            dataset=datasets.charts,
            build=build.charts,
        ),
        Kind(
            key="review_summary",
            label="Biểu tổng hợp kết quả rà soát (biểu 1–11)",
            slug="bieu-tong-hop",
            dataset=datasets.review_summary,
            build=build.review_summary,
            formats=(XLSX, HTML),
            options=("round", "result"),
            is_of_round=True,
        ),
    )
}
WRITERS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    PDF: ("application/pdf", pdf.write),
    HTML: ("text/html; charset=utf-8", lambda document: html.standalone(document).encode()),
    XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
}


def kind_of(key: str) -> Kind:
    """Raises UnknownKind."""
    if key not in KINDS:
        raise UnknownKind(f"Không có loại văn bản «{key}». Các loại có: {', '.join(KINDS)}.")
    return KINDS[key]


def tree(key: str, *, unit: Area, year: int, **options: str) -> Document:
    """The document before any format. Raises UnknownKind (also for an option that it does not have), MissingData."""
    kind = kind_of(key)
    given = {name: value for name, value in options.items() if value}
    if foreign := set(given) - set(kind.options):
        raise UnknownKind(f"«{kind.label}» không có lựa chọn {', '.join(sorted(foreign))}.")
    if given.get(LAYOUT, LayoutName.STANDARD) not in LayoutName.values:
        raise UnknownKind(f"Không có mẫu trình bày «{given[LAYOUT]}». Các mẫu có: {', '.join(LayoutName.values)}.")
    return kind.build(kind.dataset(unit=unit, year=year, **given))


def file_name(key: str, *, unit: Area, year: int, format: str) -> str:
    """``ke-hoach-99001-2026.pdf``: safe in every file system and header."""
    return f"{kind_of(key).slug}-{unit.code or unit.pk}-{year}.{format}"


def render(key: str, *, unit: Area, year: int, format: str, **options: str) -> Rendered:
    """Raises UnknownKind, MissingData."""
    kind = kind_of(key)
    if format not in kind.formats:
        raise UnknownKind(f"«{kind.label}» không có dạng «{format}». Các dạng có: {', '.join(kind.formats)}.")
    content_type, write = WRITERS[format]
    return Rendered(
        name=file_name(key, unit=unit, year=year, format=format),
        content_type=content_type,
        content=write(tree(key, unit=unit, year=year, **options)),
    )
