"""The table of people and courses as a workbook, made as background work (decision 45)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common.export import XLSX_TYPE, long_sheet
from organisation.actions.jobs import enqueue_job
from organisation.days import organisation_day
from organisation.jobs import Report, register_job
from organisation.models import Attachment, Job, Tree, User
from training.matrix import exported, exported_header, most_given_first, narrowed
from training.models import Course, MatrixExport
from training.people import looked_after, managed_units, taught_courses
from training.searches import MatrixSearch

JOB = "training_matrix"
REPORT_EVERY = 100


@dataclass(frozen=True)
class Asked:
    """The people and courses that a person's filters come to; `search` may be one that makes no sense."""

    search: MatrixSearch
    people: "QuerySet[User]"
    courses: list[Course]
    has_courses: bool
    today: date


def asked_for(user: Any, data: Any) -> Asked:
    """What the filters of an address show to the person."""
    today = organisation_day(timezone.now())
    units, every_course = managed_units(user, today), taught_courses(user)
    search = MatrixSearch(data, units=units, courses=every_course)
    if not search.is_valid():
        return Asked(search, User.objects.none(), [], bool(every_course), today)
    wanted, courses, unit = search.cleaned_data, search.chosen_courses, search.chosen_unit
    people = looked_after(
        user,
        units=Tree.on(today).subtree(unit.pk) if unit else None,
        role=wanted["role"],
        level=wanted["level"],
    )
    filters = {name: wanted[name] for name in ("q", "state", "overdue", "sort")}
    people = narrowed(people, courses, today, **filters)
    return Asked(search, people, most_given_first(people, courses), bool(every_course), today)


@transaction.atomic
def begin_export(*, query: str, language: str, by: User, at: datetime | None = None) -> Job:
    """Ask for the workbook; the job makes it."""
    at = at or timezone.now()
    export = MatrixExport.objects.create(query=query, language=language, created_by=by, created_at=at)
    return enqueue_job(kind=JOB, subject=export.reference, by=by, at=at)


def make_export(job: Job, report: Report) -> None:
    """The job; what the person may see is asked again now. Begun anew it makes the file anew."""
    export = MatrixExport.objects.select_related("created_by").get(reference=job.subject)
    with translation.override(export.language or None):
        asked = asked_for(export.created_by, QueryDict(export.query))
        lines = _told(exported(asked.people, asked.courses, asked.today), asked.people.count(), report)
        name = f"training-{asked.today}"
        with long_sheet(name, exported_header(asked.courses), lines) as sheet:
            kept = Attachment.store(File(sheet), name=f"{name}.xlsx", content_type=XLSX_TYPE)
    _keep(export, kept)


def _told(lines: Iterator[list[Any]], total: int, report: Report) -> Iterator[list[Any]]:
    for done, line in enumerate(lines, start=1):
        yield line
        if done % REPORT_EVERY == 0 or done == total:
            report(min(done, total), total)


@transaction.atomic
def _keep(export: MatrixExport, kept: Attachment) -> None:
    """Hand the file over, and throw away what the person was given before."""
    before = [export.file] if export.file else []
    export.file = kept
    export.save(update_fields=["file"])
    older = MatrixExport.objects.filter(created_by=export.created_by, pk__lt=export.pk, file__isnull=False)
    before += [each.file for each in older.select_related("file") if each.file]
    older.update(file=None)
    for file in before:
        transaction.on_commit(partial(file.file.delete, save=False), robust=True)
        file.delete()


def register() -> None:
    register_job(
        JOB,
        make_export,
        _("Making the table of people and courses"),
        lambda job: MatrixExport(reference=job.subject).get_absolute_url(),
    )
