"""Results and cases out of a file: upload, mapping, dry run, taking in, undo."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter.actions import imports as actions
from charter.forms.cases import CasesMappingForm
from charter.forms.imports import KINDS as OFFERED
from charter.forms.imports import (
    MAPPINGS,
    ImportSearchForm,
    MappingForm,
    SavedMappingForm,
    TakeForm,
    UploadForm,
)
from charter.imports import CASE_REASONS, CASES, KIND, REASONS, outcome_groups, outcome_sums
from charter.views.doors import acting
from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from customers.forms.activity import ActivityMappingForm
from customers.imports import ACTIVITY, ACTIVITY_REASONS
from organisation.drafting import offer, settle
from organisation.imports import (
    ImportRefused,
    Row,
    Table,
    WrongState,
    begin_import,
    earlier_import,
    open_table,
    read_bad_rows,
)
from organisation.models import Import, Job

SAMPLE_ROWS = 3
MOST_COLUMNS_SHOWN = 8


@dataclass(frozen=True)
class Kind:
    """What is particular to a kind of file on these pages."""

    form: Any
    fields: str
    reasons: dict[str, Any]
    list_url: str
    list_title: Any

    @property
    def room(self) -> str:
        """The room whose pages these are, for the main menu."""
        return self.list_url.partition(":")[0]


KINDS = {
    KIND: Kind(
        MappingForm,
        "charter/_map_results.html",
        REASONS,
        "charter:result_list",
        gettext_lazy("Recorded results"),
    ),
    CASES: Kind(
        CasesMappingForm,
        "charter/_map_cases.html",
        CASE_REASONS,
        "charter:case_list",
        gettext_lazy("Cases with a time limit"),
    ),
    ACTIVITY: Kind(
        ActivityMappingForm,
        "customers/_map_activity.html",
        ACTIVITY_REASONS,
        "customers:activity_list",
        gettext_lazy("Customers served, day by day"),
    ),
}


def register_kind(kind: str, label: Any, mapping: Any, page: Kind) -> None:
    """A room above takes in files of its own on these pages; `mapping.parse` reads what a mapping says."""
    KINDS[kind] = page
    MAPPINGS[kind] = mapping
    OFFERED.append((kind, label))


def import_for(user: Any, reference: str) -> Import:
    """The door: administrators see every import, others their own."""
    imports = Import.objects.visible_to(user).filter(kind__in=KINDS)
    imports = imports.select_related("file", "bad_rows", "created_by")
    return get_object_or_404(imports, reference=reference)


@policy("results.record")
@require_GET
def import_list(request: HttpRequest) -> HttpResponseBase:
    search = ImportSearchForm(request.GET)
    imports = search.filter(Import.objects.visible_to(request.user).filter(kind__in=KINDS))
    imports = imports.select_related("file", "created_by")
    if request.GET.get("export") == "csv":
        return _csv(imports)
    page = page_of(request, imports)
    for each in page.object_list:
        each.kind_title = KINDS[each.kind].list_title
    context = {
        "search": search,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "charter/import_list.html", context, status=422 if search.errors else 200)


def _csv(imports: Any) -> HttpResponseBase:
    header = [_("Reference"), _("File"), _("State"), _("Sent"), _("By"), _("Rows"), _("Cannot be taken")]
    rows = (
        [
            each.reference,
            each.file.name,
            each.get_state_display(),
            each.created_at.isoformat(timespec="seconds"),
            str(each.created_by or ""),
            each.counts.get("rows", 0),
            each.counts.get("bad", 0),
        ]
        for each in imports.iterator(chunk_size=1000)
    )
    return csv_response("imports", header, rows)


@policy("results.record")
@require_http_methods(["GET", "POST"])
def import_add(request: HttpRequest) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, initial={"kind": request.GET.get("kind", KIND)})
    if form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            import_ = begin_import(file, kind=kind, by=acting(request))
        except ImportRefused as refused:
            form.add_error("file", refused)
        else:
            return redirect("charter:import_map", import_.reference)
    page = KINDS.get(str(form["kind"].value()), KINDS[KIND])
    context = {"form": form, "kind": page, "nav_room": page.room}
    return render(request, "charter/import_add.html", context, status=422 if form.errors else 200)


@policy("results.record")
@require_http_methods(["GET", "POST"])
def import_map(request: HttpRequest, reference: str) -> HttpResponse:
    import_ = import_for(request.user, reference)
    kind = KINDS[import_.kind]
    try:
        table = open_table(import_)
    except ImportRefused as refused:
        messages.warning(request, refused.text)
        return redirect("charter:import_detail", import_.reference)
    rows = _sample(table)
    sent = request.POST if request.method == "POST" else None
    saved = SavedMappingForm(
        sent if "saved" in request.POST else None, kind=import_.kind, header=table.header
    )
    form = kind.form(
        None if saved.is_bound else sent,
        header=table.header,
        user=request.user,
        sample=[row.cells for row in rows],
        chosen=import_.mapping,
    )
    mapping = saved.cleaned_data["saved"] if saved.is_valid() else form.mapping if form.is_valid() else None
    if mapping is not None:
        return _ask_to_check(request, import_, mapping, form)
    context = {
        "import": import_,
        "form": form,
        "draft": offer(request, form),
        "kind": kind,
        "nav_room": kind.room,
        "saved": saved,
        "first": earlier_import(import_),
        "notes": table.notes,
        "header": table.header[:MOST_COLUMNS_SHOWN],
        "hidden_columns": len(table.header[MOST_COLUMNS_SHOWN:]),
        "rows": [row.raw[:MOST_COLUMNS_SHOWN] for row in rows],
    }
    status = 422 if form.errors or saved.errors else 200
    return render(request, "charter/import_map.html", context, status=status)


def _ask_to_check(request: HttpRequest, import_: Import, mapping: dict[str, Any], form: Any) -> HttpResponse:
    if form.is_bound and form.cleaned_data["save_as"]:
        name = form.cleaned_data["save_as"]
        actions.save_mapping(kind=import_.kind, name=name, mapping=mapping, by=acting(request))
    try:
        actions.ask_to_check(import_, mapping=mapping, by=acting(request))
    except WrongState:
        messages.warning(request, _("This file is being worked on, or has been taken in already."))
    return settle(request, redirect("charter:import_detail", import_.reference))


def _sample(table: Table) -> list[Row]:
    try:
        return list(islice(table.rows(), SAMPLE_ROWS))
    except ImportRefused:
        return []


@policy("results.record")
@require_GET
def import_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the import stands. Asked by htmx it answers with the progress alone, then asks for a reload."""
    import_ = import_for(request.user, reference)
    jobs = Job.objects.filter(subject=import_.reference, kind__in=[actions.CHECK_JOB, actions.TAKE_JOB])
    context: dict[str, Any] = {"import": import_, "job": jobs.order_by("-created_at", "-pk").first()}
    context["is_open"] = import_.state in (Import.State.CHECKING, Import.State.STAGING)
    if request.headers.get("HX-Request"):
        response = render(request, "charter/_import_progress.html", context)
        if not context["is_open"]:
            response["HX-Refresh"] = "true"
        return response
    kind = KINDS[import_.kind]
    bad_rows = list(read_bad_rows(import_.bad_rows)) if import_.bad_rows else []
    context |= {
        "sums": outcome_sums(import_.counts, kind.reasons),
        "groups": outcome_groups(import_.counts, kind.reasons),
        "kind": kind,
        "nav_room": kind.room,
        "bad_count": import_.counts.get("bad", 0),
        "page": page_of(request, [(line[0], line[1], line[2:8]) for line in bad_rows[1:]]),
        "first": earlier_import(import_),
        "form": TakeForm(),
    }
    return render(request, "charter/import_detail.html", context)


