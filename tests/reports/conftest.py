"""A commune with the real table of 2024, one without, and helpers that read what was printed."""

import datetime
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from povertyplan.areas.models import Area
from povertyplan.offices.models import Department, Officer, OutsideBody
from reports import services
from reports.choices import Authority
from reports.models import AnnualPlan
from targets.models import TargetPlan
from targets.services import tables as target_services
from tests.factories import START, CommuneFactory, PaperFactory, VillageFactory
from tests.targets.review_rows import approved

YEAR = 2024
# Counts of xã Đại Lãnh's table of 2024: households, population, poor, near-poor, reductions.
REAL = {
    "Đông Nam": (360, 1433, 0, 6, 0, 1),
    "Đông Bắc": (426, 1639, 3, 8, 1, 2),
    "Tây Bắc 1": (485, 1975, 2, 19, 1, 5),
    "Tây Bắc 2": (551, 2117, 1, 14, 0, 2),
    "Tây Nam 1": (690, 2794, 0, 20, 0, 3),
    "Tây Nam 2": (510, 1940, 5, 15, 0, 3),
}
FIELDS = (
    "households",
    "population",
    "poor_households",
    "near_poor_households",
    "poor_reduction",
    "near_poor_reduction",
)


def fill(unit: Area, table: dict[str, tuple[int | None, ...]], *, kind: str = "thôn") -> Area:
    for name in table:
        VillageFactory(parent=unit, name=name, kind=kind)
    plan = target_services.plan_open(by=None, unit=unit, year=YEAR)
    for village in Area.objects.filter(parent=unit):
        counts = dict(zip(FIELDS, table[village.name], strict=True))
        target_services.row_set(by=None, plan=plan, place=village, **counts)
    return unit


@pytest.fixture
def dai_lanh(db: None) -> Area:
    """The real counts under a sample unit."""
    return fill(CommuneFactory(name="Đại Lãnh", is_sample=True), REAL)


@pytest.fixture
def big_commune(db: None) -> Area:
    """Sixty made-up villages with long names, not a sample."""
    rows = {f"Suối Ngàn Thượng {n}": (200 + n, 900 + n, n % 9, n % 7, 1 if n % 9 else 0, 0) for n in range(1, 61)}
    return fill(CommuneFactory(name="Mường Thử"), rows)


@pytest.fixture
def framed(dai_lanh: Area) -> AnnualPlan:
    office = Department.objects.create(
        unit=dai_lanh, name="công chức Văn hóa - Xã hội", abbreviation="VX", valid_from=START
    )
    front = OutsideBody.objects.create(unit=dai_lanh, name="Trường Tiểu học", kind="service", valid_from=START)
    signer = Officer.objects.create(unit=dai_lanh, full_name="Người Ký Mẫu", title="Phó Chủ tịch", valid_from=START)
    plan = services.annual_plan_describe(
        by=None,
        unit=dai_lanh,
        year=YEAR,
        planned_month=datetime.date(2024, 2, 1),
        authority=Authority.DEPUTY,
        signer=signer,
        drafted_by=office,
    )
    papers = [PaperFactory(unit=dai_lanh, number="3450"), PaperFactory(unit=dai_lanh, number="3709")]
    services.bases_set(by=None, plan=plan, papers=papers)
    services.recipients_set(by=None, plan=plan, lines=["- Phòng LĐTB&XH huyện (b/c);", "Các thôn"])
    services.duties_set(by=None, plan=plan, duties=[(office, "Theo dõi chung\nBáo cáo kết quả."), (front, "Vận động")])
    plan.refresh_from_db()
    return plan


@pytest.fixture
def issuable(framed: AnnualPlan) -> AnnualPlan:
    """The same with its table approved."""
    approved(TargetPlan.objects.get(unit=framed.unit, year=YEAR))
    return framed


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[..., str]:
    """What poppler reads in a PDF, as a person would search it."""

    def read(content: bytes, *options: str) -> str:
        path = tmp_path / "printed.pdf"
        path.write_bytes(content)
        done = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True, text=True)
        return done.stdout.replace("\u2060", "").replace("\u00a0", " ")

    return read
