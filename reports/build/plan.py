"""The KẾ HOẠCH of a year: what the unit has, what it aims at, what it does, who does it."""

from povertyplan.core.text import first_upper
from reports.build import frame, wording
from reports.build.goals import goals
from reports.build.phrases import committee, kinds_together, responsible_below, sentence_list, unbroken
from reports.build.situation import situation
from reports.build.table import annex
from reports.datasets import AnnualPlanData
from reports.tree import Annex, Document, Level, Outline

DRAFTER = "Cán bộ, công chức phụ trách công tác giảm nghèo"


def annual_plan(data: AnnualPlanData) -> Document:
    """The plan with the target table as its one annex; a table narrow enough stands in the text instead."""
    text = Outline()
    text.paragraph(_opening(data))
    situation(text, data)
    goals(text, data.table)
    _tasks(text, data)
    _organisation(text, data)
    text.paragraph(_closing(data))
    return Document(
        name=f"Kế hoạch {_lower_first(frame.subject(data))}",
        is_sample=data.table.unit.is_sample,
        is_draft=not data.table.is_approved,
        header=frame.header(data),
        title=frame.title(data),
        bases=frame.bases(data),
        blocks=tuple(text.blocks),
        recipients=frame.recipients(data),
        signing=frame.signing(data),
        annexes=_annexes(data),
    )


def _annexes(data: AnnualPlanData) -> tuple[Annex, ...]:
    if data.table.stands_in_text:
        return ()
    return (annex(data.table, label="Phụ lục", reference=frame.annex_reference(data)),)


def _lower_first(text: str) -> str:
    """A sentence inside another; abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _what(data: AnnualPlanData) -> str:
    """The subject without its place, which the committee's name already says."""
    return _lower_first(frame.subject(data).replace(f"{frame.PLACE_SPLIT}{data.table.unit}", ""))


def _opening(data: AnnualPlanData) -> str:
    return (
        f"Từ tình hình thực tế của địa phương, {committee(data.table.unit)} ban hành Kế hoạch {_what(data)}, "
        "cụ thể như sau:"
    )


def _closing(data: AnnualPlanData) -> str:
    unit = data.table.unit
    report_to = unbroken(data.drafted_by) or committee(unit)
    return (
        f"Trên đây là Kế hoạch {_what(data)} của {committee(unit)}. Trong quá trình thực hiện, nếu có khó khăn, vướng "
        f"mắc, đề nghị các cơ quan, đơn vị và các {kinds_together(data.table.kinds)} phản ánh về {report_to} để xem "
        "xét, giải quyết./."
    )


def _fill(data: AnnualPlanData) -> dict[str, str]:
    unit, kinds = data.table.unit, data.table.kinds
    return {
        "unit": str(unit),
        "kind": unit.kind,
        "below": f"các {kinds_together(kinds)}",
        "heads": responsible_below(unit.level, kinds),
        "drafter": unbroken(data.drafted_by) or DRAFTER,
    }


def _write(text: Outline, lines: wording.Lines, places: dict[str, str]) -> None:
    for level, line in lines:
        filled = first_upper(line.format_map(places))
        if level < Level.POINT:
            text.heading(level, filled)
        else:
            text.item(level, filled)


def _tasks(text: Outline, data: AnnualPlanData) -> None:
    text.heading(Level.SECTION, "NHIỆM VỤ, GIẢI PHÁP")
    _write(text, wording.TASKS, _fill(data))


def _organisation(text: Outline, data: AnnualPlanData) -> None:
    """The unit's own division of work; where none is stored, one that fits every unit."""
    text.heading(Level.SECTION, "TỔ CHỨC THỰC HIỆN")
    if not data.duties:
        _write(text, wording.GENERIC_DUTIES, _fill(data))
    for duty in data.duties:
        text.heading(Level.CLAUSE, first_upper(unbroken(duty.name)))
        for task in sentence_list([line.lstrip("-+•– ") for line in duty.tasks]):
            text.item(Level.DASH, task)
