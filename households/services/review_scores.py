"""Answers to Phiếu A: judged by the sheet of the round and stored with the review."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from households.choices import SheetPurpose
from households.models import Review, ReviewScore
from households.selectors.sheets import sheet_of


def screen_write(review: Review, answers: Mapping[str, Any], *, stated: str = "") -> str:
    """Store the answers (item code → option code, codes or number) and return the result they lead to.

    ValidationError where no sheet of Phiếu A is loaded, an answer does not fit, a question is open, or ``stated``
    says otherwise than the answers.
    """
    sheet = sheet_of(review, SheetPurpose.QUICK_SCREEN)
    if sheet is None:
        raise ValidationError("Chưa có câu hỏi Phiếu A cho đợt này: chỉ ghi kết quả.")
    rows, errors = sheet.rows_from(answers)
    if errors:
        raise ValidationError({name.replace("b1-", "screen-", 1): said for name, said in errors.items()})
    found = sheet.screened(answers)
    if found is None:
        open_items = sheet.total(rows).missing
        raise ValidationError({name.replace("b1-", "screen-", 1): said for name, said in open_items.items()})
    if stated and stated != found.result:
        raise ValidationError({"result": [f"Câu trả lời dẫn đến «{found.result.label}». {found.reason}"]})
    points = sheet.total(rows).by_option
    ReviewScore.objects.filter(review=review, item__sheet__purpose=SheetPurpose.QUICK_SCREEN).delete()
    ReviewScore.objects.bulk_create(
        ReviewScore(
            review=review,
            unit_id=review.unit_id,
            item_id=item,
            option_id=option,
            amount=amount,
            points=points.get((item, option), 0),
        )
        for item, given in rows.items()
        for option, amount in given
    )
    return str(found.result)
