"""The one write of an allocation: the shares of a method become the reductions of the table."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.core.versions import EditConflict, FieldConflict, last_author
from targets.choices import Method, QuotaSubject
from targets.models import TargetPlan, TargetRow
from targets.selectors.allocation import KINDS, action_of
from targets.services.gate import lock_open
from targets.services.tables import set_rows


@transaction.atomic
def allocation_take(
    *,
    by: User | None,
    plan: TargetPlan,
    method: Method,
    kind: QuotaSubject,
    shares: Mapping[int, int],
    versions: Mapping[int, int],
) -> int:
    """Write ``{place pk: households}`` as the net reductions of all rows; how many rows changed.

    ``versions`` are those of the rows when the shares were worked out: shares follow from every figure of the table,
    so any row changed since raises EditConflict and nothing is written. ValidationError where places came or went,
    where a place would reduce more than it has, or while the plan is closed. What was stays in the history.
    """
    stored = lock_open(by=by, plan=plan)
    rows = list(
        TargetRow.objects.filter(plan=stored).select_related("place").select_for_update(of=("self",)).order_by("pk")
    )
    field = KINDS[kind].reduction
    if {row.place_id for row in rows} != set(shares):
        raise ValidationError("Bảng vừa có thêm hoặc bớt dòng. Xem lại rồi ghi.")
    _refuse_stale(rows, field, shares, versions)
    new = {place: {field: households} for place, households in shares.items()}
    try:
        return set_rows(by=by, plan=stored, rows=new, action=action_of(kind, method)).changed
    except ValidationError as error:
        raise ValidationError(_with_names(error, {row.place_id: row.place.title for row in rows})) from error


def _refuse_stale(
    rows: Sequence[TargetRow], field: str, shares: Mapping[int, int], versions: Mapping[int, int]
) -> None:
    stale = next((row for row in rows if row.version != versions.get(row.place_id)), None)
    if stale is None:
        return
    mine = shares[stale.place_id]
    label = str(TargetRow._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    conflict = FieldConflict(name=field, label=label, theirs=getattr(stale, field), mine=mine)
    who, when = last_author(stale)
    raise EditConflict(row=stale, fields=[conflict], mine={field: mine}, who=who, when=when)


def _with_names(error: ValidationError, names: Mapping[int, str]) -> list[str]:
    """«Thôn Thượng: …» for each sentence that speaks of a place."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        f"{names.get(int(key.partition('.')[0]), '')}: {sentence}"
        for key, sentences in error.message_dict.items()
        for sentence in sentences
    ]
