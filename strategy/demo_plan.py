"""The demo's action plan: under way, late, done and still to come, one of them with its effect to be seen."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from charter.demo_counts import CHANGED_MONTHS_AGO
from charter.models import Measure
from common.period import add_months
from organisation.models import Unit, User
from scoreboard.settled import settled_month
from strategy.actions import gaps, plan
from strategy.models import Action, Gap

ADMIN, MANAGER, HILL = "admin@harbour.example", "manager@harbour.example", "hill@harbour.example"
PIOTR, NORA = "piotr@people.harbour.example", "nora@people.harbour.example"


def seed(at: datetime) -> None:
    """Five months of work on the promises of Harbour City."""
    admin = _person(ADMIN)
    written = _written_next_step(admin, at)
    story = _story_once(admin, at)
    _greeter(admin, at)
    _letters(admin, at)
    _alone(admin, at)
    for gap in Gap.objects.open().filter(measure__standard__key="story-once"):
        gaps.answer_with_action(gap, action=story, by=admin, at=at - timedelta(days=6))
    for gap in Gap.objects.proposed().filter(measure__standard__key="next-step"):
        due_on = (at + timedelta(days=100)).date()
        gaps.open_gap(gap, owner=_person(HILL), due_on=due_on, by=admin, at=at - timedelta(days=5))
        gaps.answer_with_action(gap, action=written, by=admin, at=at - timedelta(days=5))


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _unit(slug: str) -> Unit:
    return Unit.objects.get(slug=slug)


def _measure(key: str) -> Measure | None:
    return Measure.objects.filter(standard__key=key).order_by("pk").first()


def _measure_called(key: str) -> Measure | None:
    return Measure.objects.filter(key=key).first()


def _action(title: str, owner: str, unit: str, days: tuple[date, date], **more: Any) -> Action:
    fields = {"title": title, "owner": _person(owner), "unit": _unit(unit)}
    fields |= {"starts_on": days[0], "ends_on": days[1], "baseline": Decimal(0), "target": Decimal(100)}
    return plan.add_action(fields=fields | more, by=_person(ADMIN))


def _span(at: datetime, first: int, last: int) -> tuple[date, date]:
    """Days from today, before it negative."""
    return (at + timedelta(days=first)).date(), (at + timedelta(days=last)).date()


def _last_month(at: datetime, day: int) -> datetime:
    """A day of the month that the newest report tells of."""
    month = settled_month(at.date())
    return at.replace(year=month.year, month=month.month, day=day)


def _begun(action: Action, by: User, at: datetime, *, ago: int) -> Action:
    then = at - timedelta(days=ago)
    plan.start_action(action, on=then.date(), by=by, at=then)
    return action


def _written_next_step(admin: User, at: datetime) -> Action:
    """Began four months ago: long enough to see whether it worked."""
    begin = (at.date() - add_months(at.date(), -4)).days - 9
    action = _action(
        "Everybody leaves with the next step in writing",
        MANAGER,
        "harbour-branch",
        _span(at, -begin, 40),
        words="A card at every counter: what happens next, who does it, by when, and a name.",
        kind=Action.Kind.PROCESS,
        weight=40,
        effort=Decimal("12.5"),
        measure=_measure("next-step"),
        effect=Decimal(10),
        check_on=(at + timedelta(days=45)).date(),
    )
    days = [(at - timedelta(days=begin - 20)).date(), (at - timedelta(days=30)).date()]
    days.append((at + timedelta(days=30)).date())
    titles = ["The card is drawn and tried at two counters", "Every counter has it", "Hill branch has it too"]
    rows = [
        {"key": "", "title": title, "due_on": day, "weight": weight}
        for title, day, weight in zip(titles, days, (30, 40, 30), strict=True)
    ]
    plan.set_milestones(action, rows=rows, by=admin, at=at - timedelta(days=begin))
    _begun(action, admin, at, ago=begin)
    for milestone, ago in zip(action.milestones.all()[:2], (begin - 21, 12), strict=False):
        plan.reach_milestone(milestone, is_reached=True, by=admin, at=at - timedelta(days=ago))
    plan.check_in(
        action,
        value=None,
        note="Counters 1 to 4 hand the card over without being asked.",
        by=_person(MANAGER),
        at=_last_month(at, 15),
    )
    plan.check_in(
        action,
        value=None,
        note="The cards run out faster than we thought: 400 a week at counter 3 alone.",
        by=_person(MANAGER),
        at=at - timedelta(days=12),
    )
    return action


def _story_once(admin: User, at: datetime) -> Action:
    """A whole with three parts: one done, one behind, one still to come."""
    whole = _action("Nobody tells the story twice", MANAGER, "harbour-branch", _span(at, -60, 60), weight=40)
    _begun(whole, admin, at, ago=58)
    part = {"parent": whole}
    done = _action(
        "Ask for the story at the entrance, and write it on the ticket",
        MANAGER,
        "harbour-branch",
        _span(at, -60, -20),
        weight=30,
        **part,
    )
    _begun(done, admin, at, ago=58)
    plan.check_in(done, value=Decimal(100), note="", by=_person(MANAGER), at=at - timedelta(days=24))
    plan.finish_action(done, by=_person(MANAGER), at=at - timedelta(days=22))
    behind = _action(
        "One screen for both desks",
        ADMIN,
        "harbour-branch",
        _span(at, -50, 10),
        kind=Action.Kind.PLACE,
        weight=50,
        effort=Decimal(20),
        measure=_measure("story-once"),
        effect=Decimal(12),
        check_on=(at + timedelta(days=100)).date(),
        **part,
    )
    _begun(behind, admin, at, ago=45)
    plan.check_in(
        behind,
        value=Decimal(35),
        note="Two of six screens stand. The supplier is four weeks late.",
        by=admin,
        at=at - timedelta(days=6),
    )
    _action(
        "Practise handing over with all colleagues",
        MANAGER,
        "harbour-branch",
        _span(at, 12, 60),
        kind=Action.Kind.TRAINING,
        weight=20,
        **part,
    )
    return whole


def _greeter(admin: User, at: datetime) -> None:
    """Done last month, nine months after it began: what it brought stands in the report."""
    begin = add_months(at.date(), -CHANGED_MONTHS_AGO)
    action = _action(
        "A colleague stands at the door, greets everybody and shows the way",
        MANAGER,
        "harbour-branch",
        (begin, _last_month(at, 20).date()),
        kind=Action.Kind.STAFFING,
        weight=30,
        measure=_measure_called("complaints-rate"),
    )
    _begun(action, admin, at, ago=(at.date() - begin).days)
    plan.check_in(
        action,
        value=Decimal(100),
        note="The place at the door is in the roster for good.",
        by=_person(MANAGER),
        at=_last_month(at, 18),
    )
    plan.finish_action(action, by=_person(MANAGER), at=_last_month(at, 20))


def _letters(admin: User, at: datetime) -> None:
    """Counted downwards: hours from the postbag to the desk."""
    action = _action(
        "Letters reach the right desk on the day they come",
        PIOTR,
        "letters-office",
        _span(at, -40, 30),
        kind=Action.Kind.PROCESS,
        weight=30,
        measure=_measure("letters"),
        effect=Decimal(5),
        check_on=(at + timedelta(days=120)).date(),
        counted="hours",
        baseline=Decimal(48),
        target=Decimal(24),
        rhythm=Action.Rhythm.FORTNIGHTLY,
    )
    _begun(action, admin, at, ago=38)
    for hours, ago in ((41, 24), (35, 10)):
        at_then = at - timedelta(days=ago)
        plan.check_in(action, value=Decimal(hours), note="", by=_person(PIOTR), at=at_then)
    plan.override_status(
        action,
        status="on_track",
        reason="The second sorting round began on Monday; the figure follows with the next count.",
        until=(at + timedelta(days=14)).date(),
        by=admin,
        at=at - timedelta(days=3),
    )


def _alone(admin: User, at: datetime) -> None:
    """Late, silent, to come, and given up."""
    late = _action(
        "Lower the bell at the side door",
        HILL,
        "hill-branch",
        _span(at, -35, -5),
        kind=Action.Kind.PLACE,
        weight=10,
    )
    _begun(late, admin, at, ago=30)
    plan.check_in(
        late, value=Decimal(60), note="Bought; the electrician comes.", by=admin, at=at - timedelta(days=9)
    )
    silent = _action(
        "Spare lamps in every van",
        NORA,
        "parks-team",
        _span(at, -60, 20),
        kind=Action.Kind.PLACE,
        weight=20,
        rhythm=Action.Rhythm.FORTNIGHTLY,
    )
    _begun(silent, admin, at, ago=52)
    _action(
        "Say at the entrance how long it will take",
        HILL,
        "hill-branch",
        _span(at, 15, 75),
        kind=Action.Kind.COMMUNICATION,
        weight=20,
    )
    given_up = _action(
        "A second evening with open counters",
        ADMIN,
        "harbour-city",
        _span(at, -80, 40),
        kind=Action.Kind.STAFFING,
        weight=30,
    )
    plan.cancel_action(
        given_up,
        reason="Tried in June: nine visitors in four evenings.",
        by=admin,
        at=at - timedelta(days=30),
    )
