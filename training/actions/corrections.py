"""A mark that was wrong is corrected, with a reason; what follows from it follows the rules (decision 44)."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organisation.actions.mail import queue_mail
from organisation.days import local_day
from organisation.models import User
from training import marking
from training.actions.attempts import MOST_REMARK, MarkingRefused, close_marking
from training.actions.complete import done_at, issue_certificate, percentages, quiz_of, settle, state_of
from training.actions.turns import ChangedMeanwhile, What, hold, record
from training.models import Assignment, AttemptQuestion, Certificate, MarkCorrection, QuestionVersion

State = Assignment.State


class TakesCertificate(Exception):
    """With the new mark the quiz is not passed: the certificate would be withdrawn. `args[0]` is it."""


@transaction.atomic
def correct_mark(
    question: AttemptQuestion,
    *,
    mark: Decimal,
    reason: str,
    by: User,
    seen: int,
    remark: str = "",
    withdraw: bool = False,
    at: datetime | None = None,
) -> None:
    """Give a marked open answer other points; the mark before stays readable with the reason.

    The attempt gets its percentage anew. A cycle that failed and passes now is completed; a completed one
    that does not pass any more fails and loses its certificate, which has to be said (`withdraw`).
    `seen` is how many corrections the page showed. Raises MarkingRefused, ChangedMeanwhile,
    ValidationError without a reason or a change, or while another attempt that would decide on the
    certificate waits for its marks; TakesCertificate.
    """
    at = at or timezone.now()
    attempt = question.attempt
    held = hold(attempt.assignment)
    question.refresh_from_db()
    before = _mark_before(question, held, mark=mark, by=by)
    if question.corrections.count() != seen:
        raise ChangedMeanwhile(held.reference)
    if not reason.strip():
        raise ValidationError(_("Say why the mark is corrected."))
    if (mark, remark) == (question.mark, question.remark):
        raise ValidationError(_("Nothing is changed: give other points, or another remark."))
    _write(question, before=before, mark=mark, remark=remark[:MOST_REMARK], reason=reason, by=by, at=at)
    close_marking(attempt, list(attempt.questions.all()), at)
    note = _("From %(before)s to %(after)s points: %(reason)s")
    note %= {"before": f"{before.normalize():f}", "after": f"{mark.normalize():f}", "reason": reason}
    record(held.course, What.CORRECTED, by=by, at=at, assignment=held, note=note)
    _settle_anew(held, reason=reason, by=by, withdraw=withdraw, at=at)


def _mark_before(question: AttemptQuestion, held: Assignment, *, mark: Decimal, by: User) -> Decimal:
    """The mark that is to be corrected. Raises MarkingRefused where that cannot be."""
    is_open_text = question.version.kind == QuestionVersion.Kind.OPEN
    if by.pk == held.person_id or not is_open_text or question.mark is None:
        raise MarkingRefused(question.pk)
    if not 0 <= mark <= question.points:
        raise MarkingRefused(question.pk)
    return question.mark


def _write(
    question: AttemptQuestion,
    *,
    before: Decimal,
    mark: Decimal,
    remark: str,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    MarkCorrection.objects.create(
        question=question,
        mark=before,
        remark=question.remark,
        marked_by=question.marked_by,
        marked_at=question.marked_at,
        new_mark=mark,
        reason=reason,
        by=by,
        at=at,
    )
    question.mark, question.remark, question.marked_by, question.marked_at = mark, remark, by, at
    question.save(update_fields=["mark", "remark", "marked_by", "marked_at"])


def _settle_anew(held: Assignment, *, reason: str, by: User, withdraw: bool, at: datetime) -> None:
    """What the corrected mark makes of the cycle. What is waived stays waived."""
    if held.is_open:
        settle(held, by=by, at=at)
        return
    quiz = quiz_of(held.version) if held.version else None
    if quiz is None:
        return
    result = quiz.result(percentages(held))
    is_passed = result == marking.PASSED
    if held.state == State.COMPLETED and result == marking.AWAITING:
        raise ValidationError(_mark_first(held))
    if held.state == State.COMPLETED and not is_passed:
        _withdraw(held, reason=reason, by=by, agreed=withdraw, at=at)
    elif held.state == State.FAILED and is_passed:
        _take_failure_back(held, by=by, at=at)


def _mark_first(held: Assignment) -> str:
    """What waits for marks is neither passed nor failed, so nothing can be said of the certificate yet."""
    waiting = held.attempts.awaiting().first()
    words = _("Attempt %(number)s still waits to be marked, and may keep the certificate. Mark it first.")
    return words % {"number": waiting.number if waiting else ""}


def _withdraw(held: Assignment, *, reason: str, by: User, agreed: bool, at: datetime) -> None:
    certificate = Certificate.objects.get(assignment=held)
    if not agreed:
        raise TakesCertificate(certificate)
    certificate.withdrawn_on = local_day(held.person, at)
    certificate.withdrawal_reason = reason
    certificate.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    Assignment.objects.filter(pk=held.pk).update(state=State.FAILED)
    note = f"{certificate.reference}: {reason}"
    record(held.course, What.WITHDRAWN, by=by, at=at, assignment=held, note=note)
    _tell(held, certificate, at)


def _take_failure_back(held: Assignment, *, by: User, at: datetime) -> None:
    """Completed, with the certificate of the cycle; or open again where lessons are still to be done and
    no newer cycle has taken its place."""
    state = state_of(held)
    others = Assignment.objects.filter(person=held.person, course=held.course)
    if state != State.COMPLETED:
        if not others.filter(cycle__gt=held.cycle).exists():
            Assignment.objects.filter(pk=held.pk).update(state=state, finished_at=None)
        return
    held.state, held.finished_at = state, done_at(held, at)
    held.save(update_fields=["state", "finished_at"])
    certificate = issue_certificate(held, at=at)
    what = What.COMPLETED
    if certificate.is_withdrawn:
        certificate.withdrawn_on, certificate.withdrawal_reason = None, ""
        certificate.save(update_fields=["withdrawn_on", "withdrawal_reason"])
        what = What.REINSTATED
    record(held.course, what, by=by, at=at, assignment=held, note=certificate.reference)


def _tell(held: Assignment, certificate: Certificate, at: datetime) -> None:
    person = held.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "person": person,
            "certificate": certificate,
            "address": settings.BASE_URL + reverse("training:assignment", args=[held.reference]),
        }
        body = render_to_string("training/letters/certificate_withdrawn.txt", context)
        queue_mail(to=person.email, subject=_("A certificate is withdrawn"), body=body, at=at)
