"""Taking in one envelope: once, in one transaction, in few statements."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils import timezone

from charter.models import Edition, StaleBucket
from common.nudge import nudge
from common.text import search_form
from common.together import Statement, insert_of, run_together
from feedback.envelope import Envelope, is_commented
from feedback.masking import masked
from feedback.models import Answer, ChosenOption, Collector, Person, Question, Response, Tombstone
from feedback.models.retention import retention_of
from feedback.spam import FormTraces, Screen, reasons_of
from organisation.models import Tree, Unit

RECOMPUTE = "scoreboard.tasks.recompute_stale_results"
SENT_AGAIN_WITHIN = timedelta(hours=1)
ENOUGH_TO_KNOW_IT_BY = 30
IMPORTANCE = "importance-"
LATEST_ARRIVAL = timedelta(days=30)
CONTACT_PURPOSE = "to answer this comment"


class EnvelopeAltered(Exception):
    """The same id was taken in with another body. Carries the receipt code of the first one."""


class EnvelopeErased(Exception):
    """The envelope was taken in and then erased at the customer's wish."""


@dataclass(frozen=True)
class Received:
    response: Response
    is_replay: bool


def receive_response(
    *,
    collector: Collector,
    envelope: Envelope,
    source_hash: str = "",
    traces: FormTraces | None = None,
    screen: Screen | None = None,
    at: datetime | None = None,
    is_test: bool = False,
    day: date | None = None,
    is_anonymous: bool = False,
) -> Received:
    """Store what a customer said, exactly once per (collector, uid).

    `day` is the day of service where a colleague vouches for it (a paper sheet). Of an anonymous
    response nothing is kept that is finer than its day, and nothing about the person.

    A replay with the same body returns the first response. Raises EnvelopeAltered where the id was
    used with another body, EnvelopeErased where the customer had it erased. `traces` are what the
    form brought along for the spam verdict; None for the API. `screen` is the kiosk's device that kept
    the card.
    """
    at = at or timezone.now()
    reasons = reasons_of(
        envelope, collector=collector, traces=traces, source=source_hash, at=at, screen=screen
    )
    if is_anonymous:
        envelope = replace(
            envelope, contact=None, consent="", has_agreed=False, answered_at=None, sent_at=None
        )
    response = new_response(collector, envelope, at=at, is_test=is_test, spam_reason=reasons, day=day)
    if is_anonymous:
        response.received_at = datetime.combine(
            response.service_date, time_of_day(), ZoneInfo(collector.unit.timezone)
        )
    response.duplicate_of = first_of_the_same_words(collector, envelope, at=at)
    answers = answers_of(response, envelope)
    person = person_of(response, envelope, at=at) if envelope.contact else None
    stale = stale_buckets(answers, at=at) if response.is_countable else []
    try:
        response.pk = _written(response, answers, choices_of(answers, envelope), person, stale)
    except IntegrityError:
        before = _known_before(collector, envelope)
        if before is None:
            raise
        return before
    response._state.adding = False
    if stale:
        nudge(RECOMPUTE)
    return Received(response, is_replay=False)


def _written(
    response: Response,
    answers: list[Answer],
    choices: list[ChosenOption],
    person: Person | None,
    stale: list[StaleBucket],
) -> int:
    """Store all of it, or nothing; the key of the response. Raises IntegrityError where the id was used."""
    its_key = Statement(
        _KEY, [response.collector_id, Response.uid.field.get_db_prep_value(response.uid, connection)]
    )
    statements = [
        insert_of([response]),
        # After the insert, which waits for an erasure of the same id that is under way: a tombstone that
        # is there cannot be written again, and refuses everything.
        Statement(_TOMBSTONE_AGAIN, [uid_hash(response.collector, response.uid)]),
        insert_of(answers, looked_up={"response_id": [its_key] * len(answers)}),
    ]
    if choices:
        keys = [Statement(_ANSWER, [*its_key.values, each.answer.question_id]) for each in choices]
        statements.append(insert_of(choices, looked_up={"answer_id": keys}))
    if person:
        statements.append(insert_of([person], looked_up={"response_id": [its_key]}))
    if stale:
        statements.append(insert_of(stale))
    ((key,),) = run_together([*statements, its_key])
    return int(key)


