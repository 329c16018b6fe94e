"""What differs between two editions, or an edition and the draft; and why, with what shows it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from charter import actions
from charter.actions.publish import frozen
from charter.differences import Change, differences
from charter.forms.fields import language_of
from charter.forms.reviews import ReasonForm, digest
from charter.languages import choices_for
from charter.models import ChangeReason, Charter, Edition
from charter.views.doors import acting, charter_for, own_charter, posted
from common.citations import Citation, citations_for, read_citation
from common.policy import policy

DRAFT = "draft"


def _frozen_draft(charter: Charter) -> dict[str, Any]:
    return frozen(charter, charter.local_day(timezone.now()))


def _numbered(editions: list[Edition], asked: str | None, fallback: Edition | None) -> Edition | None:
    """The edition with the number asked for. Raises Http404 for one that there is not."""
    if not asked:
        return fallback
    found = next((each for each in editions if str(each.number) == asked), None)
    if found is None:
        raise Http404
    return found


@policy("charter.read")
@require_GET
def difference(request: HttpRequest, unit: str) -> HttpResponse:
    """`?from=1&to=2`, or `to=draft`; without numbers the last edition against the draft."""
    charter = charter_for(request.user, unit)
    editions = list(charter.editions.all())
    language = language_of(request.GET.get("language"))
    to_draft = request.GET.get("to", DRAFT) == DRAFT
    newer = None if to_draft else _numbered(editions, request.GET.get("to"), None)
    older = _numbered(editions, request.GET.get("from"), _before(editions, newer))
    content = newer.content if newer else _frozen_draft(charter)
    reasons = newer.changes if newer else [each.frozen() for each in charter.change_reasons.all()]
    written = content.get("texts", {})
    context = {
        "charter": charter,
        "editions": editions,
        "older": older,
        "newer": newer,
        "changes": differences(older.content if older else {}, content, language, reasons),
        "may_explain": to_draft
        and (not editions or older == editions[0])
        and request.user.has_perm("charter.edit", charter),
        "languages": [each for each in choices_for(written, language) if each.code in written],
        "language": language,
    }
    return render(request, "charter/difference.html", context)


def _before(editions: list[Edition], newer: Edition | None) -> Edition | None:
    """The edition just before; the last one, seen from the draft."""
    earlier = [each for each in editions if newer is None or each.number < newer.number]
    return earlier[0] if earlier else None


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def change_explain(request: HttpRequest, unit: str, part: str) -> HttpResponse:
    """Why one part of the draft changes; 404 for a part that is as it was."""
    charter = own_charter(request.user, unit)
    change = _change_of(charter, part, language_of(None))
    reason = ChangeReason.objects.filter(charter=charter, part=part).first()
    kept = [read_citation(row) for row in reason.evidence] if reason else []
    form = ReasonForm(
        posted(request),
        offered=dict.fromkeys([*kept, *_offered(charter, part)]),
        initial={
            "why": reason.why if reason else "",
            "version": reason.version if reason else 0,
            "cited": [digest(each) for each in kept],
        },
    )
    conflict, status = False, 422 if form.errors else 200
    if form.is_valid():
        try:
            actions.explain_change(
                charter=charter,
                part=part,
                title=change.part.title,
                why=form.cleaned_data["why"],
                evidence=form.evidence,
                expected_version=form.expected_version,
                by=acting(request),
            )
        except actions.WordsChangedMeanwhile:
            form.keep_over(reason.version if reason else 0, {})
            conflict, status = True, 409
        else:
            messages.success(request, _("Kept. It is published with the next edition."))
            return redirect(f"{reverse('charter:difference', args=[unit])}#{change.part.anchor}")
    context = {"charter": charter, "change": change, "form": form, "conflict": conflict, "reason": reason}
    return render(request, "charter/change_explain.html", context, status=status)


def _change_of(charter: Charter, part: str, language: str) -> Change:
    last = charter.editions.first()
    changes = differences(last.content if last else {}, _frozen_draft(charter), language)
    found = next((change for change in changes if change.part.key == part), None)
    if found is None:
        raise Http404
    return found


def _offered(charter: Charter, part: str) -> list[Citation]:
    """What the rooms above offer for the standard that changes."""
    kind, _colon, key = part.partition(":")
    if kind != "standard":
        return []
    standard = charter.standards.filter(key=key).first()
    return citations_for(standard) if standard else []
