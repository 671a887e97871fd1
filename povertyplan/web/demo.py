"""The demonstration: the country's units and papers, five sample units with their year, and accounts for every role.

All of it is data in ``fixtures/demo``. A part that a unit already has is left alone, so that loading twice is loading
once and nothing that somebody typed since is touched.
"""

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from households.models import ExitRegistration, ReviewRound
from households.services.law import law_load
from povertyplan.accounts import services as account_services
from povertyplan.accounts.models import User
from povertyplan.areas import services as area_services
from povertyplan.areas.choices import Flag
from povertyplan.areas.models import Area
from povertyplan.areas.national import areas_load
from povertyplan.areas.selectors import unit_in_year
from povertyplan.core.audit import acting
from povertyplan.offices import services as office_services
from povertyplan.offices.models import Board, Department, Officer, OutsideBody
from povertyplan.papers import services as paper_services
from povertyplan.papers.models import Paper
from povertyplan.papers.national import papers_load
from povertyplan.papers.selectors import paper_by_number
from povertyplan.villages import services as village_services
from povertyplan.web.demo_exits import load_exits
from povertyplan.web.demo_goals import has_goals, load_goals
from povertyplan.web.demo_reviews import load_reviews
from povertyplan.web.demo_targets import has_assigned, load_assigned
from reports import services as report_services
from reports.models import AnnualPlan
from targets.models import TargetPlan
from targets.services import tables as target_services

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
LOCK = 20250701
Facts = dict[str, Any]


@dataclass(kw_only=True)
class Summary:
    """What one loading added."""

    areas: int = 0
    papers: int = 0
    law: int = 0
    users: int = 0
    units: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.areas or self.papers or self.law or self.users or self.units)


