"""Questionnaires by words of their name, whatever the case, on every database."""

from common.fields import matching
from feedback.models import Questionnaire


def named(words: str) -> set[int]:
    """The questionnaires in whose name the words stand; all where there are none. They are few."""
    return matching(Questionnaire.objects.values_list("pk", "name"), words)
