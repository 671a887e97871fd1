"""What in a scored form is worth a second look before the village meets. Nothing here forbids anything.

The limits are practice, not law: they decide only which forms a person looks at again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from households.choices import LISTED, Category
from povertyplan.core.findings import Finding, Severity

B1_JUMP = 40
MANY_SOURCES = 6
MANY_VANISHED = 4
CHILD_BELOW = 16


@dataclass(frozen=True, kw_only=True)
class FormFacts:
    """One form as far as it is filled in. Ages in completed years; ``None`` is not known.

    ``able``: members of working age who can work. ``earners``: the largest number of earners of one income source.
    ``b1_line``: the B1 score up to which the standard speaks of poor or near-poor. ``lacks_cause``: no cause is chosen
    though the standard has a list of them.
    """

    name: str
    anchor: str = ""
    category: str = ""
    last_category: str = ""
    b1: int | None = None
    last_b1: int | None = None
    b1_line: int | None = None
    deprived: frozenset[str] = frozenset()
    last_deprived: frozenset[str] | None = None
    overridden: tuple[str, ...] = ()
    is_scored: bool = False
    persons: int = 0
    able: int | None = None
    sources: int = 0
    earners: int = 0
    has_head: bool = True
    head_age: int | None = None
    without_birth: tuple[str, ...] = ()
    lacks_cause: bool = False


def suspicions(form: FormFacts) -> list[Finding]:
    """All that is suspicious in a form, people first, then results: each with place, reason and remedy."""
    said = [*_people(form), *_incomes(form)]
    if form.is_scored:
        said += [*_results(form), *_beside_last_year(form)]
    return [
        Finding(
            severity=Severity.WARNING, code=code, place=form.name, message=message, remedy=remedy, anchor=form.anchor
        )
        for code, message, remedy in said
    ]


Said = Iterator[tuple[str, str, str]]


def _people(form: FormFacts) -> Said:
    if not form.persons:
        yield "no-members", "hộ chưa có người nào.", "Ghi người trong hộ ở sổ hộ."
    elif not form.has_head:
        yield "no-head", "hộ chưa có chủ hộ.", "Chọn chủ hộ ở sổ hộ."
    elif form.head_age is not None and form.head_age < CHILD_BELOW:
        yield "child-head", f"chủ hộ mới {form.head_age} tuổi.", "Xem lại ngày sinh hoặc chủ hộ."
    if form.without_birth:
        names = ", ".join(form.without_birth[:3]) + (" …" if len(form.without_birth) > 3 else "")
        yield "no-birth", f"{len(form.without_birth)} người chưa có năm sinh ({names}).", "Ghi năm sinh ở sổ hộ."


def _incomes(form: FormFacts) -> Said:
    if form.sources >= MANY_SOURCES and (form.persons == 1 or form.able == 1):
        yield "many-incomes", f"một người có tới {form.sources} nguồn thu.", "Hỏi lại từng nguồn thu."
    if form.able is not None and form.earners > form.able:
        yield (
            "many-earners",
            f"{form.earners} người có thu nhập, nhưng chỉ {form.able} người có khả năng lao động.",
            "Xem lại số người có thu nhập hoặc việc làm của từng người.",
        )


def _results(form: FormFacts) -> Said:
    if form.b1 is not None and form.b1_line is not None and not form.deprived and form.b1 * 2 <= form.b1_line:
        yield "low-b1-no-lack", f"B1 chỉ {form.b1} điểm mà không thiếu hụt chỉ số nào.", "Xem lại B1 và 12 chỉ số."
    if form.lacks_cause and form.category in LISTED:
        yield "no-cause", "chưa ghi nguyên nhân.", "Chọn nguyên nhân nghèo trên phiếu."
    if form.overridden:
        yield (
            "overridden",
            f"trả lời khác với tự tính ở {len(form.overridden)} chỉ số ({', '.join(form.overridden)}).",
            "Xem lý do đã ghi trên phiếu.",
        )


def _beside_last_year(form: FormFacts) -> Said:
    if form.last_category and {form.category, form.last_category} == {Category.POOR, Category.NOT_POOR}:
        before, now = Category(form.last_category).label, Category(form.category).label
        yield "jumped", f"kỳ trước là {before}, kỳ này {now}.", "Xem lại B1 và chuẩn bị giải thích tại họp dân."
    if form.b1 is not None and form.last_b1 is not None and abs(form.b1 - form.last_b1) >= B1_JUMP:
        yield "b1-far", f"B1 từ {form.last_b1} thành {form.b1} điểm.", "Xem lại các mục tính B1."
    vanished = len(form.last_deprived - form.deprived) if form.last_deprived is not None else 0
    if vanished >= MANY_VANISHED:
        yield "vanished", f"{vanished} chỉ số thiếu hụt kỳ trước nay không còn.", "Xem lại từng chỉ số."
