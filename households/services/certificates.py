"""Giấy chứng nhận hộ nghèo, hộ cận nghèo (Quyết định 24/2021, Mẫu 03): a booklet that is confirmed every year.

A household gets a booklet once, numbered in the series of the commune and the year of issue. Later recognitions
confirm the class in it and do not issue another; a household that left both lists gives it back.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from households.choices import LISTED, RecognitionKind, RoundState, Transition
from households.models import Certificate, CertificateYear, Recognised, Recognition, ReviewRound
from households.services.round_gate import lock_round, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes

BATCH = 1000
ORDER = ("village__position", "village__sort_key", "village_id", "head_sort_key", "household_id")


@transaction.atomic
def certificates_issue(*, by: User | None, round: ReviewRound, on: datetime.date) -> int:
    """Issue to who is on the list and has no booklet, confirm the class in the others, withdraw from who left.

    The number of booklets issued or confirmed. Twice is once; after a correction it does what the correction changed.
    A booklet cites the decision (Mẫu 03): ValidationError while one has no number, also of a list recorded from paper.
    """
    demand(can_enter, by, round.unit)
    refuse_future(on=on)
    with acting(by=by, action="certificates.issue"):
        row = lock_round(round, RoundState.RECOGNISED)
        if row.recognised_on is not None and on < row.recognised_on:
            day = format_date(row.recognised_on)
            raise ValidationError({"on": f"Đợt được công nhận ngày {day}; cấp giấy không trước ngày đó."})
        cited = {decision.pk for decision in _numbered_decisions(row)}
        results = list(Recognised.objects.filter(round=row, is_current=True).order_by(*ORDER))
        in_force = {
            booklet.household_id: booklet
            for booklet in Certificate.objects.filter(
                household__in=[result.household_id for result in results], withdrawn_on__isnull=True
            )
        }
        listed = [result for result in results if result.category in LISTED]
        in_force |= _issue(row, [result for result in listed if result.household_id not in in_force], on, cited)
        confirmed = _confirm(row, listed, in_force, on)
        _withdraw((result for result in results if result.category not in LISTED), in_force, on)
    return confirmed


@transaction.atomic
def certificate_hand_over(*, by: User | None, certificate: Certificate, version: int, on: datetime.date) -> Certificate:
    """The household has its booklet. Raises EditConflict."""
    demand(can_enter, by, certificate.unit)
    refuse_future(on=on)
    if on < certificate.issued_on:
        raise ValidationError({"on": f"Giấy cấp ngày {format_date(certificate.issued_on)}."})
    with acting(by=by, action="certificate.hand_over"):
        row, mine = _lock(certificate, version, {"handed_over_on": on})
        _refuse_withdrawn(row)
        return save_changes(row, mine)


@transaction.atomic
def certificate_withdraw(
    *, by: User | None, certificate: Certificate, version: int, on: datetime.date, because: str
) -> Certificate:
    """The booklet is no longer valid; its number is never used again. Raises EditConflict."""
    demand(can_enter, by, certificate.unit)
    refuse_future(on=on)
    errors = {}
    if not clean(because):
        errors["because"] = "Ghi lý do thu hồi."
    if on < certificate.issued_on:
        errors["on"] = f"Giấy cấp ngày {format_date(certificate.issued_on)}."
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="certificate.withdraw"):
        changes = {"withdrawn_on": on, "withdrawn_because": clean(because)}
        row, mine = _lock(certificate, version, changes)
        _refuse_withdrawn(row)
        return save_changes(row, mine)


def _numbered_decisions(round: ReviewRound) -> list[Recognition]:
    """What booklets of the round may cite. Of a list recorded from paper the decision on that paper counts: what was
    put right in the record had none of its own."""
    decisions = list(Recognition.objects.filter(round=round).order_by("on", "pk"))
    recorded = [row for row in decisions if row.kind == RecognitionKind.PAST]
    missing = [row for row in recorded or decisions if row.paper_id is None]
    if missing and recorded:
        raise ValidationError(
            "Danh sách này ghi lại từ giấy và chưa có số quyết định. Văn thư ghi số quyết định đã ban hành, rồi mới"
            " cấp giấy: giấy chứng nhận viện dẫn quyết định đó."
        )
    if missing:
        days = ", ".join(format_date(row.on) for row in missing)
        raise ValidationError(
            f"Quyết định ngày {days} chưa có số. Văn thư ghi số, rồi mới cấp giấy: giấy chứng nhận viện dẫn quyết định."
        )
    return recorded or decisions


def _lock(certificate: Certificate, version: int, changes: dict[str, object]) -> tuple[Certificate, dict[str, object]]:
    return lock_and_merge(Certificate.objects.all(), pk=certificate.pk, version=version, changes=changes)


def _refuse_withdrawn(certificate: Certificate) -> None:
    if certificate.withdrawn_on is not None:
        raise ValidationError(f"Giấy {certificate} đã thu hồi ngày {format_date(certificate.withdrawn_on)}.")


def _issue(round: ReviewRound, results: list[Recognised], on: datetime.date, cited: set[int]) -> dict[int, Certificate]:
    """New booklets with the next numbers of the year, in the order of villages and names; each cites the decision of
    its row, or the first where that one is none to cite."""
    Area.objects.select_for_update(of=("self",), no_key=True).get(pk=round.unit_id)
    last = Certificate.objects.filter(unit=round.unit, year=on.year).aggregate(last=Max("number"))["last"] or 0
    booklets = Certificate.objects.bulk_create(
        (
            Certificate(
                unit=round.unit,
                household_id=result.household_id,
                number=number,
                year=on.year,
                issued_on=on,
                recognition_id=result.recognition_id if result.recognition_id in cited else min(cited),
            )
            for number, result in enumerate(results, start=last + 1)
        ),
        batch_size=BATCH,
    )
    return {booklet.household_id: booklet for booklet in booklets}


def _confirm(round: ReviewRound, listed: list[Recognised], booklets: dict[int, Certificate], on: datetime.date) -> int:
    """The class of this decision in every booklet that does not have it yet."""
    done = set(CertificateYear.objects.filter(recognition__round=round).values_list("certificate_id", "recognition_id"))
    years = [
        CertificateYear(
            unit=round.unit,
            certificate=booklets[result.household_id],
            year=round.year,
            category=result.category,
            recognition_id=result.recognition_id,
            confirmed_on=on,
        )
        for result in listed
        if (booklets[result.household_id].pk, result.recognition_id) not in done
    ]
    CertificateYear.objects.bulk_create(years, batch_size=BATCH)
    return len(years)


def _withdraw(left: Iterable[Recognised], in_force: dict[int, Certificate], on: datetime.date) -> None:
    booklets = []
    for result in left:
        booklet = in_force.get(result.household_id)
        if booklet is not None:
            label = Transition(result.transition).label if result.transition else "không còn trong danh sách"
            booklet.withdrawn_on = max(on, booklet.issued_on)
            booklet.withdrawn_because = ": ".join(part for part in (label, result.reason) if part)[:300]
            booklets.append(booklet)
    Certificate.objects.bulk_update(booklets, ["withdrawn_on", "withdrawn_because"], batch_size=500)
