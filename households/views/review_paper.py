"""Phiếu A and Phiếu B of a village to print: blank, or with what the registry knows. One household a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from households.choices import Device, Latrine, Need, SheetPurpose, Water
from households.models import Household, Member, Review, ReviewRound
from households.rules.persons import age_on, masked
from households.selectors.reviews import paper_reviews
from households.selectors.sheets import Sheet, sheet_of
from households.selectors.surveys import day_of, form_laws, is_present, members_by_household
from households.services.access import log_reading
from households.views.reviews import round_of
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area

CHOICES = (
    ("A", "blank", "Phiếu A trắng"),
    ("A", "known", "Phiếu A điền sẵn"),
    ("B", "blank", "Phiếu B trắng"),
    ("B", "known", "Phiếu B điền sẵn"),
)
BLANK_LINES = range(6)
BLANK_QUESTIONS = range(12)


@dataclass(frozen=True, kw_only=True)
class Person:
    member: Member
    born: str
    age: int | None
    citizen_id: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One sheet; without a review it is blank."""

    review: Review | None
    people: Sequence[Person] = ()

    @property
    def empty_lines(self) -> range:
        return range(max(2, len(BLANK_LINES) - len(self.people)))


@require_GET
@unit_view
def paper(request: UnitRequest, unit: Area, year: int, pk: int, village_pk: int) -> HttpResponse:
    """``?form=A|B&fill=blank|known``. Full citizen numbers only for who may enter, and each reading leaves a line."""
    round = round_of(request, unit, year, pk)
    village = get_object_or_404(Area.objects.villages_of(unit), pk=village_pk)
    letter = "A" if request.GET.get("form") == "A" else "B"
    is_known = request.GET.get("fill") == "known"
    shows_ids = is_known and can_enter(request.user, unit)
    papers = _papers(round, village, shows_ids=shows_ids) if is_known else [Paper(review=None)]
    numbers = sum(bool(person.citizen_id) for sheet in papers for person in sheet.people)
    if shows_ids and numbers:
        log_reading(by=request.user, unit=unit, what=f"In Phiếu {letter}, {village}, {round}", count=numbers)
    context = {
        "round": round,
        "village": village,
        "letter": letter,
        "is_known": is_known,
        "choices": CHOICES,
        "chosen_fill": "known" if is_known else "blank",
        "papers": papers,
        "law": form_laws([round.standard])[round.standard_id],
        "sheet": _sheet(round, village, letter),
        "blank_questions": BLANK_QUESTIONS,
        "waters": Water.labels,
        "latrines": Latrine.labels,
        "devices": Device.labels,
        "needs": Need.labels,
    }
    return render(request, "reviews/paper.html", context)


def _sheet(round: ReviewRound, village: Area, letter: str) -> Sheet | None:
    """The sheet of the village's setting; a household of another setting needs its own print."""
    household = Household(village=village, unit=round.unit)
    review = Review(round=round, village=village, unit=round.unit, household=household)
    return sheet_of(review, SheetPurpose.QUICK_SCREEN if letter == "A" else SheetPurpose.B1)


def _papers(round: ReviewRound, village: Area, *, shows_ids: bool) -> list[Paper]:
    reviews = list(paper_reviews(round=round, village=village))
    members = members_by_household([review.household_id for review in reviews])
    for review in reviews:
        review.round = round
    return [
        Paper(review=review, people=[_person(review, member, shows_ids) for member in _present(review, members)])
        for review in reviews
    ]


def _present(review: Review, members: dict[int, list[Member]]) -> list[Member]:
    day = day_of(review)
    return [member for member in members[review.household_id] if is_present(member, review.household, day)]


def _person(review: Review, member: Member, shows_ids: bool) -> Person:
    born = f"{member.birth_date:%d/%m/%Y}" if member.birth_date else str(member.birth_year or "")
    age = age_on(day_of(review), birth_date=member.birth_date, birth_year=member.birth_year)
    number = member.citizen_id if shows_ids else masked(member.citizen_id)
    return Person(member=member, born=born, age=age, citizen_id=number)
