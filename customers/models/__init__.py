from customers.models.need import Need, NeedEvent, NeedEvidence
from customers.models.segment import Channel, Segment, SegmentChannel, SegmentEvent

__all__ = [
    "Channel",
    "Need",
    "NeedEvent",
    "NeedEvidence",
    "Segment",
    "SegmentChannel",
    "SegmentEvent",
]
