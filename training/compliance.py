"""Of those who must hold a course: how many hold it, on any day, by unit and course (rules, section 7).

Compliance on a day = current / required. Who is what, for one person and one course on the day D:

- **assigned**: a cycle was assigned on D or before. Nobody else is counted. What is read below is the
  newest of these cycles.
- **waived**: the cycle was waived on D. Out of the count, and told apart.
- **current**: holds a certificate of the course that counted on D (issued on D or before, not expired
  before D), whichever cycle it came from. A renewal that is asked for takes nothing away before the
  old certificate ends.
- **new starter inside the grace period**: hired at most 90 days before D, in the first cycle of the
  course, which is neither over nor late on D, and without a certificate. Out of the count, told apart.
- **required**: assigned, and neither waived nor a new starter inside the grace period: an assignment
  that is open or was due on D or before, or that was completed.
- **overdue**: required, the cycle not completed or failed by D, and its last day in time before D; the
  same as in the matrix. Somebody may be overdue with the renewal and still current.
- **not due yet**: required, not current, the cycle still open and in time.

History says what held on D: the days of certificates, of assigning and of finishing; waivers and
extensions as the events tell them. Days are the organisation's.

What no row tells is reckoned as it is today: roles in units have no dates, so people count where they
work now (in each unit where they have a role, and once in every unit above), and whoever has left is not
counted, on any day. The tree of units is that of D. What is being marked today is overdue on no day.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from common import charts
from organisation.days import end_of_day, organisation_zone
from organisation.models import Membership, Tree, User
from training.actions.assign import TO_RENEW_AT_LEAST_DAYS
from training.models import Assignment, Certificate, Course, TrainingEvent

NEW_STARTER_DAYS = 90
ROWS_AT_ONCE = 5000
EVERYBODY = 0
"""Stands for all the people together where units have their primary keys."""

_EXTENSION = re.compile(r"\d{4}-\d{2}-\d{2} → (\d{4}-\d{2}-\d{2}):")

State = Assignment.State
What = TrainingEvent.What
Pair = tuple[int, int]


@dataclass(slots=True)
class Tally:
    """How many of how many; the words of the module's head."""

    required: int = 0
    current: int = 0
    overdue: int = 0
    not_due: int = 0
    waived: int = 0
    starters: int = 0

    def add(self, other: "Tally") -> None:
        self.required += other.required
        self.current += other.current
        self.overdue += other.overdue
        self.not_due += other.not_due
        self.waived += other.waived
        self.starters += other.starters

    @property
    def percent(self) -> int:
        """Rounded half up, but 100 only when everybody is current. 0 where nobody is required."""
        if not self.required:
            return 0
        near = (200 * self.current + self.required) // (2 * self.required)
        return near if self.current == self.required else min(near, 99)

    @property
    def is_empty(self) -> bool:
        return not (self.required or self.waived or self.starters)

    @property
    def css_class(self) -> str:
        return charts.CLASSES[self._verdict]

    @property
    def mark(self) -> charts.Mark:
        return charts.MARKS[self._verdict]

    @property
    def _verdict(self) -> str:
        """The shape beside the words: everybody, somebody late, some still to come, nobody required."""
        if not self.required:
            return "too_few"
        if self.current == self.required:
            return "met"
        return "not_met" if self.overdue else "unsure"


@dataclass(frozen=True)
class Compliance:
    """The tallies of one day by unit and course; EVERYBODY is all the people, each once."""

    day: date
    cells: dict[Pair, Tally]

    def cell(self, unit: int, course: int) -> Tally:
        return self.cells.get((unit, course), Tally())

    def pooled(self, unit: int, courses: Iterable[Course]) -> Tally:
        """Of the unit with those below it, over the courses: a person counts once for each course."""
        total = Tally()
        for course in courses:
            total.add(self.cell(unit, course.pk))
        return total


def compliance_on(day: date, people: "QuerySet[User]", courses: Sequence[Course]) -> Compliance:
    """Seven queries, however many people, courses and units there are."""
    groups = groups_of(people, Tree.on(day))
    by_group: dict[tuple[frozenset[int], int], Tally] = defaultdict(Tally)
    for cycle in _cycles(day, people, courses):
        _count(by_group[(groups.get(cycle.person, frozenset()), cycle.course)], cycle, day)
    cells: dict[Pair, Tally] = defaultdict(Tally)
    for (units, course), tally in by_group.items():
        for unit in (EVERYBODY, *units):
            cells[(unit, course)].add(tally)
    return Compliance(day, dict(cells))


