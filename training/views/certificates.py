"""What somebody holds: the certificate, its public check, the history to take along."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.export import table_response
from common.languages import asked_language, speaking
from common.pdf import pdf_response
from common.policy import PUBLIC, policy, require
from organisation.access import person_of
from organisation.days import local_day, organisation_day, organisation_zone
from organisation.models import Installation
from training.certificate_document import certificate_data, transcript_data
from training.models import Assignment, Certificate


@policy(PUBLIC)
@require_safe
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """Anybody with the reference may check it, for ever, in the language of the course or of the address.

    No session is looked at.
    """
    found = Certificate.objects.select_related("course").filter(reference=reference.upper()).first()
    if found is None:
        return _asked_again(request, reference)
    today = organisation_day(timezone.now())
    context = {"certificate": found, "is_expired": found.is_expired(today), "today": today}
    with speaking(asked_language(request), found.language):
        response = render(request, "training/certificate.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@policy(PUBLIC)
@require_safe
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Where the number of a certificate is typed. No session is looked at."""
    number = request.GET.get("number", "").strip()
    found = Certificate.objects.filter(reference=number.upper()).first() if number.isprintable() else None
    if found is None:
        return _asked_again(request, number)
    language = asked_language(request)
    return redirect(found.get_absolute_url() + (f"?language={language}" if language else ""))


def _asked_again(request: HttpRequest, number: str) -> HttpResponse:
    """The field to type a number; where one was typed, that no certificate has it."""
    with speaking(asked_language(request)):
        context = {"number": number, "language": asked_language(request)}
        response = render(request, "training/certificate_check.html", context, status=404 if number else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@policy("training.learn")
@require_safe
def certificate_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The document that one frames."""
    rows = Certificate.objects.visible_to(request.user).select_related("course", "assignment__person")
    found = get_object_or_404(rows.distinct(), reference=reference)
    require(request.user, "training.learn", found.assignment)
    if found.is_withdrawn:
        return redirect(found)
    data = certificate_data(found, Installation.current(), get_language() or "en")
    return pdf_response(f"certificate-{found.reference}", "certificate", data)


def history_of(person: Any) -> list[Assignment]:
    """All cycles of the person, the newest first."""
    rows = Assignment.objects.filter(person=person).select_related("course", "certificate")
    return list(rows.prefetch_related("course__texts").order_by("-assigned_at", "-pk"))


@policy("training.learn")
@require_safe
def transcript(request: HttpRequest) -> HttpResponseBase:
    """The own history, to read or to take along as a table."""
    person = person_of(request)
    history = history_of(person)
    today = local_day(person, timezone.now())
    kind = request.GET.get("export")
    if kind in ("csv", "xlsx"):
        return table_response(kind, "transcript", history_header(), history_rows(history))
    return render(request, "training/transcript.html", {"history": history, "today": today})


def history_header() -> list[Any]:
    return [
        _("Course"),
        _("Cycle"),
        _("State"),
        _("Assigned on"),
        _("Due on"),
        _("Completed on"),
        _("Valid until"),
        _("Certificate"),
    ]


def history_rows(history: Iterable[Assignment]) -> Iterator[list[Any]]:
    """The lines of the table to take along. Days are the organisation's."""
    zone = organisation_zone()
    return (_history_row(each, zone) for each in history)


def _history_row(each: Assignment, zone: tzinfo) -> list[Any]:
    proof = each.proof
    return [
        str(each.course),
        each.cycle,
        str(each.get_state_display()),
        each.assigned_at.astimezone(zone).date().isoformat(),
        each.due_on.isoformat(),
        proof.issued_on.isoformat() if proof else "",
        proof.expires_on.isoformat() if proof and proof.expires_on else "",
        proof.reference if proof else "",
    ]


@policy("training.learn")
@require_safe
def transcript_pdf(request: HttpRequest) -> HttpResponse:
    """The same as a document."""
    person = person_of(request)
    today = local_day(person, timezone.now())
    data = transcript_data(person, history_of(person), Installation.current(), today, get_language() or "en")
    return pdf_response(f"transcript-{date_format(today, 'Y-m-d')}", "transcript", data)
