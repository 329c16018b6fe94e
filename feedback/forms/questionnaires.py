"""Forms of the questionnaire editor. They read and check; the actions save."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text
from feedback.models import Questionnaire, QuestionnaireVersion, Response, VersionText
from feedback.models.questionnaire import CONSENT_LENGTH, PURPOSE_LENGTH
from feedback.models.response import CONFIDENTIAL
from feedback.plan import VERSION_WORDS
from feedback.plan_file import MOST_CHARACTERS


class QuestionnaireSearch(forms.Form):
    """The list of questionnaires. Anything that is not understood is told, and left out of the search."""

    ORDERS: ClassVar[dict[str, Any]] = {
        "name": ("name", "pk"),
        "places": ("-places", "name", "pk"),
        "newest": (F("asked_since").desc(nulls_last=True), "name", "pk"),
    }

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Questionnaire.Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("draft", _("With a draft")), ("archived", _("Archived"))],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("name", _("By name")), ("places", _("Most places first")), ("newest", _("Newest first"))],
    )

    def filter(self, questionnaires: "QuerySet[Questionnaire]") -> "QuerySet[Questionnaire]":
        """The rows wanted, with `places`, `published`, `drafts` and `asked_since`."""
        self.is_valid()
        wanted = self.cleaned_data
        is_published = Q(versions__published_at__isnull=False)
        found = questionnaires.filter(archived_at__isnull=wanted.get("state") != "archived").annotate(
            places=Count("collectors", filter=Q(collectors__archived_at__isnull=True), distinct=True),
            published=Max("versions__number", filter=is_published),
            asked_since=Max("versions__published_at"),
            drafts=Count("versions", filter=~is_published, distinct=True),
        )
        if wanted.get("kind"):
            found = found.filter(kind=wanted["kind"])
        if wanted.get("state") == "draft":
            found = found.filter(drafts__gt=0)
        if words := search_form(wanted.get("q", "")):
            # There are few: compared here, because SQLite folds the case of ASCII only.
            fitting = [each.pk for each in found if words in search_form(f"{each.name} {each.key}")]
            found = found.filter(pk__in=fitting)
        return found.order_by(*self.ORDERS[wanted.get("sort") or "name"])


RESERVED_KEYS = ("add", "export", "import", "starters")
"""Words that have another meaning in addresses."""


class QuestionnaireForm(forms.ModelForm):
    """What a questionnaire is called; the title on the card belongs to its words."""

    class Meta:
        model = Questionnaire
        fields = ["name", "kind", "key"]
        help_texts = {"key": _("Short name in addresses and imports; it never changes.")}

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].lower()
        if key in RESERVED_KEYS:
            raise ValidationError(_("This word has another meaning here. Please choose another one."))
        if Questionnaire.objects.filter(key=key).exists():
            raise ValidationError(_("There is a questionnaire with this short name already."))
        return key


class EmptyQuestionnaireForm(QuestionnaireForm):
    title = forms.CharField(
        label=_("Title on the card"),
        max_length=150,
        validators=[validate_text],
        help_text=_("For example: How did we do today?"),
    )


class RenameForm(forms.ModelForm):
    class Meta:
        model = Questionnaire
        fields = ["name", "kind"]

    def clean_kind(self) -> str:
        """Colleagues answered because nobody reads them one by one; that is not taken back."""
        kind: str = self.cleaned_data["kind"]
        was = Questionnaire.objects.get(pk=self.instance.pk)
        changes = kind != was.kind and CONFIDENTIAL in (kind, was.kind)
        if changes and Response.objects.filter(version__questionnaire=was).exists():
            raise ValidationError(_("It has been answered, so it stays for colleagues or for customers."))
        return kind


class FileForm(forms.Form):
    """A questionnaire out of a file, or pasted."""

    file = forms.FileField(label=_("File (JSON)"), required=False)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=MOST_CHARACTERS,
        strip=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        """`text` then holds what the file says."""
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded:
            if uploaded.size > 4 * MOST_CHARACTERS:
                raise ValidationError({"file": _("The file is too large.")})
            try:
                cleaned["text"] = uploaded.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValidationError({"file": _("The file is not in UTF-8.")}) from error
        elif not cleaned.get("text") and not self.errors:
            raise ValidationError({"file": _("Choose a file, or paste its text.")})
        return cleaned


class DraftForm(forms.Form):
    """Knows the state of the draft that the editor saw."""

    edit_mark = forms.CharField(widget=forms.HiddenInput, max_length=20, validators=[validate_text])
    language = forms.ChoiceField(widget=forms.HiddenInput, choices=settings.TEXT_LANGUAGES)


class WordsForm(DraftForm):
    """What the card says around the questions, in one language, and whether they come in random order."""

    title = forms.CharField(label=_("Title"), max_length=150, validators=[validate_text])
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    thanks = forms.CharField(
        label=_("Thanks on the receipt"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    purpose = forms.CharField(
        label=_("What names and addresses are for"),
        max_length=PURPOSE_LENGTH,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Shown where customers leave them, and where they say who helped them. Empty: to answer the"
            " comment, and for nothing else."
        ),
    )
    consent = forms.CharField(
        label=_("Something to agree to"),
        max_length=CONSENT_LENGTH,
        required=False,
        validators=[validate_text],
        help_text=_(
            "A box that nobody has to tick, for example: You may quote my comment on your website. Empty: no"
            " box. It is shown only in languages in which you have written it."
        ),
    )
    is_shuffled = forms.BooleanField(
        label=_("Questions in random order"),
        required=False,
        help_text=_("On each page; questions that hang on each other and the long text keep their places."),
    )

    @classmethod
    def values_of(cls, version: QuestionnaireVersion, language: str) -> dict[str, Any]:
        row = VersionText.objects.filter(version=version, language=language).first()
        words = {name: getattr(row, name) for name in VERSION_WORDS} if row else {}
        return {
            "edit_mark": version.edit_mark,
            "language": language,
            "is_shuffled": version.is_shuffled,
            **words,
        }

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in VERSION_WORDS}
