"""What the desk adds to the pages of the product: its long work, and what waits for a person."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.views.imports import Kind, register_kind
from common.navigation import register_slot
from feedback.actions import themes
from feedback.actions.responses_intake import ResponsesFile, ResponsesIntake
from feedback.forms.imports import ResponsesMappingForm
from feedback.imports import KIND, REASONS
from feedback.models import PassedOn, Response
from organisation.actions.imports import register_intake
from organisation.jobs import Report, register_job
from organisation.models import Job, User

SHOWN = 3
NEWS_FOR = timedelta(days=14)


def in_hand(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: the cards that the person has in hand, and praise of the last two weeks."""
    cards = Response.objects.visible_to(user).countable().unanswered().filter(assigned_to=user)
    praise = PassedOn.objects.filter(
        person=user, at__gt=at - NEWS_FOR, response__deleted_at__isnull=True
    ).count()
    count = cards.count()
    if not (count or praise):
        return None
    shown = list(cards.select_related("unit").order_by("received_at", "pk")[:SHOWN])
    return {"cards": shown, "more": count - len(shown), "praise": praise}


def _reread(job: Job, report: Report) -> None:
    themes.reread_comments(report)


def register() -> None:
    register_intake(KIND, ResponsesIntake)
    register_kind(
        KIND,
        _("Responses: what customers answered in an earlier survey"),
        ResponsesFile,
        Kind(
            ResponsesMappingForm,
            "feedback/_map_responses.html",
            REASONS,
            "feedback:response_list",
            _("Feedback"),
        ),
    )
    register_slot("my.due", 30, "feedback/_due.html", in_hand)
    register_job(
        themes.REREAD_JOB,
        _reread,
        _("Finding the themes of all comments"),
        lambda job: reverse("feedback:theme_list"),
    )
