"""Measures of the charter that training feeds: which courses each of them counts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from charter.models import Measure
from common.policy import policy, require
from organisation.access import person_of
from training.actions.measured import choose_courses
from training.models import Course
from training.people import taught_courses
from training.source import KIND


def _measures(user: Any) -> Any:
    measures = Measure.objects.visible_to(user).active().filter(source=KIND)
    return measures.select_related("standard__charter__unit").prefetch_related(
        "standard__texts", "measured_courses__course__texts"
    )


class CoursesForm(forms.Form):
    """The courses that one measure counts; those that teach its standard stand first."""

    courses = forms.MultipleChoiceField(
        label=gettext_lazy("Courses"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any, *, measure: Measure, courses: list[Course]) -> None:
        chosen = [row.course for row in measure.measured_courses.all()]  # type: ignore[attr-defined]
        super().__init__(data, initial={"courses": [course.key for course in chosen]})
        teaching = set(measure.standard.courses.values_list("pk", flat=True))  # type: ignore[attr-defined]
        self._courses = {course.key: course for course in [*courses, *chosen]}
        ordered = sorted(self._courses.values(), key=lambda each: each.pk not in teaching)
        field: Any = self.fields["courses"]
        field.choices = [
            (each.key, _("%(course)s (teaches this standard)") % {"course": each})
            if each.pk in teaching
            else (each.key, str(each))
            for each in ordered
        ]

    @property
    def chosen(self) -> list[Course]:
        return [self._courses[key] for key in self.cleaned_data["courses"]]


@policy("training.see_people")
@require_safe
def measured_list(request: HttpRequest) -> HttpResponse:
    """Every measure that is fed by training, with its courses."""
    measures = list(_measures(request.user).order_by("standard__charter__unit__name", "name", "pk"))
    may = {each.pk for each in measures if request.user.has_perm("training.measure", each)}
    return render(request, "training/measured_list.html", {"measures": measures, "may": may})


@policy("training.measure")
@require_http_methods(["GET", "POST"])
def measured_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Choose the courses of one measure."""
    measure = get_object_or_404(_measures(request.user), key=key)
    require(request.user, "training.measure", measure)
    sent = request.POST if request.method == "POST" else None
    form = CoursesForm(sent, measure=measure, courses=taught_courses(request.user))
    if form.is_valid():
        choose_courses(measure, courses=form.chosen, by=person_of(request))
        messages.success(request, _("The courses are chosen. The figures follow at once."))
        return redirect("training:measured_list")
    context = {"measure": measure, "form": form}
    return render(request, "training/measured_form.html", context, status=422 if form.errors else 200)
