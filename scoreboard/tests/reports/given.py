"""What the tests of reports share: a moment, a month, and the steps of a report."""

import io
from datetime import UTC, date, datetime

from pypdf import PdfReader

from common.period import Period
from feedback.tests.factories import (
    CollectorFactory,
    QuestionFactory,
    ResponseFactory,
    VersionFactory,
    answer,
)
from scoreboard.actions import reports
from scoreboard.models import Report, ReportPlan
from scoreboard.reports import printing

AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
OCTOBER = Period.parse("2026-10")
HOSTILE = '=cmd|" /C calc"!A0 #panic("x") <script>alert(1)</script> 😀 漢字'


def comment(unit, text, day=date(2026, 10, 12), **kwargs):
    place = CollectorFactory(unit=unit)
    question = QuestionFactory(
        version=VersionFactory(questionnaire=place.questionnaire),
        kind="text",
        scale_low=None,
        scale_high=None,
    )
    response = ResponseFactory(
        collector=place, version=question.version, service_date=day, has_comment=True, **kwargs
    )
    answer(response, question, None, text=text)
    return response


def choose(report, manager, *responses):
    references = [response.reference for response in responses]
    return reports.choose_comments(report, shown=references, chosen=references, by=manager)


def made(report, at=AT):
    reports.ask_for_report(report, by=None, at=at)
    report.refresh_from_db()
    reports.make_report(report, at=at)
    return Report.objects.get(pk=report.pk)


def text_of(report):
    reader = PdfReader(io.BytesIO(printing.pdf_of(report, report.snapshot.content)))
    return "\n".join(page.extract_text() for page in reader.pages)


def plan(unit, *readers, **kinds):
    found = ReportPlan.objects.create(unit=unit, **kinds)
    found.readers.set(readers)
    return found
