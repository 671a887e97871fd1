"""What must be true before a step of a round is done (Quyết định 24/2021/QĐ-TTg, Điều 4): pure, no clock.

A round is seen as its villages with their counts; every sentence names what is missing and where. ``anchor`` of a
finding is a name (``village:12``, ``complaint:5``, ``opinion``), which the pages turn into a link.
"""

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from households.choices import OpinionReply, RoundKind, Step
from households.rules.calendar import steps_of
from povertyplan.core.findings import Finding, Severity


@dataclass(frozen=True, kw_only=True)
class VillageFacts:
    """A village in a round, counted over current forms; dropped ones are not in ``reviews``.

    ``unsettled``: scored without a standing agreement of the village meeting. ``gone``: households with a form that
    closed or left the unit. ``reposting_from``: the last recheck that changed a result and waits for a posting of
    its own from that day on. ``last_…``: the day of the last form or recheck.
    """

    pk: int
    name: str
    reviews: int = 0
    listed: int = 0
    screened_out: int = 0
    to_survey: int = 0
    surveyed: int = 0
    dropped: int = 0
    gone: int = 0
    unsettled: int = 0
    redo: int = 0
    last_screened: datetime.date | None = None
    last_surveyed: datetime.date | None = None
    last_rechecked: datetime.date | None = None
    met_on: datetime.date | None = None
    sittings: int = 0
    posted_from: datetime.date | None = None
    posted_to: datetime.date | None = None
    reposting_from: datetime.date | None = None
    reposted_to: datetime.date | None = None
    open_complaints: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class OpinionFacts:
    """The last opinion asked; ``poor``, ``near_poor`` as they were sent. ``is_same_list``: household by household."""

    sent_on: datetime.date
    due_on: datetime.date | None
    addressee: str
    poor: int
    near_poor: int
    is_same_list: bool = True
    replied_on: datetime.date | None = None
    reply: str = ""
    reply_text: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundFacts:
    """``is_numbered``: every decision of the round has its number from văn thư. ``uncertified``: recognised poor and
    near-poor households whose booklet is neither issued nor confirmed for them."""

    kind: str
    villages: Sequence[VillageFacts] = ()
    opinion: OpinionFacts | None = None
    poor: int = 0
    near_poor: int = 0
    done: Collection[str] = field(default_factory=frozenset)
    is_recognised: bool = False
    is_numbered: bool = True
    uncertified: int = 0


def blockers(step: str, facts: RoundFacts, *, on: datetime.date) -> list[Finding]:
    """Everything that keeps ``step`` from being done on the day, earlier steps first; empty: it may be done."""
    return [*_order(step, facts), *CHECKS[Step(step)](facts, on)]


def before_opinion(facts: RoundFacts, *, on: datetime.date) -> list[Finding]:
    """What keeps the preliminary result from being sent up: earlier steps, and what changed since they were done."""
    again = (*_village_meeting(facts, on), *_posting(facts, on), *_recheck(facts, on))
    return [*_order(Step.OPINION, facts), *again]


def _order(step: str, facts: RoundFacts) -> Iterator[Finding]:
    for earlier in steps_of(facts.kind):
        if earlier == step:
            return
        if earlier not in facts.done:
            yield _error("step-order", f"Bước «{earlier.label}» chưa xong.", anchor=f"step:{earlier}")


