"""Forms of the catalogue of courses, of a course's own words, and of its release."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField, search_field, text_field
from charter.models import Standard, Value
from common.imprint import IMPRINT
from common.text import search_form
from organisation.models import Membership, Unit
from training.course_file import MOST_BYTES, FileRefused
from training.course_package import MOST_PACKAGE, Package, read_package
from training.forms.parts import PartForm
from training.models import Course, CourseText, CourseVersion

REFUSED = _("The file is refused, and nothing is changed. The reasons stand below.")
SORTS = {"title": _("Title"), "minutes": _("Length"), "people": _("How many take it")}


class CourseSearchForm(forms.Form):
    q = search_field(_("Search courses"))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Not archived")), *Course.State.choices, ("all", _("All"))],
    )
    standard = forms.ModelChoiceField(
        Standard.objects.none(),
        to_field_name="key",
        required=False,
        label=_("Standard"),
        empty_label=_("Any"),
    )
    level = forms.ChoiceField(
        label=_("For whom"), required=False, choices=[("", _("Anybody")), *Membership.Level.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any")), *settings.TEXT_LANGUAGES]
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=list(SORTS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["standard"]
        field.queryset = Standard.objects.filter(courses__isnull=False).distinct().prefetch_related("texts")

    def filter(self, courses: Any) -> Any:
        """The courses in the order that was asked for (annotated with `people` and `name`)."""
        wanted = self.cleaned_data if self.is_valid() else {}
        state = wanted.get("state", "")
        if state == "":
            courses = courses.exclude(state=Course.State.ARCHIVED)
        elif state != "all":
            courses = courses.filter(state=state)
        if words := wanted.get("q"):
            courses = courses.filter(search__contains=search_form(words))
        if standard := wanted.get("standard"):
            courses = courses.filter(standards=standard)
        if language := wanted.get("language"):
            courses = courses.filter(pk__in=CourseText.objects.filter(language=language).values("course"))
        if level := wanted.get("level"):
            meant = [
                pk for pk, levels in courses.values_list("pk", "levels") if not levels or level in levels
            ]
            courses = courses.filter(pk__in=meant)
        order = {"minutes": ["minutes"], "people": ["-people"]}.get(wanted.get("sort", ""), [])
        return courses.order_by(*order, "name", "key")


def _unit_field(**more: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="slug", label=_("Unit that owns it"), empty_label=None, **more
    )


class OwnedForm(forms.Form):
    """A form that asks for one of the units that the person manages."""

    unit = _unit_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.managed_by(user).active()


class NewCourseForm(OwnedForm):
    title = text_field(CourseText, "title")
    summary = text_field(CourseText, "summary")
    audience = text_field(CourseText, "audience")
    language = forms.ChoiceField(
        label=_("The language in which it is written first"), choices=settings.TEXT_LANGUAGES
    )
    field_order = ("title", "summary", "audience", "language", "unit")

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "summary", "audience")}


class CopyForm(OwnedForm):
    title = text_field(CourseText, "title", label=_("Title of the copy"))
    field_order = ("title", "unit")


class Choices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class CourseForm(PartForm):
    """The course's words in one language; in its first one also what does not depend on the language."""

    names = ("title", "summary", "audience")
    fact_names = ("levels", "minutes", "refresh_months", "renewal_days")
    title = text_field(CourseText, "title")
    summary = text_field(CourseText, "summary")
    audience = text_field(CourseText, "audience")
    levels = forms.MultipleChoiceField(
        label=_("Levels"),
        required=False,
        choices=Membership.Level.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means everybody."),
    )
    minutes = forms.IntegerField(label=_("Minutes, quiz included"), min_value=1, max_value=6_000)
    refresh_months = forms.IntegerField(
        label=_("Again after so many months"), min_value=0, max_value=120, help_text=_("0: never.")
    )
    renewal_days = forms.IntegerField(
        label=_("May be renewed so many days early"),
        min_value=0,
        max_value=730,
        help_text=_("Whoever renews within these days loses nothing: the time runs on from the old end."),
    )
    standards = Choices(
        Standard.objects.none(),
        to_field_name="key",
        required=False,
        label=_("Standards that it teaches"),
        widget=forms.CheckboxSelectMultiple,
    )
    values = Choices(
        Value.objects.none(),
        required=False,
        label=_("Values that it stands for"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, course: Course, is_translation: bool = False, **kwargs: Any) -> None:
        facts = {name: getattr(course, name) for name in self.fact_names}
        links = {"standards": course.standards.all(), "values": course.values.all()}
        chosen: dict[str, Any] = {
            "standards": [each.key for each in course.standards.all()],
            "values": [each.pk for each in course.values.all()],
        }
        super().__init__(*args, initial=facts | chosen, **kwargs)
        self.has_facts = not is_translation
        if is_translation:
            self.drop(*self.fact_names, "standards", "values")
            return
        for name, model in (("standards", Standard), ("values", Value)):
            rows: Any = model.objects  # type: ignore[attr-defined]
            field: Any = self.fields[name]
            field.queryset = rows.filter(
                Q(archived_at__isnull=True) | Q(pk__in=[each.pk for each in links[name]])
            ).prefetch_related("texts")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fact_names if name in self.cleaned_data}


class ReleaseForm(forms.Form):
    """What the release says. `draft` is the number of the version that was looked at, `seen` what it said."""

    note = text_field(CourseVersion, "note", help_text=_("Learners and colleagues read it with the version."))
    asks_for_renewal = forms.BooleanField(label=_("Asks everybody to take it again"), required=False)
    renewal_due_days = forms.IntegerField(label=_("Within so many days"), min_value=1, max_value=730)
    draft = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    seen = CleanTextField(required=False, max_length=IMPRINT, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["asks_for_renewal"], self.fields["renewal_due_days"]
        else:
            self.fields["note"].required = True

    def look_again(self, seen: str) -> None:
        """After a conflict: what was typed stays, for a release of what the page shows now."""
        changed = self.data.copy()  # type: ignore[attr-defined]
        changed["seen"] = seen
        self.data = changed


class CourseFileForm(OwnedForm):
    """One course file. `course` holds it after the reading; `problems` names all its faults."""

    file = forms.FileField(
        label=_("Course file"),
        help_text=_("A .toml or .zip file in the form that “Export” writes, at most %(most)s MB.")
        % {"most": MOST_PACKAGE},
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,.zip"}),
    )
    field_order = ("file", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Any] = []

    def clean_file(self) -> Package:
        try:
            return read_package(self.cleaned_data["file"])
        except FileRefused as refusal:
            self.problems = refusal.problems
            raise ValidationError(REFUSED) from None


class KeptFileForm(OwnedForm):
    """The text of a file that was looked at, sent again to be taken in."""

    text = CleanTextField(max_length=MOST_BYTES, strip=False, widget=forms.HiddenInput)


class KeptPackageForm(OwnedForm):
    """The upload that was looked at, named again to be taken in."""

    upload = CleanTextField(max_length=20, widget=forms.HiddenInput)
