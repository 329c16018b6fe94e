"""Reports: begun, given comments, made once from a frozen snapshot, archived."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.period import Period
from common.text import search_form
from feedback.models import Person, Response
from feedback.said import comment_of, written
from organisation.actions.jobs import enqueue_job, is_under_way
from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period, claimed_periods
from organisation.models import Installation, Job, Unit, User
from scoreboard import pooling
from scoreboard.models import Report, ReportComment, ReportEvent, ReportPlan, ReportSnapshot
from scoreboard.reports.periods import kind_of
from scoreboard.reports.snapshot import content_of
from scoreboard.settled import is_settled, local_date

REPORT_JOB = "scoreboard.report"
DUE = "report"
MOST_COMMENTS = 12
State, What = Report.State, ReportEvent.What


class NotADraft(Exception):
    """The report is being made, or made, already."""


def begin_report(*, unit: Unit, period: Period, by: User | None, at: datetime | None = None) -> Report:
    """The report of a unit and period: begun now, or the one that is there already.

    Raises ValidationError where the period is no month, quarter or year, or is not over.
    """
    at = at or timezone.now()
    kind = kind_of(period)
    if kind is None:
        raise ValidationError(_("A report is about a month, a quarter or a year."))
    if period.end > local_date(unit, at):
        raise ValidationError(
            _("%(period)s is not over yet."), params={"period": str(period)}, code="not_over"
        )
    standing = Report.objects.filter(unit=unit, start=period.start, end=period.end, archived_at__isnull=True)
    report = Report(unit=unit, kind=kind, start=period.start, end=period.end, created_by=by, created_at=at)
    report.search = search_form(f"{report.reference} {unit.name} {period.code} {period}")
    try:
        with transaction.atomic():
            if found := standing.first():
                return found
            report.save()
            ReportEvent.objects.create(report=report, what=What.BEGUN, by=by, at=at)
    except IntegrityError:
        return standing.get()
    return report


def eligible_comments(report: Report) -> "QuerySet[Response]":
    """What customers of the unit and of those below it wrote in the period, and what still counts."""
    found = Response.objects.none()
    for span in pooling.spans_of(report.unit_id, report.period, pooling.Placements.read()):
        found = found | Response.objects.countable().filter(
            unit__in=span.units, service_date__gte=span.start, service_date__lt=span.end
        )
    return found.filter(has_comment=True, erased_at__isnull=True)


@transaction.atomic
def choose_comments(
    report: Report,
    *,
    shown: Collection[str],
    chosen: Collection[str],
    by: User,
    at: datetime | None = None,
) -> int:
    """Of the comments that were shown take these and no others; how many the report has now.

    Raises NotADraft where the report is made already, ValidationError for more than it can hold.
    """
    at = at or timezone.now()
    if not Report.objects.filter(pk=report.pk, state=State.DRAFT).update(state=State.DRAFT):
        raise NotADraft(report.reference)
    wanted = eligible_comments(report).filter(reference__in=set(chosen) & set(shown))
    report.comments.filter(response__reference__in=set(shown)).exclude(response__in=wanted).delete()
    rows = [ReportComment(report=report, response=response) for response in wanted]
    ReportComment.objects.bulk_create(rows, ignore_conflicts=True)
    count = report.comments.count()
    if count > MOST_COMMENTS:
        raise ValidationError(
            _("A report holds at most %(most)d comments; these would be %(count)d."),
            params={"most": MOST_COMMENTS, "count": count},
        )
    ReportEvent.objects.create(report=report, what=What.COMMENTS, note=str(count), by=by, at=at)
    return count


@transaction.atomic
def ask_for_report(report: Report, *, by: User | None, at: datetime | None = None) -> Job | None:
    """Have the report made by background work. None where it has been asked for already.

    Where the work was given up, it can be asked for again.
    """
    at = at or timezone.now()
    states = [State.DRAFT, State.MAKING] if is_given_up(report) else [State.DRAFT]
    if not Report.objects.filter(pk=report.pk, state__in=states).update(state=State.MAKING):
        return None
    ReportEvent.objects.create(report=report, what=What.ASKED, by=by, at=at)
    return enqueue_job(kind=REPORT_JOB, subject=report.reference, by=by, at=at)


def is_given_up(report: Report) -> bool:
    """It was to be made, and no work is waiting or running that would make it."""
    asked = Report.objects.filter(pk=report.pk, state=State.MAKING).exists()
    return asked and not is_under_way(kind=REPORT_JOB, subject=report.reference)


def make_report(report: Report, *, at: datetime | None = None) -> None:
    """Freeze the figures, as printed and unrounded. Run again, or by two at once, it has one effect."""
    at = at or timezone.now()
    if report.state != State.MAKING:
        return
    installation = Installation.current()
    with translation.override(installation.language if installation else settings.LANGUAGE_CODE):
        content = content_of(report, at=at)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        with transaction.atomic():
            won = Report.objects.filter(pk=report.pk, state=State.MAKING).update(
                state=State.FINISHED, finished_at=at
            )
            if not won:
                return
            digest = hashlib.sha256(text.encode()).hexdigest()
            ReportSnapshot.objects.create(report=report, content=content, sha256=digest, made_at=at)
            _freeze_comments(report)
            ReportEvent.objects.create(report=report, what=What.MADE, at=at)
            _tell_readers(report, at)


def _freeze_comments(report: Report) -> None:
    """The words as they are printed, without personal data; what does not count any more is left out."""
    report.comments.exclude(response__in=eligible_comments(report)).delete()
    for comment in worded(report):
        comment.save(update_fields=["text"])


def worded(report: Report) -> list[ReportComment]:
    """The chosen comments in the words that the report would print now; nothing is saved."""
    comments = report.comments.select_related("response__person", "response__unit")
    found = list(comments.prefetch_related(written("response__answers")))
    for comment in found:
        person: Person | None = getattr(comment.response, "person", None)
        comment.text = comment_of(comment.response, mask=True, person=person)
    return found


def _tell_readers(report: Report, at: datetime) -> None:
    plan = ReportPlan.objects.filter(unit=report.unit).first()
    if plan is None:
        return
    subject = _("%(kind)s: %(unit)s, %(period)s") % {
        "kind": report.get_kind_display(),
        "unit": report.unit.name,
        "period": report.period,
    }
    body = render_to_string("scoreboard/letters/report.txt", {"report": report, "address": settings.BASE_URL})
    for reader in plan.readers.filter(is_active=True):
        queue_mail(to=reader.email, subject=subject, body=body, at=at)


@transaction.atomic
def archive_report(report: Report, *, by: User, at: datetime | None = None) -> bool:
    """Take it off the list; its address stays. False where it is archived already, or just being made.

    One whose making was given up is a draft again, so that nothing makes it in the archive.
    """
    at = at or timezone.now()
    if is_given_up(report):
        Report.objects.filter(pk=report.pk, state=State.MAKING).update(state=State.DRAFT)
    won = Report.objects.filter(pk=report.pk, archived_at__isnull=True).exclude(state=State.MAKING)
    if not won.update(archived_at=at):
        return False
    ReportEvent.objects.create(report=report, what=What.ARCHIVED, by=by, at=at)
    return True


def restore_report(report: Report, *, by: User, at: datetime | None = None) -> bool:
    """Put it back on the list. False where it is there, or another report of the same period is."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            archived = Report.objects.filter(pk=report.pk, archived_at__isnull=False)
            if not archived.update(archived_at=None):
                return False
            ReportEvent.objects.create(report=report, what=What.RESTORED, by=by, at=at)
    except IntegrityError:
        return False
    return True


def make_due_reports(*, at: datetime | None = None) -> int:
    """The reports that units get by themselves, from the 3rd of a month on; how many were asked for.

    Each period once, whoever asks; what was missed is caught up. What a manager has prepared is made as it
    stands.
    """
    at = at or timezone.now()
    plans = ReportPlan.objects.filter(unit__archived_at__isnull=True).select_related("unit")
    return sum(_make_due(plan, at) for plan in plans)


def _make_due(plan: ReportPlan, at: datetime) -> int:
    today = local_date(plan.unit, at)
    taken = {Period.parse(code) for code in claimed_periods(job=DUE, scope=plan.unit.slug)}
    asked = 0
    for period in plan.periods_due(today, taken):
        if not is_settled(period, today):
            continue
        with transaction.atomic():
            if claim_period(job=DUE, scope=plan.unit.slug, period=period.code, at=at):
                report = begin_report(unit=plan.unit, period=period, by=None, at=at)
                asked += ask_for_report(report, by=None, at=at) is not None
    return asked


def forget_erased_comments() -> int:
    """Words of cards that their customers have had erased leave the reports too. Run by the schedule."""
    erased = ReportComment.objects.exclude(text="").filter(response__erased_at__isnull=False)
    return erased.update(text="")
