"""A target table ready to be submitted, and the people around it, for tests of its way."""

from dataclasses import dataclass

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.models import Area
from targets.choices import VersionState
from targets.models import Comment, PlanVersion, TargetPlan, TargetRow
from targets.services import review, tables
from tests.factories import START, CommuneFactory, PaperFactory, VillageFactory, user_with

YEAR = 2026
COUNTS = {
    "households": 100,
    "population": 400,
    "poor_households": 10,
    "near_poor_households": 5,
    "poor_reduction": 3,
    "near_poor_reduction": 1,
}


@dataclass(frozen=True, kw_only=True)
class World:
    """A commune of a province with its officer, leader and reviewer; ``plan`` is complete and a draft."""

    unit: Area
    province: Area
    officer: User
    leader: User
    reviewer: User
    plan: TargetPlan

    def fresh(self) -> TargetPlan:
        self.plan.refresh_from_db()
        return self.plan

    def row(self, number: int = 0) -> TargetRow:
        return self.plan.rows.select_related("place").order_by("place__position")[number]

    def type(self, by: User | None = None, *, number: int = 0, **values: int) -> TargetRow:
        row = self.row(number)
        (saved,) = tables.cells_change(by=by or self.officer, plan=self.plan, changes={row.pk: (row.version, values)})
        return saved

    def submit(self, by: User | None = None, **fields: object) -> PlanVersion:
        """An adjustment goes with a decision made for it, unless ``paper`` is given."""
        if self.fresh().adjusted_because:
            fields.setdefault("paper", PaperFactory(unit=self.unit))
        return review.plan_submit(by=by or self.officer, plan=self.plan, version=self.plan.version, **fields)

    def approve(self, by: User | None = None) -> PlanVersion:
        return review.plan_approve(by=by or self.leader, plan=self.plan, version=self.fresh().version)

    def send_back(self, by: User | None = None, reason: str = "thôn Hạ giảm quá ít") -> PlanVersion:
        return review.plan_return(by=by or self.leader, plan=self.plan, version=self.fresh().version, reason=reason)

    def adjust(self, by: User | None = None, reason: str = "tỉnh giao thêm") -> TargetPlan:
        return review.plan_adjust(by=by or self.officer, plan=self.plan, version=self.fresh().version, reason=reason)


def world(villages: int = 2, *, year: int = YEAR) -> World:
    """The figures come from the system, so that nobody is their maker."""
    unit = CommuneFactory()
    for number in range(villages):
        VillageFactory(parent=unit, name=f"Xóm {number + 1}", position=number)
    plan = tables.plan_open(by=None, unit=unit, year=year)
    for row in plan.rows.select_related("place"):
        tables.row_set(by=None, plan=plan, place=row.place, **COUNTS)
    assert unit.parent is not None
    people = {
        "officer": user_with(Role.OFFICER, unit),
        "leader": user_with(Role.LEADER, unit),
        "reviewer": user_with(Role.REVIEWER, unit.parent),
    }
    return World(unit=unit, province=unit.parent, plan=plan, **people)


def approved(plan: TargetPlan) -> TargetPlan:
    """Submitted by the system, approved by a leader made for it."""
    plan.refresh_from_db()
    review.plan_submit(by=None, plan=plan, version=plan.version)
    plan.refresh_from_db()
    review.plan_approve(by=user_with(Role.LEADER, plan.unit), plan=plan, version=plan.version)
    plan.refresh_from_db()
    return plan


def also(user: User, role: Role, area: Area) -> User:
    """The same person with one role more."""
    Grant.objects.create(user=user, role=role, area=area, valid_from=START)
    return User.objects.get(pk=user.pk)


def submitted_rows(plan: TargetPlan, *, by: User) -> dict[str, dict[str, int]]:
    """A version that was returned and a remark of ``by``, as parts of an address."""
    submitted = PlanVersion.objects.create(
        plan=plan, unit=plan.unit, number=1, state=VersionState.RETURNED, returned_because="thử"
    )
    remark = Comment.objects.create(plan=plan, unit=plan.unit, text="Xem lại", by=by)
    return {"target-version": {"number": submitted.number}, "target-comment": {"pk": remark.pk}}
