"""Everything of a plan around its text: header, title, legal bases, recipients, signing block, annex reference."""

import datetime

from povertyplan.core.dates import official_date, official_day, official_month
from povertyplan.core.text import first_upper
from povertyplan.papers.choices import PaperType
from reports.build.phrases import JOINED, committee, sentence_list, unbroken
from reports.choices import Authority
from reports.datasets import AnnualPlanData, Citation, UnitData
from reports.tree import Header, Signing, Title

BLANK = JOINED * 6
NUMBER_BLANK = JOINED * 8
NOTATION = "/KH-UBND"
CARRIED_OUT = (PaperType.PLAN, PaperType.PROGRAMME, PaperType.DIRECTIVE)
SIGNING_LINES = {
    Authority.CHAIR: ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    Authority.DEPUTY: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    Authority.ACTING: ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
}
PLACE_SPLIT = " trên địa bàn "


def header(data: AnnualPlanData) -> Header:
    unit = data.table.unit
    number = NUMBER_BLANK if data.number is None else f"{data.number:02d}"
    return Header(
        issuer=("ỦY BAN NHÂN DÂN", str(unit).upper()),
        number=f"Số: {number}{NOTATION}",
        place_and_date=f"{data.place or place_name(unit)}, {date_line(data)}",
    )


def place_name(unit: UnitData) -> str:
    """The unit's name; with its kind before a number («Phường 1»), as Nghị định 30/2020 asks."""
    return first_upper(str(unit)) if unit.name[:1].isdigit() else unit.name


def date_line(data: AnnualPlanData) -> str:
    """The day of issue; before it is given, blanks and the month that is planned."""
    if data.issued_on:
        return official_date(data.issued_on)
    return _blank_date(data.planned_month, data.table.year)


def _blank_date(month: datetime.date | None, year: int) -> str:
    if month is None:
        return f"ngày{BLANK}tháng{BLANK}năm {year}"
    return f"ngày{BLANK}{official_day(None)}tháng {official_month(month.month)} năm {month.year}"


def subject(data: AnnualPlanData) -> str:
    unit = data.table.unit
    return data.subject or f"Thực hiện công tác giảm nghèo bền vững năm {data.table.year} trên địa bàn {unit}"


def title(data: AnnualPlanData) -> Title:
    """The subject breaks before «trên địa bàn …», so that the unit's name stays whole."""
    before, split, after = subject(data).partition(PLACE_SPLIT)
    lines = (before, f"{split.strip()} {after}") if split else (before,)
    return Title(kind="KẾ HOẠCH", subject=lines)


def bases(data: AnnualPlanData) -> tuple[str, ...]:
    """One citation a line; what is carried out («Thực hiện») apart from what is relied on («Căn cứ»)."""
    return tuple(sentence_list([_basis(citation) for citation in data.bases]))


def _basis(citation: Citation) -> str:
    return f"{'Thực hiện' if citation.type in CARRIED_OUT else 'Căn cứ'} {citation.full}"


def recipients(data: AnnualPlanData) -> tuple[str, ...]:
    """The unit's lines, then the file copy with the mark of whoever drafted."""
    copy = f"Lưu: VT, {data.drafted_by_mark}" if data.drafted_by_mark else "Lưu: VT"
    return tuple(f"- {line}" for line in sentence_list([*map(unbroken, data.recipients), copy]))


def signing(data: AnnualPlanData) -> Signing:
    return Signing(lines=SIGNING_LINES[data.authority], name=data.signer)


def annex_reference(data: AnnualPlanData) -> str:
    """Number and day as the plan has them: Nghị định 30/2020 leaves them blank in electronic copies only."""
    number = NUMBER_BLANK if data.number is None else f" {data.number:02d}"
    return f"(Kèm theo Kế hoạch số{number}{NOTATION} {date_line(data)} của {committee(data.table.unit)})"
