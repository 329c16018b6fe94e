"""Rows of the product for the benchmark: as the product would write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from charter.models import Charter, CharterText, Goal, Measure, Standard, StandardText
from feedback.models import (
    Collector,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    VersionText,
)
from organisation.models import Installation, Membership, Unit, UnitPlacement, User

MEASURES = 20
UNITS = 50
MONTHS = 12


def organisation() -> Unit:
    """A root with fifty branches below it, one administrator, one installation."""
    root = Unit.objects.create(slug="root", name="Everything")
    units = Unit.objects.bulk_create(Unit(slug=f"branch-{n}", name=f"Branch {n}") for n in range(UNITS))
    UnitPlacement.objects.create(unit=root, starts_on=date(2015, 1, 1))
    UnitPlacement.objects.bulk_create(
        UnitPlacement(unit=unit, parent=root, starts_on=date(2015, 1, 1)) for unit in units
    )
    Installation.objects.create(pk=1, name="Benchmark", short_name="Benchmark", root=root)
    user = User.objects.create(email="admin@example.org", name="Administrator")
    Membership.objects.create(user=user, unit=root, role="administrator", level="leadership")
    return root


def measures(root: Unit) -> list[Measure]:
    charter = Charter.objects.create(unit=root)
    CharterText.objects.create(charter=charter, language="en", title="What you can expect from us")
    found = []
    for n in range(MEASURES):
        standard = Standard.objects.create(charter=charter, key=f"standard-{n}", position=n)
        StandardText.objects.create(standard=standard, language="en", promise=f"Promise {n}")
        measure = Measure.objects.create(standard=standard, key=f"measure-{n}", name=f"Measure {n}")
        Goal.objects.create(measure=measure, starts_on=date(2015, 1, 1), target=Decimal(80))
        found.append(measure)
    return found


def card(slug: str, unit: Unit, feeds: list[Measure | None]) -> Collector:
    """A card of faces, yes/no and a comment at a place of its own, in two languages, with a question that
    a poor visit shows; `feeds` are the two measures."""
    questionnaire = Questionnaire.objects.create(key=slug, name=slug)
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, published_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    for language, title in (("en", "How did we do today?"), ("de", "Wie waren wir heute?")):
        VersionText.objects.create(version=version, language=language, title=title)
    kinds = Question.Kind
    poor = {"match": "all", "conditions": [{"question": "visit", "is": "most", "value": 2}]}
    rows: list[tuple[Any, ...]] = [
        ("visit", kinds.FACES, 1, 5, "How was your visit?", "Wie war Ihr Besuch?", feeds[0], {}),
        ("why", kinds.SHORT, None, None, "What went wrong?", "Was ist schiefgegangen?", None, poor),
        ("next", kinds.YES_NO, 0, 1, "Do you know what is next?", "Wissen Sie, was folgt?", feeds[1], {}),
        ("comment", kinds.TEXT, None, None, "Anything we should know?", "Noch etwas?", None, {}),
    ]
    for position, (key, kind, low, high, wording, german, measure, rule) in enumerate(rows):
        question = Question.objects.create(
            version=version,
            key=key,
            position=position,
            kind=kind,
            scale_low=low,
            scale_high=high,
            measure=measure,
            show_if=rule,
        )
        QuestionText.objects.create(question=question, language="en", wording=wording)
        QuestionText.objects.create(question=question, language="de", wording=german)
    told = {"unit": unit, "questionnaire": questionnaire}
    Collector.objects.create(slug=f"{slug}-api", name=slug, kind=Collector.Kind.API, **told)
    return Collector.objects.create(slug=slug, name=slug, **told)


RESPONSES = """
    insert into feedback_response (reference, receipt_code, uid, body_hash, collector_id, unit_id,
      version_id, language, received_at, service_date, has_comment, search, is_spam, spam_reason,
      is_test, is_themed, consent, has_agreed)
    select 'B' || n, 'R' || n, gen_random_uuid(), '', %(collector)s, units.ids[1 + n %% %(units)s],
      %(version)s, 'en', now(), date '2025-11-01' + (n / 7) %% 365, n %% 10 = 0, '', false, '',
      false, true, '', false
    from generate_series(1, %(responses)s) n,
      (select array_agg(id) ids from organisation_unit where slug like 'branch%%') units
"""
ANSWERS_OF_THEM = """
    insert into feedback_answer (response_id, question_id, value, is_na, text, measure_id, unit_id,
      day, series)
    select response.id, questions.ids[1 + (k + response.id) %% %(measures)s],
      1 + (response.id * 7 + k * 3) %% 5, false, '',
      measures.ids[1 + (k + response.id) %% %(measures)s], response.unit_id, response.service_date, 1
    from feedback_response response, generate_series(0, 9) k,
      (select array_agg(id order by id) ids from charter_measure) measures,
      (select array_agg(id order by id) ids from feedback_question where version_id = %(version)s)
      questions
    where response.collector_id = %(collector)s
"""


def answers(collector: Collector, count: int) -> None:
    """`count` answers spread over measures, units, days and values, inserted by the database itself.

    Ten answers a response: each response answers ten measures, so that the tables have real shapes. The
    index of the buckets is made afterwards and no foreign key is looked up (that needs a superuser):
    else ten million rows take most of an hour.
    """
    told = {
        "collector": collector.pk,
        "version": collector.questionnaire.versions.get().pk,
        "units": UNITS,
        "measures": MEASURES,
        "responses": count // 10,
    }
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("select indexdef from pg_indexes where indexname = 'answer_bucket'")
        (bucket_index,) = cursor.fetchone()
        cursor.execute("drop index answer_bucket")
        cursor.execute(RESPONSES, told)
        cursor.execute(ANSWERS_OF_THEM, told)
        cursor.execute("set maintenance_work_mem = '512MB'")
        cursor.execute(bucket_index)
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


def survey(root: Unit, feeds: list[Measure]) -> Collector:
    """A questionnaire with one question a measure, whose answers `answers` writes."""
    questionnaire = Questionnaire.objects.create(key="survey", name="Survey")
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, published_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    Question.objects.bulk_create(
        Question(
            version=version,
            key=f"question-{n}",
            position=n,
            kind=Question.Kind.FACES,
            scale_low=1,
            scale_high=5,
            measure=measure,
        )
        for n, measure in enumerate(feeds)
    )
    return Collector.objects.create(slug="survey", name="Survey", unit=root, questionnaire=questionnaire)
