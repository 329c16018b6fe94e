"""Practice that is watched: who waits, and a page for one thumb on which to tick what was seen."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import local_day, organisation_day
from organisation.forms import posted
from organisation.views.people import units_managed_by
from training.actions.learn import NotThisVersion
from training.actions.meetings import TooEarlyToTell, record_practice
from training.actions.turns import NotOpen
from training.forms.lists import PracticeSearch
from training.forms.practice import SeenForm
from training.models import Assignment, Lesson
from training.practice import waiting_for_practice, watches
from training.views.doors import assignment_looked_after


@policy("training.look_after")
@require_safe
def practice(request: HttpRequest) -> HttpResponseBase:
    """Who waits to be watched, what is due first at the top."""
    today = organisation_day(timezone.now())
    search = PracticeSearch(request.GET, user=request.user, units=units_managed_by(request.user))
    found = search.of_state(search.filter(waiting_for_practice(request.user), "", today))
    found = found.select_related("person", "course").prefetch_related(
        "course__texts", "person__memberships__unit"
    )
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Name"), _("Unit"), _("Course"), _("Practice"), _("Seen"), _("Of"), _("Due on")]
        return table_response(request.GET["export"], "practice", header, _lines(found))
    page = page_of(request, found.order_by("due_on", "pk"))
    context = {
        "search": search,
        "page": page,
        "rows": watches(page.object_list),
        "today": today,
        "is_filtered": any(request.GET.get(name) for name in ("q", "course", "unit", "state")),
    }
    return render(request, "training/practice.html", context)


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in watches(found.order_by("due_on", "pk")):
        held = each.assignment
        places = ", ".join(place.unit.name for place in held.person.memberships.all())
        yield [
            *(held.person.name, places, str(held.course), str(each.lesson)),
            *(each.seen, each.total, held.due_on.isoformat()),
        ]


@policy("training.decide")
@require_http_methods(["GET", "POST"])
def practice_note(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Tick what was seen; with the last item the practice is finished."""
    found = assignment_looked_after(request.user, reference, to_decide=True)
    lesson = _lesson_of(found, key)
    if not found.is_open:
        messages.info(request, _("The course is over, so there is nothing left to see."))
        return redirect("training:manage", reference)
    now = timezone.now()
    items = _items(found, lesson)
    missing = {number for number, _words, seen in items if seen is None}
    form = SeenForm(posted(request), items=range(len(items)), today=local_day(found.person, now))
    if request.method == "GET" or not form.is_valid():
        return _page(request, found, lesson, items, form)
    first = found.person.memberships.select_related("unit").first()
    try:
        record_practice(
            found,
            lesson=lesson,
            items=form.cleaned_data["item"],
            by=person_of(request),
            note=form.cleaned_data["note"],
            seen_at=form.seen_at(first.unit.timezone if first else "UTC", now),
        )
    except (NotOpen, NotThisVersion, TooEarlyToTell):
        messages.warning(request, _("Something has changed meanwhile. Please look at it again."))
        return redirect("training:manage", reference)
    if missing <= set(form.cleaned_data["item"]):
        messages.success(request, _("Everything was seen: this practice is finished."))
        return redirect("training:practice")
    messages.success(request, _("Noted. The rest can follow another day."))
    return redirect("training:practice_note", reference, key)


def _lesson_of(found: Assignment, key: str) -> Lesson:
    version = found.version or found.course.current_version()
    lessons = Lesson.objects.filter(module__version=version, kind=Lesson.Kind.PRACTICE)
    lesson = get_object_or_404(lessons.select_related("module__version").prefetch_related("texts"), key=key)
    if lesson.text() is None:
        raise Http404
    return lesson


def _items(found: Assignment, lesson: Lesson) -> list[tuple[int, str, Any]]:
    """Number, words, and what was seen of it, if it was."""
    words: Any = lesson.text()
    seen = {each.item: each for each in found.observations.filter(lesson=lesson).select_related("seen_by")}
    return [(number, item, seen.get(number)) for number, item in enumerate(words.content.get("items", []))]


def _page(
    request: HttpRequest, found: Assignment, lesson: Lesson, items: Any, form: SeenForm
) -> HttpResponse:
    context = {
        "assignment": found,
        "lesson": lesson,
        "words": lesson.text(),
        "items": items,
        "missing": [each for each in items if each[2] is None],
        "form": form,
    }
    return render(request, "training/practice_note.html", context, status=422 if form.is_bound else 200)
