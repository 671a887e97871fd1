"""Many forms at once, and drafts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import (
    Answer,
    Review,
    ReviewDraft,
    ReviewRound,
)
from households.services import reviews as services
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory
from tests.households.review_forms import FACTS, listed, open_round, save, typed


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return open_round(commune)


@pytest.fixture
def review(round: ReviewRound) -> Review:
    return listed(round)


# --- many at once, drafts -----------------------------------------------------------------------------------------


def save_many(reviews: list[Review]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.reviews_save(by=None, rows=[{"review": review} | typed(causes=[1]) for review in reviews])
    return len(queries)


def test_many_forms_cost_the_same_number_of_queries(round: ReviewRound) -> None:
    village = VillageFactory(parent=round.unit)
    reviews = [listed(round, village=village) for _ in range(4)]
    assert save_many(reviews[:1]) == save_many(reviews[1:])


def test_many_and_one_come_to_the_same(round: ReviewRound) -> None:
    village = VillageFactory(parent=round.unit)
    one, other = listed(round, village=village), listed(round, village=village)
    save(one, causes=[1], incomes=[("crops", 1, 100)], needs=["credit"])
    services.reviews_save(
        by=None, rows=[{"review": other} | typed(causes=[1], incomes=[("crops", 1, 100)], needs=["credit"])]
    )
    names = ("b1_score", "b2_score", "category", "reasons", "state", "persons", "surveyor", "floor_area")
    rows = Review.objects.order_by("pk").values_list(*names)
    assert rows[0] == rows[1]
    answers = [
        set(Answer.objects.filter(review=pk).values_list("indicator", "is_deprived", "why")) for pk in (one, other)
    ]
    assert answers[0] == answers[1]


def test_many_are_written_whole_or_not_at_all_and_bad_rows_are_named(round: ReviewRound) -> None:
    village = VillageFactory(parent=round.unit)
    good, bad = listed(round, village=village), listed(round, village=village)
    with pytest.raises(ValidationError) as caught:
        services.reviews_save(by=None, rows=[{"review": good} | typed(), {"review": bad} | typed(b1_score=None)])
    assert caught.value.messages == [f"Dòng 2, hộ {bad.household.code}: Chưa có điểm B1."]
    assert not Answer.objects.exists()


def test_a_row_of_many_on_an_older_version_is_refused(review: Review) -> None:
    save(review)
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        services.reviews_save(by=None, rows=[{"review": review, "version": review.version} | typed()])


def test_a_draft_is_one_a_person_and_goes_with_the_save(review: Review, officer: User) -> None:
    services.draft_save(by=officer, review=review, base_version=1, data={"note": ["một"]})
    services.draft_save(by=officer, review=review, base_version=1, data={"note": ["hai"]})
    assert ReviewDraft.objects.get().data == {"note": ["hai"]}
    save(review, by=officer)
    assert not ReviewDraft.objects.exists()
    services.draft_save(by=officer, review=review, base_version=1, data={})
    services.draft_drop(by=officer, review=review)
    assert not ReviewDraft.objects.exists()


def test_a_draft_is_not_a_store_of_anything(review: Review, officer: User) -> None:
    with pytest.raises(ValidationError, match="quá dài"):
        services.draft_save(by=officer, review=review, base_version=1, data={"note": ["x" * 70_000]})


def test_devices_changed_by_both_are_a_conflict_in_words(review: Review) -> None:
    first = save(review)
    save(first, facts=FACTS | {"devices": ["radio"]})
    with pytest.raises(EditConflict) as caught:
        save(first, version=first.version, facts=FACTS | {"devices": []})
    assert [(field.theirs, field.mine) for field in caught.value.fields] == [("ra-đi-ô", "không có phương tiện nào")]
    assert save(first, version=first.version, b1_score=120).devices == ["radio"]
    second = Review.objects.get(pk=review.pk)
    save(second, facts=FACTS | {"water": "rain"})
    with pytest.raises(EditConflict) as caught:
        save(second, version=second.version, facts=FACTS | {"water": "bottled"})
    assert [(field.theirs, field.mine) for field in caught.value.fields] == [("nước mưa", "nước đóng chai, bình")]
