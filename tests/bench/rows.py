"""The rows of ``make bench``."""

import io
import re
from collections.abc import Iterator
from functools import partial

import pdfplumber
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from povertyplan.accounts.models import User
from povertyplan.areas.selectors import unit_in_year
from reports import catalogue, html, pdf
from tests.bench import allocation, consolidated, registry
from tests.bench.measure import Row

SAMPLE = ("22492", 2024)
MAX_QUERIES = 10


def all_rows() -> Iterator[Row]:
    yield plan_row()
    yield page_row()
    yield from registry.rows()
    yield from allocation.rows()
    yield from consolidated.rows()


def plan_row() -> Row:
    """Figures → tree → HTML → PDF, against WeasyPrint alone on that HTML with the same fonts."""
    code, year = SAMPLE
    unit = unit_in_year(code, year)
    document = catalogue.tree("annual_plan", unit=unit, year=year)
    page = html.standalone(document, more_style=pdf._font_faces())
    return Row(
        workload="kế hoạch của một xã thành PDF / WeasyPrint trên cùng HTML",
        ours=lambda: catalogue.render("annual_plan", unit=unit, year=year, format="pdf").content,
        other=lambda: HTML(string=page).write_pdf(font_config=FontConfiguration()),
        same=_same_pdf,
        bound=1.15,
    )


def _same_pdf(ours: bytes, other: bytes) -> None:
    pages = [[page.extract_text() for page in pdfplumber.open(io.BytesIO(content)).pages] for content in (ours, other)]
    assert pages[0] == pages[1]


def page_row() -> Row:
    """The target page through the whole stack, against the same rows in a bare template through the same stack."""
    code, year = SAMPLE
    client = Client()
    client.force_login(User.objects.get(username=f"officer-{code}"))
    _require_few_queries(client)
    return Row(
        workload="trang chỉ tiêu / cùng các dòng trong khuôn mẫu trơn",
        ours=partial(_get, client, f"/u/{code}/{year}/targets/"),
        other=partial(_get, client, f"/bare/{code}/{year}/"),
        same=_same_rows,
        bound=2.0,
        rounds=60,
    )


def _require_few_queries(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        _get(client, "/u/{}/{}/targets/".format(*SAMPLE))
    print(f"trang chỉ tiêu: {len(queries)} truy vấn (≤ {MAX_QUERIES})")
    assert len(queries) <= MAX_QUERIES


def _get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


CELL = re.compile(r'<input[^>]*? name="(cell-[^"]+)"[^>]*? value="([^"]*)"')


def _same_rows(ours: str, other: str) -> None:
    assert CELL.findall(ours) == CELL.findall(other) != []
