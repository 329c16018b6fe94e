"""A course once more, under another name."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.models import Unit, User
from training.actions.course_words import free_key
from training.actions.courses import copy_parts
from training.actions.turns import What, record
from training.fitness import newest_wordings
from training.models import (
    Course,
    CoursePicture,
    CourseText,
    CourseVersion,
    Question,
    QuestionBank,
    QuestionVersion,
    QuestionVersionText,
    Quiz,
)


@transaction.atomic
def copy_course(
    course: Course,
    *,
    title: str,
    unit: Unit,
    by: User | None,
    with_draft: bool = True,
    at: datetime | None = None,
) -> Course:
    """The draft, else what is taught, with its questions, as the draft of a new course of the unit.

    Without `with_draft` what is taught alone: whoever may not edit the course does not see its draft.
    Questions are copied too, so that the two courses go their own ways; pictures and files are shared.
    """
    taken = [
        *Course.objects.values_list("key", flat=True),
        *QuestionBank.objects.values_list("key", flat=True),
    ]
    fields = ("language", "levels", "minutes", "refresh_months", "renewal_days")
    copy = Course.objects.create(
        key=free_key(title, taken, otherwise="course"),
        unit=unit,
        **{name: getattr(course, name) for name in fields},
    )
    for row in course.texts.all():
        words = row.words | ({"title": title} if row.language == course.language else {})
        CourseText.objects.create(course=copy, language=row.language, based_on=row.based_on, **words)
    copy.standards.set(course.standards.all())
    copy.values.set(course.values.all())
    CoursePicture.objects.bulk_create(
        CoursePicture(course=copy, file_id=row.file_id) for row in course.pictures.all()
    )
    draft = CourseVersion.objects.create(course=copy)
    shown = (course.draft() if with_draft else None) or course.current_version()
    if shown is not None:
        copy_parts(CourseVersion.objects.with_parts().get(pk=shown.pk), draft)
        _own_questions(draft, taught=None if with_draft else shown)
    copy.set_search()
    note = _("Copied from “%(course)s”") % {"course": course}
    record(copy, What.EDITED, by=by, at=at or timezone.now(), note=note)
    return copy


def _own_questions(draft: CourseVersion, *, taught: CourseVersion | None) -> None:
    """The draft's quiz draws from a bank of its own, which holds the newest wordings, or those that `taught`
    asks."""
    draft = CourseVersion.objects.select_related("course", "quiz__bank").get(pk=draft.pk)
    if not draft.has_quiz():
        return
    bank = QuestionBank.objects.create(key=draft.course.key, unit=draft.course.unit)
    for question, latest in _wordings(draft.quiz if taught is None else taught.quiz, waiting=taught is None):
        again = Question.objects.create(
            bank=bank, key=question.key, standard=question.standard, position=question.position
        )
        version = QuestionVersion.objects.create(
            question=again, kind=latest.kind, marking=latest.marking, points=latest.points
        )
        for row in latest.texts.all():
            QuestionVersionText.objects.create(
                version=version, language=row.language, based_on=row.based_on, **row.words
            )
    draft.quiz.bank = bank
    draft.quiz.save(update_fields=["bank"])


def _wordings(quiz: Quiz, *, waiting: bool) -> Iterable[tuple[Question, QuestionVersion]]:
    """The questions of the quiz in their newest words, or in those that are asked by now."""
    if waiting:
        return newest_wordings(quiz.bank.questions.active())
    asked = quiz.questions().select_related("question__standard").prefetch_related("texts")
    return [(version.question, version) for version in asked]
