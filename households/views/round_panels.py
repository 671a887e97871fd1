"""A round on the screen: its steps, what keeps the present one, and the one thing to do next."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from households.choices import Category, OpinionReply, RoundState, Step, Transition
from households.models import ReviewRound
from households.selectors import round_pages
from households.selectors.rounds import RoundProgress, StepProgress, VillageProgress, progress
from households.selectors.transitions import Passage, passages
from households.views.round_answers import round_url
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_decide, can_enter, can_number
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button: a link, or where a form without fields is posted to."""

    label: str
    url: str
    is_post: bool = False


@dataclass(frozen=True, kw_only=True)
class RoundPage:
    """What every page of a round shows. ``step`` is the one the page is about; ``next`` what the reader can do in it.

    ``finish_url`` is where the step is reported as done: only for who may, and when nothing keeps it.
    """

    round: ReviewRound
    progress: RoundProgress
    step: StepProgress | None
    next: Action | None
    finish_url: str
    reopen_url: str
    findings: tuple[Finding, ...]
    can_enter: bool
    can_decide: bool
    can_number: bool

    @property
    def is_open(self) -> bool:
        return self.round.state == RoundState.OPEN

    @property
    def villages(self) -> list[tuple[VillageProgress, int]]:
        """Villages, each with how many of its households need Phiếu B."""
        return [(row, row.surveyed + row.facts.to_survey) for row in self.progress.villages]

    @property
    def is_now(self) -> bool:
        return self.step is not None and self.step.state == "now"


def round_page(
    round: ReviewRound, *, user: User, unit: Area, today: datetime.date, step: str | None = None
) -> RoundPage:
    """Four queries. ``step``: another one than the present."""
    shown = progress(round, today=today)
    about = shown.step(step) if step else shown.now
    may_enter, may_decide = can_enter(user, unit), can_decide(user, unit)
    is_now = about is not None and about.state == "now"
    blockers = about.blockers if about else ()
    may_finish = is_now and may_enter and not blockers and about is not None and about.step != Step.RECOGNITION
    may_reopen = may_enter and round.state == RoundState.OPEN and about is not None and about.state == "done"
    return RoundPage(
        round=round,
        progress=shown,
        step=about,
        next=_next(shown, about, unit, may_enter=may_enter, may_decide=may_decide) if is_now and about else None,
        finish_url=round_url("finish", round, unit, about.step.value) if may_finish and about else "",
        reopen_url=round_url("reopen", round, unit, about.step.value) if may_reopen and about else "",
        findings=tuple(_linked(finding, round, unit, may_enter=may_enter) for finding in blockers),
        can_enter=may_enter,
        can_decide=may_decide,
        can_number=can_number(user, unit),
    )


def _next(shown: RoundProgress, about: StepProgress, unit: Area, *, may_enter: bool, may_decide: bool) -> Action | None:
    """The one primary action of a step, for who may do it."""
    round, step = shown.round, about.step
    if step == Step.RECOGNITION:
        return Action(label="Xem và công nhận", url=round_url("recognise", round, unit)) if may_decide else None
    if not may_enter:
        return None
    if step == Step.OPINION and not _is_to_ask(shown):
        return None
    if step == Step.VILLAGE_MEETING:
        return _next_meeting(shown, unit)
    if step in {Step.POSTING, Step.RECHECK}:
        return _next_posting(shown, step, unit)
    forms = reverse("reviews:villages", kwargs={"code": unit.code, "year": round.year, "pk": round.pk})
    actions = {
        Step.LISTING: Action(label="Lập danh sách", url=round_url("fill", round, unit), is_post=True),
        Step.QUICK_SCREEN: Action(label="Làm Phiếu A", url=forms),
        Step.SURVEY: Action(label="Nhập Phiếu B", url=forms),
        Step.OPINION: Action(label="Gửi xin ý kiến", url=round_url("opinion-ask", round, unit)),
        Step.CERTIFICATES: Action(label="Cấp giấy chứng nhận", url=round_url("issue", round, unit)),
    }
    return actions.get(step)


def _next_meeting(shown: RoundProgress, unit: Area) -> Action | None:
    """The first village whose scored households no meeting has agreed to."""
    waiting = (village for village in shown.facts.villages if village.surveyed and village.unsettled)
    village = next(waiting, None)
    if village is None:
        return None
    return Action(label="Ghi biên bản họp dân", url=round_url("meeting", shown.round, unit, village.pk))


def _next_posting(shown: RoundProgress, step: Step, unit: Area) -> Action | None:
    """What is not posted or not rechecked yet; nothing while the days of posting run."""
    villages = shown.facts.villages
    url = round_url("posting", shown.round, unit)
    if step == Step.POSTING:
        is_left = any(village.surveyed and village.posted_to is None for village in villages)
        return Action(label="Ghi niêm yết", url=url) if is_left else None
    complaint = next((pk for village in villages for pk in village.open_complaints), None)
    if complaint is not None:
        return Action(label="Trả lời khiếu nại", url=round_url("complaint-answer", shown.round, unit, complaint))
    changed = next((row for row in villages if row.reposting_from and row.reposted_to is None), None)
    if changed is not None:
        return Action(label="Niêm yết kết quả phúc tra", url=f"{url}?recheck=1&village={changed.pk}")
    return None


