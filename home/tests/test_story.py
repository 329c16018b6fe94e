"""The one story that has to work end to end, on the pages and jobs of the product with a clock that moves.

A promise is written and published; customers say that it is not kept; the gap is opened and answered; the
figure closes it; a new edition says what changed, and staff sign it. The figures are those of the story:
46 of 64, then 91 of 100, then 282 of 300, against a goal of 90.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from charter import tasks as charter_tasks
from charter.models import Edition, Measure, Standard
from charter.tests.factories import CharterFactory
from customers.tests.factories import NeedFactory
from feedback.actions.kiosk import add_device
from feedback.actions.receive import receive_response
from feedback.models import Response
from feedback.tests.cards import envelope
from feedback.tests.cards import fields as hidden_fields
from feedback.tests.factories import CollectorFactory, QuestionFactory, VersionFactory
from organisation.tasks import run_long_jobs
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard import tasks as scoreboard_tasks
from strategy import tasks as strategy_tasks
from strategy.models import Action, Gap
from training.models import Assignment, Attempt, Certificate
from training.tests.factories import a_course, a_question

pytestmark = pytest.mark.django_db

PROMISE = "Before you leave, you know what happens next"
BETTER = "Before you leave, you have in writing what happens next"
FIGURE = "/scoreboard/harbour-branch/measures/{}/"


class Story:
    """Harbour City with one branch, the people of the story, and the moment that is now."""

    standard: Any
    measure: Any
    place: Any
    kiosk: Any

    def __init__(self) -> None:
        self.moment = datetime(2026, 6, 15, 9, tzinfo=UTC)
        root: Any = InstallationFactory().root
        branch: Any = UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)
        self.root, self.branch = root, branch
        self.charter: Any = CharterFactory(unit=self.root)
        self.need: Any = NeedFactory(unit=self.root, need="To know what happens next")
        self.head = person_in(root, "manager", "leadership", name="Amina")
        self.marek = person_in(branch, "manager", "middle", name="Marek")
        self.sofia = person_in(branch, "staff", name="Sofia")

    def on(self, year: int, month: int, day: int, hour: int = 9) -> None:
        self.moment = datetime(year, month, day, hour, tzinfo=UTC)

    def read(self, path: str, who: Any = None) -> str:
        """A page as somebody reads it; as the public does where nobody is named."""
        answer = self.client(who).get(path)
        assert answer.status_code == 200, path
        return " ".join(answer.content.decode().split())

    def send(self, path: str, who: Any, **typed: Any) -> Any:
        """A form as somebody sends it; it has to be taken."""
        answer = self.client(who).post(path, typed)
        told = answer.context and answer.context.get("form")
        assert answer.status_code == 302, (path, answer.status_code, told and told.errors)
        return answer

    def client(self, who: Any) -> Client:
        client = Client()
        if who:
            client.force_login(who)
        return client

    def night(self) -> None:
        """What the schedule does meanwhile."""
        scoreboard_tasks.recompute_stale_results()
        scoreboard_tasks.publish_open_data()
        scoreboard_tasks.watch()
        strategy_tasks.look_for_gaps()
        charter_tasks.ask_for_signatures()

    def cards(self, day: date, yes: int, n: int) -> None:
        """Cards of the harbour branch on one day, `yes` of `n` with a yes, and counted."""
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for number in range(n):
            sent = envelope(self.place, {"next": 1 if number < yes else 0})
            receive_response(collector=self.place.collector, envelope=sent, at=at)


@pytest.fixture
def story(monkeypatch: Any) -> Story:
    told = Story()
    monkeypatch.setattr(timezone, "now", lambda: told.moment)
    return told


def test_a_promise_is_made_missed_repaired_and_kept(story: Story) -> None:
    write_and_publish(story)
    ask_customers(story)
    the_goal_is_missed(story)
    open_and_answer_the_gap(story)
    finish_the_course(story)
    pass_praise_on(story)
    too_close_to_call_after_a_month(story)
    met_after_three_months(story)
    publish_what_changed(story)
    sign_the_edition(story)


def write_and_publish(story: Story) -> None:
    """1. The standard, tied to value, need and measure; edition 1; nothing to show yet."""
    edit = "/charter/harbour-city/"
    story.send(f"{edit}values/add/", story.head, name="Clarity", version=0)
    value = story.charter.values.get()
    typed = {"promise": PROMISE, "guidance": "Write the next step on the back of the receipt"}
    proof = {"name": "Knows what happens next", "source": "answers", "method": "top_box", "scale": "0-1"}
    more = {"discretion": "flexible", "minimum_n": 10, "direction": "higher", "target": "90", "version": 0}
    story.send(f"{edit}standards/add/", story.head, value=value.key, **typed, **proof, **more)
    story.standard, story.measure = Standard.objects.get(), Measure.objects.get()
    needs = f"/customers/needs/{story.need.reference}/standards/"
    story.send(needs, story.head, standard=story.standard.key)
    publish(story, "The first edition")
    edition = Edition.objects.get()
    assert (edition.number, story.standard.value, list(story.standard.needs.all())) == (
        1,
        value,
        [story.need],
    )
    version: Any = VersionFactory()
    QuestionFactory(version=version, key="next", measure=story.measure)
    QuestionFactory(version=version, key="comment", kind="text", scale_low=None, scale_high=None)
    place = {"questionnaire": version.questionnaire, "unit": story.branch}
    story.place = Place(version, CollectorFactory(slug="harbour", **place))
    story.kiosk = CollectorFactory(slug="harbour-kiosk", kind="kiosk", **place)
    page = story.read("/")
    assert PROMISE in page
    assert "No answers yet, we publish from 10." in page


class Place:
    def __init__(self, version: Any, collector: Any) -> None:
        self.version, self.collector = version, collector


def publish(story: Story, note: str, **more: Any) -> None:
    story.charter.refresh_from_db()
    dates = {"in_force_from": story.moment.date(), "next_review_on": date(2027, 12, 1)}
    typed = {"note": note, "version": story.charter.version, **dates, **more}
    story.send("/charter/harbour-city/editions/publish/", story.head, **typed)


def ask_customers(story: Story) -> None:
    """2. Cards from the poster, and one that waited at the kiosk past midnight and counts for its day."""
    story.on(2026, 7, 9, 12)
    client, path = Client(), "/c/harbour/"
    said = hidden_fields(client.get(path).content) | {"q-next": "1"}
    story.moment += timedelta(seconds=20)
    assert client.post(path, said).status_code == 303
    given: dict[str, Any] = {"fields": {"name": "Tablet", "exit_code": "24681357"}, "by": story.marek}
    _device, secret = add_device(collector=story.kiosk, at=story.moment, **given)
    story.moment = datetime(2026, 7, 9, 22, 30, tzinfo=UTC)  # 23:30 at the harbour
    sent = story.moment + timedelta(hours=1)
    stamps = {"answered_at": story.moment.isoformat(), "sent_at": sent.isoformat()}
    story.moment = sent
    late = {"uid": str(uuid.uuid4()), "q-next": "0", "version": "1", **stamps}
    assert client.post(f"/kiosk/{secret}/cards/", late).status_code == 201
    card = Response.objects.get(collector=story.kiosk)
    received = card.received_at.astimezone(ZoneInfo("Europe/London")).date()
    assert (received, card.service_date) == (date(2026, 7, 10), date(2026, 7, 9))
    story.cards(date(2026, 7, 9), 45, 62)


def the_goal_is_missed(story: Story) -> None:
    """3. and 4. The job recomputes; the scoreboard says 72 %, not met; a gap is proposed."""
    story.on(2026, 8, 5)
    story.night()
    page = story.read(f"{FIGURE.format(story.measure.key)}?period=2026-07", story.sofia)
    for words in ("72 %", "60 to 81", "64", "not met"):
        assert words in page, words
    public = story.read("/")
    assert "<b>46 of 64</b> said yes; our goal is 90 in 100." in public
    gap = Gap.objects.get(unit=story.branch)
    assert (gap.state, gap.measure) == ("proposed", story.measure)
    assert PROMISE in story.read("/gaps/", story.marek)


def open_and_answer_the_gap(story: Story) -> None:
    """4. The manager names an owner, and answers with an action and a course for the branch."""
    gap = Gap.objects.get(unit=story.branch)
    address, owner = gap.get_absolute_url(), story.marek.reference
    typed = {"owner": owner, "due_on": "2026-12-31", "why": "Nobody writes it down", "version": 0}
    story.send(f"{address}open/", story.head, **typed)
    action: dict[str, Any] = {
        "title": "Write the next step down",
        "kind": "process",
        "unit": "harbour-branch",
        "owner": owner,
    }
    action |= {"starts_on": "2026-08-05", "ends_on": "2026-12-31", "weight": 10, "rhythm": 30}
    action |= {"baseline": 0, "target": 100, "measure": story.measure.key, "effect": 15}
    story.send(f"/plan/add/?gap={gap.reference}", story.marek, **action)
    story.send(f"{Action.objects.get().get_absolute_url()}move/", story.marek, move="start")
    course: Any = a_course("next-step", unit=story.root, questions=0, quiz={"shuffle": False})
    course.standards.add(story.standard)
    a_question(course.current_version().quiz.bank, "q1", standard=story.standard)
    story.send(f"{address}training/", story.head, course="next-step", due_on="2026-08-26")
    run_long_jobs()
    page = story.read(address, story.sofia)
    assert "Write the next step down" in page
    assert "Course next-step" in page
    assert {each.person for each in Assignment.objects.all()} == {story.sofia, story.marek}


def finish_the_course(story: Story) -> None:
    """5. Sofia goes through the lesson and the quiz, which asks about the same standard."""
    story.on(2026, 8, 20)
    assert "Course next-step" in story.read("/my/", story.sofia)
    course = f"/training/assignments/{Assignment.objects.get(person=story.sofia).reference}/"
    story.send(f"{course}go-on/", story.sofia)
    story.send(f"{course}lessons/text-1/finish/", story.sofia)
    story.send(f"{course}attempts/start/", story.sofia)
    attempt = Attempt.objects.get()
    assert attempt.questions.get().version.question.standard == story.standard
    quiz = f"/training/attempts/{attempt.reference}/"
    story.send(f"{quiz}answer/", story.sofia, position=1, answer=0, go="on")
    story.send(f"{quiz}submit/", story.sofia)
    assert Certificate.objects.get().person == story.sofia


def pass_praise_on(story: Story) -> None:
    """5. A card praises her by name; her manager passes it on."""
    story.on(2026, 9, 10)
    sent = envelope(story.place, {"next": 1, "comment": "Sofia wrote every step down for me."})
    card = receive_response(collector=story.place.collector, envelope=sent, at=story.moment).response
    page = f"/feedback/responses/{card.reference}/pass-on/"
    story.send(page, story.marek, person=story.sofia.reference, words="Thank you!")
    assert "Sofia wrote every step down for me." in story.read("/feedback/praise/", story.sofia)


def too_close_to_call_after_a_month(story: Story) -> None:
    """6. 91 of 100, better by 19 points (7 to 32); the gap stays open."""
    story.cards(date(2026, 9, 15), 90, 99)  # and the card of praise
    story.on(2026, 10, 5)
    story.night()
    query = "?period=2026-09&against=2026-07"
    page = story.read(f"{FIGURE.format(story.measure.key)}{query}", story.sofia)
    assert "too close to call" in page
    assert "Better by 19 points, 7 to 32" in page
    did_it_work = story.read(Action.objects.get().get_absolute_url(), story.sofia)
    assert "better by 19 points, 7 to 32" in did_it_work
    assert "what was expected lies inside the interval" in did_it_work
    assert Gap.objects.get(unit=story.branch).state == "open"


def met_after_three_months(story: Story) -> None:
    """6. 282 of 300, interval 91 to 96: met, and the job closes the gap."""
    story.cards(date(2026, 10, 15), 95, 100)
    story.cards(date(2026, 11, 15), 96, 100)
    story.on(2026, 12, 5)
    story.night()
    query = "?period=2026-09-01..2026-11-30"
    page = story.read(f"{FIGURE.format(story.measure.key)}{query}", story.sofia)
    for words in ("94 %", "91 to 96", "300"):
        assert words in page, words
    gap = Gap.objects.get(unit=story.branch)
    assert (gap.state, gap.reason) == ("closed", "The goal is met.")
    assert "The goal is met." in story.read(gap.get_absolute_url(), story.sofia)


def publish_what_changed(story: Story) -> None:
    """6. Edition 2 says what changed and why; the public page says “you said, we did”."""
    story.on(2026, 12, 7)
    edit = f"/standards/{story.standard.key}/edit/"
    form = story.client(story.head).get(edit).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False, [])}
    story.send(edit, story.head, **typed | {"promise": BETTER})
    part = f"/charter/harbour-city/differences/standard:{story.standard.key}/edit/"
    story.send(part, story.head, why="28 in 100 went home guessing.", version=0)
    publish(story, "In writing", work_change="You hand over the next step in writing.")
    changes = story.read("/editions/2/changes/")
    assert "28 in 100 went home guessing." in changes
    said = {"said": "We go home guessing.", "did": "You get the next step in writing."}
    typed = {"standard": story.standard.key, "done_on": "2026-08-05", "version": 0, "do": "publish"}
    story.send("/improvements/add/", story.head, **said, **typed)
    for path in ("/", "/you-said-we-did/"):
        assert "You get the next step in writing." in story.read(path)
    assert BETTER in story.read("/")


def sign_the_edition(story: Story) -> None:
    """6. Staff are asked for the new edition only, and sign it."""
    story.night()
    assert "/charter/harbour-city/editions/2/sign/" in story.read("/my/", story.sofia)
    story.send("/charter/harbour-city/editions/2/sign/", story.sofia, answer="support", words="")
    page = story.read("/charter/harbour-city/editions/2/signatures/", story.head)
    assert "Sofia" in page
    assert Edition.objects.get(number=2).acknowledgements.filter(signed_at__isnull=False).count() == 1
