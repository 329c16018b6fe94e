"""When the people of a unit were trained in a course: how many of how many, and the day in the middle."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low

from django.db.models import Min

from organisation.models import Tree, Unit, User
from training.compliance import groups_of
from training.models import Assignment, Certificate, Course


@dataclass
class Trained:
    """Of one unit with those below it, in one course: `given` to so many, completed on these `days`."""

    unit: Unit
    course: Course
    given: int = 0
    days: list[date] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.days)

    @property
    def middle(self) -> date | None:
        """The day by which half of those who completed it had done so (the earlier one of two)."""
        return median_low(self.days) if self.days else None


def trained_units(courses: Sequence[Course], units: Sequence[Unit], on: date) -> list[Trained]:
    """By unit and course, where the course was given to somebody. Three queries.

    Everybody counts who was given the course, unless it is waived for them, with the day of the first
    certificate, in whatever cycle. People count where they work now, as for compliance.
    """
    people = User.objects.filter(is_active=True)
    ids = [course.pk for course in courses]
    scope = {"person__is_active": True, "course__in": ids}
    given = Assignment.objects.filter(**scope).exclude(state=Assignment.State.WAIVED).newest()
    pairs = set(given.order_by().values_list("person", "course"))
    firsts = Certificate.objects.kept().filter(**scope).order_by().values("person", "course")
    day_of = {(row["person"], row["course"]): row["day"] for row in firsts.annotate(day=Min("issued_on"))}
    groups = groups_of(people, Tree.on(on))
    found = {(unit.pk, course.pk): Trained(unit, course) for unit in units for course in courses}
    by_unit: dict[int, set[int]] = defaultdict(set)
    for person, places in groups.items():
        for unit_id in places:
            by_unit[unit_id].add(person)
    for (unit_id, course_id), row in found.items():
        for person in by_unit[unit_id]:
            if (person, course_id) in pairs:
                row.given += 1
                if day := day_of.get((person, course_id)):
                    row.days.append(day)
    return [row for row in found.values() if row.given]
