"""Text that the product accepts: the same on SQLite and PostgreSQL."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

BIDI_CONTROLS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def validate_text(value: str) -> None:
    """Refuse what one of the databases cannot store: NUL and lone surrogates."""
    if "\x00" in value:
        raise ValidationError(_("The text contains an invisible character (NUL). Please remove it."))
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValidationError(_("The text contains a broken character. Please type it again."))


def clean_text(value: str, *, max_length: int) -> str:
    """The text as it is kept: line ends as newlines, no bidirectional controls, no outer blanks.

    Raises ValidationError for NUL, lone surrogates and text over `max_length` characters.
    """
    validate_text(value)
    cleaned = value.replace("\r\n", "\n").replace("\r", "\n").translate(BIDI_CONTROLS).strip()
    if len(cleaned) > max_length:
        raise ValidationError(
            ngettext(
                "The text is too long: %(length)d of at most %(limit)d character.",
                "The text is too long: %(length)d of at most %(limit)d characters.",
                max_length,
            ),
            params={"length": len(cleaned), "limit": max_length},
        )
    return cleaned


def search_form(value: str) -> str:
    """The text as it is searched: compatibility-normalised and case-folded, on every database."""
    return unicodedata.normalize("NFKC", value).casefold()
