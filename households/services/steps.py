"""The only writes of what happens between the survey and recognition (Quyết định 24/2021, Điều 4).

Village meetings, postings, complaints with their recheck, and the opinion of the level above.
"""

from households.services.meetings import meeting_record, minutes_correct
from households.services.opinions import opinion_ask, opinion_reply
from households.services.postings import (
    complaint_add,
    complaint_answer,
    posting_record,
    posting_update,
    postings_record,
)

__all__ = [
    "complaint_add",
    "complaint_answer",
    "meeting_record",
    "minutes_correct",
    "opinion_ask",
    "opinion_reply",
    "posting_record",
    "posting_update",
    "postings_record",
]
