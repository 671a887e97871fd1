"""What a recognised result means for a request of Mẫu 01 or Mẫu 04 (Quyết định 24/2021, Điều 5). Pure."""

from dataclasses import dataclass

from households.choices import LISTED, Category, RequestKind, RequestResult, ReviewState


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The answer; a refusal has its reason, which the household gets in writing."""

    result: RequestResult
    reason: str = ""


def outcome(
    kind: str,
    *,
    category: str,
    from_category: str,
    state: str,
    dropped_because: str = "",
    b1: int | None = None,
    b2: int | None = None,
) -> Outcome:
    """Mẫu 01 is granted to who is poor or near-poor now, Mẫu 04 to who left the class the household was in."""
    if state == ReviewState.DROPPED:
        return _refused(f"Hộ được đưa ra khỏi danh sách rà soát: {dropped_because}")
    if kind == RequestKind.FORM_01:
        return _form_01(category, state, b1, b2)
    if from_category not in LISTED:
        return _refused("Hộ không có trong danh sách hộ nghèo, hộ cận nghèo kỳ trước.")
    if category == Category.NOT_POOR or (from_category, category) == (Category.POOR, Category.NEAR_POOR):
        return Outcome(result=RequestResult.ACCEPTED)
    return _refused(f"Kết quả rà soát: {_said(category, b1, b2)}.")


def _form_01(category: str, state: str, b1: int | None, b2: int | None) -> Outcome:
    if category in LISTED:
        return Outcome(result=RequestResult.ACCEPTED)
    if state == ReviewState.SCREENED_OUT:
        return _refused("Phiếu A: hộ không thuộc diện rà soát tiếp.")
    return _refused(f"Kết quả rà soát: {_said(category, b1, b2)}.")


def _said(category: str, b1: int | None, b2: int | None) -> str:
    label = Category(category).label if category else "không xác định"
    points = [f"{name} {score} điểm" for name, score in (("B1", b1), ("B2", b2)) if score is not None]
    return f"{label} ({', '.join(points)})" if points else label


def _refused(reason: str) -> Outcome:
    return Outcome(result=RequestResult.REFUSED, reason=reason[:500])
