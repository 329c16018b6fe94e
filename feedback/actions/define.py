"""A questionnaire written down as JSON, made with the units, the standard and the measures it feeds."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.actions import create_charter, save_measure, save_standard
from charter.models import Charter, Measure, Standard
from feedback.actions.questionnaires import publish_version
from feedback.models import Question, Questionnaire, QuestionnaireVersion, QuestionText, VersionText
from organisation.actions.units import create_unit
from organisation.imports import ImportRefused
from organisation.models import Installation, Unit


@transaction.atomic
def define_questionnaire(data: dict[str, Any], *, at: datetime | None = None) -> tuple[Questionnaire, bool]:
    """Make and publish the questionnaire, unless one with its key stands; says whether it was made.

    Units, standard and measures that stand already (by short name and key) are used as they are.
    Raises ImportRefused where the description lacks something.
    """
    at = at or timezone.now()
    try:
        standing = Questionnaire.objects.filter(key=data["key"]).first()
        if standing:
            return standing, False
        for unit in data["units"]:
            _unit(unit)
        standard = _standard(data["standard"], data["language"], at)
        return _questionnaire(data, standard, at), True
    except ValidationError as refused:
        if isinstance(refused, ImportRefused):
            raise
        raise ImportRefused(" ".join(refused.messages)) from refused
    except (KeyError, ValueError) as error:
        text = _("The description of the questionnaire is incomplete: %(what)s.")
        raise ImportRefused(text, params={"what": str(error)[:100]}) from error


def _unit(data: dict[str, str]) -> None:
    if Unit.objects.filter(slug=data["slug"]).exists():
        return
    installation = Installation.current()
    if installation is None:
        raise ImportRefused(_("Set up the organisation first."))
    create_unit(
        name=data["name"],
        slug=data["slug"],
        zone=data["timezone"],
        parent=installation.root,
        starts_on=date.fromisoformat(data["starts_on"]),
    )


def _standard(data: dict[str, str], language: str, at: datetime) -> Standard:
    standing = Standard.objects.filter(key=data["key"]).first()
    if standing:
        return standing
    unit = Unit.objects.get(slug=data["unit"]) if data.get("unit") else _root()
    charter = Charter.objects.filter(unit=unit).first()
    if charter is None:
        title = _("What you can expect from %(unit)s") % {"unit": unit.name}
        charter = create_charter(unit=unit, title=title[:150], by=None, at=at, language=language)
    fields = {"key": data["key"], "discretion": data.get("discretion", Standard.Discretion.FULL)}
    words = {"promise": data["promise"]}
    return save_standard(
        charter=charter, standard=None, language=language, words=words, fields=fields, by=None, at=at
    )


def _root() -> Unit:
    installation = Installation.current()
    if installation is None:
        raise ImportRefused(_("Set up the organisation first."))
    return installation.root


def _questionnaire(data: dict[str, Any], standard: Standard, at: datetime) -> Questionnaire:
    questionnaire = Questionnaire.objects.create(
        key=data["key"], name=data["name"], kind=data.get("form", Questionnaire.Kind.SURVEY)
    )
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    VersionText.objects.create(version=version, language=data["language"], title=data["title"])
    for position, asked in enumerate(data["questions"], start=1):
        _question(version, asked, position, data["language"], standard, at)
    publish_version(version, edit_mark=version.edit_mark, at=at)
    return questionnaire


def _question(
    version: QuestionnaireVersion,
    data: dict[str, Any],
    position: int,
    language: str,
    standard: Standard,
    at: datetime,
) -> None:
    low, high = data.get("scale", (None, None))
    question = Question.objects.create(
        version=version,
        key=data["key"],
        position=position,
        kind=data["kind"],
        scale_low=low,
        scale_high=high,
        allows_na=data.get("allows_na", False),
        measure=_measure(data["measure"], standard, low, high, at) if "measure" in data else None,
    )
    QuestionText.objects.create(question=question, language=language, wording=data["wording"])


def _measure(data: dict[str, str], standard: Standard, low: int, high: int, at: datetime) -> Measure:
    standing = Measure.objects.filter(key=data["key"]).first()
    if standing:
        return standing
    fields = {
        "key": data["key"],
        "name": data["name"],
        "method": data.get("method", Measure.Method.TOP_BOX),
        "source": Measure.Source.ANSWERS,
        "scale_low": low,
        "scale_high": high,
    }
    return save_measure(standard=standard, measure=None, fields=fields, by=None, at=at)
