"""Views of the inbox that a person keeps under a name."""

from django.db import transaction

from feedback.models import SavedView
from organisation.models import User

MOST_VIEWS = 30


class TooManyViews(Exception):
    """The person keeps as many views as fit on the page."""


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool, by: User) -> SavedView:
    """Keep the filters of the inbox under a name; the person's older view of that name is replaced.

    Raises TooManyViews.
    """
    own = SavedView.objects.filter(person=by)
    if not own.filter(name=name).exists() and own.count() >= MOST_VIEWS:
        raise TooManyViews
    saved, _created = SavedView.objects.update_or_create(
        person=by, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    return saved


def remove_view(view: SavedView, *, by: User) -> SavedView:
    """Forget one of the person's own views. The row returned, saved again, is the undoing."""
    SavedView.objects.filter(pk=view.pk, person=by).delete()
    return view
