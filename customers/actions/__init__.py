from customers.actions.evidence import cite, put_evidence_back, take_evidence_away
from customers.actions.needs import archive_need, restore_need, save_need
from customers.actions.register import ChangedMeanwhile
from customers.actions.segments import archive_segment, restore_segment, save_segment

__all__ = [
    "ChangedMeanwhile",
    "archive_need",
    "archive_segment",
    "cite",
    "put_evidence_back",
    "restore_need",
    "restore_segment",
    "save_need",
    "save_segment",
    "take_evidence_away",
]
