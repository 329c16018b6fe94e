from organisation.models.calendars import BusinessCalendar, CalendarDay, CalendarUse, FrozenCalendar
from organisation.models.drafts import FormDraft
from organisation.models.installation import Attachment, Installation
from organisation.models.people import Invitation, Membership, User
from organisation.models.units import Tree, Unit, UnitPlacement
from organisation.models.work import ApiToken, Import, ImportMapping, Job, OutgoingMail, Tick

__all__ = [
    "ApiToken",
    "Attachment",
    "BusinessCalendar",
    "CalendarDay",
    "CalendarUse",
    "FormDraft",
    "FrozenCalendar",
    "Import",
    "ImportMapping",
    "Installation",
    "Invitation",
    "Job",
    "Membership",
    "OutgoingMail",
    "Tick",
    "Tree",
    "Unit",
    "UnitPlacement",
    "User",
]
