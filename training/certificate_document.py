"""The data of the training documents, as they are printed (templates/pdf/certificate.typ, transcript.typ)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisation.models import Installation, User
from training.models import Assignment, Certificate


def _house(installation: Installation | None, language: str) -> dict[str, Any]:
    return {
        "organisation": installation.name if installation else "",
        "colour": installation.colour if installation else "#0f6b6b",
        "language": language.split("-")[0],
        "missing_note": _("□ stands for a character that this document cannot print."),
    }


def certificate_data(
    certificate: Certificate, installation: Installation | None, language: str
) -> dict[str, Any]:
    words = certificate.course.text(certificate.language)
    address = settings.BASE_URL + certificate.get_absolute_url()
    return _house(installation, language) | {
        "title": _("Certificate: %(course)s") % {"course": certificate.course_title},
        "heading": _("Certificate"),
        "says": _("This certifies that"),
        "person": certificate.person_name,
        "did": _("has completed the course"),
        "course": certificate.course_title,
        "course_language": certificate.language,
        "summary": words.summary if words else "",
        "issued": [_("Issued on"), date_format(certificate.issued_on, "DATE_FORMAT")],
        "expires": (
            [_("Valid until"), date_format(certificate.expires_on, "DATE_FORMAT")]
            if certificate.expires_on
            else [_("Valid"), _("for good")]
        ),
        "reference": [_("Certificate number"), certificate.reference],
        "check": _("Anybody can check it here:"),
        "address": address,
    }


def transcript_data(
    person: User,
    history: Iterable[Assignment],
    installation: Installation | None,
    today: date,
    language: str,
) -> dict[str, Any]:
    return _house(installation, language) | {
        "title": _("Training of %(name)s") % {"name": person.name},
        "person": person.name,
        "as_of": _("As of %(day)s") % {"day": date_format(today, "DATE_FORMAT")},
        "header": [_("Course"), _("State"), _("Completed on"), _("Valid until"), _("Certificate")],
        "rows": [_row(each) for each in history],
        "none": _("No course yet."),
        "check": _("Anybody can check a certificate here:"),
        "address": f"{settings.BASE_URL}/certificates/…",
    }


def _row(each: Assignment) -> list[str]:
    proof = each.proof
    valid = ""
    if proof:
        valid = date_format(proof.expires_on, "SHORT_DATE_FORMAT") if proof.expires_on else _("for good")
    return [
        str(each.course),
        str(each.get_state_display()),
        date_format(proof.issued_on, "SHORT_DATE_FORMAT") if proof else "",
        valid,
        proof.reference if proof else "",
    ]