def _listing(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    if not any(village.reviews for village in facts.villages):
        yield _error("list-empty", "Danh sách rà soát chưa có hộ nào.", anchor="list")


def _quick_screen(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    for village in facts.villages:
        if village.listed:
            yield _of(village, "not-screened", f"còn {village.listed} hộ chưa có kết quả Phiếu A.")
        yield from _too_early(village, "Phiếu A sau cùng làm", village.last_screened, on)


def _survey(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    yield from _quick_screen(facts, on)
    for village in facts.villages:
        if village.to_survey:
            yield _of(village, "not-surveyed", f"còn {village.to_survey} hộ chưa chấm điểm Phiếu B.")
        yield from _too_early(village, "Phiếu B sau cùng làm", village.last_surveyed, on)
        if village.gone:
            yield _of(
                village,
                "gone",
                f"{village.gone} hộ có phiếu nhưng đã chuyển đi hoặc thôi theo dõi; đưa các hộ này ra khỏi danh sách.",
            )


def _village_meeting(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    yield from _survey(facts, on)
    for village in facts.villages:
        if village.surveyed and village.met_on is None:
            yield _of(village, "no-meeting", "chưa họp dân.", kind="meeting")
        elif village.unsettled:
            yield _of(
                village,
                "not-agreed",
                f"{village.unsettled} hộ đã chấm điểm chưa được cuộc họp thống nhất phân loại như hiện nay; họp lại về"
                " các hộ này.",
                kind="meeting",
            )
        yield from _too_early(village, "cuộc họp dân sau cùng", village.met_on, on, kind="meeting")


def _posting(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    for village in facts.villages:
        if not village.surveyed:
            continue
        if village.posted_from is None or village.posted_to is None:
            yield _of(village, "not-posted", "chưa niêm yết kết quả.", kind="posting")
        elif village.met_on is not None and village.posted_from < village.met_on:
            yield _of(village, "posted-before-meeting", "niêm yết trước cuộc họp dân cuối cùng.", kind="posting")
        elif village.posted_to > on:
            yield _of(
                village, "still-posted", f"còn niêm yết đến hết ngày {village.posted_to:%d/%m/%Y}.", kind="posting"
            )


def _recheck(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    for village in facts.villages:
        for complaint in village.open_complaints:
            yield _error(
                "open-complaint",
                f"{village.name}: còn khiếu nại chưa phúc tra.",
                place=village.name,
                anchor=f"complaint:{complaint}",
            )
        yield from _too_early(village, "lần phúc tra sau cùng", village.last_rechecked, on)
        if village.reposting_from is None:
            continue
        if village.reposted_to is None:
            yield _of(
                village,
                "not-reposted",
                "phúc tra làm thay đổi kết quả, chưa niêm yết kết quả phúc tra.",
                kind="posting",
            )
        elif village.reposted_to > on:
            yield _of(
                village,
                "still-posted",
                f"còn niêm yết kết quả phúc tra đến hết ngày {village.reposted_to:%d/%m/%Y}.",
                kind="posting",
            )


def _opinion(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    opinion = facts.opinion
    if opinion is None:
        yield _error("no-opinion", "Chưa gửi kết quả sơ bộ xin ý kiến cấp trên.", anchor="opinion")
    elif not opinion.reply:
        until = f" Hạn trả lời {opinion.due_on:%d/%m/%Y}." if opinion.due_on else ""
        yield _error("no-reply", f"{opinion.addressee} chưa trả lời.{until}", anchor="opinion")
    elif opinion.reply == OpinionReply.RETURNED:
        yield _error(
            "returned",
            f"{opinion.addressee} đề nghị xem lại: {opinion.reply_text}",
            anchor="opinion",
            remedy="Mở lại bước cần làm lại, làm xong thì xin ý kiến lần nữa.",
        )
    elif opinion.replied_on and opinion.replied_on > on:
        yield _error("too-early", f"Cấp trên trả lời ngày {opinion.replied_on:%d/%m/%Y}.", anchor="opinion")
    elif not opinion.is_same_list:
        yield _error(
            "opinion-outdated",
            f"Danh sách đã khác với khi xin ý kiến: lúc gửi có {opinion.poor} hộ nghèo, {opinion.near_poor} hộ cận"
            f" nghèo; nay là {facts.poor} và {facts.near_poor}, có hộ đổi phân loại.",
            anchor="opinion",
            remedy="Xin ý kiến lần nữa theo kết quả mới.",
        )


def _recognition(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    """All of it again: something may have changed after a step was marked done."""
    yield from _listing(facts, on)
    yield from _village_meeting(facts, on)
    yield from _posting(facts, on)
    yield from _recheck(facts, on)
    if facts.kind == RoundKind.PERIODIC:
        yield from _opinion(facts, on)


def _certificates(facts: RoundFacts, on: datetime.date) -> Iterator[Finding]:
    if not facts.is_recognised:
        yield _error("not-recognised", "Đợt rà soát chưa được công nhận.", anchor=f"step:{Step.RECOGNITION}")
    elif not facts.is_numbered:
        yield Finding(
            severity=Severity.WARNING,
            code="not-numbered",
            message="Quyết định công nhận chưa có số; văn thư ghi số, ngày ban hành.",
            anchor="decision",
        )
    elif facts.uncertified:
        yield _error(
            "not-certified",
            f"Còn {facts.uncertified} hộ nghèo, hộ cận nghèo chưa cấp hoặc chưa xác nhận giấy chứng nhận.",
            anchor="certificates",
        )


CHECKS: dict[Step, Callable[[RoundFacts, datetime.date], Iterator[Finding]]] = {
    Step.LISTING: _listing,
    Step.QUICK_SCREEN: _quick_screen,
    Step.SURVEY: _survey,
    Step.VILLAGE_MEETING: _village_meeting,
    Step.POSTING: _posting,
    Step.RECHECK: _recheck,
    Step.OPINION: _opinion,
    Step.RECOGNITION: _recognition,
    Step.CERTIFICATES: _certificates,
}


def is_agreed(agreed: int, participants: int, percent: int) -> bool:
    """At least ``percent`` % of those present agree: exactly half is enough at 50 % (Quyết định 24/2021, Điều 4)."""
    return agreed * 100 >= percent * participants


def _too_early(
    village: VillageFacts, what: str, day: datetime.date | None, on: datetime.date, *, kind: str = "village"
) -> Iterator[Finding]:
    """A step is not done before the last thing done in it."""
    if day is not None and day > on:
        yield _of(village, "too-early", f"{what} ngày {day:%d/%m/%Y}; bước không xong trước ngày đó.", kind=kind)


def _of(village: VillageFacts, code: str, message: str, *, kind: str = "village") -> Finding:
    return _error(code, f"{village.name}: {message}", place=village.name, anchor=f"{kind}:{village.pk}")


def _error(code: str, message: str, *, place: str = "", anchor: str = "", remedy: str = "") -> Finding:
    return Finding(severity=Severity.ERROR, code=code, message=message, place=place, anchor=anchor, remedy=remedy)