_KEY = "SELECT id FROM feedback_response WHERE collector_id = %s AND uid = %s"
_ANSWER = """SELECT answer.id FROM feedback_answer answer
    JOIN feedback_response response ON response.id = answer.response_id
    WHERE response.collector_id = %s AND response.uid = %s AND answer.question_id = %s"""
_TOMBSTONE_AGAIN = """INSERT INTO feedback_tombstone (uid_hash, receipt_hash, erased_on)
    SELECT uid_hash, receipt_hash, erased_on FROM feedback_tombstone WHERE uid_hash = %s"""


def _known_before(collector: Collector, envelope: Envelope) -> Received | None:
    """The envelope as it was taken in first; None where it never was."""
    first = Response.objects.filter(collector=collector, uid=envelope.uid).first()
    if first is not None:
        return _replayed(first, envelope)
    if Tombstone.objects.filter(uid_hash=uid_hash(collector, envelope.uid)).exists():
        raise EnvelopeErased
    return None


def _replayed(first: Response, envelope: Envelope) -> Received:
    if first.body_hash != envelope.body_hash:
        raise EnvelopeAltered(first.receipt_code)
    return Received(first, is_replay=True)


def new_response(
    collector: Collector,
    envelope: Envelope,
    *,
    at: datetime,
    is_test: bool = False,
    spam_reason: str = "",
    day: date | None = None,
    edition_of: Callable[[Unit, date], int | None] | None = None,
) -> Response:
    """The row of an envelope received at `at`, not stored yet.

    `edition_of` may remember what `edition_in_force` says, for many envelopes at once.
    """
    day = day or service_day(collector, envelope, at=at)
    texts = [masked(given.text) for given in envelope.answers if given.text]
    return Response(
        uid=envelope.uid,
        body_hash=envelope.body_hash,
        collector=collector,
        unit=collector.unit,
        version=envelope.asked.version,
        edition_id=(edition_of or _edition_lately_in_force)(collector.unit, day),
        language=envelope.language,
        answered_at=envelope.answered_at,
        sent_at=envelope.sent_at,
        received_at=at,
        service_date=day,
        rating=rating_of(envelope),
        has_comment=is_commented(envelope.answers),
        consent=envelope.consent,
        has_agreed=envelope.has_agreed,
        search=search_form("\n".join(texts)),
        is_spam=bool(spam_reason),
        spam_reason=spam_reason,
        is_test=is_test,
    )


def first_of_the_same_words(collector: Collector, envelope: Envelope, *, at: datetime) -> Response | None:
    """The card that this one says again word for word under another id: sent, gone back, sent again.

    Only where the customer wrote enough that nobody else would write the same; bare faces are alike
    all day long.
    """
    if sum(len(given.text) for given in envelope.answers) < ENOUGH_TO_KNOW_IT_BY:
        return None
    same = Response.objects.countable().filter(collector=collector, body_hash=envelope.body_hash)
    others = same.exclude(uid=envelope.uid)
    return others.filter(received_at__gt=at - SENT_AGAIN_WITHIN).order_by("received_at").first()


def answers_of(response: Response, envelope: Envelope) -> list[Answer]:
    """The rows of the answers, each with its bucket, not stored yet."""
    return [
        Answer(
            response=response,
            question=given.question,
            value=given.value,
            is_na=given.is_na,
            text=given.text,
            date=given.day,
            measure_id=given.question.measure_id,
            unit_id=response.unit_id,
            day=response.service_date,
            series=given.question.series,
        )
        for given in envelope.answers
    ]


def choices_of(answers: Iterable[Answer], envelope: Envelope) -> list[ChosenOption]:
    """The rows of the options chosen, for answers made of the envelope in its order; not stored yet."""
    return [
        ChosenOption(answer=answer, option=option)
        for answer, given in zip(answers, envelope.answers, strict=True)
        for option in given.options
    ]


def person_of(response: Response, envelope: Envelope, *, at: datetime) -> Person:
    """What the customer left for an answer, with its end and its purpose as the card told it, not stored
    yet."""
    contact = vars(envelope.contact) if envelope.contact else {}
    days = retention_of(response.version.questionnaire_id).contact_days
    keep_until = response.collector.local_day(at) + timedelta(days=days)
    words = envelope.asked.version.text(envelope.language)
    purpose = (words.purpose if words else "") or CONTACT_PURPOSE
    return Person(response=response, purpose=purpose, keep_until=keep_until, **contact)


