"""The settings of the installation, its look, and the audit trail."""

from collections.abc import Iterable
from typing import Any

from auditlog.models import LogEntry
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_GET, require_http_methods

from common.export import csv_response
from common.listing import page_of
from common.policy import PUBLIC, policy
from organisation.actions import installation as actions
from organisation.audit import changes_in_words
from organisation.forms import posted
from organisation.forms.installation import AuditSearch, InstallationForm
from organisation.models import Installation

PARTS = [
    ("organisation.see_units", "organisation:unit_list", gettext_lazy("Units"),
     gettext_lazy("The parts of the organisation, and which stands below which.")),
    ("organisation.see_people", "organisation:person_list", gettext_lazy("People"),
     gettext_lazy("Who works where, in which role and on which level.")),
    ("organisation.invite", "organisation:invitation_list", gettext_lazy("Invitations"),
     gettext_lazy("Let somebody in. Nobody signs up alone.")),
    ("organisation.see_settings", "organisation:calendar_list", gettext_lazy("Business calendars"),
     gettext_lazy("When you are open, and so when something is due.")),
    ("organisation.administer", "organisation:installation_edit", gettext_lazy("Name and look"),
     gettext_lazy("The organisation’s name, logo, colour and language.")),
    ("organisation.administer", "organisation:token_list", gettext_lazy("API keys"),
     gettext_lazy("Let programs read the scores and the charter.")),
    ("organisation.administer", "organisation:mail_list", gettext_lazy("Outgoing mail"),
     gettext_lazy("Letters that wait, are sent, or could not be sent.")),
    ("organisation.see_jobs", "organisation:job_list", gettext_lazy("Background work"),
     gettext_lazy("Long work, how far it is, and what needs an administrator.")),
    ("organisation.administer", "organisation:audit_list", gettext_lazy("Audit trail"),
     gettext_lazy("Who changed what, and when.")),
]  # fmt: skip


@policy("organisation.see_settings")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    parts = [part for part in PARTS if request.user.has_perm(part[0])]
    return render(request, "organisation/settings.html", {"parts": parts})


@policy("organisation.administer")
@require_http_methods(["GET", "POST"])
def installation_edit(request: HttpRequest) -> HttpResponse:
    installation = get_object_or_404(Installation.objects.select_related("logo"))
    form = InstallationForm(posted(request), request.FILES or None, instance=installation)
    if request.method == "POST" and form.is_valid():
        _save_installation(form, request.user)
        messages.success(request, _("Saved."))
        return redirect("organisation:installation_edit")
    return render(
        request, "organisation/installation_edit.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _save_installation(form: InstallationForm, by: Any) -> None:
    installation = form.save()
    logo = form.cleaned_data["new_logo"]
    if logo:
        actions.replace_logo(installation, file=logo, content_type=logo.content_type, by=by)
    elif form.cleaned_data["remove_logo"]:
        actions.replace_logo(installation, file=None, by=by)


def _brand_of(request: HttpRequest) -> str:
    installation = Installation.objects.only("colour").first()
    return installation.colour if installation else ""


@policy(PUBLIC)
@require_GET
@cache_control(public=True, max_age=300)
@etag(lambda request: f'"{_brand_of(request)}"')
def brand_css(request: HttpRequest) -> HttpResponse:
    """The organisation's colour, for the style sheet to build on."""
    colour = _brand_of(request)
    css = f":root{{--brand:{colour}}}\n" if colour else ""
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@policy(PUBLIC)
@require_GET
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The organisation's logo and no other file. Another logo has another address."""
    installation = Installation.current()
    if installation is None or installation.logo is None or installation.logo.reference != reference:
        raise Http404
    try:
        content = installation.logo.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, content_type=installation.logo.content_type)


@policy("organisation.administer")
@require_GET
def audit_list(request: HttpRequest) -> HttpResponseBase:
    search = AuditSearch(request.GET)
    entries = search.filter(LogEntry.objects.select_related("actor", "content_type"))
    entries = entries.order_by("-timestamp", "-pk")
    if request.GET.get("export") == "csv":
        return _as_csv(entries)
    page = page_of(request, entries)
    rows = [(entry, changes_in_words(entry)) for entry in page]
    return render(request, "organisation/audit_list.html", {"page": page, "rows": rows, "search": search})


def _as_csv(entries: Iterable[LogEntry]) -> HttpResponseBase:
    header = [_("When"), _("Who"), _("What happened"), _("Kind"), _("Thing"), _("Changes")]
    rows = (
        [
            entry.timestamp.isoformat(timespec="seconds"),
            entry.actor.name if entry.actor else "",
            entry.get_action_display(),
            entry.content_type.name,
            entry.object_repr,
            "; ".join(f"{field}: {before} → {after}" for field, before, after in changes_in_words(entry)),
        ]
        for entry in entries
    )
    return csv_response("audit", header, rows)
