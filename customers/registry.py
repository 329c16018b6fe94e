"""What the customers room adds to the pages of the product."""

from auditlog.registry import auditlog
from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry, register_slot
from common.volumes import register_volume
from customers.actions.activity_intake import ActivityIntake
from customers.due import due
from customers.imports import ACTIVITY
from customers.models import Need, Segment
from customers.room import Page, register_page
from customers.volumes import served
from organisation.actions.imports import register_intake

register_entry(20, _("Customers"), "customers:need_list", "customers.read")
register_page(Page(10, "needs", _("Needs"), "customers:need_list"))
register_page(Page(20, "segments", _("Segments"), "customers:segment_list"))
register_page(Page(60, "activity", _("Days"), "customers:activity_list"))
register_intake(ACTIVITY, ActivityIntake)
register_volume(served)
register_slot("my.due", 12, "customers/_due.html", due)
auditlog.register(Segment, exclude_fields=["search", "version"], m2m_fields={"units"})
auditlog.register(Need, exclude_fields=["search", "version"], m2m_fields={"segments"})
