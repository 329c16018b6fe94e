"""What every change of a draft shares: the lock, the event, words by language, the order."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F

from charter.models import Charter, CharterEvent, Policy, Standard
from common.languages import first_of
from organisation.models import User


class WordsChangedMeanwhile(Exception):
    """Somebody saved the words in this language after the form was opened."""


class StandardChangedMeanwhile(Exception):
    """Somebody saved the standard after the form was opened. Nothing was written."""

    def __init__(self, standard: Standard) -> None:
        super().__init__(standard.key)
        self.standard = standard


class PolicyChangedMeanwhile(Exception):
    """Somebody saved the policy after the form was opened. Nothing was written."""


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
    won = _count_up(Standard, standard.pk, expected_version)
    fresh = Standard.objects.get(pk=standard.pk)
    if not won:
        raise StandardChangedMeanwhile(fresh)
    return fresh


def next_policy_version(policy: Policy, expected_version: int | None = None) -> Policy:
    """The policy as it stands now, one version on. Raises PolicyChangedMeanwhile."""
    if not _count_up(Policy, policy.pk, expected_version):
        raise PolicyChangedMeanwhile(policy.key)
    return Policy.objects.get(pk=policy.pk)


def _count_up(model: type[Standard] | type[Policy], pk: int, expected_version: int | None) -> bool:
    rows = model._base_manager.filter(pk=pk)
    if expected_version is not None:
        rows = rows.filter(version=expected_version)
    return rows.update(version=F("version") + 1) == 1


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
    write_words(owner, language=language, words=words)


def write_words(owner: Any, *, language: str, words: dict[str, str]) -> None:
    """Write one language's row. Its version grows where words change; a translation, changed or only
    saved again, is from then on up to the first language's row as it stands."""
    rows = {row.language: row for row in owner.texts.order_by("pk")}
    row = rows.get(language) or owner.texts.model(language=language, **{owner.texts.field.name: owner})
    if row.pk is None or any(getattr(row, name) != value for name, value in words.items()):
        row.version += 1
    for name, value in words.items():
        setattr(row, name, value)
    first = rows.get(settings.LANGUAGE_CODE)
    row.based_on = first.version if first and language != settings.LANGUAGE_CODE else None
    row.save()


def called(owner: Any) -> str:
    """The headline of what has words, in the installation's first language or one that there is."""
    names = {row.language: str(row) for row in owner.texts.order_by("pk")}
    return names.get(first_of(names), "")


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
    _number(rows, ordered)


def arrange(rows: "models.QuerySet[Any]", keys: list[str]) -> bool:
    """Give the rows of these keys, in this order, the places that they hold among all rows now.

    Keys that are not there any more are passed over, rows that are not named stay where they are.
    Says False where nothing moved.
    """
    present = list(rows)
    by_key = {row.key: row for row in present}
    wanted = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    places = iter(wanted)
    named = {row.key for row in wanted}
    ordered = [next(places) if row.key in named else row for row in present]
    if ordered == present:
        return False
    _number(rows, ordered)
    return True


def _number(rows: "models.QuerySet[Any]", ordered: list[Any]) -> None:
    for position, row in enumerate(ordered, start=1):
        row.position = position
    rows.model._base_manager.bulk_update(ordered, ["position"], batch_size=200)
