"""The order of a draft's parts, and taking parts out and back in.

An archived part stays in the draft, out of sight, until the release: what is released never had it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.models import User
from training.actions.course_words import lessons_in
from training.actions.courses import hold_draft
from training.actions.turns import What, record
from training.models import Course, CourseVersion, Lesson, Module

Part = Module | Lesson


def _part(draft: CourseVersion, module: str, lesson: str) -> Part:
    """Raises DoesNotExist where the draft has no such part any more."""
    return lessons_in(draft).get(key=lesson) if lesson else draft.modules.get(key=module)


def _beside(part: Part) -> list[Any]:
    """The part and those that it stands among."""
    rows: Any = part.module.lessons if isinstance(part, Lesson) else part.version.modules
    return list(rows.filter(archived_at__isnull=True))


def _number(rows: list[Any]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, ["position"], batch_size=200)


@transaction.atomic
def move_part(
    course: Course,
    *,
    module: str = "",
    lesson: str = "",
    up: bool,
    by: User | None,
    at: datetime | None = None,
) -> None:
    """One place up or down. A lesson at the edge of its module goes on into the next one.

    Raises DoesNotExist where the draft has no such part any more.
    """
    draft = hold_draft(course)
    part = _part(draft, module, lesson)
    rows = _beside(part)
    if part not in rows:
        return
    here = rows.index(part)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        _number(rows)
    elif not isinstance(part, Lesson) or not _cross(draft, part, up=up):
        return
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=_("Order"))


def _cross(draft: CourseVersion, lesson: Lesson, *, up: bool) -> bool:
    """Into the neighbouring module: at its end going up, at its beginning going down."""
    modules = list(draft.modules.filter(archived_at__isnull=True))
    here = modules.index(lesson.module) if lesson.module in modules else -1
    there = here - 1 if up else here + 1
    if here < 0 or not 0 <= there < len(modules):
        return False
    rows = list(modules[there].lessons.filter(archived_at__isnull=True))
    lesson.module = modules[there]
    lesson.save(update_fields=["module"])
    _number([*rows, lesson] if up else [lesson, *rows])
    return True


@transaction.atomic
def put_parts_in_order(
    course: Course, *, module: str = "", keys: list[str], by: User | None, at: datetime | None = None
) -> None:
    """Give the lessons of a module, or the modules where none is named, the order of the keys.

    Keys that are not there any more are passed over, parts that are not named stay where they are.
    """
    draft = hold_draft(course)
    rows: Any = Lesson.objects.filter(module__version=draft, module__key=module) if module else draft.modules
    present = list(rows.filter(archived_at__isnull=True))
    by_key = {row.key: row for row in present}
    wanted = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    places = iter(wanted)
    ordered = [next(places) if row in wanted else row for row in present]
    if ordered != present:
        _number(ordered)
        record(course, What.EDITED, by=by, at=at or timezone.now(), note=_("Order"))


@transaction.atomic
def archive_part(
    course: Course, *, module: str = "", lesson: str = "", by: User | None, at: datetime | None = None
) -> None:
    """Take a module or a lesson out of the draft. Raises DoesNotExist where it is not there."""
    at = at or timezone.now()
    part = _part(hold_draft(course), module, lesson)
    if part.archived_at is None:
        part.archived_at = at
        part.save(update_fields=["archived_at"])
        record(course, What.EDITED, by=by, at=at, note=_("Taken out: %(part)s") % {"part": part})


@transaction.atomic
def restore_part(
    course: Course, *, module: str = "", lesson: str = "", by: User | None, at: datetime | None = None
) -> None:
    """Put it back at the end of where it stood. Raises DoesNotExist where it is not there."""
    part = _part(hold_draft(course), module, lesson)
    if part.archived_at is not None:
        part.archived_at = None
        part.position = max((each.position for each in _beside(part)), default=0) + 1
        part.save(update_fields=["archived_at", "position"])
        note = _("Back in: %(part)s") % {"part": part}
        record(course, What.EDITED, by=by, at=at or timezone.now(), note=note)
