"""The upload of a file with questions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms import offer
from training.formats.found import FormatRefused, refuse_size
from training.formats.reading import Read, read_questions
from training.tongues import NAMES

MOST_PASTED = 500_000


class QuestionFileForm(forms.Form):
    """A file, or its text pasted. `raw` and `read` are what is in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("GIFT (.txt, .gift) or Moodle XML (.xml). Up to 5 MB and 1,000 questions."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.gift,.xml,text/plain,text/xml"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the questions"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the questions"), required=False)
    raw: bytes
    read: Read

    def __init__(self, *args: Any, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        codes = sorted(NAMES, key=lambda code: code != first)
        offer(self, "language", [(code, NAMES[code]) for code in codes])
        self.fields["language"].help_text = _(
            "These formats do not say their language. A file in another language than %(first)s translates "
            "questions that are here: each is found by its name."
        ) % {"first": NAMES.get(first, first)}

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), (data.get("text") or "").strip()
        if self.errors:
            return data
        if bool(file) == bool(text):
            words = _("Choose a file or paste its text, not both.") if file else _("Choose a file, or paste.")
            raise ValidationError(words)
        name = "file" if file else "text"
        try:
            self.raw = self._bytes(file) if file else text.encode("utf-8", "replace")
            self.read = read_questions(self.raw)
        except FormatRefused as refused:
            self.add_error(name, refused)
        return data

    @staticmethod
    def _bytes(file: Any) -> bytes:
        refuse_size(file.size or 0)
        return bytes(file.read())
