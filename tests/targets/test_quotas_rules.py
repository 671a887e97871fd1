"""What a quota asks for in whole households, and what the plan misses of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from povertyplan.core.findings import Severity
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.rules.figures import Figures
from targets.rules.quotas import QuotaLine, check_quotas, planned, required, strictest

# Sơn Thành 2025: 349 poor and 426 near-poor of 2.497 households, 2.538 expected.
SON_THANH = Figures(households=2497, poor_households=349, near_poor_households=426, expected_households=2538)


def quota(value: int | str, *, subject: QuotaSubject = QuotaSubject.POOR, **more: Any) -> QuotaLine:
    """A whole number is households; a text with a comma is a rate, the end rate unless ``form`` says points."""
    about: dict[str, Any] = {"issuer": QuotaIssuer.DISTRICT, "subject": subject} | more
    if isinstance(value, int):
        return QuotaLine(form=QuotaForm.HOUSEHOLDS, households=value, **about)
    return QuotaLine(rate=Decimal(value.replace(",", ".")), **({"form": QuotaForm.END_RATE} | about))


def points(value: str, **more: Any) -> QuotaLine:
    return quota(value, form=QuotaForm.POINTS, **more)


def planning(figures: Figures = SON_THANH, **reductions: int) -> Figures:
    return Figures(**{name: getattr(figures, name) for name in figures.__dataclass_fields__} | reductions)


def codes(*quotas: QuotaLine, figures: Figures) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in check_quotas(quotas, figures)]


@pytest.mark.parametrize(
    ("asked", "need"),
    [
        (quota(170), 170),
        (quota("7,05"), 170),
        (quota("7,06"), 170),
        (quota("7,04"), 171),
        (quota("3,03", subject=QuotaSubject.NEAR_POOR), 349),
        (quota("10,09", subject=QuotaSubject.MULTIDIMENSIONAL), 519),
        # The text of the plan says 10,08 %, the sum of two rounded rates: 256 / 2.538 is 10,09.
        (quota("10,08", subject=QuotaSubject.MULTIDIMENSIONAL), 520),
        (points("6,92"), 170),
        (points("6,93"), 171),
        (points("6,97"), 172),
        (quota("20,00"), 0),
        (points("0,00"), 0),
    ],
)
def test_the_smallest_reduction_that_meets_a_quota(asked: QuotaLine, need: int) -> None:
    assert required(asked, SON_THANH).households == need


def test_the_sentence_shows_the_divisions() -> None:
    assert required(quota("7,05"), SON_THANH).sentence == (
        "Giao còn 7,05 %. Trên 2.538 hộ cuối năm còn nhiều nhất 179 hộ (179 / 2.538 = 7,05 %);"
        " 180 hộ (180 / 2.538 = 7,09 %) là vượt. Đầu năm 349 hộ, giảm ít nhất 349 − 179 = 170 hộ."
    )
    assert required(points("6,92"), SON_THANH).sentence == (
        "Giao giảm 6,92 điểm %. Đầu năm 349 hộ (349 / 2.497 = 13,98 %); cuối năm còn nhiều nhất"
        " 179 hộ (179 / 2.538 = 7,05 %). Giảm ít nhất 170 hộ: 349 / 2.497 − 179 / 2.538 = 6,92 điểm %,"
        " làm tròn một lần ở cuối."
    )
    assert required(quota("20,00"), SON_THANH).sentence == (
        "Giao còn 20,00 %. Giữ nguyên số đầu năm thì cuối năm là 349 hộ (349 / 2.538 = 13,75 %),"
        " không quá mức này: chỉ cần không tăng thêm."
    )


def test_points_of_the_same_households_are_one_division() -> None:
    """0,36 − 0,17 is 0,19 on paper; six households of 3.022 are 0,20."""
    dai_lanh = Figures(households=3022, poor_households=11)
    assert required(points("0,20"), dai_lanh).sentence.endswith(
        "còn nhiều nhất 5 hộ (5 / 3.022 = 0,17 %). Giảm ít nhất 6 hộ: 6 / 3.022 = 0,20 điểm %."
    )


def test_a_rate_is_compared_as_it_is_read_after_rounding() -> None:
    exactly_half = Figures(households=20000, poor_households=3000)
    # 2.382 / 20.000 = 11,91 %; 2.383 / 20.000 = 11,915 %, which is read as 11,92 %.
    assert required(quota("11,91"), exactly_half).households == 3000 - 2382
    # 15 % − 11,915 % = 3,085 points, which are read as 3,09.
    assert required(points("3,09"), exactly_half).households == 3000 - 2383
    assert required(points("3,10"), exactly_half).households == 3000 - 2381


@given(data=st.data())
def test_no_smaller_reduction_meets_it(data: st.DataObject) -> None:
    households = data.draw(st.integers(1, 400))
    poor = data.draw(st.integers(0, households))
    end = data.draw(st.one_of(st.none(), st.integers(1, 400)))
    assigned = data.draw(st.decimals(0, 100, places=2))
    form = data.draw(st.sampled_from([QuotaForm.END_RATE, QuotaForm.POINTS]))
    start = Figures(households=households, poor_households=poor, expected_households=end)
    need = required(quota(str(assigned), form=form), start).households

    def is_met(reduction: int) -> bool:
        after = planning(start, poor_reduction=reduction)
        if form == QuotaForm.END_RATE:
            return after.poor_end_rate is not None and after.poor_end_rate <= assigned
        return after.poor_points is not None and after.poor_points >= assigned

    if need is None:
        assert not is_met(poor)
    else:
        assert need <= poor
        assert is_met(need)
        assert need == 0 or not is_met(need - 1)


def test_only_a_rate_and_points_known_are_kept_as_assigned() -> None:
    known = [quota("11,91"), points("5,96")]
    assert [required(one, Figures()).households for one in known] == [None, None]
    assert required(known[0], Figures()).sentence == (
        "Giao còn 11,91 %. Chưa tính được số hộ vì chưa có số hộ nghèo đầu năm, tổng số hộ."
    )
    assert strictest(known, Figures()) == {}
    assert codes(*known, figures=Figures()) == [("quota-unknown", Severity.HINT)] * 2


def test_a_unit_without_households_has_no_rate_to_meet() -> None:
    none = Figures(households=0, poor_households=0)
    assert required(quota("5,00"), none).sentence.endswith("chưa có tổng số hộ lớn hơn 0.")


def test_a_gross_quota_is_met_by_escapes_a_net_one_by_what_is_left_over() -> None:
    figures = planning(poor_reduction=160, poor_increase=10)
    gross = quota(170, meaning=Meaning.GROSS)
    assert (planned(gross, figures), planned(quota(170), figures)) == (170, 160)
    assert required(gross, figures).households == 160
    assert codes(gross, figures=figures) == []
    assert codes(quota(170), figures=figures) == [("quota-missed", Severity.ERROR)]


def test_without_expected_new_cases_a_gross_quota_says_so() -> None:
    sentence = required(quota(170, meaning=Meaning.GROSS), SON_THANH).sentence
    assert sentence == (
        "Giao 170 hộ thoát; chưa ghi số hộ dự kiến phát sinh, tái nghèo nên chưa trừ: giảm thực ít nhất 170 hộ."
    )


def test_a_rate_is_net_whatever_else_is_said() -> None:
    assert not quota("7,05", meaning=Meaning.GROSS).is_gross


def test_missed_says_by_how_many_households() -> None:
    (finding,) = check_quotas([quota(170)], planning(poor_reduction=168), page="/x/")
    assert finding.message == "Thiếu 2 hộ: số hộ giảm trong bảng là 168, cần 170."
    assert (finding.place, finding.anchor) == ("UBND huyện: hộ nghèo, giảm 170 hộ", "/x/#quota-0")
    assert codes(quota(170), figures=planning(poor_reduction=170)) == []


def test_more_than_there_are_cannot_be_asked_for() -> None:
    figures = planning(poor_reduction=349)
    (finding,) = check_quotas([quota(350)], figures)
    assert (finding.code, finding.severity) == ("quota-impossible", Severity.WARNING)
    assert finding.message == "Cần giảm 350 hộ nhưng đầu năm chỉ có 349 hộ. Báo lại cơ quan giao."
    assert codes(quota(349), figures=figures) == []


def test_points_beyond_the_whole_rate_ask_for_no_number_of_households() -> None:
    """Nobody could derive one; a quota that can be met counts."""
    figures, beyond = planning(poor_reduction=170), points("13,99")
    asked = required(beyond, SON_THANH)
    assert (asked.households, asked.available, asked.is_possible) == (None, 349, False)
    assert required(points("13,98"), SON_THANH).households == 349
    assert codes(quota(170), beyond, figures=figures) == [("quota-impossible", Severity.WARNING)]
    assert check_quotas([beyond], figures)[0].message == (
        "Giao giảm 13,99 điểm %. Đầu năm 349 hộ (349 / 2.497 = 13,98 %): hết hộ cũng chỉ giảm 13,98 điểm %."
        " Báo lại cơ quan giao."
    )
    assert strictest([beyond, quota(170)], SON_THANH)[QuotaSubject.POOR].households == 170


@pytest.mark.parametrize("meaning", Meaning)
def test_a_quota_of_no_household_asks_for_none(meaning: Meaning) -> None:
    none = quota(0, meaning=meaning)
    assert required(none, SON_THANH).households == 0
    assert codes(none, figures=planning(poor_reduction=0)) == []
    (finding,) = check_quotas([none, quota(1, meaning=meaning)], planning(poor_reduction=1))
    assert (finding.code, finding.place) == ("quotas-differ", f"UBND huyện: hộ nghèo, {none.assigned}")
    assert strictest([none, quota(1)], SON_THANH)[QuotaSubject.POOR].households == 1


def test_the_strictest_does_not_depend_on_the_order() -> None:
    for quotas in ([quota(172), quota(170)], [quota(170), quota(172)]):
        assert strictest(quotas, SON_THANH)[QuotaSubject.POOR].households == 172


def test_of_both_lists_together_the_plan_does_what_it_does_of_each() -> None:
    both = quota(7, subject=QuotaSubject.MULTIDIMENSIONAL)
    assert planned(both, SON_THANH) is None
    assert planned(both, planning(poor_reduction=3)) == 3
    assert planned(both, planning(poor_reduction=3, near_poor_reduction=4)) == 7


def test_a_finding_begins_as_a_sentence_and_leads_nowhere_on_its_own_page() -> None:
    party = quota(170, issuer=QuotaIssuer.PARTY_COMMITTEE)
    (finding,) = check_quotas([party], planning(poor_reduction=168))
    assert (finding.place, finding.anchor, finding.remedy) == ("Cấp ủy: hộ nghèo, giảm 170 hộ", "", "")


def test_points_between_two_whole_households_name_both() -> None:
    (finding,) = check_quotas([points("6,90")], planning(poor_reduction=170))
    assert finding.code == "quota-between"
    assert finding.message == (
        "Không có số hộ nào cho đúng 6,90 điểm %: giảm 169 hộ được 6,88 điểm %, giảm 170 hộ được 6,92 điểm %."
    )
    assert codes(points("6,92"), figures=planning(poor_reduction=170)) == []


def test_quotas_that_differ_name_the_stricter_and_the_plan_is_held_to_it() -> None:
    district, council = quota(170), quota("7,00", issuer=QuotaIssuer.PEOPLES_COUNCIL)
    assert strictest([district, council], SON_THANH)[QuotaSubject.POOR].quota == council
    findings = check_quotas([district, council], planning(poor_reduction=170))
    differing = next(finding for finding in findings if finding.code == "quotas-differ")
    assert differing.place == district.title
    assert differing.message == (
        "Khác với Hội đồng nhân dân: hộ nghèo, còn 7,00 %: ở đây cần giảm 170 hộ, ở đó 172 hộ. Tính theo mức cao hơn."
    )
    assert [finding.place for finding in findings if finding.code == "quota-missed"] == [council.title]


def test_quotas_of_two_subjects_do_not_differ() -> None:
    assert codes(quota(1), quota(2, subject=QuotaSubject.NEAR_POOR), figures=planning(
        poor_reduction=1, near_poor_reduction=2)) == []  # fmt: skip


MINORITY = Figures(households=200, poor_households=40, minority_households=100, minority_poor_households=30)


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        (5, [("quota-missed", Severity.WARNING)]),
        (10, [("quota-of-which", Severity.HINT)]),
        (20, []),
    ],
)
def test_poor_ethnic_minority_households_are_known_within_bounds(
    reduction: int, expected: list[tuple[str, Severity]]
) -> None:
    """30 of 40 poor households are ethnic-minority: 20 reduced are at least 10 of these, 10 may be none of them."""
    asked = quota("20,00", subject=QuotaSubject.MINORITY_POOR)
    assert required(asked, MINORITY).households == 10
    nothing = quota(1, subject=QuotaSubject.MINORITY_POOR)
    assert codes(nothing, figures=MINORITY) == [("quota-missed", Severity.WARNING)]
    assert codes(quota(0, subject=QuotaSubject.MINORITY_POOR), figures=MINORITY) == []
    assert codes(asked, figures=planning(MINORITY, poor_reduction=reduction)) == expected
