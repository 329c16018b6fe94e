"""People × courses: where everybody stands in every course, and what that is called.

The rule of a cell is written once, as SQL, so that filters, counts, pages and exports agree. It looks at
the newest cycle of the person in the course and at the newest certificate:

- waived, failed and awaiting marking are the cycle's own states;
- overdue: owed by the learner since before today, begun or not;
- in progress: begun, and still in time;
- expired: the newest certificate has run out, and no renewal has been begun;
- expiring soon: the certificate still counts, its window of renewal is open, and no renewal has been begun;
- assigned: to be begun, with nothing to renew;
- done: completed, and the certificate counts.

Today is the organisation's day, by which reminders go too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import charts
from common.charts import Mark
from common.text import search_form
from organisation.days import organisation_zone
from organisation.models import User
from training.addresses import address
from training.models import Assignment, Certificate, Course

State = Assignment.State
PEOPLE_AT_ONCE = 500

_SQUARE = "M-4.6-4.6h9.2v9.2h-9.2z"
_CROSS = "M-5-3l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z"


class CellState(TextChoices):
    """Where a person stands in a course."""

    OVERDUE = "overdue", gettext_lazy("overdue")
    EXPIRED = "expired", gettext_lazy("expired")
    FAILED = "failed", gettext_lazy("failed")
    EXPIRING = "expiring", gettext_lazy("expiring soon")
    AWAITING = "awaiting", gettext_lazy("awaiting marking")
    IN_PROGRESS = "in_progress", gettext_lazy("in progress")
    ASSIGNED = "assigned", gettext_lazy("assigned")
    DONE = "done", gettext_lazy("done")
    WAIVED = "waived", gettext_lazy("waived")
    NONE = "none", gettext_lazy("not assigned")


MARKS = {
    CellState.OVERDUE: Mark(filled=charts.TRIANGLE),
    CellState.EXPIRED: Mark(ring=charts.TRIANGLE),
    CellState.FAILED: Mark(filled=_CROSS),
    CellState.EXPIRING: Mark(filled=charts.DIAMOND),
    CellState.AWAITING: Mark(ring=_SQUARE),
    CellState.IN_PROGRESS: Mark(filled=charts.HALF, ring=charts.DISC),
    CellState.ASSIGNED: Mark(ring=charts.DISC),
    CellState.DONE: Mark(filled=charts.DISC),
    CellState.WAIVED: Mark(ring=charts.DIAMOND, dashes="2 1.6"),
    CellState.NONE: Mark(ring=charts.DISC, dashes="2 1.6"),
}
CLASSES = {
    CellState.OVERDUE: "missed",
    CellState.EXPIRED: "missed",
    CellState.FAILED: "missed",
    CellState.EXPIRING: "unsure",
    CellState.DONE: "met",
}


def standings(courses: Sequence[Course], today: date) -> "QuerySet[Any]":
    """The newest cycle of everybody in the courses, with `standing` (a CellState) and `valid_until`, the
    last day of the newest certificate (None: there is none, or it counts for good)."""
    newest_certificate = (
        Certificate.objects.kept()
        .filter(person=OuterRef("person"), course=OuterRef("course"))
        .order_by("-cycle")
    )
    rows = Assignment.objects.filter(course__in=[course.pk for course in courses]).newest().order_by()
    rows = rows.annotate(valid_until=Subquery(newest_certificate.values("expires_on")[:1]))
    kept_or_waiting = Q(state__in=[State.ASSIGNED, State.COMPLETED])
    cases = [
        When(state=State.WAIVED, then=Value(CellState.WAIVED.value)),
        When(state=State.FAILED, then=Value(CellState.FAILED.value)),
        When(state=State.AWAITING, then=Value(CellState.AWAITING.value)),
        When(state__in=Assignment.OWED, due_on__lt=today, then=Value(CellState.OVERDUE.value)),
        When(state=State.IN_PROGRESS, then=Value(CellState.IN_PROGRESS.value)),
        When(kept_or_waiting, valid_until__lt=today, then=Value(CellState.EXPIRED.value)),
        When(kept_or_waiting & _window_is_open(courses, today), then=Value(CellState.EXPIRING.value)),
        When(state=State.ASSIGNED, then=Value(CellState.ASSIGNED.value)),
    ]
    return rows.annotate(standing=Case(*cases, default=Value(CellState.DONE.value), output_field=CharField()))


def _window_is_open(courses: Sequence[Course], today: date) -> Q:
    """The renewal may begin: each course has its own number of days before the expiry."""
    by_days: dict[int, list[int]] = {}
    for course in courses:
        by_days.setdefault(course.renewal_days, []).append(course.pk)
    open_now = Q(pk__in=[])
    for days, ids in by_days.items():
        open_now |= Q(course__in=ids, valid_until__lte=today + timedelta(days=days))
    return open_now


# ------------------------------------------------------------------- people


def narrowed(
    people: "QuerySet[User]",
    courses: Sequence[Course],
    today: date,
    *,
    q: str = "",
    state: str = "",
    overdue: bool = False,
    sort: str = "",
) -> "QuerySet[User]":
    """Those whose name fits and who have a course in the state (and an overdue one), in the order asked."""
    if q:
        people = people.filter(search__contains=search_form(q))
    if state:
        people = people.filter(pk__in=_in_state(people, courses, today, state))
    late = Assignment.objects.filter(course__in=[course.pk for course in courses]).overdue(today)
    if overdue:
        people = people.filter(Exists(late.filter(person=OuterRef("pk"))))
    if sort == "overdue":
        many = late.filter(person=OuterRef("pk")).order_by().values("person").annotate(many=Count("pk"))
        return people.annotate(late=Subquery(many.values("many"))).order_by(
            F("late").desc(nulls_last=True), "name", "pk"
        )
    if sort == "hired":
        return people.order_by(F("hired_on").desc(nulls_last=True), "name", "pk")
    return people.order_by("-name" if sort == "-name" else "name", "pk")


_POSSIBLE = {
    CellState.OVERDUE: Assignment.OWED,
    CellState.EXPIRED: (State.ASSIGNED, State.COMPLETED),
    CellState.FAILED: (State.FAILED,),
    CellState.EXPIRING: (State.ASSIGNED, State.COMPLETED),
    CellState.AWAITING: (State.AWAITING,),
    CellState.IN_PROGRESS: (State.IN_PROGRESS,),
    CellState.ASSIGNED: (State.ASSIGNED,),
    CellState.DONE: (State.COMPLETED,),
    CellState.WAIVED: (State.WAIVED,),
}
"""The states of a cycle that can come to the standing: only those rows are looked at."""


def _in_state(people: "QuerySet[User]", courses: Sequence[Course], today: date, state: str) -> set[int]:
    """Who has one of the courses in the state. Read once: the pages ask for these people several times."""
    among = people.order_by().values("pk")
    if state == CellState.NONE:
        ids = [course.pk for course in courses]
        given = Assignment.objects.filter(cycle=1, course__in=ids, person__in=among).order_by()
        many = dict(given.values_list("person").annotate(many=Count("pk")))
        return {pk for pk in people.order_by().values_list("pk", flat=True) if many.get(pk, 0) < len(ids)}
    rows = standings(courses, today).filter(state__in=_POSSIBLE[CellState(state)], person__in=among)
    return set(rows.filter(standing=state).values_list("person", flat=True))


def overdue_courses(people: "QuerySet[User]", courses: Sequence[Course], today: date) -> int:
    """How many courses are overdue, of all these people together."""
    late = Assignment.objects.filter(course__in=[course.pk for course in courses]).overdue(today)
    return late.filter(person__in=people.order_by().values("pk")).count()


def most_given_first(people: "QuerySet[User]", courses: Sequence[Course]) -> list[Course]:
    """The courses in the order of their columns: what most of these people were given stands first."""
    given = Assignment.objects.filter(
        cycle=1, course__in=[course.pk for course in courses], person__in=people.order_by().values("pk")
    )
    many = dict(given.order_by().values_list("course").annotate(many=Count("pk")))
    return sorted(courses, key=lambda course: -many.get(course.pk, 0))


# -------------------------------------------------------------------- cells


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one course. `day` is what the state is about: due, valid until, waived until, on."""

    course: Course
    state: CellState
    reference: str = ""
    day: date | None = None
    day_words: str = ""
    person: str = ""

    @property
    def url(self) -> str:
        """The cycle as managers see it; without one, the page that gives the course to the person."""
        if self.reference:
            managed = address("training:manage", self.reference)
            return managed or address("training:assignment", self.reference)
        giving = address("training:course_assign", self.course.key)
        return f"{giving}?person={self.person}" if giving and self.course.archived_at is None else ""

    @property
    def css_class(self) -> str:
        return CLASSES.get(self.state, "none")

    @property
    def words(self) -> str:
        return str(self.state.label)

    @property
    def note(self) -> str:
        """“due 3 November 2026”; nothing where there is no day."""
        return self.day_words % {"day": date_format(self.day, "SHORT_DATE_FORMAT")} if self.day else ""

    @property
    def exported(self) -> str:
        """“overdue (due 2026-11-03)”"""
        if self.day is None:
            return self.words
        return f"{self.words} ({self.day_words % {'day': self.day.isoformat()}})"


