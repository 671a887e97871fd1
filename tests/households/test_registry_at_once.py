"""Two people at two desks enter the same number or code at the same instant: one is written, one reads why not."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from households.models import Household, Member
from households.services import entries, members, registry
from tests.factories import CommuneFactory, VillageFactory
from tests.households import build

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "064012345678"
PATIENCE = 5.0


@pytest.fixture
def homes(transactional_db: None) -> Iterator[list[Household]]:
    """Two households of two communes, really in the database."""
    yield [build.household(VillageFactory(parent=CommuneFactory()).parent) for _ in range(2)]
    connection.close()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What each of the acts says, done in threads of their own: «done» or the refusal."""
    said: list[str] = []

    def do(act: Callable[[], Any]) -> None:
        try:
            act()
            said.append("done")
        except ValidationError as error:
            said.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.fixture
def looks_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look whether the number is taken before either writes it; the second look is each one's own."""
    look, barrier, seen = entries.id_errors, threading.Barrier(2), set()

    def together(**asked: Any) -> dict[str, str]:
        found = look(**asked)
        if threading.get_ident() not in seen:
            seen.add(threading.get_ident())
            barrier.wait(PATIENCE)
        return found

    monkeypatch.setattr(entries, "id_errors", together)


def household_with(home: Household) -> Callable[[], Any]:
    person = build.person("Lê Văn Có", "head", citizen_id=NUMBER)
    return lambda: registry.household_open(by=None, unit=home.unit, village=home.village, members=[person])


def one_more(home: Household) -> Callable[[], Any]:
    return lambda: members.member_add(by=None, household=home, **build.person("Lê Văn Có", citizen_id=NUMBER))


def corrected(home: Household) -> Callable[[], Any]:
    head = build.head_of(home)
    return lambda: members.member_update(by=None, member=head, version=head.version, citizen_id=NUMBER)


@pytest.mark.parametrize("act", [household_with, one_more, corrected])
def test_a_number_typed_twice_at_the_same_instant_is_refused_in_words(
    homes: list[Household], looks_together: None, act: Callable[[Household], Callable[[], Any]]
) -> None:
    refusal, done = sorted(at_once(*[act(home) for home in homes]), key=lambda sentence: sentence == "done")

    assert done == "done"
    assert "Số định danh này đã có" in refusal
    assert Member.objects.present().filter(citizen_id=NUMBER).count() == 1


def test_a_code_given_twice_at_the_same_instant_is_refused_in_words(
    homes: list[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = homes[0]
    second = build.household(first.unit)
    check, barrier, seen = Household.full_clean, threading.Barrier(2), set()

    def together(row: Household, *args: Any, **kwargs: Any) -> None:
        check(row, *args, **kwargs)
        if threading.get_ident() not in seen:
            seen.add(threading.get_ident())
            barrier.wait(PATIENCE)

    monkeypatch.setattr(Household, "full_clean", together)
    said = at_once(
        *[
            lambda home=home: registry.household_update(by=None, household=home, version=1, code="HN-7")
            for home in (first, second)
        ]
    )
    assert said == ["Mã hộ này đã có.", "done"]


def test_another_broken_rule_of_the_database_is_not_hidden() -> None:
    tries = []

    @entries.looked_at_again
    def broken() -> None:
        tries.append(1)
        raise IntegrityError

    with pytest.raises(IntegrityError):
        broken()
    assert len(tries) == 1
