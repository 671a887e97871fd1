import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.offices.models import Officer
from povertyplan.papers.models import Paper
from povertyplan.web.selectors import State, unit_home
from reports.models import AnnualPlan, LegalBasis
from targets.models import TargetPlan, TargetRow
from tests.targets.review_rows import approved
from tests.web.conftest import LONG_AGO, Place

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HOME = "/u/22492/2024/"


def states(place: Place) -> str:
    short = {State.DONE: "d", State.NOW: "n", State.NEXT: "-"}
    return "".join(short[step.state] for step in unit_home(unit=place.commune, year=2024).steps)


def test_steps_follow_what_is_stored(place: Place, figures: SimpleNamespace) -> None:
    assert states(place) == "dn----"
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    for village in place.villages:
        TargetRow.objects.create(plan=plan, unit=place.commune, place=village, **vars(figures))
    assert states(place) == "ddn---"
    TargetRow.objects.update(poor_reduction=0, near_poor_reduction=1)
    assert states(place) == "dddn--"
    signer = Officer.objects.create(unit=place.commune, full_name="Trần Văn An", title="Chủ tịch", valid_from=LONG_AGO)
    annual = AnnualPlan.objects.create(unit=place.commune, year=2024, signer=signer)
    paper = Paper.objects.create(unit=place.commune, type="decision", number="1", issuer="UBND xã", subject="về việc")
    LegalBasis.objects.create(plan=annual, paper=paper, position=1)
    assert states(place) == "dddnd-"
    approved(plan)
    assert states(place) == "dddddn"
    AnnualPlan.objects.update(number=12, issued_on=datetime.date(2024, 1, 20))
    assert states(place) == "dddddd"


def test_population_is_not_needed_and_no_empty_rest_is_named(place: Place, figures: SimpleNamespace) -> None:
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    figures.population, figures.poor_reduction, figures.near_poor_reduction = None, 1, 1
    for village in place.villages:
        TargetRow.objects.create(plan=plan, unit=place.commune, place=village, **vars(figures))
    assert states(place) == "dddn--"
    TargetRow.objects.filter(place=place.villages[0]).update(households=None)
    home = unit_home(unit=place.commune, year=2024)
    assert "còn thiếu số đầu năm của 1 thôn" in home.steps[2].why
    assert not [step for step in home.steps if "Còn 0" in step.why]


def test_steps_speak_the_word_of_the_place(place: Place) -> None:
    Area.objects.filter(parent=place.commune).update(kind="làng")
    assert unit_home(unit=place.commune, year=2024).steps[0].title == "Khai làng"


def test_step_without_villages_is_the_first(place: Place) -> None:
    home = unit_home(unit=place.other, year=2024)
    assert home.steps[0].state == State.NOW
    assert home.steps[0].view == "villages:list"


def test_page_shows_key_figures_with_their_division(
    place: Place, officer: User, signed_in: SignIn, figures: SimpleNamespace
) -> None:
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    TargetRow.objects.create(plan=plan, unit=place.commune, place=place.villages[0], **vars(figures))
    page = signed_in(officer).get(HOME).content.decode()
    assert "Hôm nay cần làm" in page
    assert "8 / 360 hộ" in page
    assert "2,22 %" in page


def test_only_who_may_enter_gets_a_primary_button(
    place: Place, officer: User, person: Callable[..., User], signed_in: SignIn
) -> None:
    assert "button-primary" in signed_in(officer).get(HOME).content.decode()
    leader = person("leader", (Role.LEADER, place.commune))
    assert "button-primary" not in signed_in(leader).get(HOME).content.decode()


def test_page_outside_the_grants_is_not_found(place: Place, officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).get("/u/22495/2024/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_selector_asks_four_queries(
    place: Place, count: int, django_assert_num_queries: Callable, figures: SimpleNamespace
) -> None:
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    for village in [*place.villages, place.other][:count]:
        TargetRow.objects.create(plan=plan, unit=place.commune, place=village, **vars(figures))
    with django_assert_num_queries(4):
        unit_home(unit=place.commune, year=2024)


def test_whole_page_asks_eleven_queries(
    place: Place, officer: User, signed_in: SignIn, django_assert_num_queries: Callable, figures: SimpleNamespace
) -> None:
    plan = TargetPlan.objects.create(unit=place.commune, year=2024)
    TargetRow.objects.create(plan=plan, unit=place.commune, place=place.villages[0], **vars(figures))
    client = signed_in(officer)
    client.get(HOME)
    with django_assert_num_queries(11):
        client.get(HOME)
