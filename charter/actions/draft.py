"""What every change of a draft shares: the lock, the event, words by language, the order."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from charter.models import Charter, CharterEvent, Standard
from organisation.models import User


class WordsChangedMeanwhile(Exception):
    """Somebody saved the words in this language after the form was opened."""


class StandardChangedMeanwhile(Exception):
    """Somebody saved the standard after the form was opened. Nothing was written."""

    def __init__(self, standard: Standard) -> None:
        super().__init__(standard.key)
        self.standard = standard


def hold(charter: Charter, expected_version: int | None = None) -> bool:
    """Count one more edit of the draft. Until the transaction ends nobody else edits or publishes it.

    The update takes the row's lock on PostgreSQL; on SQLite the transaction is the only writer.
    Says False, and does nothing, where the draft does not have the expected version.
    """
    rows = Charter.objects.filter(pk=charter.pk)
    if expected_version is not None:
        rows = rows.filter(version=expected_version)
    return rows.update(version=F("version") + 1) == 1


def next_version(standard: Standard, expected_version: int | None = None) -> Standard:
    """The standard as it stands now, one version on. Raises StandardChangedMeanwhile."""
    rows = Standard.objects.filter(pk=standard.pk)
    guarded = rows if expected_version is None else rows.filter(version=expected_version)
    won = guarded.update(version=F("version") + 1)
    fresh = rows.get()
    if not won:
        raise StandardChangedMeanwhile(fresh)
    return fresh


def record(
    charter: Charter,
    what: CharterEvent.What,
    *,
    by: User | None,
    at: datetime,
    standard: Standard | None = None,
    note: str = "",
) -> None:
    CharterEvent.objects.create(charter=charter, standard=standard, what=what, by=by, at=at, note=note[:300])


def save_words(
    owner: Any, *, language: str, words: dict[str, str], expected_version: int | None = None
) -> None:
    """Write the text row of one language of a charter or a value. Call `hold` first.

    `expected_version` is the version that the form was opened on, 0 where there was no row yet, None
    where nobody looked. Raises WordsChangedMeanwhile where the row has moved on.
    """
    row = owner.texts.filter(language=language).first()
    if expected_version is not None and expected_version != (row.version if row else 0):
        raise WordsChangedMeanwhile(owner)
    if row is None:
        owner.texts.create(language=language, version=1, **words)
        return
    for name, value in words.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def next_position(rows: "models.QuerySet[Any]") -> int:
    """Behind the last of the rows."""
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 1 if last is None else last + 1


def swap(rows: "models.QuerySet[Any]", item: Any, *, up: bool) -> None:
    """Exchange the item with its neighbour and number all rows afresh. At the end nothing moves."""
    ordered = list(rows)
    here = ordered.index(item)
    there = here - 1 if up else here + 1
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, row in enumerate(ordered, start=1):
        row.position = position
    rows.model._base_manager.bulk_update(ordered, ["position"], batch_size=200)
