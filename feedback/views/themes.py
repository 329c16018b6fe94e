"""What customers speak of: themes with their counts and trend, and the rules that find them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import table_response
from common.listing import page_of
from common.period import Period
from common.policy import policy
from common.text import search_form
from feedback.actions import themes as actions
from feedback.forms.desk import ThemeForm, ThemeSearch
from feedback.forms.scope import ScopeForm
from feedback.models import Response, Theme
from feedback.said import comment_of, written
from feedback.themes import Spoken, spoken_of
from feedback.theming import Rules, themes_in
from organisation.access import person_of
from organisation.actions.jobs import is_under_way
from organisation.drafting import offer, settle

TRIED = 2000
SHOWN = 8


@policy("feedback.see")
@require_GET
def theme_list(request: HttpRequest) -> HttpResponseBase:
    """A row a theme for the unit and period chosen; the reader's own units where none is."""
    user, today = person_of(request), timezone.now().date()
    search, scope = ThemeSearch(request.GET), ScopeForm(request.GET, user=user, today=today)
    search.is_valid()
    scope.is_valid()
    rows = _rows(search.cleaned_data, scope, user, today)
    if kind := request.GET.get("export"):
        return table_response(kind, "themes", *_table(rows, scope.chosen))
    context = {
        "search": search,
        "scope": scope,
        "period": scope.chosen,
        "page": page_of(request, rows),
        "is_filtered": bool(request.GET.get("q") or request.GET.get("state")),
        "may_edit": user.has_perm("feedback.edit_themes"),
        "is_rereading": is_under_way(kind=actions.REREAD_JOB, subject="all"),
    }
    status = 422 if search.errors or scope.errors else 200
    return render(request, "feedback/theme_list.html", context, status=status)


def _rows(asked: dict[str, Any], scope: ScopeForm, user: Any, today: Any) -> list[Spoken]:
    is_archived = asked.get("state") == "archived"
    words = search_form(asked.get("q") or "")
    themes = [
        theme
        for theme in Theme.objects.visible_to(user).filter(archived_at__isnull=not is_archived)
        if words in search_form(theme.name)
    ]
    comments = scope.narrowed(Response.objects.visible_to(user).countable())
    rows = spoken_of(themes, comments, scope.chosen, today)
    if asked.get("sort") != "name":
        rows.sort(key=lambda row: (-row.count, row.theme.name))
    return rows


def _table(rows: list[Spoken], period: Period) -> tuple[list[Any], Any]:
    header = [
        _("Theme"),
        _("Comments"),
        _("Of them not satisfied"),
        _("Per cent of all comments"),
        _("Comments, %(period)s") % {"period": period.before().code},
    ]
    return header, ([row.theme.name, row.count, row.low, row.share, row.before] for row in rows)


@policy("feedback.edit_themes")
@require_http_methods(["GET", "POST"])
def theme_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@policy("feedback.edit_themes")
@require_http_methods(["GET", "POST"])
def theme_edit(request: HttpRequest, reference: str) -> HttpResponse:
    return _edit(request, _theme_for(request, reference))


def _theme_for(request: HttpRequest, reference: str) -> Theme:
    return get_object_or_404(Theme.objects.visible_to(request.user), reference=reference)


def _edit(request: HttpRequest, theme: Theme | None) -> HttpResponse:
    form = ThemeForm(request.POST if request.method == "POST" else None, theme=theme)
    if not form.is_valid():
        return _page(request, theme, form, status=422 if form.errors else 200)
    if request.POST.get("do") == "try":
        return _page(request, theme, form, trial=Trial.of(form.lines, person_of(request)))
    try:
        actions.save_theme(
            theme,
            name=form.cleaned_data["name"],
            lines=form.lines,
            version=form.cleaned_data["version"] or 1,
            by=person_of(request),
        )
    except actions.ChangedMeanwhile:
        return _page(request, theme, form, status=409, conflict=True)
    messages.success(request, _("Saved. All comments are being read by the new rules."))
    return settle(request, redirect("feedback:theme_list"))


def _page(
    request: HttpRequest, theme: Theme | None, form: ThemeForm, status: int = 200, **more: Any
) -> HttpResponse:
    events = theme.events.select_related("by") if theme else []
    context = {"theme": theme, "form": form, "events": events, "draft": offer(request, form), **more}
    return render(request, "feedback/theme_edit.html", context, status=status)


@dataclass(frozen=True)
class Trial:
    """What the rules would find among the newest comments that the person may read."""

    tried: int
    found: int
    shown: list[tuple[Response, str]]
    missed: list[tuple[Response, str]]

    @classmethod
    def of(cls, lines: dict[str, str], user: Any) -> "Trial":
        rules = {1: {code: Rules.parse(text) for code, text in lines.items() if text.strip()}}
        newest = Response.objects.visible_to(user).countable().filter(has_comment=True)
        rows = list(newest.order_by("-received_at", "-pk")[:TRIED])
        fit = [row for row in rows if themes_in(row.search, row.language, rules)]
        wanted = {row.pk for row in fit}
        others = [row for row in rows if row.pk not in wanted]
        shown = [*fit[:SHOWN], *others[:SHOWN]]
        worded = {
            row.pk: (row, comment_of(row, mask=True, person=getattr(row, "person", None)))
            for row in Response.objects.filter(pk__in=[row.pk for row in shown])
            .select_related("unit", "person")
            .prefetch_related(written())
        }
        return cls(
            len(rows),
            len(fit),
            [worded[row.pk] for row in fit[:SHOWN] if row.pk in worded],
            [worded[row.pk] for row in others[:SHOWN] if row.pk in worded],
        )


@policy("feedback.edit_themes")
@require_POST
def theme_archive(request: HttpRequest, reference: str) -> HttpResponse:
    theme = _theme_for(request, reference)
    actions.archive_theme(theme, by=person_of(request))
    messages.success(request, _("“%(name)s” is archived. It can be brought back.") % {"name": theme})
    return redirect("feedback:theme_list")


@policy("feedback.edit_themes")
@require_POST
def theme_restore(request: HttpRequest, reference: str) -> HttpResponse:
    theme = _theme_for(request, reference)
    actions.restore_theme(theme, by=person_of(request))
    messages.success(request, _("“%(name)s” is back.") % {"name": theme})
    return redirect("feedback:theme_list")
