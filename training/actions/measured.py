"""Which courses a measure of the charter counts."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from charter.models import Measure
from organisation.audit import note_change
from organisation.models import User
from training.models import Course, MeasuredCourse
from training.source import KIND


class MeasuredElsewhere(ValidationError):
    """Something else feeds the measure."""


@transaction.atomic
def choose_courses(measure: Measure, *, courses: Iterable[Course], by: User) -> bool:
    """The measure counts these courses and no others; says whether that was new.

    Figures of the past are reckoned anew, because they are read from the cycles themselves. Raises
    MeasuredElsewhere for a measure that training does not feed.
    """
    if measure.source != KIND:
        raise MeasuredElsewhere(_("This measure is not fed by training."))
    wanted = {course.pk: course for course in courses}
    rows = MeasuredCourse.objects.filter(measure=measure)
    before = set(rows.values_list("course", flat=True))
    if before == set(wanted):
        return False
    names = ", ".join(sorted(rows.values_list("course__key", flat=True)))
    rows.exclude(course__in=wanted).delete()
    new = [
        MeasuredCourse(measure=measure, course=course) for pk, course in wanted.items() if pk not in before
    ]
    MeasuredCourse.objects.bulk_create(new, ignore_conflicts=True)
    chosen = ", ".join(sorted(course.key for course in wanted.values()))
    note_change(measure, "courses", names, chosen, by=by)
    return True
