"""Where a translation is missing, and where it has fallen behind the first language."""

import pytest

from charter import actions
from charter.languages import lagging
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UserFactory


def save_value(charter, value, language, **words):
    return actions.save_value(charter=charter, value=value, language=language, words=words, by=UserFactory())


@pytest.fixture
def value(db):
    charter = CharterFactory()
    value = save_value(charter, None, "en", name="Respect")
    return save_value(charter, value, "de", name="Achtung")


def test_a_fresh_translation_is_not_behind(value):
    assert lagging(value) == []


def test_a_translation_is_behind_once_the_first_language_changes(value):
    save_value(value.charter, value, "en", name="Respect for everybody")
    assert lagging(value) == ["Deutsch"]


def test_saving_the_first_language_unchanged_leaves_translations_alone(value):
    save_value(value.charter, value, "en", name="Respect")
    assert lagging(value) == []


def test_a_translation_that_is_saved_again_has_caught_up(value):
    save_value(value.charter, value, "en", name="Respect for everybody")
    save_value(value.charter, value, "de", name="Achtung")
    assert lagging(value) == []


def test_a_translation_written_first_is_behind_nothing(db):
    charter = CharterFactory()
    value = save_value(charter, None, "de", name="Achtung")
    assert lagging(value) == []


def test_a_standard_has_words_that_fall_behind_too(db):
    standard = StandardFactory()
    for language, promise in (("en", "In ten minutes"), ("de", "Zehn"), ("en", "In five minutes")):
        standard = actions.save_standard(
            charter=standard.charter,
            standard=standard,
            language=language,
            words={"promise": promise},
            fields={},
            by=UserFactory(),
        )
    assert lagging(standard) == ["Deutsch"]
