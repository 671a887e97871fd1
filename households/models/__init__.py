"""Rows of the registry, of the law as data and of the annual review."""

from households.models.access import AccessLog
from households.models.exits import ExitDrive, ExitMeeting, ExitNeed, ExitRegistration
from households.models.law import (
    Cause,
    Dimension,
    Ethnicity,
    EthnicityAlias,
    Indicator,
    OpinionAddressee,
    Parameter,
    Standard,
    StandardIndicator,
    StepWindow,
)
from households.models.recognition import Certificate, CertificateYear, Recognised, Recognition
from households.models.registry import Household, HouseholdChange, Member, RegistrySetting, VillageCount
from households.models.requests import Request, Status
from households.models.reviews import (
    Answer,
    Review,
    ReviewCause,
    ReviewDraft,
    ReviewIncome,
    ReviewNeed,
    ReviewScore,
)
from households.models.rounds import (
    Complaint,
    MeetingVerdict,
    Opinion,
    Posting,
    ReviewRound,
    RoundStep,
    VillageMeeting,
)
from households.models.scores import ScoreItem, ScoreOption, ScoreSheet

__all__ = [
    "AccessLog",
    "Answer",
    "Cause",
    "Certificate",
    "CertificateYear",
    "Complaint",
    "Dimension",
    "Ethnicity",
    "EthnicityAlias",
    "ExitDrive",
    "ExitMeeting",
    "ExitNeed",
    "ExitRegistration",
    "Household",
    "HouseholdChange",
    "Indicator",
    "MeetingVerdict",
    "Member",
    "Opinion",
    "OpinionAddressee",
    "Parameter",
    "Posting",
    "Recognised",
    "Recognition",
    "RegistrySetting",
    "Request",
    "Review",
    "ReviewCause",
    "ReviewDraft",
    "ReviewIncome",
    "ReviewNeed",
    "ReviewRound",
    "ReviewScore",
    "RoundStep",
    "ScoreItem",
    "ScoreOption",
    "ScoreSheet",
    "Standard",
    "StandardIndicator",
    "Status",
    "StepWindow",
    "VillageCount",
    "VillageMeeting",
]