def mark_stale(answers: Iterable[Answer], *, at: datetime) -> None:
    """Note that the buckets of the answers tell the truth no more, and nudge the recompute."""
    stale = stale_buckets(answers, at=at)
    StaleBucket.objects.bulk_create(stale)
    if stale:
        nudge(RECOMPUTE)


def stale_buckets(answers: Iterable[Answer], *, at: datetime) -> list[StaleBucket]:
    """The buckets of the answers, each once, not stored yet."""
    buckets = {(answer.measure_id, answer.unit_id, answer.day) for answer in answers if answer.measure_id}
    return [
        StaleBucket(measure_id=measure, unit_id=unit, day=day, since=at) for measure, unit, day in buckets
    ]


def service_day(collector: Collector, envelope: Envelope, *, at: datetime) -> date:
    """The local day that the response counts for (rules 1).

    The day given, where it is neither ahead nor more than 30 days back; else the device's time of
    answering; else the time of receipt. Where the device also says when it sent, only the time
    between its two stamps is believed: its clock may be wrong by a year.
    """
    received = collector.local_day(at)
    given = envelope.service_date
    if given is not None and received - LATEST_ARRIVAL <= given <= received:
        return given
    if envelope.answered_at is None:
        return received
    age = (envelope.sent_at or at) - envelope.answered_at
    if timedelta(0) <= age <= LATEST_ARRIVAL:
        return collector.local_day(at - age)
    return received


_editions: dict[tuple[int, date], tuple[float, int | None]] = {}
MOST_EDITIONS_KEPT = 1000


def _edition_lately_in_force(unit: Unit, day: date) -> int | None:
    """`edition_in_force`, at most PUBLIC_PAGE_SECONDS old, so that a rush asks once a second."""
    now = time.monotonic()
    known = _editions.get((unit.pk, day))
    if known and now - known[0] < settings.PUBLIC_PAGE_SECONDS:
        return known[1]
    edition = edition_in_force(unit, day)
    if settings.PUBLIC_PAGE_SECONDS:
        if len(_editions) >= MOST_EDITIONS_KEPT:
            _editions.clear()
        _editions[unit.pk, day] = (now, edition)
    return edition


def was_open(collector: Collector, envelope: Envelope, *, at: datetime) -> bool:
    """Asked now, or on the day that the card counts for; or taken in already (a replay)."""
    days = (collector.local_day(at), service_day(collector, envelope, at=at))
    if any(collector.is_open(day) for day in days):
        return True
    return Response.objects.filter(collector=collector, uid=envelope.uid).exists()


def edition_in_force(unit: Unit, day: date) -> int | None:
    """The edition that promised something to the unit's customers on a day: its own, else the nearest
    above it. One query, and one more where the unit has none of its own."""
    newest_last = Edition.objects.in_force(day).reverse().values_list("charter__unit_id", "pk")
    editions = dict(newest_last)
    if not editions or unit.pk in editions:
        return editions.get(unit.pk)
    for above in reversed(Tree.on(day).path(unit.pk)):
        if above in editions:
            return editions[above]
    return None


def rating_of(envelope: Envelope) -> int | None:
    """The first answer on a scale, as 0 to 100, rounded half up.

    A scale speaks before yes or no, whose yes may be a complaint; how important something is says
    nothing about how it went.
    """
    scaled = [
        given
        for given in envelope.answers
        if given.value is not None and not given.question.key.startswith(IMPORTANCE)
    ]
    if not scaled:
        return None
    finer = (given for given in scaled if given.question.kind != Question.Kind.YES_NO)
    chosen = next(finer, scaled[0])
    question, value = chosen.question, chosen.value or 0
    low, high = question.scale_low or 0, question.scale_high or 1
    return int((Decimal(100 * (value - low)) / (high - low)).quantize(Decimal(1), ROUND_HALF_UP))


def uid_hash(collector: Collector, uid: uuid.UUID) -> str:
    """What remains of an envelope's id after erasure."""
    return hashlib.sha256(f"{collector.pk} {uid}".encode()).hexdigest()
