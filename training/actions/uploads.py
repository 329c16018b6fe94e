"""Course files and questions that somebody sent to look at: what is not taken in goes after a day."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from organisation.models import Import
from training.actions import import_package, import_questions

KEPT = timedelta(days=1)


def forget_uploads(*, at: datetime | None = None) -> int:
    """Forget them; returns how many. Their files go with all to which nothing leads any more.

    A course that was taken in needs its archive no more. Questions that were taken in keep theirs: the page
    of the upload says what was in it.
    """
    not_taken_in = Q(kind=import_questions.KIND, state=Import.State.UPLOADED)
    found = Import.objects.filter(
        Q(kind=import_package.KIND) | not_taken_in, created_at__lt=(at or timezone.now()) - KEPT
    )
    forgotten, _rows = found.delete()
    return forgotten
