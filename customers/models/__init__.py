from customers.models.activity import Activity
from customers.models.need import Need, NeedEvent, NeedEvidence
from customers.models.segment import Channel, Segment, SegmentChannel, SegmentEvent

__all__ = [
    "Activity",
    "Channel",
    "Need",
    "NeedEvent",
    "NeedEvidence",
    "Segment",
    "SegmentChannel",
    "SegmentEvent",
]
