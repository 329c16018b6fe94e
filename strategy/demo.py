"""Demo data of the strategy room: gaps that the figures proposed, and what Harbour City does about them."""

from datetime import datetime, timedelta

from organisation.models import Unit, User
from strategy import demo_initiative, demo_messages, demo_plan, demo_quotient, demo_reviews
from strategy.actions import find_gaps, gaps
from strategy.models import Gap
from training.models import Course

FALSE_ALARM = "The counter was half closed for a week while the floor was laid."
CAUSE = (
    "Visitors tell their story at the entrance and once more at the counter: nothing is written down in"
    " between, and whoever takes over begins from nothing."
)


def seed(at: datetime) -> None:
    """What is proposed on the first night, and what the people of the demo have decided since."""
    manager = User.objects.filter(email="manager@harbour.example").first()
    if manager is None:
        return
    _gaps(manager, at)
    demo_plan.seed(at)
    demo_initiative.seed(at)
    demo_quotient.seed(at)
    demo_reviews.seed(at)
    demo_messages.seed(at)


def _gaps(manager: User, at: datetime) -> None:
    admin = User.objects.get(email="admin@harbour.example")
    found = at - timedelta(days=9)
    find_gaps.look_for_gaps(at=found)
    branch = Unit.objects.get(slug="harbour-branch")
    proposed = Gap.objects.proposed().filter(unit=branch)
    if gap := proposed.filter(measure__standard__key="story-once").first() or proposed.first():
        due_on = (at + timedelta(days=75)).date()
        gaps.open_gap(gap, owner=manager, due_on=due_on, why=CAUSE, by=admin, at=found)
        course = Course.objects.released().filter(standards=gap.measure.standard_id if gap.measure else None)
        if chosen := course.first():
            due = (at + timedelta(days=21)).date()
            gaps.answer_with_training(gap, course=chosen, due_on=due, by=admin, at=at - timedelta(days=7))
    if alarm := Gap.objects.proposed().exclude(unit=branch).filter(evidence__kind="signal").first():
        gaps.dismiss_gap(alarm, reason=FALSE_ALARM, by=admin, at=found)
    gaps.report_gap(
        unit=Unit.objects.get(slug="hill-branch"),
        title="The bell at the side door is out of reach from a wheelchair",
        why="Told by two visitors at the round table in spring, and by Lena, who opens the door.",
        owner=User.objects.get(email="hill@harbour.example"),
        due_on=(at + timedelta(days=30)).date(),
        by=admin,
        at=at - timedelta(days=20),
    )
