"""Questions about what an edition says. Wrong answers are true of other standards; where there are too few
of them, or the question would give itself away, none is made and the gap says why."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from charter.models import Standard
from charter.models.standard import time_limit_words
from common.markdown import plain_blocks
from training.know.facts import Facts
from training.models import PreparedQuestion

About = PreparedQuestion.About
WRONG_ANSWERS = 3
FEWEST_WRONG = 2
LONGEST_OPTION = 400
LONGEST_TEXT = 1500
NUMBER_WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "ar": "واحد يومان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
}


class TooLittle(Exception):
    """No good question can be made; the message says why."""


@dataclass(frozen=True)
class Made:
    """A question in every language in which it is good."""

    key: str
    standard: str
    about: str
    kind: str
    texts: dict[str, dict[str, Any]]
    source: dict[str, str]


@dataclass(frozen=True)
class Gap:
    standard: str
    about: str
    why: str


@dataclass(frozen=True)
class Wording:
    kind: str
    text: str
    content: dict[str, Any]
    source: str


Maker = Callable[[Facts, list[Facts], str], Wording]


def questions_of(facts: Facts, every: list[Facts], first: str) -> Iterator[Made | Gap]:
    """All questions about one standard; a gap for each that cannot be made in the language `first`.

    A policy that serves several standards is asked about once, with the first of them.
    """
    yield _made(About.PROMISE, facts, every, first, _promise, facts.key)
    if facts.limit_amount:
        yield _made(About.LIMIT, facts, every, first, _limit, facts.key)
    yield _made(About.DISCRETION, facts, every, first, _discretion, facts.key)
    for policy in facts.policies:
        if _first_served(policy, every) != facts.key:
            continue

        def alone(facts: Facts, every: list[Facts], code: str, policy: dict[str, Any] = policy) -> Wording:
            return _alone(policy, _policies(every), code)

        yield _made(About.ALONE, facts, every, first, alone, f"{facts.key}-{policy['key']}")


def _made(
    about: Any, facts: Facts, every: list[Facts], first: str, maker: Maker, identity: str
) -> Made | Gap:
    wordings: dict[str, Wording] = {}
    for code in dict.fromkeys([first, *facts.languages]):
        with override(code):
            try:
                wording = maker(facts, every, code)
            except TooLittle as reason:
                if code == first:
                    promise = facts.words("promise", code) or facts.words("promise", facts.languages[0])
                    return Gap(promise, about.value, str(reason))
                continue
        if _agrees(wording, wordings.get(first)):
            wordings[code] = wording
    return Made(
        key=_key(f"{about.value}-{identity}"),
        standard=facts.key,
        about=about.value,
        kind=wordings[first].kind,
        texts={
            code: {"text": each.text, "feedback": each.source, "content": each.content}
            for code, each in wordings.items()
        },
        source={code: each.source for code, each in wordings.items()},
    )


def _agrees(wording: Wording, first: Wording | None) -> bool:
    """A translation asks the same: as many answers, the same one right."""
    if first is None:
        return True
    shapes = [[option["correct"] for option in each.content.get("options", [])] for each in (wording, first)]
    return wording.kind == first.kind and shapes[0] == shapes[1]


def _key(identity: str) -> str:
    plain = slugify(identity)
    if len(plain) <= 60:
        return plain
    return f"{plain[:49].rstrip('-_')}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}"


def _choice(text: str, right: str, wrong: list[str], seed: str, source: str) -> Wording:
    """A single choice with up to three wrong answers; the right one stands at a place of its own."""
    others = [each for each in dict.fromkeys(wrong) if _plain(each) != _plain(right)][:WRONG_ANSWERS]
    answers = [{"text": each, "correct": False, "feedback": ""} for each in others]
    place = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % (len(answers) + 1)
    answers.insert(place, {"text": right, "correct": True, "feedback": ""})
    if any(len(str(each["text"])) > LONGEST_OPTION for each in answers) or len(text) > LONGEST_TEXT:
        raise TooLittle(_("The words are too long to choose between."))
    return Wording("single", text, {"options": answers}, source)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())


def _others(facts: Facts, every: list[Facts]) -> list[Facts]:
    """The other standards, those that follow in reading order first."""
    here = next(place for place, each in enumerate(every) if each.key == facts.key)
    return [*every[here + 1 :], *every[:here]]


# ------------------------------------------------------------- one of each kind


def _promise(facts: Facts, every: list[Facts], code: str) -> Wording:
    """Which promise meets the need. Others with the same need would be right as well, so they stay out."""
    need, promise = facts.words("need", code), facts.words("promise", code)
    if not promise:
        raise TooLittle(_("The promise is not written in this language."))
    if not need:
        raise TooLittle(
            _("The need that it meets is not written, and without it every promise would be right.")
        )
    if _plain(promise) in _plain(need) or _plain(need) in _plain(promise):
        raise TooLittle(_("The need and the promise say the same, so the question would answer itself."))
    wrong = [
        each.words("promise", code)
        for each in _others(facts, every)
        if each.words("promise", code) and each.words("need", code)
        if _plain(each.words("need", code)) != _plain(need)
    ]
    if len({_plain(each) for each in wrong} - {_plain(promise)}) < FEWEST_WRONG:
        raise TooLittle(_("There are fewer than two other promises that meet another need."))
    text = _("“%(need)s” Which of our promises meets this need?") % {"need": need}
    return _choice(text, promise, wrong, facts.key, promise)


def _limit(facts: Facts, every: list[Facts], code: str) -> Wording:
    promise = facts.words("promise", code)
    amount, unit = facts.limit_amount or 0, facts.limit_unit
    if not promise:
        raise TooLittle(_("The promise is not written in this language."))
    right = time_limit_words(amount, unit)
    asked = _without(promise, right)
    if _gives_away(asked, amount, unit, code):
        raise TooLittle(_("The promise itself says the time, so the question would answer itself."))
    wrong = [
        time_limit_words(each.limit_amount, each.limit_unit)
        for each in _others(facts, every)
        if each.limit_amount and (each.limit_amount, each.limit_unit) != (amount, unit)
    ]
    source = _("%(promise)s (at most: %(limit)s)") % {"promise": promise, "limit": right}
    if len(set(wrong) - {right}) >= FEWEST_WRONG:
        text = _("“%(promise)s” How long may it take at most?") % {"promise": asked}
        return _choice(text, right, wrong, facts.key, source)
    label = str(Standard.LimitUnit(unit).label)
    text = _("“%(promise)s” How long may it take at most? Counted in: %(unit)s.")
    content = {"answer": str(amount), "tolerance": "0"}
    return Wording("numeric", text % {"promise": asked, "unit": label}, content, source)


def _without(promise: str, words: str) -> str:
    """The promise with a gap where it says the limit in just these words."""
    return re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "…", promise, flags=re.IGNORECASE)


def _gives_away(promise: str, amount: int, unit: str, code: str) -> bool:
    """Does the promise still say the number, in figures or in a word?"""
    amounts = {amount}
    if unit == Standard.LimitUnit.BUSINESS_MINUTES and amount % 60 == 0:
        amounts.add(amount // 60)
    said = _plain(promise).split()
    words = NUMBER_WORDS.get(code, "").split()
    for each in amounts:
        if str(each) in re.findall(r"\d+", promise):
            return True
        if each <= len(words) and each > 1 and words[each - 1] in said:
            return True
    return False


def _discretion(facts: Facts, every: list[Facts], code: str) -> Wording:
    promise = facts.words("promise", code)
    if not promise:
        raise TooLittle(_("The promise is not written in this language."))
    if facts.discretion not in Standard.Discretion.values:
        raise TooLittle(_("The edition does not say how much judgement staff may use."))
    labels = {value: str(label) for value, label in Standard.Discretion.choices}
    options = [
        {"text": label, "correct": value == facts.discretion, "feedback": ""}
        for value, label in labels.items()
    ]
    text = _("“%(promise)s” How much judgement may you use?") % {"promise": promise}
    source = _("%(promise)s (judgement: %(judgement)s)")
    source %= {"promise": promise, "judgement": labels[facts.discretion]}
    return Wording("single", text, {"options": options}, source)


def _first_served(policy: dict[str, Any], every: list[Facts]) -> str:
    return next(each.key for each in every if any(one["key"] == policy["key"] for one in each.policies))


def _said(policy: dict[str, Any], name: str, code: str) -> str:
    """The policy's words in the language, without the marks of Markdown."""
    text = policy["texts"].get(code, {}).get(name) or ""
    return " ".join(" ".join(plain_blocks(text)).split())


