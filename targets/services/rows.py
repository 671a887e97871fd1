"""How rows of a plan reach the database: checked in one pass, written in one statement, however many they are."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from povertyplan.core.text import clean, legacy_encoding
from targets.choices import StartSource
from targets.models import TargetPlan, TargetRow
from targets.rules.figures import COUNTS
from targets.rules.rows import LONGEST_REMARK, count_fault, faults
from targets.selectors.start import OF_THE_LIST

FIELDS = (*COUNTS, "remark")
FROM_THE_ROUND = (
    "Số đầu năm lấy từ kết quả rà soát đã công nhận nên không gõ được. Muốn gõ thì đổi nguồn ở trang Nguồn số liệu."
)


def refuse_unknown(names: Iterable[str]) -> None:
    """A field that a row does not have is a mistake of the program, not of the person."""
    unknown = set(names) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a target row: {sorted(unknown)}")


def put(
    plan: TargetPlan, row: TargetRow, values: Mapping[str, Any], *, is_copy: bool = False
) -> tuple[bool, dict[str, list[str]]]:
    """Set the values on the row: whether it differs now, and by field what is wrong with it.

    ``is_copy``: the values come from the recognised round itself, which may set what people may not.
    """
    cleaned = {name: clean(value or "") if name == "remark" else value for name, value in values.items()}
    changed = {name: value for name, value in cleaned.items() if getattr(row, name) != value}
    errors: dict[str, list[str]] = {}
    for name, value in changed.items():
        sentence = _remark_fault(value) if name == "remark" else count_fault(value)
        if not sentence and not is_copy and name in OF_THE_LIST and plan.start_source == StartSource.RECOGNISED:
            sentence = FROM_THE_ROUND
        if sentence:
            errors[name] = [sentence]
    for name, value in changed.items():
        setattr(row, name, value)
    if changed and not errors:
        errors = faults(vars(row), changed)
    return bool(changed), errors


def _remark_fault(text: str) -> str:
    if len(text) > LONGEST_REMARK:
        return f"Ghi chú dài {len(text)} chữ, nhiều nhất {LONGEST_REMARK}."
    encoding = legacy_encoding(text)
    return f"Chữ gõ bằng bảng mã {encoding}, không phải Unicode. Đổi bộ gõ sang Unicode rồi gõ lại." if encoding else ""


UPDATE = """
UPDATE targets_targetrow AS stored SET {sets} FROM unnest(%s::bigint[], {arrays}) AS new (id, {names})
WHERE stored.id = new.id RETURNING stored.id, stored.version
"""
UPDATE_SQL = UPDATE.format(
    sets=", ".join(f"{name} = new.{name}" for name in FIELDS),
    arrays=", ".join("%s::text[]" if name == "remark" else "%s::integer[]" for name in FIELDS),
    names=", ".join(FIELDS),
)


def write(rows: Iterable[TargetRow]) -> None:
    """Update stored rows, locked by the caller, in one statement; each carries its new version afterwards."""
    by_pk = {row.pk: row for row in rows}
    if not by_pk:
        return
    columns = [[getattr(row, name) for row in by_pk.values()] for name in FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_SQL, [list(by_pk), *columns])
        for pk, version in cursor.fetchall():
            by_pk[pk].version = version


def raise_if(errors: dict[str, list[str]]) -> None:
    """All sentences at once, by «<key>.<field>»."""
    if errors:
        raise ValidationError(errors)
