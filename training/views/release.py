"""The release of a draft: what stands against it, what it changes, whom it asks again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charter.views.doors import posted
from common.policy import policy
from organisation.access import person_of
from training.actions.courses import (
    EditedMeanwhile,
    ReleasedMeanwhile,
    ReleaseRefused,
    release_version,
)
from training.fitness import asked_again, changes_of, draft_imprint, release_problems, translation_gaps
from training.forms.courses import ReleaseForm
from training.models import Course, CourseVersion
from training.table import Problem
from training.views.course_doors import own_course

MOST_GAPS = 100


def mending_url(course: Course, problem: Problem) -> str:
    """Where a problem can be mended; empty where it knows no place."""
    query = f"?language={problem.language}" if problem.language else ""
    args = [course.key, problem.key] if problem.key else [course.key]
    name = {
        "lesson": "training:lesson_edit",
        "module": "training:module_edit",
        "question": "training:question_edit",
        "quiz": "training:quiz_edit",
        "questions": "training:question_list",
        "course": "training:course_edit",
    }.get(problem.part)
    return reverse(name, args=args) + query if name else ""


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, key: str) -> HttpResponse:
    """What is missing, what is new, and the button."""
    course = own_course(request.user, key)
    if course.state == Course.State.ARCHIVED:
        messages.info(request, _("This course is archived: bring it back before you release anything."))
        return redirect(course)
    draft = course.draft()
    if draft is None:
        messages.info(request, _("There is nothing to release: change something first."))
        return redirect("training:draft", key)
    is_first = course.current_version() is None
    initial = {"draft": draft.number, "note": draft.note, "renewal_due_days": draft.renewal_due_days}
    initial["seen"] = draft_imprint(draft)
    form = ReleaseForm(posted(request), is_first=is_first, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _release(request, course, draft, form)
        except ReleaseRefused:
            form.add_error(None, _("Something is missing yet: see the list below."))
        except EditedMeanwhile:
            form.look_again(draft_imprint(draft))
            status = 409
        except ReleasedMeanwhile:
            messages.warning(request, _("A colleague has just released this course. Here it is."))
            return redirect(course)
    context = _context(course, draft, form, is_first)
    if status == 409:
        last = course.events.filter(assignment__isnull=True).select_related("by").first()
        context |= {"conflict": True, "last": last}
    return render(request, "training/release.html", context, status=422 if form.errors else status)


def _context(course: Course, draft: CourseVersion, form: ReleaseForm, is_first: bool) -> dict[str, Any]:
    problems = [(each, mending_url(course, each)) for each in release_problems(draft)]
    gaps = translation_gaps(draft)
    return {
        "course": course,
        "draft": draft,
        "form": form,
        "is_first": is_first,
        "problems": problems,
        "gaps": [(gap, problem, mending_url(course, problem)) for problem, gap in gaps[:MOST_GAPS]],
        "gap_count": len(gaps),
        "changes": changes_of(draft),
        "asked_again": 0 if is_first else asked_again(draft),
    }


def _release(request: HttpRequest, course: Course, draft: CourseVersion, form: ReleaseForm) -> HttpResponse:
    told = form.cleaned_data
    if told["draft"] != draft.number:
        raise ReleasedMeanwhile(course.key)
    release_version(
        draft,
        by=person_of(request),
        note=told["note"],
        asks_for_renewal=bool(told.get("asks_for_renewal")),
        renewal_due_days=told.get("renewal_due_days") or draft.renewal_due_days,
        seen=told["seen"],
    )
    messages.success(request, _("Version %(number)s is taught from now on.") % {"number": draft.number})
    if told.get("asks_for_renewal"):
        messages.info(
            request, _("Everybody who completed an earlier version is being asked to take it again.")
        )
    return redirect(course)
