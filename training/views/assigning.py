"""Giving a course to people: whom, a look at who would get it, and then it is done."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import organisation_day
from organisation.models import Job, User
from organisation.views.people import units_managed_by
from training.actions import assign
from training.assigning import Preview, chosen_people, preview
from training.forms.assigning import AssignForm, CourseChoice
from training.models import Assignment, AssignmentBatch, Course

AT_ONCE = 20


@policy("training.assign")
@require_safe
def assign_start(request: HttpRequest) -> HttpResponse:
    """Which course? Asked for somebody in particular, `?person=` is handed on."""
    search = CourseChoice(request.GET)
    released = Course.objects.visible_to(request.user).released().prefetch_related("texts")
    context = {
        "search": search,
        "page": page_of(request, search.filter(released)),
        "person": _asked_person(request),
        "is_filtered": bool(request.GET.get("q")),
    }
    return render(request, "training/assign_start.html", context)


def _asked_person(request: HttpRequest) -> User | None:
    reference = request.GET.get("person", "").replace("\x00", "")[:20]
    return User.objects.visible_to(request.user).filter(is_active=True, reference=reference).first()


@policy("training.assign")
@require_http_methods(["GET", "POST"])
def course_assign(request: HttpRequest, key: str) -> HttpResponse:
    """The form, the look at who would get it, and the deed: each is a post of the same form."""
    course = get_object_or_404(Course.objects.visible_to(request.user), key=key)
    if course.state != Course.State.RELEASED:
        status = 422 if request.method == "POST" else 200
        return render(request, "training/assign_refused.html", {"course": course}, status=status)
    if request.method == "GET":
        return _page(request, course, _form(request, None))
    step = request.POST.get("step", "")
    if step in ("search", "back"):
        return _page(request, course, _form(request, None))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, course, form, status=422)
    found = preview(course, _chosen(request, form), timezone.now())
    if step != "confirm":
        return _preview(request, course, form, found)
    if request.POST.get("seal") != found.seal:
        messages.warning(request, _("Meanwhile it is not the same people any more. Please look again."))
        return _preview(request, course, form, found, status=409)
    return _give(request, course, form, found)


def _form(request: HttpRequest, data: Any) -> AssignForm:
    """Without data: as it was typed so far, with nothing refused yet."""
    person = _asked_person(request)
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in AssignForm.SINGLE}
    typed |= {name: request.POST.getlist(name) for name in ("units", "people")}
    return AssignForm(
        data,
        user=person_of(request),
        units=units_managed_by(request.user),
        today=organisation_day(timezone.now()),
        initial=typed if request.method == "POST" else {"people": [person.reference] if person else []},
    )


def _page(request: HttpRequest, course: Course, form: AssignForm, status: int = 200) -> HttpResponse:
    context = {"course": course, "form": form, "shows_errors": status == 422}
    return render(request, "training/assign.html", context, status=status)


def _chosen(request: HttpRequest, form: AssignForm) -> list[User]:
    return chosen_people(person_of(request), form.group(), form.cleaned_data["people"], timezone.now())


def _preview(
    request: HttpRequest, course: Course, form: AssignForm, found: Preview, status: int = 200
) -> HttpResponse:
    context = {"course": course, "form": form, "found": found, "is_long": len(found.people) > AT_ONCE}
    return render(request, "training/assign_preview.html", context, status=status)


def _give(request: HttpRequest, course: Course, form: AssignForm, found: Preview) -> HttpResponse:
    """A few at once; more of them as background work."""
    if not found.people:
        messages.warning(request, _("Nobody would get it, so nothing was done."))
        return _preview(request, course, form, found, status=422)
    try:
        batch = assign.assign_people(
            course=course,
            people=found.people,
            due_on=form.cleaned_data["due_on"],
            why=form.cleaned_data["why"],
            by=person_of(request),
        )
    except assign.AssigningRefused as refused:
        form.add_error(None, refused)
        return _page(request, course, form, status=422)
    if len(found.people) <= AT_ONCE:
        assign.give_batch(batch)
        return redirect(batch)
    job = Job.objects.filter(kind=assign.ASSIGN_JOB, subject=batch.reference).latest("pk")
    return redirect("organisation:job_detail", job.reference)


@policy("training.assign")
@require_safe
def assigned(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What came of it: each person with the cycle that stands now."""
    batches = AssignmentBatch.objects.visible_to(request.user).select_related("course", "created_by")
    batch = get_object_or_404(batches, reference=reference)
    people = batch.people.prefetch_related("memberships__unit").order_by("name", "pk")
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Name"), _("Unit"), _("State"), _("Due on")]
        return table_response(request.GET["export"], "assigned", header, _lines(batch, list(people)))
    page = page_of(request, people)
    standing = _standing(batch, page.object_list)
    job = Job.objects.filter(kind=assign.ASSIGN_JOB, subject=batch.reference).order_by("pk").last()
    context = {
        "batch": batch,
        "page": page,
        "rows": [(person, standing.get(person.pk)) for person in page.object_list],
        "total": people.count(),
        "is_open": job is not None and job.is_open and batch.made < people.count(),
        "job": job,
        "today": organisation_day(timezone.now()),
    }
    return render(request, "training/assigned.html", context)


def _standing(batch: AssignmentBatch, people: Any) -> dict[int, Assignment]:
    """The newest cycle of each of these people in the course of the batch."""
    rows = Assignment.objects.newest().filter(course=batch.course_id, person__in=list(people))
    return {each.person_id: each for each in rows.select_related("certificate")}


def _lines(batch: AssignmentBatch, people: list[User]) -> Iterator[list[Any]]:
    standing = _standing(batch, people)
    for person in people:
        each = standing.get(person.pk)
        places = ", ".join(place.unit.name for place in person.memberships.all())
        state = str(each.get_state_display()) if each else _("left out")
        yield [person.name, places, state, each.due_on.isoformat() if each else ""]
