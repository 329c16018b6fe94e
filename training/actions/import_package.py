"""A course file with its pictures and uploads becomes a draft; what is here already is not kept twice."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organisation.models import Attachment, Import, Unit, User
from training.actions.import_course import Imported, import_course
from training.course_file import CourseFile
from training.course_package import Carried, Package
from training.models import CoursePicture, Lesson

KIND = "course"


class TakenAlready(Exception):
    """The upload was taken in before."""


@transaction.atomic
def import_package(
    package: Package,
    *,
    unit: Unit,
    by: User | None,
    import_: Import | None = None,
    at: datetime | None = None,
) -> Imported:
    """Write the course into its draft, as `import_course` does, with pictures and files.

    A picture gets a reference of its own here, and the texts name that one; the same picture once more is
    the same row. Files follow the course's first language. Raises FileRefused, TakenAlready.
    """
    at = at or timezone.now()
    if import_ is not None:
        waiting = Import.objects.filter(pk=import_.pk, state=Import.State.UPLOADED)
        if not waiting.update(state=Import.State.DONE, finished_at=at):
            raise TakenAlready(import_.reference)
    pictures = _pictures(package)
    references = {reference: kept.reference for reference, kept in pictures.items()}
    imported = import_course(package.with_pictures(references), unit=unit, by=by, at=at)
    for kept in pictures.values():
        CoursePicture.objects.get_or_create(course=imported.course, file=kept, defaults={"added_at": at})
    if package.course.language == imported.course.language:
        _give_files(imported, package)
    return imported


def known_pictures(package: Package) -> CourseFile:
    """The course with the pictures that are here already under their references here. Stores nothing."""
    known = _known(package)
    return package.with_pictures(
        {
            reference: known[carried.sha256].reference
            for reference, carried in package.pictures.items()
            if carried.sha256 in known
        }
    )


def _known(package: Package) -> dict[str, Attachment]:
    """The pictures that the course has, by what they hold."""
    rows = CoursePicture.objects.filter(course__key=package.course.key).select_related("file")
    return {row.file.sha256: row.file for row in rows}


def _pictures(package: Package) -> dict[str, Attachment]:
    """Reference in the package → the picture here: one that the course has, else a new one."""
    known, found = _known(package), {}
    for reference, carried in package.pictures.items():
        if carried.sha256 not in known:
            known[carried.sha256] = _keep(package, carried)
        found[reference] = known[carried.sha256]
    return found


def _give_files(imported: Imported, package: Package) -> None:
    lessons = Lesson.objects.filter(module__version=imported.draft, key__in=package.files)
    for lesson in lessons.select_related("file"):
        carried = package.files[lesson.key]
        if lesson.file is None or (lesson.file.sha256, lesson.file.name) != (carried.sha256, carried.name):
            lesson.file = _keep(package, carried)
            lesson.save(update_fields=["file"])


def _keep(package: Package, carried: Carried) -> Attachment:
    with package.opened(carried) as content:
        return Attachment.store(content, name=carried.name, content_type=carried.content_type)
