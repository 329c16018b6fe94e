# ruff: noqa: E501
"""Three entries of “you said, we did”, in the four languages of the demo's charter."""

from datetime import datetime, timedelta
from typing import Any

from charter import actions
from charter.demo_words import LANGUAGE
from charter.models import Charter
from organisation.models import User

IMPROVEMENTS: list[dict[str, Any]] = [
    {
        "standard": "next-step",
        "days_ago": 91,
        "said": "I went home and did not know whether I had to come back.",
        "did": (
            "Nobody leaves the counter without a written next step: who does what, and by when. "
            "Where nothing is left to do, the slip says that too."
        ),
        "citation_kind": "figure",
        "citation_text": "Before that, three in four visitors knew what happens next.",
    },
    {
        "standard": "letters",
        "days_ago": 40,
        "said": "A receipt that says “we have your letter” is not an answer.",
        "did": "The clock no longer stops at the receipt. We count the answer itself, and a person signs it.",
        "citation_kind": "complaint",
        "citation_text": "Eleven complaints about letters between June and August.",
    },
    {
        "standard": "welcome",
        "days_ago": 12,
        "said": "At the Harbour branch nobody looks up before the number is called.",
        "did": "A colleague now stands at the door from eight to ten, greets you and finds your counter.",
    },
]
TRANSLATED: dict[str, dict[str, tuple[str, str]]] = {
    "de": {
        "next-step": (
            "Ich ging nach Hause und wusste nicht, ob ich wiederkommen muss.",
            "Niemand verlässt den Schalter ohne einen Zettel, auf dem steht, wer was bis wann tut.",
        ),
        "letters": (
            "„Wir haben Ihren Brief erhalten“ ist keine Antwort.",
            "Die Uhr hält nicht mehr beim Eingang an. Wir zählen die Antwort selbst, und ein Mensch unterschreibt.",
        ),
        "welcome": (
            "In der Hafenfiliale schaut niemand auf, bevor die Nummer aufgerufen wird.",
            "Von acht bis zehn steht jetzt jemand an der Tür, begrüßt Sie und findet Ihren Schalter.",
        ),
    },
    "fr": {
        "next-step": (
            "Je suis rentré sans savoir si je devais revenir.",
            "Personne ne quitte le guichet sans une note : qui fait quoi, et pour quand.",
        ),
        "letters": (
            "« Nous avons reçu votre lettre », ce n’est pas une réponse.",
            "Le compteur ne s’arrête plus à l’accusé de réception. Nous comptons la vraie réponse, signée.",
        ),
        "welcome": (
            "À l’agence du port, personne ne lève les yeux avant l’appel du numéro.",
            "De huit à dix heures, quelqu’un à la porte vous salue et trouve votre guichet.",
        ),
    },
    "ar": {
        "next-step": (
            "عدت إلى البيت ولا أعرف هل عليّ أن أرجع.",
            "لا يغادر أحد الشباك دون ورقة مكتوب فيها: من يفعل ماذا، ومتى.",
        ),
        "letters": (
            "عبارة «وصلتنا رسالتكم» ليست جوابًا.",
            "لم تعد الساعة تتوقف عند الاستلام. نحسب الجواب نفسه، ويوقّعه شخص.",
        ),
        "welcome": (
            "في فرع الميناء لا يرفع أحد نظره قبل أن يُنادى الرقم.",
            "يقف الآن زميل عند الباب من الثامنة إلى العاشرة، يرحب بكم ويجد لكم الشباك المناسب.",
        ),
    },
}


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    """Written and published, the latest of this month."""
    for told in IMPROVEMENTS:
        day = at - timedelta(days=told["days_ago"])
        fields = {name: told.get(name, "") for name in ("citation_kind", "citation_text")}
        improvement = None
        for language, (said, did) in _in_each_language(told).items():
            improvement = actions.save_improvement(
                improvement=improvement,
                standard=charter.standards.get(key=told["standard"]),
                language=language,
                words={"said": said, "did": did},
                fields={"done_on": day.date(), **fields},
                by=by,
                at=day,
            )
        if improvement:
            actions.publish_improvement(improvement=improvement, by=by, at=day)


def _in_each_language(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    others = {language: words[told["standard"]] for language, words in TRANSLATED.items()}
    return {LANGUAGE: (told["said"], told["did"]), **others}
