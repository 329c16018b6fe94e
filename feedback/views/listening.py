"""Listening sessions: what was heard when people met, and what follows from it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import table_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import listening as actions
from feedback.forms.listening import ENDINGS, FileForm, FindingForm, SessionForm, SessionSearch
from feedback.models.listening import Finding, ListeningSession, SessionFile
from organisation.access import person_of
from organisation.drafting import offer, settle
from organisation.forms import posted


def _sessions(user: Any) -> "QuerySet[ListeningSession]":
    findings = Prefetch(
        "findings", Finding.objects.filter(removed_at__isnull=True).select_related("theme"), to_attr="found"
    )
    return (
        ListeningSession.objects.visible_to(user).select_related("unit").prefetch_related("groups", findings)
    )


def _session_for(request: HttpRequest, reference: str, *, to_write: bool = False) -> ListeningSession:
    session = get_object_or_404(_sessions(request.user), reference=reference)
    if to_write:
        require(request.user, "feedback.listen", session)
    return session


@policy("feedback.see")
@require_GET
def session_list(request: HttpRequest) -> HttpResponseBase:
    user = person_of(request)
    search = SessionSearch(request.GET, user=user)
    rows = search.filter(_sessions(user), timezone.now().date())
    if kind := request.GET.get("export"):
        return table_response(kind, "listening", _header(), _lines(rows, user))
    context = {
        "search": search,
        "page": page_of(request, rows),
        "is_filtered": any(request.GET.get(name) for name in search.fields if name != "sort"),
        "may_write": user.has_perm("feedback.listen"),
    }
    return render(request, "feedback/session_list.html", context, status=422 if search.errors else 200)


def _header() -> list[str]:
    return [
        *(_("Day"), _("Unit"), _("Kind"), _("With"), _("What it was about"), _("Participants")),
        *(_("What people need"), _("How much it matters"), _("Theme"), _("In somebody's words")),
    ]


def _lines(rows: "QuerySet[ListeningSession]", user: Any) -> Iterable[list[Any]]:
    """A line a finding; a session without one has a line of its own."""
    for session in rows:
        about = [session.held_on, session.unit.name, session.get_kind_display(), session.get_whom_display()]
        about += [session.title, session.heads]
        shows = session.shows_words_to(user)
        found: list[Finding] = session.found  # type: ignore[attr-defined]
        for finding in found:
            quote = finding.quote if shows else ""
            yield [*about, finding.need, finding.get_severity_display(), finding.theme or "", quote]
        if not found:
            yield [*about, "", "", "", ""]


@policy("feedback.see")
@require_GET
def session_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _session_for(request, reference))


def _page(request: HttpRequest, session: ListeningSession, status: int = 200, **forms: Any) -> HttpResponse:
    user = person_of(request)
    may_write = user.has_perm("feedback.listen", session)
    finding = forms.pop("finding_form", None) or FindingForm()
    removed = session.findings.filter(removed_at__isnull=False) if may_write else []
    context = {
        "session": session,
        "questions": [line for line in session.questions.splitlines() if line.strip()],
        "shows_quotes": session.shows_words_to(user),
        "files": session.files.filter(removed_at__isnull=True).select_related("file")
        if session.shows_words_to(user)
        else None,
        "removed": removed,
        "removed_files": session.files.filter(removed_at__isnull=False).select_related("file")
        if may_write
        else [],
        "events": session.events.select_related("by") if may_write else [],
        "may_write": may_write,
        "finding_form": finding,
        "draft": offer(request, finding, page=session.get_absolute_url()),
        "file_form": FileForm(),
        **forms,
    }
    return render(request, "feedback/session_detail.html", context, status=status)


@policy("feedback.listen")
@require_http_methods(["GET", "POST"])
def session_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@policy("feedback.listen")
@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, reference: str) -> HttpResponse:
    return _edit(request, _session_for(request, reference, to_write=True))


def _edit(request: HttpRequest, session: ListeningSession | None) -> HttpResponse:
    form = SessionForm(posted(request), user=request.user, session=session)
    context: dict[str, Any] = {"form": form, "session": session, "draft": offer(request, form)}
    if not form.is_valid():
        return render(request, "feedback/session_edit.html", context, status=422 if form.errors else 200)
    try:
        saved = actions.save_session(
            session,
            fields=form.told,
            groups=form.cleaned_data["groups"],
            version=form.expected_version,
            by=person_of(request),
        )
    except actions.ChangedMeanwhile:
        return render(request, "feedback/session_edit.html", {**context, "conflict": True}, status=409)
    return settle(request, redirect(saved))


@policy("feedback.listen")
@require_POST
def session_archive(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session_for(request, reference, to_write=True)
    actions.archive_session(session, by=person_of(request))
    messages.success(request, _("Archived. It can be brought back here."))
    return redirect(session)


@policy("feedback.listen")
@require_POST
def session_restore(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session_for(request, reference, to_write=True)
    actions.restore_session(session, by=person_of(request))
    return redirect(session)


@policy("feedback.listen")
@require_POST
def finding_add(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session_for(request, reference, to_write=True)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _page(request, session, status=422, finding_form=form)
    actions.save_finding(session, None, fields=form.cleaned_data, by=person_of(request))
    return settle(request, redirect(session), page=session.get_absolute_url())


def _finding_for(request: HttpRequest, reference: str, finding: str) -> Finding:
    session = _session_for(request, reference, to_write=True)
    return get_object_or_404(session.findings.select_related("session"), reference=finding)


@policy("feedback.listen")
@require_http_methods(["GET", "POST"])
def finding_edit(request: HttpRequest, reference: str, finding: str) -> HttpResponse:
    found = _finding_for(request, reference, finding)
    form = FindingForm(posted(request), instance=found)
    if not form.is_valid():
        context = {"form": form, "session": found.session, "draft": offer(request, form)}
        return render(request, "feedback/finding_edit.html", context, status=422 if form.errors else 200)
    actions.save_finding(found.session, found, fields=form.cleaned_data, by=person_of(request))
    return settle(request, redirect(found.session))


@policy("feedback.listen")
@require_POST
def finding_move(request: HttpRequest, reference: str, finding: str) -> HttpResponse:
    """Takes a finding away, or (`back`) brings it back."""
    found = _finding_for(request, reference, finding)
    actions.move_finding(found, away="back" not in request.POST, by=person_of(request))
    return redirect(found.session)


@policy("feedback.listen")
@require_POST
def file_add(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session_for(request, reference, to_write=True)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, session, status=422, file_form=form)
    file = form.cleaned_data["file"]
    name = (file.name or "file").rsplit("/", 1)[-1]
    kind = ENDINGS[FileForm.ending(file)]
    actions.add_file(session, file, name=name, content_type=kind, by=person_of(request))
    return redirect(session)


def _file_for(session: ListeningSession, file: str) -> SessionFile:
    return get_object_or_404(session.files.select_related("file", "session"), file__reference=file)


@policy("feedback.see")
@require_GET
def file_get(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Always as a download: nothing that was uploaded is shown as a page of ours."""
    session = _session_for(request, reference)
    kept = _file_for(session, file)
    if kept.removed_at is not None or not session.shows_words_to(person_of(request)):
        raise Http404
    content = kept.file.file.open("rb")
    answer = FileResponse(content, as_attachment=True, filename=kept.file.name)
    answer["Content-Type"] = kept.file.content_type
    answer["Cache-Control"] = "no-store"
    return answer


@policy("feedback.listen")
@require_POST
def file_move(request: HttpRequest, reference: str, file: str) -> HttpResponse:
    """Takes a file away, or (`back`) brings it back."""
    session = _session_for(request, reference, to_write=True)
    actions.move_file(_file_for(session, file), away="back" not in request.POST, by=person_of(request))
    return redirect(session)