NO_DAY = (None, "")


def _day_of(state: str, row: dict[str, Any], zone: tzinfo) -> tuple[date | None, str]:
    """The day that belongs to a state, by the organisation's clock, and how it is said."""
    if state in (CellState.OVERDUE, CellState.IN_PROGRESS, CellState.ASSIGNED):
        return row["due_on"], _("due %(day)s")
    if state == CellState.EXPIRED:
        return row["valid_until"], _("on %(day)s")
    if state == CellState.WAIVED:
        return row["waived_until"], _("until %(day)s")
    if state in (CellState.EXPIRING, CellState.DONE) and row["valid_until"]:
        return row["valid_until"], _("until %(day)s")
    if state == CellState.DONE:
        return row["certificate__issued_on"], _("on %(day)s")
    if state == CellState.FAILED and row["finished_at"]:
        return row["finished_at"].astimezone(zone).date(), _("on %(day)s")
    return NO_DAY


_COLUMNS = (
    *("person_id", "course_id", "reference", "standing", "due_on", "valid_until"),
    *("waived_until", "finished_at", "certificate__issued_on"),
)


@dataclass(frozen=True)
class Row:
    """One person with a cell for each course."""

    person: User
    cells: list[Cell]

    @property
    def place(self) -> Any:
        """The first role: where the person works (prefetch `memberships__unit`)."""
        return next(iter(self.person.memberships.all()), None)

    @property
    def url(self) -> str:
        """Everything about the person's training; empty where there is no such page."""
        return address("training:person", self.person.reference)

    @property
    def assign_url(self) -> str:
        start = address("training:assign_start", "")
        return f"{start}?person={self.person.reference}" if start else ""

    def count(self, *states: CellState) -> int:
        return sum(cell.state in states for cell in self.cells)

    @property
    def overdue(self) -> int:
        return self.count(CellState.OVERDUE)

    @property
    def done(self) -> int:
        """What counts today: done, and expiring soon."""
        return self.count(CellState.DONE, CellState.EXPIRING)

    @property
    def given(self) -> int:
        return len(self.cells) - self.count(CellState.NONE)

    @property
    def not_assigned(self) -> int:
        return self.count(CellState.NONE)


