"""Papers: numbers in one way of writing, duplicates refused, the national list."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.papers import services
from povertyplan.papers.choices import Certainty, PaperType, System
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.national import papers_load, shipped_papers
from povertyplan.papers.rules import split_number
from povertyplan.papers.selectors import national_papers, paper_by_number, papers_kept_by
from tests.factories import PaperFactory, UserFactory, user_with

FIELDS = {
    "type": PaperType.DECISION,
    "number": "3450",
    "notation": "QĐ-UBND",
    "date": datetime.date(2023, 11, 21),
    "issuer": "UBND huyện",
    "subject": "phê duyệt kết quả rà soát",
}


@pytest.mark.parametrize(
    ("number", "notation", "apart"),
    [
        ("3450", "QĐ-UBND", ("3450", "QĐ-UBND")),
        ("3450/QĐ-UBND", "", ("3450", "QĐ-UBND")),
        ("07/2021/NĐ-CP", "", ("7", "2021/NĐ-CP")),
        ("07", "2021/NĐ-CP", ("7", "2021/NĐ-CP")),
        ("24-NQ/TU", "", ("24", "NQ/TU")),
        ("số 90/QĐ-TTg", "", ("90", "QĐ-TTg")),
        ("12a", "/KH-UBND", ("12a", "KH-UBND")),
        ("245/QĐ-UBND", "QĐ-UBND", ("245", "QĐ-UBND")),
        ("07/2021", "NĐ-CP", ("7", "2021/NĐ-CP")),
        ("", "", ("", "")),
    ],
)
def test_a_number_comes_apart_from_its_notation(number: str, notation: str, apart: tuple[str, str]) -> None:
    assert split_number(number, notation) == apart


def test_a_paper_prints_its_number_as_the_law_writes_it(commune: Area) -> None:
    decree = services.paper_add(
        by=None, unit=None, **(FIELDS | {"type": "decree", "number": "07/2021/NĐ-CP", "notation": ""})
    )
    party = services.paper_add(
        by=None, unit=commune, **(FIELDS | {"number": "05-NQ/TU", "notation": "", "system": System.PARTY})
    )

    assert decree.full_number == "07/2021/NĐ-CP"
    assert party.full_number == "05-NQ/TU"


def test_a_paper_is_kept_once(commune: Area, officer: User) -> None:
    services.paper_add(by=officer, unit=commune, **FIELDS)

    with pytest.raises(ValidationError, match="Văn bản này đã có trong danh mục"):
        services.paper_add(by=officer, unit=commune, **(FIELDS | {"number": "3450/QĐ-UBND", "notation": ""}))


def test_another_unit_may_keep_the_same_paper(commune: Area, stranger: User) -> None:
    services.paper_add(by=None, unit=commune, **FIELDS)
    services.paper_add(by=None, unit=stranger.grants.get().area, **FIELDS)

    assert papers_kept_by(commune).count() == 1


def test_only_the_officer_of_the_unit_writes_and_nobody_writes_national_papers(
    commune: Area, officer: User, leader: User
) -> None:
    for by, unit in ((leader, commune), (officer, None)):
        with pytest.raises(PermissionDenied):
            services.paper_add(by=by, unit=unit, **FIELDS)


def test_two_corrections_of_one_subject_conflict(commune: Area, officer: User) -> None:
    paper = services.paper_add(by=officer, unit=commune, **FIELDS)
    services.paper_update(by=officer, paper=paper, version=paper.version, subject="một")

    with pytest.raises(EditConflict):
        services.paper_update(by=officer, paper=paper, version=paper.version, subject="hai")


def test_a_replaced_paper_ends_when_the_other_takes_force(commune: Area, officer: User) -> None:
    old = services.paper_add(by=officer, unit=commune, **FIELDS)
    new = PaperFactory(unit=commune, number="9", date=datetime.date(2024, 5, 6))

    replaced = services.paper_replace(by=officer, paper=old, version=old.version, replaced_by=new)

    assert (replaced.replaced_by, replaced.in_force_to) == (new, datetime.date(2024, 5, 6))
    with pytest.raises(ValidationError, match="không thể tự thay thế"):
        services.paper_replace(by=officer, paper=new, version=1, replaced_by=old)


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def unchecked(db: None) -> Paper:
    """A national paper that nobody compared."""
    return services.paper_add(by=None, unit=None, **FIELDS, certainty=Certainty.UNCHECKED)


def test_a_superuser_confirms_a_national_paper_with_its_source(superuser: User, unchecked: Paper) -> None:
    paper = services.paper_confirm(
        by=superuser,
        paper=unchecked,
        version=unchecked.version,
        source=" Công báo  số 12 ",
        subject="Về việc phê duyệt kết quả.",
    )

    assert (paper.certainty, paper.source) == (Certainty.CHECKED, "Công báo số 12")
    assert (paper.subject, paper.number) == ("về việc phê duyệt kết quả", unchecked.number)


def test_nobody_else_confirms_and_no_source_is_no_confirmation(
    superuser: User, unchecked: Paper, officer: User, commune: Area
) -> None:
    administrator = user_with(Role.ADMINISTRATOR, commune)
    given = {"paper": unchecked, "version": unchecked.version}
    for by in (None, officer, administrator, UserFactory(is_superuser=True, is_active=False)):
        with pytest.raises(PermissionDenied):
            services.paper_confirm(by=by, source="Công báo", **given)
    with pytest.raises(ValidationError, match="Ghi nơi đã đối chiếu"):
        services.paper_confirm(by=superuser, source=" ", **given)
    with pytest.raises(TypeError):
        services.paper_confirm(by=superuser, source="Công báo", number="8", **given)
    with pytest.raises(ValidationError, match="Chỉ đối chiếu văn bản trung ương"):
        services.paper_confirm(by=superuser, paper=PaperFactory(unit=commune), version=1, source="Công báo")

    assert Paper.objects.get(pk=unchecked.pk).certainty == Certainty.UNCHECKED


def test_two_comparisons_that_differ_conflict(superuser: User, unchecked: Paper) -> None:
    given = {"by": superuser, "paper": unchecked, "version": unchecked.version}
    services.paper_confirm(source="Công báo", **given)

    with pytest.raises(EditConflict):
        services.paper_confirm(source="Bản giấy", **given)


def test_a_paper_cannot_end_before_it_takes_force(commune: Area) -> None:
    day = datetime.date(2024, 1, 1)

    with pytest.raises(ValidationError, match="Ngày hết hiệu lực không được trước"):
        services.paper_add(
            by=None, unit=commune, in_force_from=day, in_force_to=day - datetime.timedelta(days=1), **FIELDS
        )


def test_a_paper_is_found_by_its_printed_number_in_the_units_file_first(commune: Area) -> None:
    national = services.paper_add(by=None, unit=None, **FIELDS)
    own = services.paper_add(by=None, unit=commune, **FIELDS)

    assert paper_by_number("3450/QĐ-UBND", unit=commune) == own
    assert paper_by_number("3450/QĐ-UBND") == national
    assert paper_by_number("3451/QĐ-UBND", unit=commune) is None


def test_shipped_papers_load_once_and_say_what_was_checked(db: None) -> None:
    assert papers_load() == len(shipped_papers())
    assert papers_load() == 0

    decree = national_papers().get(type=PaperType.DECREE, number="7")
    assert decree.full_citation == (
        "Nghị định số 07/2021/NĐ-CP ngày 27 tháng 01 năm 2021 của Chính phủ "
        "quy định chuẩn nghèo đa chiều giai đoạn 2021-2025"
    )
    unchecked = set(Paper.objects.filter(certainty=Certainty.UNCHECKED).values_list("number", "notation"))
    assert ("27", "2022/NĐ-CP") in unchecked
    assert ("90", "QĐ-TTg") not in unchecked


def test_a_paper_is_chosen_from_the_units_own_file_first(commune: Area, stranger: User) -> None:
    old, new = (
        PaperFactory(unit=commune, number=number, date=datetime.date(year, 1, 5))
        for number, year in (("11", 2022), ("12", 2024))
    )
    national = PaperFactory(unit=None, number="13", date=datetime.date(2026, 1, 5))
    PaperFactory(unit=stranger.grants_today[0].area, number="14")
    field = PaperChoice(Paper.objects.to_choose(commune), required=False)
    blank, own, others = list(field.choices)
    assert blank[0] == ""
    assert (own[0], [choice[0].value for choice in own[1]]) == ("Văn bản của đơn vị", [new.pk, old.pk])
    assert (others[0], [choice[0].value for choice in others[1]]) == ("Văn bản trung ương", [national.pk])
    assert field.clean(str(old.pk)) == old
