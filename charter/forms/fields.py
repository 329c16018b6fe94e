"""The fields that the forms of this room and of those above it share with the rooms below."""

from common.fields import (
    DAY_WIDGET,
    CleanTextField,
    VersionedForm,
    language_of,
    matching,
    search_field,
    take_refusal,
    text_field,
)

__all__ = [
    "DAY_WIDGET",
    "CleanTextField",
    "VersionedForm",
    "language_of",
    "matching",
    "search_field",
    "take_refusal",
    "text_field",
]
