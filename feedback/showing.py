"""When a question is shown: rules over earlier answers, evaluated here, and on a kiosk without a network
by `static/feedback/kiosk.js`, after which the card is read by these rules again.

A rule is `{"match": "all" | "any", "conditions": [{"question": key, "is": test, "value": …}]}`; an empty
one always holds. The tests: `answered`, `unanswered` and `na` (without a value), `equals` and `differs`
(a number on the scale, or the key of an option), `least` and `most` (a number). A question that is
hidden itself counts as not answered, so that a rule never hangs on an answer nobody can see.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models import Option, Question

TESTS = {
    "equals": gettext_lazy("is"),
    "differs": gettext_lazy("is anything but"),
    "least": gettext_lazy("is at least"),
    "most": gettext_lazy("is at most"),
    "answered": gettext_lazy("is answered"),
    "unanswered": gettext_lazy("is not answered"),
    "na": gettext_lazy("is “does not apply”"),
}
VALUELESS = ("answered", "unanswered", "na")
MATCHES = {"all": gettext_lazy("all of these hold"), "any": gettext_lazy("one of these holds")}
MOST_CONDITIONS = 10


class Answered(Protocol):
    """What a rule looks at in an answer."""

    @property
    def value(self) -> int | None: ...
    @property
    def is_na(self) -> bool: ...
    @property
    def options(self) -> tuple[Option, ...]: ...


def is_shown(question: Question, given: Mapping[str, Answered]) -> bool:
    """Whether the rule of the question holds over the answers given to earlier ones, by key."""
    conditions = question.show_if.get("conditions") if question.show_if else None
    if not conditions:
        return True
    meets = any if question.show_if.get("match") == "any" else all
    return meets(_holds(condition, given.get(condition["question"])) for condition in conditions)


def _holds(condition: Mapping[str, Any], answer: Answered | None) -> bool:
    test: str = condition["is"]
    wanted: Any = condition.get("value")
    if test == "unanswered" or answer is None:
        return test == "unanswered" and answer is None
    if test in ("answered", "na"):
        return answer.is_na == (test == "na")
    if test in ("equals", "differs"):
        return _is(answer, wanted) == (test == "equals")
    if answer.value is None:
        return False
    return bool(answer.value >= wanted if test == "least" else answer.value <= wanted)


def _is(answer: Answered, wanted: Any) -> bool:
    return answer.value == wanted if answer.value is not None else wanted in {o.key for o in answer.options}


def sources_of(question: Question) -> set[str]:
    """The keys of the questions that the rule looks at."""
    return {condition["question"] for condition in (question.show_if or {}).get("conditions", [])}


def problems_of_rules(questions: Sequence[Question]) -> list[str]:
    """What stands against the rules of a version, in the editor's words (questions in their order,
    options prefetched)."""
    return [problem for question in questions for problem in problems_of_rule(question, questions)]


def problems_of_rule(question: Question, questions: Sequence[Question]) -> list[str]:
    """What stands against one question's rule: answers it can never see, values nobody can give."""
    places = {each.key: index for index, each in enumerate(questions)}
    problems = []
    for condition in (question.show_if or {}).get("conditions", []):
        source = condition["question"]
        if source not in places:
            problems.append(
                _("“%(question)s” is shown by the answer to a question that is not here any more (%(key)s).")
                % {"question": question, "key": source}
            )
            continue
        asked = questions[places[source]]
        problem = _order_problem(question, asked, places, questions) or _value_problem(
            question, asked, condition
        )
        if problem:
            problems.append(problem)
    return problems


def _order_problem(
    question: Question, source: Question, places: Mapping[str, int], questions: Sequence[Question]
) -> str:
    words = {"question": question, "other": source}
    if source.key == question.key or (source.matrix_id and source.matrix_id == question.pk):
        return _("“%(question)s” waits for its own answer.") % words
    if places[source.key] < places[question.key]:
        return ""
    if question.key in _waits_for(source, {each.key: each for each in questions}):
        return _("“%(question)s” and “%(other)s” wait for each other.") % words
    return _("“%(question)s” is shown by the answer to “%(other)s”, which is asked after it.") % words


def _waits_for(question: Question, by_key: Mapping[str, Question]) -> set[str]:
    """Every question that has to be answered before this one can be shown, rules of rules included."""
    found: set[str] = set()
    left = list(sources_of(question))
    while left:
        key = left.pop()
        if key not in found and key in by_key:
            found.add(key)
            left += sources_of(by_key[key])
    return found


def _value_problem(question: Question, source: Question, condition: Mapping[str, Any]) -> str:
    test, wanted = condition["is"], condition.get("value")
    words = {"question": question, "other": source, "value": wanted}
    if source.kind == Question.Kind.MATRIX:
        return _("“%(question)s” has to look at one row of “%(other)s”.") % words
    if test in ("answered", "unanswered") or (test == "na" and source.allows_na):
        return ""
    if test == "na":
        return _("“%(other)s” does not offer “does not apply”, for which “%(question)s” waits.") % words
    if source.kind in Question.CHOOSING and test in ("equals", "differs"):
        if wanted in {option.key for option in source.options.all()}:
            return ""
        return (
            _("“%(question)s” waits for an option that “%(other)s” does not offer any more (%(value)s).")
            % words
        )
    low, high = source.scale_low, source.scale_high
    if low is None or high is None:
        return _("“%(question)s” can only ask whether “%(other)s” is answered.") % words
    if type(wanted) is not int or not low <= wanted <= high:
        return _("“%(question)s” waits for %(value)s, which is not on the scale of “%(other)s”.") % words
    return ""


def read_rule(data: Any) -> dict[str, Any]:
    """A rule as it is kept, from JSON of elsewhere. Raises ValueError for what is none."""
    if data in (None, {}):
        return {}
    if not isinstance(data, dict) or not isinstance(data.get("conditions"), list):
        raise ValueError(_("A rule needs a list of conditions."))
    if data.get("match", "all") not in MATCHES:
        raise ValueError(_("A rule says “all” or “any”."))
    if len(data["conditions"]) > MOST_CONDITIONS:
        raise ValueError(_("A rule has at most %(most)d conditions.") % {"most": MOST_CONDITIONS})
    conditions = [_read_condition(each) for each in data["conditions"]]
    return {"match": data.get("match", "all"), "conditions": conditions} if conditions else {}


def _read_condition(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or not isinstance(data.get("question"), str):
        raise ValueError(_("A condition names the question that it looks at."))
    test = data.get("is")
    if not isinstance(test, str) or test not in TESTS:
        raise ValueError(_("A condition uses one of these words: %(words)s.") % {"words": ", ".join(TESTS)})
    condition = {"question": data["question"], "is": test}
    if test in VALUELESS:
        return condition
    value = data.get("value")
    if type(value) is not int and (not isinstance(value, str) or test in ("least", "most")):
        raise ValueError(_("The condition on “%(key)s” needs a value.") % {"key": data["question"][:60]})
    return {**condition, "value": value}


def rule_in_words(question: Question, by_key: Mapping[str, Question], values: Any) -> list[str]:
    """Each condition as a sentence; `values(question, value)` says what a value is called."""
    return list(_sentences(question, by_key, values))


def _sentences(question: Question, by_key: Mapping[str, Question], values: Any) -> Iterable[str]:
    for condition in (question.show_if or {}).get("conditions", []):
        source = by_key.get(condition["question"])
        said = f"“{source or condition['question']}” {TESTS[condition['is']]}"
        if condition["is"] not in VALUELESS:
            said += f" {values(source, condition['value']) if source else condition['value']}"
        yield said
