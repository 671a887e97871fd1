"""Who changed what of a table, from what to what: every part of the plan, also a change past the services."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.models import Quota, TargetPlan, TargetRow
from targets.selectors.history import plan_history
from targets.services import tables as services
from targets.services.movements import movements_set
from tests.factories import VillageFactory

YEAR = 2026
COUNTS = {"households": 100, "population": 400, "poor_households": 10, "near_poor_households": 5}


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    VillageFactory.create_batch(2, parent=commune)
    plan = services.plan_open(by=None, unit=commune, year=YEAR)
    for row in plan.rows.all():
        services.row_set(by=None, plan=plan, place=row.place, **COUNTS)
    return plan


@pytest.fixture
def row(plan: TargetPlan) -> TargetRow:
    return plan.rows.order_by("place__position")[0]


def address(unit: Area) -> str:
    return reverse("targets:history", args=[unit.code, YEAR])


@pytest.mark.parametrize("edits", [1, 3])
def test_the_history_says_who_changed_what_from_and_to(
    officer_client: Client, officer: User, commune: Area, row: TargetRow, edits: int, django_assert_num_queries
) -> None:
    for number in range(1, edits + 1):
        row.refresh_from_db()
        services.cells_change(by=officer, plan=row.plan, changes={row.pk: (row.version, {"poor_reduction": number})})
    # session, user, grants, unit, the page of events, rows and plan before and after, names, and the frame (2)
    with django_assert_num_queries(10):
        page = officer_client.get(address(commune))
    last = page.context["history"].lines[0]
    assert (last.who, last.thing, last.label) == (str(officer), str(row.place), "số hộ nghèo giảm")
    assert (last.old, last.new) == (str(edits - 1) if edits > 1 else "trống", str(edits))


def test_a_change_by_raw_sql_stands_in_the_history(officer_client: Client, commune: Area, row: TargetRow) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE targets_targetrow SET poor_reduction = 2 WHERE id = %s", [row.pk])
    page = officer_client.get(address(commune))
    last = page.context["history"].lines[0]
    assert (last.who, last.old, last.new) == ("", "trống", "2")
    assert "hệ thống" in page.content.decode()


def test_the_history_has_every_part_of_the_plan_and_pages_back(commune: Area, plan: TargetPlan, officer: User) -> None:
    movements_set(by=officer, plan=plan, rows={(None, "fell_back"): {"households": 2}})
    movements_set(by=officer, plan=plan, rows={(None, "fell_back"): {}})
    quota = {"issuer": "district", "subject": "poor", "form": "end_rate", "rate": Decimal("11.91")}
    Quota.objects.create(plan=plan, unit=commune, **quota)
    services.plan_describe(by=officer, plan=plan, version=plan.version, source_note="Công an xã")

    whole = plan_history(unit=commune, year=YEAR)

    said = [(line.thing, line.label, line.old, line.new) for line in whole.lines]
    moved = "diễn biến năm trước, cả đơn vị: tái nghèo"
    assert ("kế hoạch chỉ tiêu", "nguồn số liệu", "trống", "Công an xã") in said
    assert ("chỉ tiêu được giao: UBND huyện, hộ nghèo", "tỷ lệ hoặc số điểm", "trống", "11,91") in said
    assert {(moved, "số hộ", "trống", "2"), (moved, "xóa", "", "")} <= set(said)
    assert not whole.has_next
    pages = [plan_history(unit=commune, year=YEAR, number=number, size=2) for number in range(1, 6)]
    assert tuple(line for page in pages for line in page.lines) == whole.lines
    assert [page.has_next for page in pages] == [True, True, True, True, False]
