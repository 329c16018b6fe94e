"""What the charter room registers with the rooms below it: navigation, its source, the audit trail."""

from auditlog.registry import auditlog
from django.utils.translation import gettext_lazy as _

from charter import import_jobs
from charter.models import (
    Charter,
    CharterText,
    Edition,
    Goal,
    Measure,
    RecordedResult,
    Standard,
    StandardText,
    Value,
    ValueText,
)
from charter.sources import RecordedResults
from common.navigation import register_entry
from common.sources import register_totals

register_entry(10, _("Charter"), "charter:desk", "charter.read")
register_totals("results", _("Recorded results"), RecordedResults())
import_jobs.register()

for model in (Charter, CharterText, Value, ValueText, StandardText, Measure, Goal, RecordedResult):
    auditlog.register(model)
auditlog.register(Standard, m2m_fields={"keeper_units"})
auditlog.register(Edition, exclude_fields=["content"])