def _policies(every: list[Facts]) -> list[dict[str, Any]]:
    return list({policy["key"]: policy for facts in every for policy in facts.policies}.values())


def _alone(policy: dict[str, Any], every: list[dict[str, Any]], code: str) -> Wording:
    name, may = _said(policy, "name", code), _said(policy, "staff_may", code)
    if not name:
        raise TooLittle(_("The policy has no name in this language."))
    others = [each for each in every if each["key"] != policy["key"]]
    if policy.get("amount"):
        return _amount(policy, others, name)
    if not may:
        raise TooLittle(_("“%(name)s” does not say what staff may decide alone.") % {"name": name})
    wrong = [may_too for each in others if (may_too := _said(each, "staff_may", code))]
    if len({_plain(each) for each in wrong} - {_plain(may)}) < FEWEST_WRONG:
        raise TooLittle(_("There are fewer than two other policies that say what staff may decide alone."))
    text = _("“%(name)s” What may you decide alone?") % {"name": name}
    return _choice(text, may, wrong, policy["key"], f"{name}: {may}")


def _amount(policy: dict[str, Any], others: list[dict[str, Any]], name: str) -> Wording:
    amount, currency = policy["amount"], policy["currency"]
    if any(
        Decimal(each.replace(",", ".")) == Decimal(amount) for each in re.findall(r"\d+(?:[.,]\d+)?", name)
    ):
        raise TooLittle(_("The name of the policy says the amount, so the question would answer itself."))
    right = f"{currency} {amount}"
    wrong = [f"{each['currency']} {each['amount']}" for each in others if each.get("amount")]
    source = _("%(name)s: you decide alone up to %(amount)s.") % {"name": name, "amount": right}
    if len(set(wrong) - {right}) >= FEWEST_WRONG:
        text = _("“%(name)s” Up to which amount may you decide alone?") % {"name": name}
        return _choice(text, right, wrong, policy["key"], source)
    text = _("“%(name)s” Up to which amount may you decide alone? In %(currency)s.")
    content = {"answer": amount, "tolerance": "0"}
    return Wording("numeric", text % {"name": name, "currency": currency}, content, source)
