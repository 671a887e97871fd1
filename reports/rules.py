"""Pure rules of a plan's frame: who may sign how, what a line of recipients may be, what a paper's dates allow."""

import datetime

from reports.choices import Authority

DEPUTY_TITLE, LEADER_TITLE = "phó chủ tịch", "chủ tịch"
AS_ABOVE = "như trên"


def is_leader(title: str) -> bool:
    """Chủ tịch or Phó Chủ tịch."""
    return LEADER_TITLE in title.lower()


def signing_gap(authority: Authority, title: str) -> str:
    """Why the authority does not go with the signer's title, as a sentence; empty when it does."""
    label, low = Authority(authority).label, title.strip().lower()
    if authority == Authority.DEPUTY and DEPUTY_TITLE not in low:
        return f"«{label}» cần người ký là Phó Chủ tịch, không phải {title}. Chọn người khác hoặc đổi quyền hạn ký."
    if authority != Authority.DEPUTY and low.startswith("phó"):
        deputy = Authority.DEPUTY.label
        return f"«{label}» không đi với người ký là {title}. Chọn «{deputy}» hoặc chọn người khác."
    return ""


def is_as_above(line: str) -> bool:
    """«Như trên» answers the addressee of a letter; a plan has none."""
    return line.strip().lower().startswith(AS_ABOVE)


def force_gap(
    in_force_from: datetime.date | None, in_force_to: datetime.date | None, *, year: int, day: datetime.date | None
) -> str:
    """«đã hết hiệu lực …» or «chưa có hiệu lực …» on the day, without one in the whole year; empty when in force."""
    if in_force_to and in_force_to <= (day or datetime.date(year, 1, 1)):
        return f"hết hiệu lực từ {in_force_to:%d/%m/%Y}"
    if in_force_from and in_force_from > (day or datetime.date(year, 12, 31)):
        return f"đến {in_force_from:%d/%m/%Y} mới có hiệu lực"
    return ""