def rows_of(people: Sequence[User], courses: Sequence[Course], today: date) -> list[Row]:
    """The rows of some people (prefetch `memberships__unit`); a fixed number of queries."""
    zone = organisation_zone()
    found = standings(courses, today).filter(person__in=[person.pk for person in people])
    by_place = {(row["person_id"], row["course_id"]): row for row in found.values(*_COLUMNS)}
    return [
        Row(person, [_cell(course, person, by_place.get((person.pk, course.pk)), zone) for course in courses])
        for person in people
    ]


def _cell(course: Course, person: User, row: dict[str, Any] | None, zone: tzinfo) -> Cell:
    if row is None:
        return Cell(course, CellState.NONE, person=person.reference)
    state = CellState(row["standing"])
    return Cell(course, state, row["reference"], *_day_of(state, row, zone), person.reference)


def exported(people: "QuerySet[User]", courses: Sequence[Course], today: date) -> Iterator[list[Any]]:
    """The lines of the table to take along, read in portions: a table of any length takes little memory."""
    everybody = list(people.values_list("pk", flat=True))
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        portion = everybody[start : start + PEOPLE_AT_ONCE]
        known = User.objects.filter(pk__in=portion).prefetch_related("memberships__unit").in_bulk()
        for row in rows_of([known[pk] for pk in portion if pk in known], courses, today):
            yield [*_person_columns(row), *(cell.exported for cell in row.cells)]


def exported_header(courses: Iterable[Course]) -> list[Any]:
    names = [_("Name"), _("E-mail"), _("Unit"), _("Role"), _("Level"), _("Hired on")]
    return [*names, *(str(course) for course in courses)]


def _person_columns(row: Row) -> list[Any]:
    place, person = row.place, row.person
    return [
        person.name,
        person.email,
        place.unit.name if place else "",
        str(place.get_role_display()) if place else "",
        str(place.get_level_display()) if place else "",
        person.hired_on.isoformat() if person.hired_on else "",
    ]
