"""One small organisation with a thing of every kind, for the access table."""

import hashlib
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from charter.models import Edition, Review
from charter.tests.factories import (
    CaseFactory,
    CharterFactory,
    ImprovementFactory,
    MeasureFactory,
    RecordedResultFactory,
    StandardFactory,
)
from customers.tests.factories import NeedEvidenceFactory, NeedFactory, SegmentFactory
from feedback.tests.factories import (
    CollectorFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ResponseFactory,
    VersionFactory,
    answer,
)
from organisation.models import ApiToken, Attachment, Import, Invitation, Job, Membership, OutgoingMail
from organisation.tests.factories import CalendarFactory, InstallationFactory, UnitFactory, person_in
from scoreboard.models import DatedChange, Signal
from scoreboard.tests.factories import report_of
from strategy.tests.factories import fill_world as fill_strategy
from training.actions.attempts import save_answers, submit_attempt
from training.models import AssignmentBatch, AssignmentRule, CoursePicture, InPersonSession, Preparation
from training.tests.factories import (
    LONG_AGO,
    a_certificate,
    a_course,
    a_question,
    an_assignment,
    an_attempt,
    lessons_of,
)

FAR = datetime(2099, 1, 1, tzinfo=UTC)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def build_world() -> SimpleNamespace:
    """Everything belongs to `harbour`, whose manager is `manager`; `foreign` manages `hill`."""
    world: Any = SimpleNamespace(anonymous=None)
    _organisation(world)
    _customers(world)
    _charter(world)
    _feedback(world)
    _scoreboard(world)
    _work(world)
    _training(world)
    fill_strategy(world)
    return world


def _organisation(world: Any) -> None:
    world.installation = InstallationFactory()
    world.root = world.installation.root
    world.logo = Attachment.store(
        ContentFile(b"\x89PNG\r\n\x1a\n", name="logo.png"), name="logo.png", content_type="image/png"
    )
    world.installation.logo = world.logo
    world.installation.save()
    world.harbour = UnitFactory(name="Harbour branch", slug="harbour-branch", parent=world.root)
    world.hill = UnitFactory(name="Hill branch", slug="hill-branch", parent=world.root)
    world.staff = person_in(world.harbour, "staff", email="staff@example.org")
    world.foreign = person_in(world.hill, "manager", "middle", email="hill@example.org")
    world.manager = person_in(world.harbour, "manager", "middle", email="manager@example.org")
    world.administrator = person_in(world.root, "administrator", "leadership", email="admin@example.org")
    world.colleague = person_in(world.harbour, "staff", email="colleague@example.org")
    world.membership = world.colleague.memberships.get()
    world.invitation_secret = "a-secret-of-the-invitation"
    world.invitation = Invitation.objects.create(
        secret_hash=_hash(world.invitation_secret),
        email="newcomer@example.org",
        unit=world.harbour,
        role=Membership.Role.STAFF,
        level=Membership.Level.FRONT,
        invited_by=world.manager,
        expires_at=FAR,
    )
    world.api_secret = "a-secret-of-the-key"
    world.token = ApiToken.objects.create(
        name="Intranet",
        secret_hash=_hash(world.api_secret),
        scopes=[
            *("feedback.invite", "scores.read", "charter.read", "activity.write"),
            *("strategy.read", "strategy.report"),
        ],
        created_by=world.administrator,
    )
    world.calendar = CalendarFactory(name="Counters")
    world.calendar.days.create(day=date(2026, 12, 25), name="Christmas Day")
    world.calendar.uses.create(unit=world.harbour)


def _customers(world: Any) -> None:
    world.segment = SegmentFactory(unit=world.harbour)
    world.need = NeedFactory(unit=world.harbour, segments=[world.segment])
    world.evidence = NeedEvidenceFactory(need=world.need)


def _charter(world: Any) -> None:
    world.root_charter = CharterFactory(unit=world.root)
    world.charter = CharterFactory(unit=world.harbour)
    world.standard = StandardFactory(charter=world.charter, key="next-step")
    world.measure = MeasureFactory(standard=world.standard, key="next-step-yes", goal=90)
    world.goal = world.measure.goals.get()
    world.value = world.charter.values.create(key="kindness")
    world.value.texts.create(language="en", name="Kindness")
    world.policy = world.charter.policies.create(key="on-the-spot")
    world.policy.texts.create(language="en", name="Put right on the spot")
    world.root_edition = _edition(world.root_charter)
    world.edition = _edition(world.charter)
    _edition(world.root_charter, 2)
    _edition(world.charter, 2)
    _review(world)
    _signatures(world)
    world.result = RecordedResultFactory(
        measure__standard=world.standard, unit=world.harbour, recorded_by=world.manager
    )
    world.results_measure = world.result.measure
    world.improvement = ImprovementFactory(standard=world.standard)
    world.case = CaseFactory(measure__standard=world.standard, unit=world.harbour)


def _edition(charter: Any, number: int = 1) -> Edition:
    """An edition without words; rooms that show editions must bear one."""
    return Edition.objects.create(
        charter=charter,
        number=number,
        note="The first one",
        in_force_from=date(2026, number, 1),
        content={},
        work_change="You end every visit with a written next step.",
        published_at=datetime(2026, number, 1, tzinfo=UTC),
    )


