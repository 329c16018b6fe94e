"""What every page of words in several languages shows beside its form."""

from typing import Any

from django.http import HttpRequest

from charter.forms.fields import language_of
from charter.languages import behind, choices_for, languages_of, source_of
from organisation.drafting import is_preview, offer


def words_context(request: HttpRequest, owner: Any, form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The form with its draft, the languages, and the words of the one that they are translated from.

    `owner` is what has the words (None while it is being added), `names` are those of its text fields.
    """
    language = language_of(request.GET.get("language"))
    rows = list(owner.texts.all()) if owner else []
    other = source_of(owner, language)
    words = [(form.fields[name].label, getattr(other, name)) for name in names] if other else []
    return {
        "form": form,
        "draft": offer(request, form, language=language),
        "is_preview": is_preview(request),
        "language": language,
        "languages": choices_for(languages_of(rows), language, behind=behind(rows)),
        "is_behind": language in behind(rows),
        "other": other,
        "other_words": [(label, text) for label, text in words if text],
    }
