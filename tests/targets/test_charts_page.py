"""The pictures of a year on the page and on paper, and the years of the trend."""

import re
from io import BytesIO
from itertools import chain

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from households.selectors.lineage import lineage
from povertyplan.areas.models import Area
from povertyplan.areas.services import unit_merge
from reports import catalogue
from reports.datasets import MissingData
from targets.choices import QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Quota
from targets.selectors.charts import pictures, yearly
from tests.factories import CommuneFactory
from tests.targets.result_rows import TODAY, YEAR, counted, year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def page(client: Client, unit: Area) -> str:
    response = client.get(reverse("targets:charts", args=[unit.code, YEAR]))
    assert response.status_code == 200
    return response.content.decode()


def drawings(html: str) -> list[str]:
    return re.findall(r'<svg class="chart-picture".*?</svg>(?=\s*(?:<svg class="chart|<figcaption))', html, re.DOTALL)


def test_the_pictures_stand_above_their_sentence_and_table(officer_client: Client, commune: Area) -> None:
    rows = year(commune, 2)
    Quota.objects.create(
        plan=rows.plan, unit=commune, issuer=QuotaIssuer.PROVINCE, subject=QuotaSubject.POOR,
        form=QuotaForm.HOUSEHOLDS, households=5,
    )  # fmt: skip
    rows.recognise(poor=[home for homes in rows.poor for home in homes[1:]], near_poor=rows.near_poor)
    html = page(officer_client, commune)
    assert html.count('role="img"') == 4
    said = "đăng ký thoát nghèo: chưa có; đã công nhận: 2 hộ, còn thiếu 3 hộ so với chỉ tiêu giao."
    assert f"Chỉ tiêu giao: 5 hộ; kế hoạch: 4 hộ; {said}" in html
    assert "3,00 % = 6/200" in html
    assert "style=" not in html


def test_page_and_document_show_the_same_drawings(officer_client: Client, commune: Area) -> None:
    rows = year(commune, 2)
    rows.recognise(poor=rows.poor[0], near_poor=rows.near_poor)
    document = catalogue.render("charts", unit=commune, year=YEAR, format="html").content.decode()
    on_page = drawings(page(officer_client, commune))
    assert len(on_page) == 4
    assert drawings(document) == on_page
    assert "3,00 % = 6/200" in document
    assert catalogue.render("charts", unit=commune, year=YEAR, format="pdf").content.startswith(b"%PDF")


def test_without_a_table_there_is_no_document(commune: Area) -> None:
    with pytest.raises(MissingData):
        catalogue.tree("charts", unit=commune, year=YEAR)


def test_above_the_communes_the_units_are_the_bars(commune: Area) -> None:
    assert commune.parent is not None
    table, drawn = pictures(unit=commune.parent, year=YEAR, today=TODAY)
    assert table is None
    assert [chart.pictures for chart in drawn] == [()]


# Over the years


def test_a_year_is_its_recognised_list_over_the_households_of_the_next_plan(commune: Area) -> None:
    year(commune, 2)
    found = yearly(commune, lineage(commune, TODAY))
    assert {at: (row.poor, row.near_poor, row.whole) for at, row in found.items()} == {2025: (6, 2, 200)}


def test_the_newest_list_without_a_plan_divides_by_the_counts_at_hand(commune: Area) -> None:
    rows = year(commune)
    rows.recognise(poor=rows.poor[0][:1], near_poor=rows.near_poor)
    counted(rows.villages[0], YEAR, 110)
    found = yearly(commune, lineage(commune, TODAY))
    assert (found[YEAR].poor, found[YEAR].whole) == (1, 110)


def test_after_a_merger_the_years_before_are_the_sums_of_both_and_unknown_without_one(commune: Area) -> None:
    other = CommuneFactory(parent=commune.parent)
    year(commune)
    merged = unit_merge(
        by=None, units=[commune, other], from_day=TODAY, code="91234", name="Gộp", kind="xã", parent=commune.parent
    )
    assert yearly(merged, lineage(merged, TODAY)) == {}
    year(other, 2)
    found = yearly(merged, lineage(merged, TODAY))
    assert {at: (row.poor, row.near_poor, row.whole) for at, row in found.items()} == {2025: (9, 3, 300)}


# On paper


def test_a_printed_picture_stays_with_its_table_and_small_ones_share_a_page(commune: Area) -> None:
    rows = year(commune, 6)
    rows.recognise(poor=rows.poor[0], near_poor=rows.near_poor)
    pages = PdfReader(BytesIO(catalogue.render("charts", unit=commune, year=YEAR, format="pdf").content)).pages
    begun = [re.findall(r"Biểu đồ (\d)", page.extract_text()) for page in pages]
    assert (len(begun), all(begun), [*chain(*begun)]) == (3, True, ["1", "2", "3", "4"])
    assert all(page.mediabox.height > page.mediabox.width for page in pages)
