"""What the training room adds: its navigation entry, its jobs, what the audit trail follows."""

from auditlog.registry import auditlog
from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry, register_slot
from organisation.jobs import register_job
from training.actions import assign, courses, rules
from training.models import AssignmentRule, Course, InPersonSession, Quiz
from training.slots import overdue_people
from training.standing import due_for

register_entry(70, _("Training"), "training:mine", "training.learn")
register_slot("my.due", 20, "training/_due.html", due_for)
register_slot("my.due", 21, "training/_overdue_people.html", overdue_people)
register_job(assign.ASSIGN_JOB, assign.work_off_batch, _("Assigning a course"))
register_job(rules.RULE_JOB, rules.apply_rule, _("Applying a rule"))
register_job(courses.RENEW_JOB, assign.renew_for_version, _("Asking for renewal"))

auditlog.register(Course, m2m_fields={"standards"}, exclude_fields=["search"])
for model in (AssignmentRule, InPersonSession, Quiz):
    auditlog.register(model)