def _is_to_ask(shown: RoundProgress) -> bool:
    """No opinion yet, one that was returned, or one about other figures."""
    opinion = shown.facts.opinion
    if opinion is None or opinion.reply == OpinionReply.RETURNED:
        return True
    return bool(opinion.reply) and (opinion.poor, opinion.near_poor) != (shown.poor, shown.near_poor)


def _linked(finding: Finding, round: ReviewRound, unit: Area, *, may_enter: bool) -> Finding:
    """The name of a spot as the address of the page where it is put right; the message names the village itself."""
    kind, _, value = finding.anchor.partition(":")
    return replace(finding, place="", anchor=_address(kind, value, finding.code, round, unit, may_enter=may_enter))


def _address(kind: str, value: str, code: str, round: ReviewRound, unit: Area, *, may_enter: bool) -> str:
    if kind == "village" and code != "gone":
        return reverse(
            "reviews:village", kwargs={"code": unit.code, "year": round.year, "pk": round.pk, "village_pk": value}
        )
    if kind == "village":
        return f"{round_url('detail', round, unit)}?village={value}#households"
    if kind == "meeting":
        return round_url("meeting", round, unit, value)
    if kind == "posting" and may_enter:
        return f"{round_url('posting', round, unit)}?village={value}"
    if kind == "complaint" and may_enter:
        return round_url("complaint-answer", round, unit, value)
    if kind == "certificates" and may_enter:
        return round_url("issue", round, unit)
    steps = {
        "posting": Step.POSTING, "complaint": Step.RECHECK, "opinion": Step.OPINION, "decision": Step.RECOGNITION,
    }  # fmt: skip
    if kind in steps or kind == "step":
        return round_url("step", round, unit, value if kind == "step" else steps[kind].value)
    return f"{round_url('detail', round, unit)}#households"


def step_rows(round: ReviewRound, step: str) -> dict[str, Any]:
    """What was written down in a step. One query at most."""
    if step == Step.VILLAGE_MEETING:
        return {"meetings": list(round_pages.meetings(round))}
    if step == Step.POSTING:
        return {"postings": list(round_pages.postings(round))}
    if step == Step.RECHECK:
        return {"complaints": list(round_pages.complaints(round))}
    if step == Step.OPINION:
        return {"opinions": list(round_pages.opinions_of_round(round))}
    if step == Step.RECOGNITION:
        return {"decisions": list(round_pages.decisions(round))}
    return {}


@dataclass(frozen=True, kw_only=True)
class ListCounts:
    """Households of a village, or of all, as they will be recognised."""

    name: str
    village: VillageProgress | None
    poor: int
    near_poor: int
    not_poor: int

    @property
    def listed(self) -> int:
        return self.poor + self.near_poor


def recognition_facts(round: ReviewRound, *, user: User, unit: Area, today: datetime.date) -> dict[str, Any]:
    """What the leader looks at: counts by village, what becomes of the last list, who typed, what is still missing."""
    shown = round_page(round, user=user, unit=unit, today=today, step=Step.RECOGNITION)
    rows = passages(round)
    return {
        "shown": shown,
        "lines": _lines(shown.progress.villages, rows),
        "total": _counts("Cộng", None, rows),
        "transitions": _transitions(rows),
        "jumps": _jumps(shown.progress.villages, rows, round, unit),
        "authors": round_pages.authors_of(round),
    }


def _lines(villages: Iterable[VillageProgress], rows: list[Passage]) -> list[ListCounts]:
    by_village: dict[int, list[Passage]] = {}
    for row in rows:
        by_village.setdefault(row.village_id, []).append(row)
    return [_counts(village.name, village, by_village.get(village.pk, [])) for village in villages]


def _counts(name: str, village: VillageProgress | None, rows: list[Passage]) -> ListCounts:
    counts = Counter(row.category for row in rows)
    return ListCounts(
        name=name,
        village=village,
        poor=counts[Category.POOR],
        near_poor=counts[Category.NEAR_POOR],
        not_poor=counts[Category.NOT_POOR],
    )


def _jumps(villages: Iterable[VillageProgress], rows: list[Passage], round: ReviewRound, unit: Area) -> list[Finding]:
    """Villages where households left poverty in one step, past the near-poor class: worth a look before signing."""
    jumped = Counter(row.village_id for row in rows if row.transition == Transition.POOR_TO_ABOVE)
    kwargs = {"code": unit.code, "year": round.year, "pk": round.pk}
    return [
        Finding(
            severity=Severity.WARNING,
            code="jumped",
            message=f"{village.name}: {jumped[village.pk]} hộ từ nghèo vượt thẳng qua chuẩn cận nghèo.",
            anchor=reverse("reviews:village", kwargs=kwargs | {"village_pk": village.pk}),
            remedy="Xem phiếu của thôn",
        )
        for village in villages
        if jumped[village.pk]
    ]


def _transitions(rows: list[Passage]) -> list[tuple[str, int, int]]:
    """Each transition that occurs: its name, households, persons."""
    found = []
    for transition in Transition:
        of_it = [row for row in rows if row.transition == transition]
        if of_it:
            found.append((transition.label, len(of_it), sum(row.persons or row.from_persons for row in of_it)))
    return found
