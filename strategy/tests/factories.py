"""Working rows of the strategy room for tests."""

from datetime import UTC, date, datetime
from typing import Any

from charter.models import Measure
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.models import Unit, User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.tests.factories import tally
from strategy.finders import measure_subject
from strategy.models import Gap, GapEvidence

OCTOBER = date(2026, 10, 1)
FAR = date(2099, 1, 1)


class Branch:
    """Harbour City with one branch, a promise with a measure (goal 90), a manager and a colleague."""

    def __init__(self) -> None:
        self.root: Unit = InstallationFactory().root
        self.unit: Unit = UnitFactory(name="Harbour branch", slug="harbour-branch", parent=self.root)
        self.standard = StandardFactory(charter=CharterFactory(unit=self.root), key="next-step")
        self.measure: Measure = MeasureFactory(
            standard=self.standard, key="next-step-yes", name="Knows what happens next", goal=90
        )
        self.manager = person_in(self.unit, "manager", "middle", email="manager@example.org", name="Marek")
        self.colleague = person_in(self.unit, "staff", email="colleague@example.org", name="Sofia")

    def months(self, *counts: tuple[int, int], last: date = OCTOBER) -> None:
        """(yes, answers) of the months up to `last`, oldest first."""
        for back, (high, n) in enumerate(reversed(counts)):
            month = (last.year * 12 + last.month - 1 - back) % 12 + 1
            year = (last.year * 12 + last.month - 1 - back) // 12
            tally(self.measure, self.unit, date(year, month, 5), high, n)


def a_gap(unit: Unit, measure: Measure | None = None, **fields: Any) -> Gap:
    """An open gap with an owner, or whatever the fields say."""
    state = fields.setdefault("state", Gap.State.OPEN)
    if state == Gap.State.OPEN:
        fields.setdefault("due_on", FAR)
    subject = measure_subject(measure) if measure else fields.get("title", "person:1")
    gap = Gap(
        unit=unit,
        measure=measure,
        **(
            {
                "title": "Before you leave, you know what happens next",
                "subject": subject,
                "judged_month": OCTOBER,
                "found_at": datetime(2026, 11, 4, tzinfo=UTC),
            }
            | fields
        ),
    )
    gap.save()
    GapEvidence.objects.create(
        gap=gap, kind=GapEvidence.Kind.PERSON, key=gap.reference, text="Customers come back to ask."
    )
    return gap


def fill_world(world: Any) -> None:
    """What the access table needs of this room; it belongs to the harbour branch and its colleague."""
    owner: User = world.colleague
    world.gap = a_gap(world.harbour, owner=owner, subject="person:open")
    world.proposed_gap = a_gap(world.harbour, world.measure, state=Gap.State.PROPOSED)
    world.dismissed_gap = a_gap(
        world.harbour, state=Gap.State.DISMISSED, reason="The counter was closed.", subject="person:no"
    )
