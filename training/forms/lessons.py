"""The forms of modules, lessons, pictures and files of a course."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField, text_field
from organisation.forms.installation import picture_type
from training.content import MOST_CAPTIONS, lesson_content, same_shape
from training.forms.content import AddressEditor, Editor, ItemsEditor, VideoEditor
from training.forms.parts import PartForm
from training.forms.scenario import ScenarioEditor
from training.models import Lesson, LessonText, ModuleText
from training.table import Problem, Table
from training.uploads import MOST_PICTURE, allowed, content_type_of, is_too_large

Kind = Lesson.Kind
EDITORS: dict[str, type[Editor]] = {
    Kind.SCENARIO: ScenarioEditor,
    Kind.CHECKLIST: ItemsEditor,
    Kind.PRACTICE: ItemsEditor,
    Kind.VIDEO: VideoEditor,
    Kind.DOWNLOAD: AddressEditor,
}


def refuse_large(file: Any, megabytes: int) -> None:
    if is_too_large(file, megabytes):
        raise ValidationError(
            _("The file is too large: at most %(most)s MB.") % {"most": megabytes}, code="large"
        )


class ModuleForm(PartForm):
    names = ("title",)
    title = text_field(ModuleText, "title", help_text=_("A module is a group of lessons."))


class LessonForm(PartForm):
    """One lesson of a kind in one language. Fields for its content come from the kind's editor."""

    markdown = ("body",)
    names = ("title", "body")
    title = text_field(LessonText, "title")
    body = text_field(LessonText, "body", rows=14, label=_("Text"))
    shape = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: str,
        words: dict[str, Any] | None = None,
        source: dict[str, Any] | None = None,
        source_language: str = "",
        lesson: Lesson | None = None,
        sent: Any = None,
        **kwargs: Any,
    ) -> None:
        """`source` are the words of the first language where this is a translation; `sent` is what decides
        on the number of rows: what was posted, or what was kept of it."""
        content = (words or {}).get("content", {})
        self.kind, self.source = kind, source
        editor = EDITORS.get(kind, Editor)
        self.editor: Any = editor(content, source["content"] if source else None, sent)
        facts = {"minutes": lesson.minutes, "must_fill": lesson.must_fill} if lesson else {"minutes": 5}
        shape = {"shape": self.editor.shape()} if self.editor.can_grow else {}
        super().__init__(*args, words=words, initial=facts | self.editor.initial() | shape, **kwargs)
        if kind != Kind.TEXT:
            self.fields["body"].label = _("What to say before it")
            self.fields["body"].widget.attrs["rows"] = 5
        self.fields |= self.editor.told_by(source_language)
        if kind == Kind.VIDEO:
            self.fields["new_captions"] = forms.FileField(
                label=_("Or a file with the captions"),
                required=False,
                help_text=_("WebVTT (.vtt), one for each language. It replaces the captions above."),
                widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
            )
        if source is None:
            self._add_facts(lesson)
        if self.is_bound and self.editor.can_grow:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["shape"] = self.editor.shape()  # type: ignore[index]

    def _add_facts(self, lesson: Lesson | None) -> None:
        if self.kind in (Kind.VIDEO, Kind.DOWNLOAD):
            self.fields["new_file"] = forms.FileField(
                label=_("File"), required=False, help_text=self._file_help(lesson)
            )
            if lesson and lesson.file_id:
                self.fields["remove_file"] = forms.BooleanField(label=_("Show no file"), required=False)
        self.fields["minutes"] = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600)
        self.fields["must_fill"] = forms.BooleanField(
            label=_("Has to be written by the organisation"),
            required=False,
            help_text=_("Before a release, in a course that others take over."),
        )

    def _file_help(self, lesson: Lesson | None) -> str:
        kinds, most = allowed(self.kind)
        told = _("%(kinds)s, at most %(most)s MB.") % {
            "kinds": ", ".join(each[1:].upper() for each in kinds),
            "most": most,
        }
        if lesson and lesson.file:
            kept = _("Now: %(name)s. Leave it empty to keep that file.") % {"name": lesson.file.name}
            return f"{told} {kept}"
        return str(told)

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if "\n# " in f"\n{body}":
            raise ValidationError(_("Headings begin with “##”: the title is the only one above them."))
        return body

    def clean_new_file(self) -> Any:
        file = self.cleaned_data["new_file"]
        if not file:
            return None
        kinds, most = allowed(self.kind)
        refuse_large(file, most)
        kind = content_type_of(file.name, kinds)
        if kind is None:
            known = ", ".join(each[1:].upper() for each in kinds)
            raise ValidationError(_("Only these kinds of files: %(kinds)s.") % {"kinds": known})
        file.content_type = kind
        return file

    def clean_new_captions(self) -> None:
        """The text of the file takes the place of what was typed, also where the form comes back."""
        file = self.cleaned_data["new_captions"]
        if not file:
            return
        if file.size > MOST_CAPTIONS:
            words = _("The captions are too long: at most %(most)s kB.")
            raise ValidationError(words % {"most": MOST_CAPTIONS // 1000})
        try:
            text = "\n".join(file.read().decode("utf-8-sig").splitlines())
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not written in UTF-8.")) from None
        if not text.startswith("WEBVTT"):
            raise ValidationError(_("This is no WebVTT: such files begin with the word WEBVTT."))
        self.cleaned_data["vtt"] = text
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["vtt"] = text  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        problems: list[Problem] = []
        cleaned["content"] = lesson_content(self.kind, Table(self.editor.table(cleaned), "", problems))
        for problem in problems:
            self.add_error(None, str(problem))
        first = self.source["content"] if self.source else cleaned["content"]
        if not problems and not same_shape(self.kind, first, cleaned["content"]):
            self.add_error(None, _("Its parts differ from those in the first language."))
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        return super().words | {"content": self.cleaned_data["content"]}

    @property
    def facts(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("minutes", "must_fill") if name in self.cleaned_data
        }

    @property
    def steps(self) -> list[dict[str, Any]]:
        return self.editor.steps(self) if isinstance(self.editor, ScenarioEditor) else []

    @property
    def first_fields(self) -> list[Any]:
        """Title and text, before the content."""
        return [self["title"], self["body"]]

    @property
    def content_fields(self) -> list[Any]:
        """The content of kinds that are simple enough for a plain list of fields."""
        if self.steps:
            return []
        captions = [self["new_captions"]] if "new_captions" in self.fields else []
        return [self[name] for name in self.editor.fields()] + captions

    @property
    def last_fields(self) -> list[Any]:
        names = ("new_file", "remove_file", "minutes", "must_fill")
        return [self[name] for name in names if name in self.fields]


class PictureForm(forms.Form):
    """A picture, and what it shows in words: without them it is not taken."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, at most %(most)s MB.") % {"most": MOST_PICTURE},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    words = CleanTextField(
        label=_("What it shows"),
        max_length=300,
        help_text=_("Read aloud to whoever cannot see the picture."),
    )

    def clean_words(self) -> str:
        return " ".join(self.cleaned_data["words"].replace("[", "(").replace("]", ")").split())

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        refuse_large(picture, MOST_PICTURE)
        head = picture.read(12)
        picture.seek(0)
        picture.content_type = picture_type(head)
        if picture.content_type is None:
            raise ValidationError(_("This is no PNG, JPEG or WebP picture."))
        return picture


class OrderForm(forms.Form):
    """The keys of a list in the order that they were dragged to; `module` names whose lessons they are."""

    module = forms.SlugField(max_length=60, required=False)

    @property
    def keys(self) -> list[str]:
        return self.data.getlist("key")[:1000]  # type: ignore[attr-defined]
