"""Target plans: figures of places, quotas, versions, goals."""

from targets.models.goals import DeprivationHousehold, DeprivationOwner, IndicatorActual, IndicatorTarget
from targets.models.plans import Counts, Movement, TargetPlan, TargetRow
from targets.models.quotas import Quota
from targets.models.versions import Comment, PlanVersion, VersionRow

__all__ = [
    "Comment",
    "Counts",
    "DeprivationHousehold",
    "DeprivationOwner",
    "IndicatorActual",
    "IndicatorTarget",
    "Movement",
    "PlanVersion",
    "Quota",
    "TargetPlan",
    "TargetRow",
    "VersionRow",
]
