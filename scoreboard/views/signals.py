"""Signals: what was noticed, and what people decide about it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.actions.jobs import enqueue_job
from organisation.forms import posted
from scoreboard.actions import signal_letters, signals
from scoreboard.models import Signal
from scoreboard.signal_forms import DismissForm, RhythmForm, SignalSearch
from scoreboard.signal_job import EVERYWHERE, SCAN_JOB
from scoreboard.signal_words import sentence_of


@policy("scoreboard.read")
@require_safe
def signal_list(request: HttpRequest) -> HttpResponseBase:
    search = SignalSearch(request.GET, user=request.user)
    visible = Signal.objects.visible_to(request.user).with_words()
    found = search.filter(visible, timezone.now().date())
    if request.GET.get("export"):
        return table_response(request.GET["export"], "signals", _header(), _lines(found))
    page = page_of(request, found)
    for signal in page.object_list:
        signal.sentence = sentence_of(signal)
    context = {
        "search": search,
        "page": page,
        "may_scan": request.user.has_perm("scoreboard.scan"),
        "is_empty": not Signal.objects.exists(),
    }
    return render(request, "scoreboard/signals.html", context)


def _header() -> list[Any]:
    return [
        *(_("Code"), _("Kind"), _("Standard or place"), _("Measure"), _("Unit"), _("Period from")),
        *(_("What was noticed"), _("State"), _("Reason"), _("Decided by"), _("Found")),
    ]


def _lines(found: Any) -> Iterator[list[Any]]:
    for signal in found:
        measure = signal.measure
        yield [
            signal.reference,
            signal.get_kind_display(),
            str(measure.standard) if measure else signal.collector.name,
            measure.name if measure else "",
            signal.unit.name,
            signal.period.isoformat(),
            sentence_of(signal),
            signal.get_state_display(),
            signal.reason,
            str(signal.decided_by or ""),
            signal.found_at.isoformat(timespec="minutes"),
        ]


def _signal_for(request: HttpRequest, reference: str) -> Signal:
    visible = Signal.objects.visible_to(request.user).with_words()
    return get_object_or_404(visible, reference=reference)


def _page(request: HttpRequest, signal: Signal, form: DismissForm) -> HttpResponse:
    context = {
        "signal": signal,
        "sentence": sentence_of(signal),
        "events": signal.events.select_related("by"),
        "form": form,
        "may_decide": request.user.has_perm("scoreboard.decide", signal),
    }
    status = 422 if form.is_bound else 200
    return render(request, "scoreboard/signal_detail.html", context, status=status)


@policy("scoreboard.read")
@require_safe
def signal_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _signal_for(request, reference), DismissForm())


@policy("scoreboard.decide")
@require_POST
def signal_dismiss(request: HttpRequest, reference: str) -> HttpResponse:
    signal = _signal_for(request, reference)
    require(request.user, "scoreboard.decide", signal)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _page(request, signal, form)
    try:
        signals.dismiss_signal(signal, reason=form.cleaned_data["reason"], by=person_of(request))
        messages.success(request, _("Put aside. It does not come back by itself."))
    except signals.AlreadyDecided:
        messages.warning(request, _("A colleague has already put it aside."))
    return redirect("scoreboard:signals")


@policy("scoreboard.decide")
@require_POST
def signal_seen(request: HttpRequest, reference: str) -> HttpResponse:
    signal = _signal_for(request, reference)
    require(request.user, "scoreboard.decide", signal)
    try:
        signals.mark_seen(signal, by=person_of(request))
        messages.success(request, _("Marked as seen."))
    except signals.AlreadyDecided:
        messages.warning(request, _("A colleague has already looked at it."))
    return redirect(signal)


@policy("scoreboard.decide")
@require_POST
def signal_reopen(request: HttpRequest, reference: str) -> HttpResponse:
    signal = _signal_for(request, reference)
    require(request.user, "scoreboard.decide", signal)
    try:
        signals.reopen_signal(signal, by=person_of(request))
        messages.success(request, _("It is new again."))
    except signals.AlreadyDecided:
        messages.warning(request, _("It is not dismissed any more."))
    return redirect(signal)


@policy("scoreboard.scan")
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Look again now, as background work."""
    job = enqueue_job(kind=SCAN_JOB, subject=EVERYWHERE, by=person_of(request))
    return redirect("organisation:job_detail", reference=job.reference)


@policy("scoreboard.read")
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """How often the letter about signals comes."""
    person = person_of(request)
    form = RhythmForm(posted(request), initial={"rhythm": signal_letters.rhythm_of(person)})
    if request.method == "POST" and form.is_valid():
        signal_letters.choose_rhythm(person=person, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Saved."))
        return redirect("scoreboard:signals")
    status = 422 if form.is_bound else 200
    return render(request, "scoreboard/signal_letters.html", {"form": form}, status=status)
