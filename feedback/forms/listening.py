"""Forms of listening sessions, their findings and files."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import DAY_WIDGET, CleanTextField, VersionedForm, search_field, text_field
from common.text import search_form
from feedback.models import Theme
from feedback.models.listening import Finding, ListeningSession
from organisation.models import Tree, Unit

LARGEST = 10 * 1024 * 1024
ENDINGS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
FIELDS = ("kind", "whom", "title", "unit", "held_on", "place", "questions")
MOST_GROUPS = 30


class SessionForm(VersionedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ListeningSession.Kind.choices)
    whom = forms.ChoiceField(label=gettext_lazy("With"), choices=ListeningSession.Whom.choices)
    title = text_field(ListeningSession, "title")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Unit"),
        empty_label=gettext_lazy("Choose a unit"),
    )
    held_on = forms.DateField(label=gettext_lazy("Day"), widget=DAY_WIDGET)
    place = text_field(ListeningSession, "place")
    groups = CleanTextField(
        label=gettext_lazy("Who took part"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A line for each segment, with how many: “Young parents: 5”. No names."),
    )
    questions = text_field(
        ListeningSession, "questions", rows=5, help_text=gettext_lazy("A question a line.")
    )

    def __init__(self, *args: Any, user: Any, session: ListeningSession | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.managed_by(user).active()
        if session is not None:
            self.initial.update({name: getattr(session, name) for name in FIELDS})
            self.initial["unit"] = session.unit.slug
            self.initial["groups"] = "\n".join(str(group) for group in session.groups.all())
            self.initial["version"] = session.version

    def clean_groups(self) -> list[tuple[str, int]]:
        lines = [line.strip() for line in self.cleaned_data["groups"].splitlines() if line.strip()]
        if len(lines) > MOST_GROUPS:
            raise ValidationError(_("At most %(most)d segments, please."), params={"most": MOST_GROUPS})
        return [self._group(line) for line in lines]

    def _group(self, line: str) -> tuple[str, int]:
        segment, _sign, number = line.rpartition(":")
        count = int(number) if number.strip().isdecimal() and len(number.strip()) < 5 else 0
        if not segment.strip() or len(segment) > 100 or not 1 <= count <= 1000:
            raise ValidationError(
                _("“%(line)s” does not say how many: write “segment: number”."), params={"line": line[:60]}
            )
        return segment.strip(), count

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class FindingForm(forms.ModelForm):
    need = text_field(Finding, "need")
    quote = text_field(Finding, "quote", rows=2, help_text=gettext_lazy("Without names."))

    class Meta:
        model = Finding
        fields = ["need", "severity", "theme", "quote"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes: Any = self.fields["theme"]
        themes.queryset = Theme.objects.active()
        themes.empty_label = _("No theme")


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, picture or office document, up to 10 MB."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(_("This file is larger than 10 MB."))
        if self.ending(file) not in ENDINGS:
            raise ValidationError(_("Files of this kind are not kept here."))
        return file

    @staticmethod
    def ending(file: UploadedFile) -> str:
        return (file.name or "").rpartition(".")[2].lower()


class SessionSearch(forms.Form):
    """Which sessions a list shows, and in which order. A unit stands for itself and those below it."""

    q = search_field(gettext_lazy("Search"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Unit"),
        required=False,
        empty_label=gettext_lazy("All units"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    whom = forms.ChoiceField(label=gettext_lazy("With"), required=False)
    theme = forms.ModelChoiceField(
        Theme.objects.active(),
        to_field_name="reference",
        label=gettext_lazy("Theme"),
        required=False,
        empty_label=gettext_lazy("All themes"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("In use")), ("archived", gettext_lazy("Archived"))],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Newest first")), ("oldest", gettext_lazy("Oldest first"))],
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        mine = Unit.objects.active()
        fields["unit"].queryset = mine if user.is_administrator else mine.filter(pk__in=user.unit_ids)
        fields["kind"].choices = [("", _("All kinds")), *ListeningSession.Kind.choices]
        fields["whom"].choices = [("", _("Everybody")), *ListeningSession.Whom.choices]

    def filter(self, sessions: "QuerySet[ListeningSession]", today: date) -> "QuerySet[ListeningSession]":
        """The sessions asked for; what is not understood is left out of the search."""
        self.is_valid()
        asked = self.cleaned_data
        sessions = sessions.filter(archived_at__isnull=asked.get("state") != "archived")
        if asked.get("unit"):
            sessions = sessions.filter(unit__in=Tree.on(today).subtree(asked["unit"].pk))
        for name in ("kind", "whom"):
            if asked.get(name):
                sessions = sessions.filter(**{name: asked[name]})
        findings = Finding.objects.filter(removed_at__isnull=True)
        if asked.get("theme"):
            sessions = sessions.filter(pk__in=findings.filter(theme=asked["theme"]).values("session"))
        if words := (asked.get("q") or "").strip():
            wanted = search_form(words)
            found = [each.session_id for each in self._found(findings, wanted)]
            sessions = sessions.filter(Q(search__contains=wanted) | Q(pk__in=found))
        return sessions.order_by(*(("held_on", "pk") if asked.get("sort") else ("-held_on", "-pk")))

    def _found(self, findings: "QuerySet[Finding]", wanted: str) -> Iterator[Finding]:
        """Findings with the words; whoever may not read what was said does not find out by searching."""
        rows = findings.filter(
            search__contains=wanted, session__in=ListeningSession.objects.visible_to(self.user)
        )
        for finding in rows.select_related("session").prefetch_related("session__groups"):
            if finding.session.shows_words_to(self.user) or wanted in search_form(finding.need):
                yield finding
