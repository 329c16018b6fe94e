"""Keep and discard what somebody typed and has not saved yet."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from organisation.models import FormDraft, User


@transaction.atomic
def keep_draft(
    *, person: User, form: str, content: dict[str, list[str]], at: datetime | None = None
) -> FormDraft:
    """Keep the person's words for the form of this address; they replace those kept before."""
    draft, _created = FormDraft.objects.update_or_create(
        person=person, form=form, defaults={"content": content, "saved_at": at or timezone.now()}
    )
    return draft


def discard_draft(*, person: Any, form: str) -> None:
    """Forget what was kept for the form: it is saved, or not wanted. Twice does no harm."""
    FormDraft.objects.filter(person=person, form=form).delete()
