"""Working rows of the strategy room for tests."""

from datetime import UTC, date, datetime
from typing import Any

from charter.models import Measure
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.models import Unit, User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.tests.factories import tally
from strategy.actions import messages, reviews, rounds
from strategy.actions.initiatives import begin_initiative
from strategy.assessment import questionnaire
from strategy.finders import measure_subject
from strategy.models import Action, Announcement, Gap, GapEvidence, Initiative, PlanReview, Round

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


def an_action(unit: Unit, owner: User, **fields: Any) -> Action:
    """An action from October 2026 to the end of the year, planned."""
    given = {"title": "Write the next step down", "starts_on": OCTOBER, "ends_on": date(2026, 12, 31)}
    if "starts_on" in fields and "ends_on" not in fields:
        given["ends_on"] = max(date(2026, 12, 31), fields["starts_on"])
    action = Action(unit=unit, owner=owner, **(given | fields))
    action.save()
    return action


def an_initiative(unit: Unit, owner: User, starter: str = "culture-keys", **fields: Any) -> Initiative:
    """Two years from January 2026."""
    given = {"name": "Glad to have come", "starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    given |= {"unit": unit, "owner": owner} | fields
    return begin_initiative(fields=given, starter=starter, by=None)


def a_round(unit: Unit, owner: User, *, is_open: bool = False, **fields: Any) -> Round:
    """A round of November 2026."""
    given = {"name": "Autumn 2026", "opens_on": date(2026, 11, 2), "closes_on": date(2026, 11, 30)}
    found = rounds.plan_round(fields=given | {"unit": unit, "owner": owner} | fields, by=owner)
    if is_open:
        rounds.open_round(found, by=owner, at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    return found


def a_review(unit: Unit, owner: User, **fields: Any) -> PlanReview:
    """A review of 18 November 2026, to come."""
    given = {"unit": unit, "title": "Quarterly review", "held_on": date(2026, 11, 18), "owner": owner}
    return reviews.plan_review(fields=given | fields, by=owner)


def an_announcement(unit: Unit, owner: User, **fields: Any) -> Announcement:
    """A draft to every level."""
    given = {"unit": unit, "levels": [], "title": "From Monday on", "text": "Every visitor gets a **card**."}
    return messages.write_announcement(fields=given | fields, by=owner)


def all_answers(value: Any) -> dict[str, Any]:
    """The same answer to every statement."""
    return {item["key"]: value for side in questionnaire()["dimensions"] for item in side["items"]}


def fill_world(world: Any) -> None:
    """What the access table needs of this room; it belongs to the harbour branch and its colleague."""
    owner: User = world.colleague
    world.gap = a_gap(world.harbour, owner=owner, subject="person:open")
    world.proposed_gap = a_gap(world.harbour, world.measure, state=Gap.State.PROPOSED)
    world.dismissed_gap = a_gap(
        world.harbour, state=Gap.State.DISMISSED, reason="The counter was closed.", subject="person:no"
    )
    world.action = an_action(world.harbour, owner)
    world.initiative = an_initiative(world.harbour, owner)
    world.stake = world.initiative.stakes.create(kind="threat", text="A new road", evidence="The plan")
    world.round = a_round(world.harbour, world.manager)
    world.plan_review = a_review(world.harbour, owner)
    world.held_review = a_review(world.harbour, owner, held_on=date(2026, 8, 18))
    PlanReview.objects.filter(pk=world.held_review.pk).update(state=PlanReview.State.HELD)
    world.announcement = an_announcement(world.harbour, world.manager)
    world.sent = an_announcement(world.harbour, world.manager)
    messages.send_announcement(world.sent, by=world.manager)
    world.milestone = world.action.milestones.create(title="Half", due_on=OCTOBER, weight=100)
