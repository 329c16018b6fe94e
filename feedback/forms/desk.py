"""Forms of the desk: whom to give a card, notes, many at once, saved views, letters, themes."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import CleanTextField, VersionedForm, search_field, text_field
from feedback.actions.handling import CHANGES, MOST_AT_ONCE, MOST_OF_A_NOTE
from feedback.models import LetterWish, SavedView, Theme, ThemeRule
from feedback.theming import Rules
from organisation.models import User


class AssignForm(forms.Form):
    """Whose card it is now; empty for nobody's."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="reference",
        required=False,
        label=gettext_lazy("In hand of"),
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class CardThemeForm(forms.Form):
    """A theme that a comment is about, or is not about."""

    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        to_field_name="reference",
        label=gettext_lazy("Theme"),
        empty_label=gettext_lazy("Choose a theme"),
    )
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.active()  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    note = CleanTextField(
        label=gettext_lazy("Note for colleagues"),
        max_length=MOST_OF_A_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The customer never sees it."),
    )


class PassOnForm(forms.Form):
    """The colleague who is praised, and a few words of one's own."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="reference",
        label=gettext_lazy("Colleague"),
        empty_label=gettext_lazy("Choose a colleague"),
    )
    words = CleanTextField(label=gettext_lazy("Your words (if you like)"), required=False, max_length=500)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """What to do with the chosen responses."""

    DOING = [
        ("", gettext_lazy("With those chosen …")),
        ("assign", gettext_lazy("give into the hands of")),
        ("spam", gettext_lazy("mark as spam")),
        ("restore", gettext_lazy("no spam: let them count")),
        ("delete", gettext_lazy("delete from lists and figures")),
        ("undelete", gettext_lazy("bring back")),
    ]
    do = forms.ChoiceField(label=gettext_lazy("With those chosen"), choices=DOING)
    to = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="reference",
        required=False,
        label=gettext_lazy("Colleague"),
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]

    def clean_do(self) -> str:
        do: str = self.cleaned_data["do"]
        if do not in CHANGES:
            raise ValidationError(_("Please say what is to be done."))
        return do

    def clean(self) -> dict[str, Any]:
        chosen = list(dict.fromkeys(self.data.getlist("chosen"))) if isinstance(self.data, QueryDict) else []
        if not chosen:
            raise ValidationError(_("Choose at least one response."))
        if len(chosen) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(most)d at once, please."), params={"most": MOST_AT_ONCE})
        if not all(code.isascii() and code.isalnum() for code in chosen):
            raise ValidationError(_("One of the chosen responses is not there."))
        return {**self.cleaned_data, "chosen": chosen}


class ViewForm(forms.ModelForm):
    """The name of a view; its filters come from the address and are read by the search itself."""

    name = text_field(SavedView, "name")

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]

    def validate_unique(self) -> None:
        """A view of the same name is replaced."""


class LettersForm(forms.ModelForm):
    class Meta:
        model = LetterWish
        fields = ["alerts", "rhythm"]
        widgets = {"rhythm": forms.RadioSelect}


class ThemeForm(VersionedForm):
    """The name of a theme, and a field of keywords for each language of the installation."""

    name = text_field(Theme, "name")

    def __init__(self, *args: Any, theme: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme = theme
        for code, label in settings.TEXT_LANGUAGES:
            words = _("Keywords in %(language)s") % {"language": label}
            field = text_field(ThemeRule, "lines", rows=6, required=False, label=words)
            field.widget.attrs.update({"lang": code, "dir": "auto"})
            self.fields[f"lines_{code}"] = field
        if theme is not None:
            self.initial.update({"name": theme.name, "version": theme.version})
            self.initial.update({f"lines_{rule.language}": rule.lines for rule in theme.rules.all()})

    @property
    def lines(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"lines_{code}", "") for code, _label in settings.TEXT_LANGUAGES}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Theme.objects.exclude(pk=self.theme.pk) if self.theme else Theme.objects.all()
        if others.filter(name=name).exists():
            raise ValidationError(_("There is a theme of this name already (an archived one, perhaps)."))
        return name

    def clean(self) -> dict[str, Any]:
        for code, text in self.lines.items():
            try:
                Rules.parse(text)
            except ValidationError as error:
                self.add_error(f"lines_{code}", error)
        if not self.errors and not any(text.strip() for text in self.lines.values()):
            raise ValidationError(_("Write keywords in one language at least."))
        return self.cleaned_data


class ThemeSearch(forms.Form):
    """The list of themes: words, and those that were put away."""

    q = search_field(gettext_lazy("Search"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("In use")), ("archived", gettext_lazy("Archived"))],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("often", gettext_lazy("Most often first")), ("name", gettext_lazy("By name"))],
    )
