"""“You said, we did”, for those who write it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter import actions
from charter.forms.fields import language_of
from charter.forms.improvements import ImprovementForm, ImprovementSearchForm, own_standards, stored
from charter.languages import choices_for, languages_of
from charter.models import Improvement
from charter.views.doors import acting, posted
from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require


def _own_improvement(user: Any, reference: str) -> Improvement:
    entries = Improvement.objects.visible_to(user).select_related("standard__charter__unit")
    improvement = get_object_or_404(entries.prefetch_related("texts", "standard__texts"), reference=reference)
    require(user, "charter.edit", improvement)
    return improvement


@policy("charter.read")
@require_GET
def improvement_list(request: HttpRequest) -> HttpResponseBase:
    """Every entry of every charter, the newest first. `?archived=` offers to undo what has just happened."""
    search = ImprovementSearchForm(request.GET)
    entries = search.filter(Improvement.objects.visible_to(request.user))
    entries = entries.select_related("standard__charter__unit").prefetch_related("texts", "standard__texts")
    if request.GET.get("export") == "csv":
        return _csv(entries)
    page = page_of(request, entries)
    for entry in page:
        entry.may_edit = request.user.has_perm("charter.edit", entry)
    context = {
        "search": search,
        "page": page,
        "may_add": own_standards(request.user).exists(),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "just_archived": _just_archived(request),
    }
    return render(request, "charter/improvement_list.html", context, status=422 if search.errors else 200)


def _just_archived(request: HttpRequest) -> Improvement | None:
    reference = request.GET.get("archived", "")
    if not reference.isalnum():
        return None
    entry = Improvement.objects.visible_to(request.user).archived().filter(reference=reference[:20]).first()
    return entry if entry and request.user.has_perm("charter.edit", entry) else None


def _csv(entries: Any) -> HttpResponseBase:
    header = [_("Charter of"), _("Promise"), _("Since when"), _("You said"), _("We did"), _("State")]
    rows = (
        [
            each.standard.charter.unit.name,
            str(each.standard),
            each.done_on,
            each.text().said,
            each.text().did,
            _state(each),
        ]
        for each in entries.iterator(chunk_size=500)
        if each.text()
    )
    return csv_response("you-said-we-did", header, rows)


def _state(improvement: Improvement) -> str:
    if improvement.archived_at:
        return _("archived")
    return _("public") if improvement.published_at else _("draft")


def _page(
    request: HttpRequest, form: ImprovementForm, improvement: Improvement | None, **more: Any
) -> HttpResponse:
    language = language_of(request.GET.get("language"))
    rows = list(improvement.texts.all()) if improvement else []
    other = improvement.text(language) if improvement else None
    status = more.pop("status", 422 if form.errors else 200)
    context = {
        "form": form,
        "improvement": improvement,
        "language": language,
        "languages": choices_for(languages_of(rows), language),
        "other": other if other and other.language != language else None,
        "events": improvement.events.select_related("by") if improvement else [],
        "has_standards": form.fields["standard"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "charter/improvement_form.html", context | more, status=status)


def _save(request: HttpRequest, form: ImprovementForm, improvement: Improvement | None) -> HttpResponse:
    """Raises ImprovementChangedMeanwhile."""
    require(request.user, "charter.edit", form.cleaned_data["standard"])
    saved = actions.save_improvement(
        improvement=improvement,
        standard=form.cleaned_data["standard"],
        language=language_of(request.GET.get("language")),
        words=form.words,
        fields=form.improvement_fields,
        expected_version=form.expected_version if improvement else None,
        by=acting(request),
    )
    if request.POST.get("do") == "publish":
        actions.publish_improvement(improvement=saved, by=acting(request))
        messages.success(request, _("Published. Everybody can read it on the charter page."))
    elif saved.is_public:
        messages.success(request, _("Saved. The public page shows it at once."))
    else:
        messages.success(request, _("Saved as a draft. Nobody outside sees it yet."))
    return redirect("charter:improvement_list")


def _today(improvement: Improvement | None) -> Any:
    at = timezone.now()
    return improvement.standard.charter.local_day(at) if improvement else timezone.localdate(at)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def improvement_add(request: HttpRequest) -> HttpResponse:
    """A new entry; `?standard=` chooses the promise."""
    language, today = language_of(request.GET.get("language")), _today(None)
    initial = {"done_on": today, "standard": request.GET.get("standard", "")}
    form = ImprovementForm(
        posted(request), user=request.user, today=today, language=language, initial=initial
    )
    if not form.is_valid():
        return _page(request, form, None)
    if request.POST.get("do") == "preview":
        return _page(request, form, None, preview=form.cleaned_data)
    return _save(request, form, None)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def improvement_edit(request: HttpRequest, reference: str) -> HttpResponse:
    improvement = _own_improvement(request.user, reference)
    language, today = language_of(request.GET.get("language")), _today(improvement)
    form = ImprovementForm(
        posted(request), user=request.user, today=today, language=language, improvement=improvement
    )
    if not form.is_valid():
        return _page(request, form, improvement)
    if request.POST.get("do") == "preview":
        return _page(request, form, improvement, preview=form.cleaned_data)
    try:
        return _save(request, form, improvement)
    except actions.ImprovementChangedMeanwhile:
        return _conflict_page(request, reference, form, language)


def _conflict_page(
    request: HttpRequest, reference: str, form: ImprovementForm, language: str
) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    improvement = _own_improvement(request.user, reference)
    now = stored(improvement, language)
    changed = form.keep_over(improvement.version, {name: now[name] for name in now if name != "version"})
    last = improvement.events.select_related("by").first()
    return _page(request, form, improvement, status=409, conflict=True, changed=changed, last=last)


@policy("charter.edit")
@require_POST
def improvement_publish(request: HttpRequest, reference: str) -> HttpResponse:
    improvement = _own_improvement(request.user, reference)
    actions.publish_improvement(improvement=improvement, by=acting(request))
    messages.success(request, _("Published. Everybody can read it on the charter page."))
    return redirect("charter:improvement_list")


@policy("charter.edit")
@require_POST
def improvement_archive(request: HttpRequest, reference: str) -> HttpResponse:
    improvement = _own_improvement(request.user, reference)
    actions.archive_improvement(improvement=improvement, by=acting(request))
    return redirect(f"{reverse('charter:improvement_list')}?archived={improvement.reference}")


@policy("charter.edit")
@require_POST
def improvement_restore(request: HttpRequest, reference: str) -> HttpResponse:
    improvement = _own_improvement(request.user, reference)
    actions.restore_improvement(improvement=improvement, by=acting(request))
    messages.success(request, _("The entry is back."))
    return redirect("charter:improvement_list")
