"""Answers that count for a figure, and tallies that are up to date."""

from datetime import UTC, date, datetime
from typing import Any

from charter.models import Measure, StaleBucket
from common.period import Period
from feedback.models import Answer, Question
from feedback.tests.factories import (
    CollectorFactory,
    QuestionFactory,
    ResponseFactory,
    answer,
)
from organisation.models import Unit
from scoreboard.actions import recompute_stale_results
from scoreboard.models import DailyTally, MonthlyTally, Report, ReportSnapshot


def question_for(measure: Measure, **kwargs: Any) -> Question:
    """A published question that feeds the measure."""
    scale = {"scale_low": measure.scale_low, "scale_high": measure.scale_high}
    return QuestionFactory(measure=measure, kind=Question.Kind.RATING, **(scale | kwargs))


def collector_for(question: Question, unit: Unit) -> Any:
    """The one collector that asks the question in the unit."""
    questionnaire = question.version.questionnaire
    return questionnaire.collectors.filter(unit=unit).first() or CollectorFactory(
        unit=unit, questionnaire=questionnaire
    )


def answers(
    question: Question, unit: Unit, day: date, values: dict[int | None, int], **kwargs: Any
) -> list[Answer]:
    """`values` says how many gave which answer (None: does not apply); their buckets are stale."""
    collector = collector_for(question, unit)
    made = []
    for value, number in values.items():
        for _each in range(number):
            response = ResponseFactory(
                collector=collector,
                version=question.version,
                received_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                service_date=day,
                **kwargs,
            )
            made.append(answer(response, question, value, is_na=value is None))
    stale(question.measure, unit, day)
    return made


def stale(measure: Measure | None, unit: Unit, day: date) -> None:
    StaleBucket.objects.create(measure=measure, unit=unit, day=day)


def counted(question: Question, unit: Unit, day: date, values: dict[int | None, int]) -> None:
    """Answers whose tallies are up to date."""
    answers(question, unit, day, values)
    recompute_stale_results()


def tally(
    measure: Measure, unit: Unit, day: date, high: int, n: int, series: int = 1, *, month: bool = True
) -> None:
    """Tallies of a yes/no measure without the answers behind them; one day a month, please, or the others
    without their `month`."""
    values = {"0": n - high, "1": high}
    sums = {"n": n, "total": high, "squares": high, "high": high, "low": 0, "na": 0, "values": values}
    DailyTally.objects.create(measure=measure, unit=unit, day=day, series=series, **sums)
    if month:
        first = day.replace(day=1)
        MonthlyTally.objects.create(measure=measure, unit=unit, month=first, series=series, **sums)


def report_of(unit: Unit, code: str, *, finished: bool = False) -> Report:
    """A report without any figure; a finished one is frozen."""
    period = Period.parse(code)
    report = Report.objects.create(
        unit=unit,
        kind=Report.Kind.MONTHLY,
        start=period.start,
        end=period.end,
        state=Report.State.FINISHED if finished else Report.State.DRAFT,
    )
    if finished:
        words = {"code": code, "words": code}
        ReportSnapshot.objects.create(
            report=report,
            content={
                "language": "en",
                "organisation": "Harbour City Services",
                "colour": "#0f6b6b",
                "unit": {"slug": unit.slug, "name": unit.name},
                "period": words,
                "before": words,
                "made_on": "3 November 2026",
                "responses": {"printed": "No responses."},
                "verdicts": {},
                **{name: [] for name in ("units_below", "editions", "measures", "sections", "rules")},
            },
        )
    return report
