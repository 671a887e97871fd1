"""The only writes of papers. ``by=None`` is the system, which alone adds national papers.

An administrator of the installation compares them with their text and confirms them; the system never does.
"""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.areas.uses import refuse_if_used
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from povertyplan.papers.rules import split_number, tidy_subject

FIELDS = (
    "system",
    "type",
    "number",
    "notation",
    "date",
    "issuer",
    "subject",
    "in_force_from",
    "in_force_to",
    "is_own",
    "certainty",
)
TEXTS = ("number", "notation", "issuer", "subject")
# What may be put right when a national paper is compared; type and number say which paper it is.
COMPARED = ("date", "issuer", "subject", "in_force_from", "in_force_to")


@transaction.atomic
def paper_add(*, by: User | None, unit: Area | None, **fields: Any) -> Paper:
    """One more document in the unit's file; ``unit=None`` is a national one. A duplicate is a ValidationError."""
    demand(can_enter, by, unit)
    with acting(by=by, action="paper.add"):
        return _save(Paper(unit=unit), _tidy(fields))


@transaction.atomic
def paper_update(*, by: User | None, paper: Paper, version: int, **changes: Any) -> Paper:
    """Correct what is written about a document. Raises EditConflict."""
    demand(can_enter, by, paper.unit)
    with acting(by=by, action="paper.update"):
        row, mine = lock_and_merge(Paper.objects.all(), pk=paper.pk, version=version, changes=_tidy(changes))
        return _save(row, mine)


@transaction.atomic
def paper_replace(
    *, by: User | None, paper: Paper, version: int, replaced_by: Paper, in_force_to: datetime.date | None = None
) -> Paper:
    """``replaced_by`` takes the place of the paper from a day on. Raises EditConflict."""
    demand(can_enter, by, paper.unit)
    if replaced_by.pk == paper.pk or Paper.objects.filter(pk=replaced_by.pk, replaced_by=paper.pk).exists():
        raise ValidationError({"replaced_by": "Văn bản không thể tự thay thế chính nó."})
    if replaced_by.unit_id not in {None, paper.unit_id}:
        raise ValidationError({"replaced_by": "Chọn văn bản của chính đơn vị hoặc văn bản trung ương."})
    changes = {"replaced_by": replaced_by, "in_force_to": in_force_to or replaced_by.in_force_from or replaced_by.date}
    with acting(by=by, action="paper.replace"):
        row, mine = lock_and_merge(Paper.objects.all(), pk=paper.pk, version=version, changes=changes)
        return _save(row, mine)


@transaction.atomic
def paper_confirm(*, by: User | None, paper: Paper, version: int, source: str, **figures: Any) -> Paper:
    """A superuser compared a national paper with its text, found at ``source``; ``figures`` puts right what differs.

    Raises PermissionDenied for everybody else and for the system, ValidationError without a source, EditConflict.
    """
    if by is None or not (by.is_active and by.is_superuser):
        raise PermissionDenied
    unknown = set(figures) - set(COMPARED)
    if unknown:
        raise TypeError(f"not compared of a paper: {sorted(unknown)}")
    if paper.unit_id is not None:
        raise ValidationError("Chỉ đối chiếu văn bản trung ương ở đây; văn bản của đơn vị do đơn vị tự sửa.")
    where = clean(source)
    if not where:
        raise ValidationError({"source": "Ghi nơi đã đối chiếu: Công báo, cơ sở dữ liệu văn bản, bản giấy …"})
    changes = _tidy(figures) | {"certainty": Certainty.CHECKED, "source": where}
    with acting(by=by, action="paper.confirm"):
        row, mine = lock_and_merge(Paper.objects.all(), pk=paper.pk, version=version, changes=changes)
        return _save(row, mine)


@transaction.atomic
def paper_remove(*, by: User | None, paper: Paper, version: int) -> None:
    """Remove a document written by mistake, while nothing cites it; the audit keeps it."""
    demand(can_enter, by, paper.unit)
    with acting(by=by, action="paper.remove"):
        row, _ = lock_and_merge(Paper.objects.all(), pk=paper.pk, version=version, changes={})
        refuse_if_used(row)
        row.delete()


def _tidy(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a paper: {sorted(unknown)}")
    tidy = {name: clean(value) if name in TEXTS else value for name, value in fields.items()}
    if "subject" in tidy:
        tidy["subject"] = tidy_subject(tidy["subject"])
    if "number" in tidy:
        tidy["number"], tidy["notation"] = split_number(tidy["number"], tidy.get("notation", ""))
    return tidy


def _save(paper: Paper, changes: dict[str, Any]) -> Paper:
    first, last = (changes.get(name, getattr(paper, name)) for name in ("in_force_from", "in_force_to"))
    if first and last and last < first:
        raise ValidationError({"in_force_to": "Ngày hết hiệu lực không được trước ngày có hiệu lực."})
    return save_changes(paper, changes)
