"""What the training room adds: its navigation entry, its jobs, what the audit trail follows."""

from auditlog.registry import auditlog
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry, register_slot
from common.sources import register_totals
from organisation.jobs import register_job
from training import matrix_job
from training.actions import assign, courses, new_versions, rules
from training.models import AssignmentRule, Course, InPersonSession, Quiz
from training.slots import courses_behind, overdue_people
from training.source import KIND, TrainingInTime
from training.standing import due_for, to_do_for

register_entry(70, _("Training"), "training:mine", "training.learn")
register_slot("my.due", 20, "training/_due.html", due_for)
register_slot("my.due", 21, "training/_overdue_people.html", overdue_people)
register_slot("my.due", 22, "training/_to_do.html", to_do_for)
register_totals(KIND, _("Training completed in time"), TrainingInTime())
register_slot("scoreboard.measure", 20, "training/_courses_behind.html", courses_behind)
register_slot("charter.measure", 20, "training/_courses_chosen.html", courses_behind)
register_job(
    assign.ASSIGN_JOB,
    assign.work_off_batch,
    _("Assigning a course"),
    lambda job: reverse("training:assigned", args=[job.subject]),
)
register_job(
    rules.RULE_JOB,
    rules.apply_rule,
    _("Applying a rule"),
    lambda job: reverse("training:rule", args=[job.subject]),
)
register_job(courses.RENEW_JOB, new_versions.renew_for_version, _("Asking for renewal"))

matrix_job.register()

auditlog.register(Course, m2m_fields={"standards"}, exclude_fields=["search"])
for model in (AssignmentRule, InPersonSession, Quiz):
    auditlog.register(model)
