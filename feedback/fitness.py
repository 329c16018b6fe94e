"""What stands against publishing a draft, and which series its answers belong to."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.models import Question, QuestionnaireVersion
from feedback.showing import problems_of_rules

MOST_QUESTIONS = 100


def questions_of(version: QuestionnaireVersion) -> list[Question]:
    """The questions in their order with everything that is said about them. Five queries."""
    asked = version.questions.select_related("measure", "matrix", "version")
    return list(asked.prefetch_related("texts", "options__texts", "matrix__texts"))


def problems_of(version: QuestionnaireVersion, questions: Sequence[Question]) -> list[str]:
    """What keeps the draft from being published, in the editor's words."""
    problems = []
    if not any(question.is_asked for question in questions):
        problems.append(_("There is no question yet."))
    if not version.texts.exists():
        problems.append(_("The title is missing."))
    if len(questions) > MOST_QUESTIONS:
        problems.append(_("There are more than %(most)d questions.") % {"most": MOST_QUESTIONS})
    problems += missing_words(version, questions)
    fed: set[int] = set()
    for question in questions:
        problems += _measure_problems(question, fed) + part_problems(question, questions)
    return problems + problems_of_rules(questions)


def _measure_problems(question: Question, fed: set[int]) -> list[str]:
    problems = []
    if question.measure_id in fed:
        problems.append(
            _("“%(question)s” feeds the same measure as a question above it: a card counts once.")
            % {"question": question}
        )
    if question.measure_id:
        fed.add(question.measure_id)
    if question.measure and not fits(question):
        problems.append(_("“%(question)s” and its measure have different scales.") % {"question": question})
    return problems


def part_problems(question: Question, questions: Sequence[Question]) -> list[str]:
    """Too few options to choose from, a matrix without rows."""
    if question.kind in Question.CHOOSING and len(question.options.all()) < 2:
        return [_("“%(question)s” needs at least two options.") % {"question": question}]
    if question.kind == Question.Kind.MATRIX and all(row.matrix_id != question.pk for row in questions):
        return [_("“%(question)s” has no row yet.") % {"question": question}]
    return []


def missing_words(version: QuestionnaireVersion, questions: Sequence[Question]) -> list[str]:
    """Which words are not written in a language that the version speaks."""
    languages = {row.language for row in version.texts.all()}
    names = dict(settings.TEXT_LANGUAGES)
    problems = []
    for question in questions:
        for language in missing_languages(question, languages):
            problems.append(
                _("“%(question)s” is not written in the language “%(language)s” yet.")
                % {"question": question, "language": names.get(language, language)}
            )
    return problems


def missing_languages(question: Question, languages: set[str]) -> list[str]:
    """The languages in which the question, or one of its options, has no words."""
    owners: list[Any] = [question, *question.options.all()]
    return sorted(
        language
        for language in languages
        if any(language not in {row.language for row in owner.texts.all()} for owner in owners)
    )


def fits(question: Question) -> bool:
    """Whether the answers lie on the scale of the measure that they feed."""
    measure = question.measure
    return measure is None or (measure.scale_low, measure.scale_high) == (
        question.scale_low,
        question.scale_high,
    )


def series_of(questions: Sequence[Question]) -> dict[str, int]:
    """The series that answers to the questions of one version belong to, by key.

    A question continues the series of what was published with the same meaning: among everything that
    feeds its measure, or, without one, among the questions with its key in the versions of the
    questionnaire; else it starts the next one.
    """
    earlier = _published_like(questions)
    found = {}
    for each in questions:
        alike = earlier.get(_family(each), [])
        same = next((one.series for one in alike if means_the_same(one, each)), None)
        found[each.key] = same or max((one.series for one in alike), default=0) + 1
    return found


def starting_anew(questions: Sequence[Question]) -> set[str]:
    """The keys of the questions whose figures start anew: asked before, but never with this meaning."""
    earlier = _published_like(questions)
    return {
        each.key
        for each in questions
        if each.is_asked and not any(means_the_same(one, each) for one in earlier.get(_family(each), [each]))
    }


def _published_like(questions: Sequence[Question]) -> dict[int | str, list[Question]]:
    """What was published of the same measures, and of the same keys, newest first. Five queries."""
    if not questions:
        return {}
    version = questions[0].version
    alike = Question.objects.filter(version__published_at__isnull=False).exclude(version=version)
    alike = alike.filter(
        Q(measure__in={each.measure_id for each in questions if each.measure_id})
        | Q(measure__isnull=True, version__questionnaire=version.questionnaire_id)
    )
    found: dict[int | str, list[Question]] = {}
    for each in alike.prefetch_related("texts", "options__texts", "matrix__texts").order_by("-series", "-pk"):
        found.setdefault(_family(each), []).append(each)
    return found


def _family(question: Question) -> int | str:
    return question.measure_id or question.key


def means_the_same(one: Question, other: Question) -> bool:
    """The same kind of answer on the same scale, or among the same options, to the same words, in every
    language they share."""
    if (one.kind, one.scale_low, one.scale_high) != (other.kind, other.scale_low, other.scale_high):
        return False
    if not _same_words(_asked_words(one), _asked_words(other)):
        return False
    theirs = {option.key: option for option in other.options.all()}
    ours = {option.key: option for option in one.options.all()}
    return ours.keys() == theirs.keys() and all(
        _same_words(_labels(option), _labels(theirs[key])) for key, option in ours.items()
    )


def _asked_words(question: Question) -> dict[str, Any]:
    """The wording and the words at the ends of the scale, by language; a row with those of its matrix."""
    said: dict[str, Any] = {
        row.language: (row.wording, row.low_label, row.high_label) for row in question.texts.all()
    }
    if question.matrix:
        above = _asked_words(question.matrix)
        said = {language: (*words, above.get(language)) for language, words in said.items()}
    return said


def _labels(option: Any) -> dict[str, Any]:
    return {row.language: row.label for row in option.texts.all()}


def _same_words(one: dict[str, Any], other: dict[str, Any]) -> bool:
    shared = one.keys() & other.keys()
    return bool(shared) and all(one[language] == other[language] for language in shared)