@policy("results.record")
@require_POST
def import_take(request: HttpRequest, reference: str) -> HttpResponse:
    import_ = import_for(request.user, reference)
    form = TakeForm(request.POST)
    skip_bad = form.is_valid() and form.cleaned_data["skip_bad"]
    try:
        actions.ask_to_take(import_, skip_bad=skip_bad, by=acting(request))
    except ImportRefused as refused:
        messages.error(request, refused.text)
    except WrongState:
        messages.warning(request, _("Check the file first; only then can it be taken in."))
    return redirect("charter:import_detail", import_.reference)


@policy("results.record")
@require_POST
def import_undo(request: HttpRequest, reference: str) -> HttpResponse:
    import_ = import_for(request.user, reference)
    try:
        actions.undo_import(import_, by=acting(request))
    except WrongState:
        messages.warning(
            request,
            _("Nothing was taken back: it was already, or a later file builds on it. Undo that one first."),
        )
    else:
        messages.success(request, _("What this file brought no longer counts."))
    return redirect("charter:import_detail", import_.reference)


@policy("results.record")
@require_GET
def import_bad_rows(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with its reason, as a file to mend and send again."""
    import_ = import_for(request.user, reference)
    if import_.bad_rows is None:
        raise Http404
    name = f"{import_.reference}-bad-rows.csv"
    content = import_.bad_rows.file.open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
