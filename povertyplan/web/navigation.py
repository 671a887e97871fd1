"""The sections of a unit and a year, and who gets which."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from povertyplan.areas.rules import level_of_code


@dataclass(frozen=True, kw_only=True)
class Section:
    """``view`` is the first page; ``namespaces`` name all pages of the section.

    No ``roles`` means everyone, no ``levels`` units of every level.
    """

    view: str
    label: str
    namespaces: tuple[str, ...] = ()
    short: str = ""
    roles: frozenset[Role] = frozenset()
    levels: frozenset[Level] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Item:
    """A section as a link; ``short`` is its label on a phone."""

    view: str
    label: str
    short: str
    url: str
    is_current: bool


HOME = Section(view="unit-home", label="Trang chủ")
ABOVE_COMMUNES = frozenset({Level.PROVINCE, Level.DISTRICT})
SECTIONS = (
    HOME,
    Section(view="targets:consolidated", label="Tổng hợp", levels=ABOVE_COMMUNES),
    Section(view="households:list", label="Hộ gia đình", namespaces=("households", "requests"), short="Hộ"),
    Section(view="rounds:index", label="Rà soát", namespaces=("rounds", "reviews", "summaries", "law")),
    Section(view="targets:table", label="Chỉ tiêu", namespaces=("targets", "exits")),
    Section(view="reports:index", label="Văn bản", namespaces=("reports",)),
    Section(view="exchange:index", label="Nhập, xuất Excel", namespaces=("exchange",), short="Excel"),
    Section(view="villages:list", label="Thôn", namespaces=("villages",)),
    Section(view="papers:list", label="Văn bản viện dẫn", namespaces=("papers",)),
    Section(view="offices:index", label="Cơ quan, cán bộ", namespaces=("offices",)),
    Section(view="people:list", label="Quản trị", namespaces=("people",), roles=frozenset({Role.ADMINISTRATOR})),
)
ON_PHONE = 3


def sections_for(roles: frozenset[Role], code: str) -> list[Section]:
    return [section for section in sections_of(code) if not section.roles or section.roles & roles]


def sections_of(code: str) -> list[Section]:
    """The sections that a unit of that level has."""
    level = level_of_code(code)
    return [section for section in SECTIONS if not section.levels or level in section.levels]


@lru_cache(maxsize=4096)
def _address(view: str, code: str, year: int) -> str:
    """Every page has ten of these; which address a view has does not change while the program runs."""
    return reverse(view, kwargs={"code": code, "year": year})


def items(*, code: str, year: int, roles: frozenset[Role], view: str) -> list[Item]:
    """Links of the sections that these roles may use; the one that holds the page ``view`` is current."""
    sections = sections_for(roles, code)
    is_first = any(section.view == view for section in sections)
    return [
        Item(
            view=section.view,
            label=section.label,
            short=section.short or section.label,
            url=_address(section.view, code, year),
            is_current=view == section.view or (not is_first and view.split(":")[0] in section.namespaces),
        )
        for section in sections
    ]


def section_url(view: str, *, code: str, year: int) -> str:
    """First page of the section ``view`` in that unit and year; the home page for a name that is no section there."""
    known = {section.view for section in sections_of(code)}
    try:
        return reverse(view if view in known else HOME.view, kwargs={"code": code, "year": year})
    except NoReverseMatch:
        return reverse("web:home")
