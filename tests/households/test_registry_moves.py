"""Households move, split, merge, change their head, follow their village to a new unit: the history stays."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from households.choices import ChangeKind, MemberLeft
from households.models import Household, Member
from households.services import members, moves, registry
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import CommuneFactory, VillageFactory, user_with
from tests.households import build

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 6, 1)
EARLY = datetime.date(2019, 1, 1)
FUTURE = datetime.date(2199, 1, 1)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def household(village: Area) -> Household:
    """Nguyễn Văn A, his wife, two children."""
    return build.household(village.parent, village)


def people_of(household: Household) -> dict[str, str]:
    """Relation to the head by name, of those who are members now."""
    return dict(household.members.present().order_by("position").values_list("name", "relation"))


def one(household: Household, relation: str) -> Member:
    return household.members.present().filter(relation=relation).order_by("position")[0]


def kinds(household: Household) -> list[str]:
    return list(household.history.order_by("pk").values_list("kind", flat=True))


# Move


def test_a_move_keeps_from_where_and_to_where(household: Household, village: Area) -> None:
    other = VillageFactory(parent=village.parent)
    moves.household_move(by=None, household=household, version=1, village=other, on=DAY, address="Tổ 3")
    household.refresh_from_db()
    line = household.history.get(kind=ChangeKind.MOVED)
    assert (household.village, household.address) == (other, "Tổ 3")
    assert (line.from_village, line.to_village, line.on) == (village, other, DAY)


def test_a_move_is_refused_in_words(household: Household, village: Area) -> None:
    foreign = VillageFactory(name="Xa")
    for place, on, errors in (
        (village, DAY, {"village": [f"Hộ đang ở {village}: chọn thôn khác."]}),
        (
            foreign,
            DAY,
            {
                "village": [
                    "Thôn Xa thuộc đơn vị khác: ghi thôi theo dõi «chuyển khỏi địa bàn», nơi đến lập hộ.",
                ]
            },
        ),
        (VillageFactory(parent=village.parent), FUTURE, {"on": ["Ngày 01/01/2199 ở tương lai."]}),
        (
            VillageFactory(parent=village.parent),
            EARLY,
            {"on": ["Ngày 01/01/2019 trước ngày bắt đầu theo dõi hộ (01/01/2020)."]},
        ),
    ):
        with pytest.raises(ValidationError) as refused:
            moves.household_move(by=None, household=household, version=1, village=place, on=on)
        assert refused.value.message_dict == errors


# Split


def split(household: Household, *persons: Member, **fields: Any) -> Household:
    given = {
        "member_ids": [person.pk for person in persons],
        "head_id": persons[0].pk if persons else 0,
        "on": DAY,
        "relations": {},
    }
    return moves.household_split(by=None, household=household, version=household.version, **given | fields)


def test_those_who_split_off_are_carried_and_both_histories_say_so(household: Household) -> None:
    wife, child = one(household, "spouse"), one(household, "child")
    new = split(household, wife, child)

    assert people_of(new) == {"Trần Thị Vợ": "head", child.name: "child"}
    assert len(people_of(household)) == 2
    wife.refresh_from_db()
    assert (wife.left_on, wife.left_because) == (DAY, MemberLeft.SPLIT)
    assert (new.opened_on, new.village, new.code) == (DAY, household.village, f"{household.unit.code}-0002")
    assert kinds(household) == [ChangeKind.OPENED, ChangeKind.SPLIT]
    assert kinds(new) == [ChangeKind.SPLIT]
    assert household.history.get(kind=ChangeKind.SPLIT).other == new
    assert new.history.get().other == household


def test_all_facts_of_a_person_are_carried(village: Area) -> None:
    facts = {
        "citizen_id": "064000000009",
        "birth_date": datetime.date(1990, 2, 3),
        "birth_year": 1990,
        "work": "unable",
        "ethnicity": build.ethnicity("Ba Na"),
        "is_merit": True,
    }
    person = build.person("Y Kiều", "child", sex="female", **facts)
    household = build.household(village.parent, village, members=[build.person("Đinh Văn A", "head"), person])
    new = split(household, one(household, "child"))
    carried = build.head_of(new)
    assert {name: getattr(carried, name) for name in facts} == facts
    assert carried.joined_on == DAY


@pytest.mark.parametrize(
    ("who", "fields", "errors"),
    [
        ([], {}, {"member_ids": ["Chọn ít nhất một người tách ra."]}),
        (
            ["head"],
            {},
            {"member_ids": ["Nguyễn Văn A là chủ hộ, trong hộ còn người ở lại: đổi chủ hộ trước."]},
        ),
        (
            ["head", "spouse", "child", "child 2"],
            {},
            {"member_ids": ["Mọi người đều được chọn: cả hộ chuyển đi thì dùng «Chuyển thôn»."]},
        ),
        (["spouse"], {"head_id": 0}, {"head_id": ["Chủ hộ mới phải là một người tách ra."]}),
        (["spouse"], {"on": FUTURE}, {"on": ["Ngày 01/01/2199 ở tương lai."]}),
        (
            ["spouse"],
            {"on": EARLY},
            {"on": ["Ngày 01/01/2019 trước ngày bắt đầu theo dõi hộ (01/01/2020)."]},
        ),
        (
            ["spouse", "child"],
            {"relations": {1: "head"}},
            {"relations": ["Mỗi hộ chỉ một chủ hộ: chọn quan hệ khác cho những người còn lại."]},
        ),
        (["spouse"], {"relations": {1: "friend"}}, {"relations": ["Không có quan hệ «friend» với chủ hộ."]}),
    ],
)
def test_a_split_is_refused_in_words(
    household: Household, who: list[str], fields: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    rows = list(household.members.order_by("position"))
    named = dict(zip(["head", "spouse", "child", "child 2"], rows, strict=True))
    with pytest.raises(ValidationError) as refused:
        split(household, *[named[name] for name in who], **fields)
    assert refused.value.message_dict == errors if who else "member_ids" in refused.value.message_dict
    assert Household.objects.count() == 1


def test_who_left_meanwhile_cannot_be_split_off(household: Household) -> None:
    wife = one(household, "spouse")
    members.member_leave(by=None, member=wife, version=1, on=DAY, because="died")
    with pytest.raises(ValidationError, match="Có người được chọn không còn ở trong hộ"):
        split(household, one(household, "child"), wife)


# Merge


def merge(household: Household, into: Household, **fields: Any) -> Household:
    given = {"on": DAY, "relations": {}, "into_version": into.version} | fields
    return moves.household_merge(by=None, household=household, version=household.version, into=into, **given)


def test_a_merged_household_is_closed_and_both_histories_say_so(household: Household, village: Area) -> None:
    other = build.household(village.parent, village, head="Lê Văn B", persons=2)
    newcomer = build.head_of(other)
    merge(other, household, relations={newcomer.pk: "sibling"})

    assert people_of(household)["Lê Văn B"] == "sibling"
    assert list(people_of(household).values()).count("head") == 1
    other.refresh_from_db()
    assert (other.closed_on, other.closed_because) == (DAY, "merged")
    assert set(other.members.values_list("left_because", flat=True)) == {MemberLeft.JOINED}
    assert other.history.get(kind=ChangeKind.MERGED).other == household
    assert household.history.get(kind=ChangeKind.MERGED).other == other
    with pytest.raises(ValidationError, match="Hộ này đã nhập vào hộ khác: mở hộ đó và chọn «Tách hộ»"):
        registry.household_reopen(by=None, household=other, version=other.version, on=DAY)


def test_a_merger_is_refused_in_words(household: Household, village: Area) -> None:
    foreign = build.household()
    gone = build.household(village.parent, village)
    registry.household_close(by=None, household=gone, version=1, on=DAY, because="moved_out")
    for into, fields, sentence in (
        (household, {}, "Chọn một hộ khác để nhập vào."),
        (foreign, {}, "Hộ nhập vào phải cùng đơn vị."),
        (Household.objects.get(pk=gone.pk), {}, "đã thôi theo dõi từ ngày 01/06/2025"),
        (build.household(village.parent, village), {"on": FUTURE}, "Ngày 01/01/2199 ở tương lai."),
    ):
        with pytest.raises(ValidationError, match=sentence):
            merge(household, into, **fields)


def test_a_split_that_is_merged_back_brings_the_former_relations(village: Area) -> None:
    persons = [
        build.person("Nguyễn Văn A", "head"),
        build.person("Nguyễn Thị Bà", "grandparent", birth_year=1930),
        build.person("Nguyễn Văn Em", "sibling", citizen_id=build.citizen_id()),
    ]
    household = build.household(village.parent, village, members=persons)
    before = people_of(household)
    new = split(household, one(household, "grandparent"), one(household, "sibling"))
    household.refresh_from_db()
    merge(new, household)
    assert people_of(household) == before


def test_former_relations_do_not_outlive_a_change_of_the_head(village: Area) -> None:
    persons = [
        build.person("Nguyễn Văn A", "head"),
        build.person("Nguyễn Thị Bà", "grandparent", birth_year=1930),
        build.person("Nguyễn Văn Con", "child", birth_year=2005),
    ]
    household = build.household(village.parent, village, members=persons)
    new = split(household, one(household, "grandparent"))
    later = DAY + datetime.timedelta(days=1)
    child = one(household, "child")
    moves.head_change(by=None, household=household, version=1, member=child, on=later, relations={})
    household.refresh_from_db()
    merge(new, household, on=later)
    assert people_of(household)["Nguyễn Thị Bà"] == "other"


def test_nobody_is_merged_into_a_household_that_changed_since_it_was_read(household: Household, village: Area) -> None:
    other = build.household(village.parent, village, head="Lê Văn B")
    wife = one(household, "spouse")
    members.member_leave(by=None, member=wife, version=wife.version, on=DAY, because="moved_out")
    with pytest.raises(EditConflict):
        merge(other, household, into_version=1)
    other.refresh_from_db()
    assert other.closed_on is None


# Head


def test_the_wife_becomes_head_and_relations_follow(household: Household) -> None:
    moves.head_change(by=None, household=household, version=1, member=one(household, "spouse"), on=DAY, relations={})
    assert list(people_of(household).values()) == ["spouse", "head", "child", "child"]
    assert household.history.get(kind=ChangeKind.HEAD_CHANGED).note == "Nguyễn Văn A → Trần Thị Vợ"


def test_a_child_becomes_head_with_relations_as_said(household: Household) -> None:
    child, wife = one(household, "child"), one(household, "spouse")
    moves.head_change(by=None, household=household, version=1, member=child, on=DAY, relations={wife.pk: "other"})
    assert list(people_of(household).values()) == ["parent", "other", "head", "sibling"]


def test_a_change_of_head_is_refused_in_words(household: Household) -> None:
    stranger = build.head_of(build.household(head="Lê Văn B"))
    for member, on, sentence in (
        (build.head_of(household), DAY, "Nguyễn Văn A đang là chủ hộ: chọn người khác."),
        (stranger, DAY, "Lê Văn B không phải người đang ở trong hộ."),
        (one(household, "spouse"), FUTURE, "ở tương lai"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            moves.head_change(by=None, household=household, version=1, member=member, on=on, relations={})


def test_every_move_asks_for_the_right_to_enter(household: Household, village: Area) -> None:
    leader: User = user_with(Role.LEADER, village.parent)
    wife = one(household, "spouse")
    common: dict[str, Any] = {"by": leader, "household": household, "version": 1, "on": DAY}
    for act in (
        lambda: moves.household_move(**common, village=village),
        lambda: moves.household_split(**common, member_ids=[wife.pk], head_id=wife.pk, relations={}),
        lambda: moves.household_merge(**common, into=household, into_version=1, relations={}),
        lambda: moves.head_change(**common, member=wife, relations={}),
        lambda: moves.households_follow(by=leader, unit=village.parent, villages={}, on=DAY),
    ):
        with pytest.raises(PermissionDenied):
            act()


class AnySequenceOfMoves(TestCase):
    """Whatever is done in whatever order, refused or not: one head per followed household, nobody twice."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        acts=st.lists(
            st.tuples(
                st.sampled_from(["split", "merge", "move", "head", "leave"]), st.integers(0, 9), st.integers(0, 9)
            ),
            max_size=8,
        )
    )
    def test_every_followed_household_has_one_head_and_nobody_is_in_two(self, acts: list[tuple[str, int, int]]) -> None:
        unit = CommuneFactory()
        villages = [VillageFactory(parent=unit) for _ in range(2)]
        for village in villages:
            rows = build.people("Nguyễn Văn A", 4, build.ethnicity())
            build.household(unit, village, members=[row | {"citizen_id": build.citizen_id()} for row in rows])
        numbers = set(Member.objects.filter(unit=unit).values_list("citizen_id", flat=True))
        gone: set[str] = set()

        for what, first, second in acts:
            followed = list(Household.objects.filter(unit=unit).followed().order_by("pk"))
            if not followed:
                break
            gone |= _act(what, followed, villages, first, second)

        present = list(Member.objects.filter(unit=unit).present().values_list("citizen_id", flat=True))
        assert sorted(present) == sorted(numbers - gone)
        for household in Household.objects.filter(unit=unit).followed():
            assert household.members.present().filter(relation="head").count() == 1
        closed = Household.objects.filter(unit=unit, closed_on__isnull=False)
        assert not Member.objects.present().filter(household__in=closed).exists()


def _act(what: str, followed: list[Household], villages: list[Area], first: int, second: int) -> set[str]:
    """One act on one household; the numbers of who is gone by it."""
    household = followed[first % len(followed)]
    persons = list(household.members.present().order_by("position"))
    person = persons[second % len(persons)]
    common: dict[str, Any] = {"by": None, "household": household, "version": household.version, "on": DAY}
    try:
        if what == "split":
            moves.household_split(**common, member_ids=[person.pk], head_id=person.pk, relations={})
        elif what == "merge":
            into = followed[second % len(followed)]
            moves.household_merge(**common, into=into, into_version=into.version, relations={})
        elif what == "move":
            moves.household_move(**common, village=villages[second % 2])
        elif what == "head":
            moves.head_change(**common, member=person, relations={})
        else:
            members.member_leave(by=None, member=person, version=person.version, on=DAY, because="died")
            return {person.citizen_id}
    except ValidationError:
        return set()
    return set()