def groups_of(people: "QuerySet[User]", tree: Tree) -> dict[int, frozenset[int]]:
    """Person → the units that the person counts in: where they have a role, and all above."""
    paths: dict[int, list[int]] = {}
    found: dict[int, set[int]] = defaultdict(set)
    places = Membership.objects.filter(user__in=people.order_by().values("pk")).order_by()
    for person, unit in places.values_list("user", "unit"):
        if unit not in paths:
            paths[unit] = tree.path(unit)
        found[person].update(paths[unit])
    return {person: frozenset(units) for person, units in found.items()}


# ------------------------------------------------------------------- cycles


@dataclass(slots=True)
class Cycle:
    """What is known of one cycle on a day. `finished` says that it was completed or failed by then."""

    person: int
    course: int
    number: int
    due_on: date
    finished: bool
    waits_for_marks: bool
    waived: bool
    current: bool
    hired_on: date | None


@dataclass
class History:
    """The events that move a due date or a waiver, of one cycle, oldest first."""

    zone: tzinfo
    events: list[tuple[str, datetime, str]] = field(default_factory=list)

    def was_waived(self, until: datetime, *, now: bool) -> bool:
        """`now` says how it stands today, for cycles whose waiver left no event."""
        steps = [(what, at) for what, at, _note in self.events if what != What.EXTENDED]
        if not steps:
            return now
        before = [what for what, at in steps if at < until]
        return bool(before) and before[-1] == What.WAIVED

    def due_on(self, until: datetime, *, first: date, now: date) -> date:
        """The due date of then: the first one, moved by each extension and each waiver that had ended.

        `now` where nothing has moved it since.
        """
        if all(at < until for _what, at, _note in self.events):
            return now
        due = first
        for what, at, note in self.events:
            if at >= until:
                break
            if what == What.EXTENDED and (extended := _EXTENSION.match(note)):
                due = date.fromisoformat(extended[1])
            if what == What.WAIVER_ENDED:
                due = max(due, at.astimezone(self.zone).date() + timedelta(days=TO_RENEW_AT_LEAST_DAYS))
        return due


def _cycles(day: date, people: "QuerySet[User]", courses: Sequence[Course]) -> Iterator[Cycle]:
    """The newest cycle that was assigned by the end of the day, of each person in each course."""
    until = end_of_day(day)
    scope: dict[str, Any] = {
        "person__in": people.order_by().values("pk"),
        "course__in": [course.pk for course in courses],
    }
    assigned = Assignment.objects.filter(assigned_at__lt=until)
    newer = assigned.filter(person=OuterRef("person"), course=OuterRef("course"), cycle__gt=OuterRef("cycle"))
    rows = assigned.filter(~Exists(newer), **scope).order_by()
    held = set(Certificate.objects.current(day).filter(**scope).order_by().values_list("person", "course"))
    hired = dict(people.order_by().filter(hired_on__isnull=False).values_list("pk", "hired_on"))
    zone = organisation_zone()
    histories, nothing = _histories(scope, zone), History(zone)
    columns = ("pk", "person_id", "course_id", "cycle", "state", "first_due_on", "due_on", "finished_at")
    for pk, person, course, number, state, first, due_on, finished_at in rows.values_list(*columns).iterator(
        ROWS_AT_ONCE
    ):
        history = histories.get(pk, nothing)
        is_over = state in (State.COMPLETED, State.FAILED)
        finished = finished_at < until if finished_at else is_over
        yield Cycle(
            person=person,
            course=course,
            number=number,
            due_on=history.due_on(until, first=first, now=due_on),
            finished=finished,
            waits_for_marks=state == State.AWAITING,
            waived=history.was_waived(until, now=state == State.WAIVED),
            current=(person, course) in held,
            hired_on=hired.get(person),
        )


def _histories(scope: dict[str, Any], zone: tzinfo) -> dict[int, History]:
    events = TrainingEvent.objects.filter(
        what__in=[What.WAIVED, What.WAIVER_ENDED, What.EXTENDED],
        assignment__person__in=scope["person__in"],
        course__in=scope["course__in"],
    )
    found: dict[int, History] = defaultdict(lambda: History(zone))
    for pk, what, at, note in events.order_by("at", "pk").values_list("assignment", "what", "at", "note"):
        found[pk].events.append((what, at, note))
    return found


def _count(tally: Tally, cycle: Cycle, day: date) -> None:
    if cycle.waived:
        tally.waived += 1
        return
    is_open = not cycle.finished
    is_late = is_open and cycle.due_on < day and not cycle.waits_for_marks
    if not cycle.current and is_open and not is_late and cycle.number == 1 and _is_new(cycle.hired_on, day):
        tally.starters += 1
        return
    tally.required += 1
    tally.current += cycle.current
    tally.overdue += is_late
    tally.not_due += is_open and not is_late and not cycle.current


def _is_new(hired_on: date | None, day: date) -> bool:
    return hired_on is not None and hired_on <= day <= hired_on + timedelta(days=NEW_STARTER_DAYS)
