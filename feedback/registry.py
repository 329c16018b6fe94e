"""What the feedback room adds: its navigation entry, its source of answers, what the audit trail follows."""

from auditlog.registry import auditlog
from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry
from common.sources import register_answers
from feedback import desk, list_jobs
from feedback.answer_source import CustomerAnswers
from feedback.models import Collector, InvitationRound, KioskDevice, Questionnaire, QuestionnaireVersion

register_entry(30, _("Feedback"), "feedback:response_list", "feedback.see")
register_answers("answers", _("Answers to a question"), CustomerAnswers())
desk.register()
for model in (Collector, Questionnaire, QuestionnaireVersion):
    auditlog.register(model)
list_jobs.register()
auditlog.register(InvitationRound)
auditlog.register(KioskDevice, include_fields=["name", "secret_hash", "revoked_at"])
