"""Rounds of invitations for those who run them: words, list, start and stop, and the response rate."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import invitation_lists as lists
from feedback.actions import invitations as actions
from feedback.actions.anonymous import make_anonymous
from feedback.actions.files import KEEP_FILES
from feedback.actions.listening import ChangedMeanwhile
from feedback.forms.rounds import InvitationSearch, ListForm, RoundForm
from feedback.models import Collector, InvitationRound
from feedback.models.retention import retention_of
from feedback.persons import seen_state
from feedback.response_rate import standing_of
from feedback.views.collectors import collector_for
from organisation.access import person_of
from organisation.drafting import offer, settle
from organisation.forms import posted
from organisation.imports import ImportRefused, WrongState, read_bad_rows
from organisation.models import Import, Job


def round_for(user: Any, reference: str) -> InvitationRound:
    """The one door: rounds of the units that the user manages; else 404."""
    seen = InvitationRound.objects.visible_to(user).select_related("collector__unit")
    found = get_object_or_404(seen, reference=reference)
    require(user, "feedback.invite", found.collector)
    return found


@policy("feedback.invite")
@require_http_methods(["GET", "POST"])
def round_add(request: HttpRequest, slug: str) -> HttpResponse:
    collector = collector_for(request.user, slug)
    require(request.user, "feedback.invite", collector)
    if collector.kind != Collector.Kind.MAIL:
        raise Http404
    form = RoundForm(posted(request))
    if request.method == "POST" and form.is_valid():
        form.instance.collector, form.instance.created_by = collector, person_of(request)
        about = form.save()
        actions.save_texts(about, texts=form.texts())
        messages.success(request, _("Now the list: who is to be asked?"))
        return settle(request, redirect(about))
    context = {"form": form, "collector": collector, "draft": offer(request, form)}
    return render(request, "feedback/round_form.html", context, status=422 if form.is_bound else 200)


@policy("feedback.invite")
@require_http_methods(["GET", "POST"])
def round_edit(request: HttpRequest, reference: str) -> HttpResponse:
    about = round_for(request.user, reference)
    form = RoundForm(posted(request), instance=about)
    status, conflict = 422 if form.is_bound else 200, {}
    if request.method == "POST" and form.is_valid():
        standing, typed = round_for(request.user, reference), form.cleaned_data
        try:
            actions.change_round(standing, fields=typed, texts=form.texts(), seen=typed["seen"])
        except ChangedMeanwhile:
            conflict = {"conflict": True, "changed": form.keep_over(actions.round_stands(standing))}
            status = 409
        else:
            messages.success(request, _("Saved. Letters that have left stay as they are."))
            return settle(request, redirect(about))
    context = {"form": form, "round": about, "collector": about.collector, **conflict}
    context["draft"] = offer(request, form)
    return render(request, "feedback/round_form.html", context, status=status)


@policy("feedback.invite")
@require_http_methods(["GET", "POST"])
def round_detail(request: HttpRequest, reference: str) -> HttpResponseBase:
    """How the round stands; a POST with a file puts people on its list."""
    about = round_for(request.user, reference)
    form = ListForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            import_ = lists.send_list(about, file=form.cleaned_data["file"], by=person_of(request))
        except ImportRefused as refused:
            form.add_error("file", refused)
        else:
            return redirect("feedback:round_list", import_.reference)
    search = InvitationSearch(request.GET, is_anonymous=about.is_anonymous)
    found = search.filter(about.invitations.listed().select_related("response", "round"))
    if request.GET.get("export") == "csv":
        return _csv(about, found)
    context = {
        "round": about,
        "standing": standing_of([about])[about.pk],
        "form": form,
        "search": search,
        "page": page_of(request, found),
        "is_filtered": any(request.GET.get(name) for name in ("q", "state")),
        "texts": about.texts.order_by("pk"),
        "kept_days": retention_of(about.collector.questionnaire_id).invited_days,
        "file_days": KEEP_FILES.days,
    }
    return render(request, "feedback/round_detail.html", context, status=422 if form.errors else 200)


def _csv(about: InvitationRound, found: Any) -> HttpResponseBase:
    header = [_("E-mail address"), _("Name"), _("Language"), _("State"), _("Why")]
    header += [_("Letters"), _("Asked on")]
    rows = (
        (
            *(row.email, row.name, row.language, seen_state(row), row.get_why_display()),
            "" if about.is_anonymous else row.letters,
            row.asked_on or "",
        )
        for row in found.iterator(chunk_size=1000)
    )
    return csv_response("invitations", header, rows)


def _list_for(user: Any, reference: str) -> tuple[Import, InvitationRound]:
    import_ = get_object_or_404(
        Import.objects.select_related("file", "bad_rows"), kind=lists.KIND, reference=reference
    )
    return import_, round_for(user, import_.mapping.get("round", ""))


@policy("feedback.invite")
@require_http_methods(["GET", "POST"])
def round_list(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What would come of the file, row by row; a POST takes in what is right."""
    import_, about = _list_for(request.user, reference)
    if request.method == "POST":
        try:
            lists.ask_to_take(import_, by=person_of(request))
        except WrongState:
            messages.warning(request, _("This file is being worked on, or has been taken in already."))
        return redirect("feedback:round_list", reference)
    bad = list(read_bad_rows(import_.bad_rows))[1:] if import_.bad_rows else []
    context = {
        "import": import_,
        "round": about,
        "job": Job.objects.filter(subject=reference).order_by("-pk").first(),
        "is_open": import_.state in (Import.State.CHECKING, Import.State.STAGING),
        "taken": import_.counts.get("taken", 0),
        "bad": import_.counts.get("bad", 0),
        "page": page_of(request, [(line[0], line[1], line[2:6]) for line in bad]),
    }
    return render(request, "feedback/round_list.html", context)


@policy("feedback.invite")
@require_GET
def round_bad_rows(request: HttpRequest, reference: str) -> HttpResponseBase:
    import_, _about = _list_for(request.user, reference)
    if import_.bad_rows is None:
        raise Http404
    return FileResponse(import_.bad_rows.file.open("rb"), as_attachment=True, filename=import_.bad_rows.name)


@policy("feedback.invite")
@require_POST
def round_start(request: HttpRequest, reference: str) -> HttpResponse:
    about = round_for(request.user, reference)
    try:
        actions.start_round(about, by=person_of(request))
        messages.success(request, _("Letters go out now, so many a minute."))
    except actions.RoundRefused:
        needed = _("Not begun: it needs a letter, people on its list, and a published questionnaire.")
        messages.error(request, needed)
    return redirect(about)


@policy("feedback.invite")
@require_POST
def round_stop(request: HttpRequest, reference: str) -> HttpResponse:
    about = round_for(request.user, reference)
    if actions.stop_round(about, by=person_of(request)):
        messages.success(request, _("No further letter goes out. Links that are out go on working."))
    return redirect(about)


@policy("feedback.invite")
@require_POST
def round_anonymous(request: HttpRequest, reference: str) -> HttpResponse:
    about = round_for(request.user, reference)
    if make_anonymous(about, by=person_of(request)):
        messages.success(request, _("Anonymous from now on, for good."))
    return redirect(about)