@transaction.atomic
def demo_load() -> Summary:
    """Add what is missing of the demonstration, all or nothing; a second loading at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    with acting(by=None, action="demo.load"):
        summary = Summary(areas=areas_load(), papers=papers_load(), law=law_load())
        summary.users = _load_users(_users())
        summary.units = [str(unit) for unit, facts in sample_units() if _load_unit(unit, facts)]
    return summary


def sample_units() -> Iterator[tuple[Area, Facts]]:
    """Each unit of ``fixtures/demo/units`` with what its file says."""
    for path in sorted((FOLDER / "units").glob("*.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        for part in ("reviews", "exits"):
            more = FOLDER / part / path.name
            if more.exists():
                facts[part] = json.loads(more.read_text(encoding="utf-8"))
        yield unit_in_year(facts["unit"]["code"], facts["unit"]["year"]), facts


def demo_accounts() -> Iterator[tuple[str, str]]:
    """Each account of the demonstration that still exists: name to log in with, title and place in a year."""
    facts = _users()
    names = [facts["administrator"]["username"], *(row["username"] for row in facts["users"])]
    there = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for row in facts["users"]:
        if row["username"] in there:
            yield row["username"], f"{row['title']}, {unit_in_year(row['area'], row['year'])}, năm {row['year']}"
    if names[0] in there:
        yield names[0], facts["administrator"]["title"]


def _users() -> Facts:
    stated: Facts = json.loads((FOLDER / "users.json").read_text(encoding="utf-8"))
    return stated


def _load_users(facts: Facts) -> int:
    known = set(User.objects.values_list("username", flat=True))
    since = datetime.date.fromisoformat(facts["valid_from"])
    admin = facts["administrator"]
    if admin["username"] not in known:
        user = _user(admin)
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    missing = [row for row in facts["users"] if row["username"] not in known]
    for row in missing:
        area = unit_in_year(row["area"], row["year"])
        account_services.grant_give(by=None, user=_user(row), role=row["role"], area=area, valid_from=since)
    return len(missing) + (admin["username"] not in known)


def _user(row: Facts) -> User:
    return account_services.user_create(
        by=None,
        username=row["username"],
        full_name=row["full_name"],
        title=row["title"],
        password=settings.DEMO_PASSWORD,
        must_change_password=False,
    )


def _load_unit(unit: Area, facts: Facts) -> bool:
    """Add the parts that the unit lacks; true when there was any."""
    if not unit.is_sample:
        area_services.sample_mark(by=None, unit=unit)
    lacking = [part for part in PARTS if part.name in facts and not part.is_there(unit)]
    for part in lacking:
        part.load(unit, facts)
    return bool(lacking)


def _load_villages(unit: Area, facts: Facts) -> None:
    listed = facts["villages"]
    villages = village_services.villages_add(by=None, unit=unit, names=listed["names"], kind=listed["kind"])
    for village in villages:
        if village.name in listed.get(Flag.EXTREMELY_DIFFICULT, ()):
            area_services.flag_set(
                by=None,
                area=village,
                flag=Flag.EXTREMELY_DIFFICULT,
                valid_from=village.valid_from,
                valid_to=village.valid_to,
            )


def _load_papers(unit: Area, facts: Facts) -> None:
    for row in facts["papers"]:
        date = datetime.date.fromisoformat(row["date"])
        paper_services.paper_add(by=None, unit=unit, **(row | {"date": date}))


def _load_offices(unit: Area, facts: Facts) -> None:
    for row in facts["departments"]:
        office_services.office_add(by=None, unit=unit, model=Department, **row)
    for row in facts["bodies"]:
        office_services.office_add(by=None, unit=unit, model=OutsideBody, **row)
    for row in facts["officers"]:
        tied = {
            "department": _house(unit, row["department"]) if "department" in row else None,
            "user": User.objects.get(username=row["user"]) if "user" in row else None,
        }
        office_services.office_add(by=None, unit=unit, model=Officer, **(row | tied))
    for row in facts.get("boards", ()):
        _load_board(unit, row)


def _load_board(unit: Area, row: Facts) -> None:
    board = office_services.office_add(by=None, unit=unit, model=Board, kind=row["kind"], name=row["name"])
    for seat in row["members"]:
        office_services.member_add(by=None, board=board, **(seat | {"officer": _officer(unit, seat["officer"])}))


def _load_targets(unit: Area, facts: Facts) -> None:
    targets = facts["targets"]
    plan = target_services.plan_open(by=None, unit=unit, year=targets["year"])
    described = {
        name: targets[name] for name in ("source_note", "poor_persons", "near_poor_persons") if name in targets
    }
    if "source_paper" in targets:
        described["source_paper"] = _paper(unit, targets["source_paper"])
    target_services.plan_describe(by=None, plan=plan, version=plan.version, **described)
    villages = {village.name: village for village in Area.objects.villages_of(unit)}
    for name, counts in targets["villages"].items():
        target_services.row_set(by=None, plan=plan, place=villages[name], **counts)


def _load_annual_plan(unit: Area, facts: Facts) -> None:
    stated = facts["annual_plan"]
    frame = stated["frame"]
    month = frame.get("planned_month")
    described = {
        "subject": frame["subject"],
        "authority": frame["authority"],
        "planned_month": datetime.date.fromisoformat(month) if month else None,
        "signer": _officer(unit, frame["signer"]),
        "drafted_by": _house(unit, frame["drafted_by"]),
    }
    plan = report_services.annual_plan_describe(by=None, unit=unit, year=stated["year"], **described)
    report_services.bases_set(by=None, plan=plan, papers=[_paper(unit, number) for number in stated["bases"]])
    duties = [(_house(unit, name), "\n".join(tasks)) for name, tasks in stated["duties"]]
    report_services.duties_set(by=None, plan=plan, duties=duties)
    report_services.recipients_set(by=None, plan=plan, lines=stated["recipients"])


def _paper(unit: Area, number: str) -> Paper:
    paper = paper_by_number(number, unit=unit)
    if paper is None:
        raise LookupError(f"fixtures name the paper {number} of {unit}, which is not loaded")
    return paper


def _house(unit: Area, name: str) -> Department | OutsideBody:
    """The department of that name, else the outside body."""
    found = Department.objects.filter(unit=unit, name=name).first()
    return found or OutsideBody.objects.get(unit=unit, name=name)


def _officer(unit: Area, full_name: str) -> Officer:
    return Officer.objects.get(unit=unit, full_name=full_name)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a unit's file: ``is_there`` says that the unit has such rows already."""

    name: str
    is_there: Callable[[Area], bool]
    load: Callable[[Area, Facts], None]


PARTS = (
    Part(name="villages", is_there=lambda unit: Area.objects.villages_of(unit).exists(), load=_load_villages),
    Part(name="papers", is_there=lambda unit: Paper.objects.filter(unit=unit).exists(), load=_load_papers),
    Part(name="officers", is_there=lambda unit: Officer.objects.filter(unit=unit).exists(), load=_load_offices),
    Part(name="targets", is_there=lambda unit: TargetPlan.objects.filter(unit=unit).exists(), load=_load_targets),
    Part(name="goals", is_there=has_goals, load=load_goals),
    Part(
        name="annual_plan",
        is_there=lambda unit: AnnualPlan.objects.filter(unit=unit).exists(),
        load=_load_annual_plan,
    ),
    Part(name="reviews", is_there=lambda unit: ReviewRound.objects.filter(unit=unit).exists(), load=load_reviews),
    Part(name="exits", is_there=lambda unit: ExitRegistration.objects.filter(unit=unit).exists(), load=load_exits),
    Part(name="assigned", is_there=has_assigned, load=load_assigned),
)
