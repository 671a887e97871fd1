"""The one write of an allocation: the shares of a method become the reductions of the table."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.core.versions import EditConflict, FieldConflict, last_author
from targets.choices import Method, QuotaSubject
from targets.models import TargetPlan, TargetRow
from targets.rules.allocation import USUAL_WEIGHT, CannotAllocate, Terms, allocate
from targets.selectors.allocation import KINDS, Kind, action_of, places_for
from targets.selectors.tables import target_table
from targets.services.gate import lock_open
from targets.services.tables import set_rows

DIFFERS = "differs"
OTHER_SHARES = "Số liệu vừa thay đổi nên cách tính cho kết quả khác với lúc xem. Chưa ghi gì; xem lại rồi ghi."


@transaction.atomic
def allocation_take(
    *,
    by: User | None,
    plan: TargetPlan,
    method: Method,
    kind: QuotaSubject,
    quota: int,
    shares: Mapping[int, int | None],
    versions: Mapping[int, int],
    weight: Fraction = USUAL_WEIGHT,
) -> int:
    """Write ``{place pk: households}``, together ``quota``, as the net reductions of all rows; how many rows changed.

    ``versions`` are those of the rows when the shares were worked out: shares follow from every figure of the table,
    so any row changed since raises EditConflict and nothing is written. ValidationError where places came or went,
    where the method gives other shares now (code ``DIFFERS``: flags or registrations changed), where it cannot spread
    the quota, or while the plan is closed. By hand a share may be None, which leaves the cell blank. What was stays in
    the history.
    """
    stored = lock_open(by=by, plan=plan)
    rows = list(
        TargetRow.objects.filter(plan=stored).select_related("place").select_for_update(of=("self",)).order_by("pk")
    )
    about = KINDS[kind]
    if {row.place_id for row in rows} != set(shares):
        raise ValidationError("Bảng vừa có thêm hoặc bớt dòng. Xem lại rồi ghi.")
    _refuse_stale(rows, about.reduction, shares, versions)
    _refuse_other_shares(stored, method, about, quota, shares, weight)
    new = {place: {about.reduction: households} for place, households in shares.items()}
    return set_rows(by=by, plan=stored, rows=new, action=action_of(kind, method)).changed


def _refuse_stale(
    rows: Sequence[TargetRow], field: str, shares: Mapping[int, int | None], versions: Mapping[int, int]
) -> None:
    stale = next((row for row in rows if row.version != versions.get(row.place_id)), None)
    if stale is None:
        return
    mine = shares[stale.place_id]
    label = str(TargetRow._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    conflict = FieldConflict(name=field, label=label, theirs=getattr(stale, field), mine=mine)
    who, when = last_author(stale)
    raise EditConflict(row=stale, fields=[conflict], mine={field: mine}, who=who, when=when)


def _refuse_other_shares(
    plan: TargetPlan, method: Method, kind: Kind, quota: int, shares: Mapping[int, int | None], weight: Fraction
) -> None:
    """Who takes a method takes what it gives on the figures of now; by hand the rules of every method hold."""
    table = target_table(unit=plan.unit, year=plan.year)
    places = places_for(table, kind) if table else ()
    by_hand = {place: households or 0 for place, households in shares.items()}
    try:
        found = allocate(method, quota, places, terms=Terms(word=kind.word, weight=weight, by_hand=by_hand))
    except CannotAllocate as error:
        raise ValidationError(f"Chưa ghi gì. {error}") from error
    given = {share.place.key: share.households for share in found.shares}
    if given != (by_hand if method == Method.BY_HAND else shares):
        raise ValidationError(OTHER_SHARES, code=DIFFERS)
