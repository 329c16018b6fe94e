"""The descriptions of questionnaires that come with the product, read as a file of an editor.

`manage.py define_questionnaire` makes the units, the promise and the measures of a description too. In the
browser only its questions are taken in: units and promises have pages and rights of their own.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from organisation.imports import ImportRefused, load_mapping

DESCRIPTION = "questionnaire"
FOLDER = "mappings"


def described(data: dict[str, Any]) -> dict[str, Any]:
    """The description in the form of an exported file; what is wrong in it is found by whoever reads that."""
    language = str(data.get("language"))
    questions = data.get("questions")
    return {
        "key": data.get("key"),
        "name": data.get("name"),
        "kind": data.get("form", "survey"),
        "words": {language: {"title": data.get("title")}},
        "questions": [_asked(each, language) for each in questions] if isinstance(questions, list) else None,
    }


def _asked(data: Any, language: str) -> Any:
    if not isinstance(data, dict):
        return data
    measure = data.get("measure")
    return {
        "key": data.get("key"),
        "kind": data.get("kind"),
        "scale": data.get("scale"),
        "na": data.get("allows_na"),
        "words": {language: {"wording": data.get("wording")}},
        "measure": measure.get("key") if isinstance(measure, dict) else measure,
    }


def left_behind(data: dict[str, Any]) -> list[str]:
    """The units of the description: files that answer it name them."""
    units = data.get("units")
    named = [each for each in units if isinstance(each, dict)] if isinstance(units, list) else []
    if not named:
        return []
    names = ", ".join(f"{each.get('name')} ({each.get('slug')})"[:200] for each in named)
    words = _("Its answers belong to units that have to stand here under these short names: %(units)s.")
    return [words % {"units": names}]


def description_of(key: str) -> str:
    """The file of the product that describes the questionnaire with this key, or nothing."""
    for path in sorted((settings.BASE_DIR / FOLDER).glob("*_questionnaire.json")):
        try:
            data = load_mapping(path)
        except ImportRefused:
            continue
        if data.get("key") == key:
            return f"{FOLDER}/{path.name}"
    return ""