def _review(world: Any) -> None:
    """A round that the colleague reads and the manager signs off."""
    content = {"texts": {"en": {"title": "What you can expect"}}}
    world.review = Review.objects.create(
        charter=world.charter, number=1, content=content, due_on=date(2026, 12, 1), opened_at=FAR
    )
    world.reviewer = world.review.reviewers.create(user=world.colleague, level="front")
    world.second_reviewer = world.review.reviewers.create(user=world.manager, level="middle")
    world.comment = world.review.comments.create(part="words:title", text="Warmer", by=world.colleague)


def _signatures(world: Any) -> None:
    edition = world.charter.editions.get(number=2)
    base = {"unit": world.harbour, "level": "front"}
    world.request = edition.acknowledgements.create(user=world.staff, **base)
    world.asking = edition.acknowledgements.create(
        user=world.colleague, signed_at=FAR, answer="question", words="By hand?", **base
    )
    world.answered = world.edition.acknowledgements.create(
        user=world.staff, signed_at=FAR, answer="objection", words="Too long", replied_at=FAR, **base
    )


def _feedback(world: Any) -> None:
    world.questionnaire = QuestionnaireFactory(key="visit-card")
    world.version = VersionFactory(questionnaire=world.questionnaire)
    world.question = QuestionFactory(version=world.version, key="next", measure=world.measure)
    world.collector = CollectorFactory(slug="harbour", unit=world.harbour, questionnaire=world.questionnaire)
    world.response = ResponseFactory(collector=world.collector, version=world.version)
    world.answer = answer(world.response, world.question, 1)


def _scoreboard(world: Any) -> None:
    world.change = DatedChange.objects.create(
        measure=world.measure, unit=world.harbour, on=date(2026, 3, 1), words="A second person at the counter"
    )
    world.signal = Signal.objects.create(
        kind=Signal.Kind.TOO_FEW,
        measure=world.measure,
        unit=world.harbour,
        period=date(2026, 10, 1),
        facts={"n": 2, "n_before": 20, "minimum": 10, "source": "answers"},
    )
    world.dismissed_signal = Signal.objects.create(
        kind=Signal.Kind.SILENT,
        collector=world.collector,
        unit=world.harbour,
        period=date(2026, 10, 1),
        facts={"last": "2026-09-30", "days": 20, "longest": 4},
        state=Signal.State.DISMISSED,
        reason="The counter was closed.",
    )
    world.draft_report = report_of(world.harbour, "2026-09")
    world.report = report_of(world.harbour, "2026-10", finished=True)


def _work(world: Any) -> None:
    world.file = Attachment.store(
        ContentFile(b"met,total\n8,10\n", name="results.csv"), name="results.csv", content_type="text/csv"
    )
    world.import_ = Import.objects.create(
        kind="results", file=world.file, unit=world.harbour, created_by=world.manager
    )
    world.job = Job.objects.create(
        kind="results", subject=world.import_.reference, created_by=world.manager, due_at=FAR
    )
    world.parked_job = Job.objects.create(
        kind="results", subject="gone", created_by=world.manager, state=Job.State.PARKED, error="It broke."
    )
    world.mail = OutgoingMail.objects.create(
        to="newcomer@example.org", subject="Welcome", body="Hello", state=OutgoingMail.State.PARKED
    )


def _training(world: Any) -> None:
    """A course with a lesson of every kind in the hands of `staff`, and one that is completed."""
    kinds = ("text", "scenario", "checklist", "practice", "video", "download", "session")
    world.course = a_course(
        "telephone", unit=world.harbour, lessons=kinds, questions=1, quiz={"shuffle": False}
    )
    bank = world.course.current_version().quiz.bank
    a_question(bank, "open", "open", content={"guide": ""})
    world.lesson = lessons_of(world.course)[5]
    world.lesson.file = world.file
    world.lesson.save()
    world.picture = CoursePicture.objects.create(course=world.course, file=world.file)
    world.assignment = an_assignment(world.course, world.staff)
    world.attempt = an_attempt(world.assignment)
    world.training_session = InPersonSession.objects.create(
        course=world.course,
        lesson_key="session-7",
        unit=world.harbour,
        place="Room 2",
        starts_at=FAR,
        ends_at=FAR.replace(hour=2),
    )
    _looked_after(world)
    questions = Attachment.store(
        ContentFile(b"Ready? {T}", name="q.gift"), name="q.gift", content_type="text/plain"
    )
    world.question_import = Import.objects.create(
        kind="questions",
        file=questions,
        unit=world.harbour,
        created_by=world.manager,
        mapping={"course": world.course.key},
    )
    Preparation.objects.create(edition=world.charter.editions.get(number=2), course=world.course)
    done = an_assignment(a_course("welcome", unit=world.harbour), world.staff)
    world.past_attempt = an_attempt(done, handed_in=True)
    world.certificate = a_certificate(done)
    world.training_measure = MeasureFactory(
        standard=world.standard, key="trained-in-time", source="training", method="share_met"
    )


def _looked_after(world: Any) -> None:
    """What a manager decides on: an answer of `colleague` to mark, a rule, a list of people."""
    given = {"course": world.course, "created_by": world.manager}
    world.batch = AssignmentBatch.objects.create(due_on=FAR.date(), **given)
    world.batch.people.add(world.colleague)
    world.rule = AssignmentRule.objects.create(unit=world.harbour, starts_on=date(2026, 1, 1), **given)
    world.other_assignment = an_assignment(world.course, world.colleague)
    world.marked_attempt = an_attempt(world.other_assignment)
    save_answers(world.marked_attempt, answers={2: "I call back by four."}, at=LONG_AGO)
    submit_attempt(world.marked_attempt, at=LONG_AGO)
