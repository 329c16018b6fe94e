"""The public card, rendered once per collector, version and language; stamp and uid are put in fresh.

What was rendered is kept in the process, under everything that it was made from, so that nothing has to
be thrown away when a name changes.
"""

import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from feedback.asked import NA, Asked, asked_of, choices_of
from feedback.envelope import CONTACT_LENGTHS, PREFIX
from feedback.models import Collector, Question, QuestionnaireVersion
from feedback.spam import new_stamp
from organisation.models import Installation

FACES = (_("Very poor"), _("Poor"), _("Fair"), _("Good"), _("Very good"))
YES_NO = (_("No"), _("Yes"))
# Where uid and stamp go: unguessable, so that no wording can contain them.
_UID = secrets.token_hex(16)
_STAMP = secrets.token_hex(16)

_published = (
    QuestionnaireVersion.objects.filter(questionnaire=OuterRef("questionnaire"), published_at__isnull=False)
    .order_by("-number")
    .values("pk", "edit_mark")
)
_installation = Installation.objects.order_by("pk")


@dataclass(frozen=True)
class Place:
    """A collector with all that its card is made from."""

    collector: Collector
    version_id: int | None
    edit_mark: str
    organisation: str
    short_name: str

    @property
    def asked(self) -> Asked | None:
        return asked_of(self.version_id, self.edit_mark) if self.version_id else None


def place_at(slug: str) -> Place | None:
    """The collector behind a short address, of whatever kind and open or not; at most PUBLIC_PAGE_SECONDS
    old, so that a rush costs one query a second."""
    now = time.monotonic()
    known = _places.get(slug)
    if known and now - known[0] < settings.PUBLIC_PAGE_SECONDS:
        return known[1]
    place = _read_place(slug)
    if place is not None and settings.PUBLIC_PAGE_SECONDS:
        if len(_places) >= MOST_PLACES_KEPT:
            _places.clear()
        _places[slug] = (now, place)
    return place


def _read_place(slug: str) -> Place | None:
    if "\x00" in slug:  # which PostgreSQL refuses to compare with
        return None
    collector = (
        Collector.objects.listed()
        .filter(slug=slug)
        .select_related("unit", "questionnaire")
        .annotate(
            published_id=Subquery(_published.values("pk")[:1]),
            published_mark=Subquery(_published.values("edit_mark")[:1]),
            organisation_name=Subquery(_installation.values("name")[:1]),
            organisation_short_name=Subquery(_installation.values("short_name")[:1]),
        )
        .first()
    )
    if collector is None:
        return None
    return Place(
        collector=collector,
        version_id=collector.published_id,
        edit_mark=collector.published_mark or "",
        organisation=collector.organisation_name or "",
        short_name=collector.organisation_short_name or "",
    )


_places: dict[str, tuple[float, Place]] = {}
MOST_PLACES_KEPT = 1000


@dataclass(frozen=True)
class Choice:
    value: str
    label: Any
    checked: bool
    face: int | None = None


@dataclass(frozen=True)
class Field:
    """One question as the card shows it, with what was typed and what is wrong with it."""

    key: str
    name: str
    kind: str
    wording: str
    hint: str
    lang: str
    is_required: bool
    choices: list[Choice]
    na: Choice | None
    text: str = ""
    error: str = ""

    @property
    def css_class(self) -> str:
        return {"faces": "faces", "yes_no": "pair"}.get(self.kind, "scale")

    @property
    def is_text(self) -> bool:
        return self.kind == Question.Kind.TEXT


@dataclass(frozen=True)
class Typed:
    """What a customer has typed so far, kept when something is wrong with it."""

    data: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: Any = ""

    @property
    def has_contact(self) -> bool:
        return any(self.data.get(name) or name in self.errors for name in CONTACT_LENGTHS)

    def other_errors(self, keys: set[str]) -> list[tuple[str, str]]:
        """Errors beside the questions, with the field they belong to (empty for the whole card)."""
        return [
            (name if name in CONTACT_LENGTHS else "", error)
            for name, error in self.errors.items()
            if name not in keys
        ]


def fields_of(asked: Asked, language: str, typed: Typed) -> list[Field]:
    return [_field(question, language, typed) for question in asked.questions]


def _field(question: Question, language: str, typed: Typed) -> Field:
    name = PREFIX + question.key
    given = str(typed.data.get(name, ""))
    words = question.text(language)
    labels = {"faces": FACES, "yes_no": YES_NO}.get(question.kind)
    choices = [
        Choice(
            value=str(value),
            label=labels[index] if labels else value,
            checked=given == str(value),
            face=value if question.kind == Question.Kind.FACES else None,
        )
        for index, value in enumerate(choices_of(question))
    ]
    if question.kind == Question.Kind.YES_NO:
        choices.reverse()
    na_label = (words and words.na_label) or _("Does not apply")
    return Field(
        key=question.key,
        name=name,
        kind=question.kind,
        wording=words.wording if words else question.key,
        hint=words.hint if words else "",
        lang="" if words is None or words.language == language else words.language,
        is_required=question.is_required,
        choices=choices,
        na=Choice(NA, na_label, given == NA) if question.allows_na else None,
        text=given,
        error=typed.errors.get(question.key, ""),
    )


def language_for(asked: Asked, wanted: str | None, accepted: str = "") -> str:
    """The language of the version that the customer asked for, else the browser's, else its first.

    `accepted` is the browser's Accept-Language header; a regional variant takes its main language.
    """
    languages = asked.languages
    ranked = [wanted or "", *_by_preference(accepted), get_language() or ""]
    for each in ranked:
        for candidate in (each, each.split("-")[0]):
            if candidate in languages:
                return candidate
    return languages[0] if languages else (get_language() or "en")


def _by_preference(header: str) -> list[str]:
    """Language codes of an Accept-Language header, the most wanted first; nonsense is left out."""
    ranked = []
    for part in header.lower().split(",")[:20]:
        code, _sep, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    return [code for _weight, code in sorted(ranked, key=lambda pair: pair[0])]


def fresh_card(place: Place, language: str, *, at: datetime) -> bytes:
    """The empty card, with a stamp and a uuid4 of its own."""
    collector = place.collector
    before, between, after = _rendered(
        collector.slug,
        collector.name,
        collector.unit.name,
        place.organisation,
        place.short_name,
        place.version_id or 0,
        place.edit_mark,
        language,
    )
    uid, stamp = str(uuid.uuid4()), new_stamp(collector, at=at)
    return b"".join((before, uid.encode(), between, stamp.encode(), after))


@lru_cache(maxsize=512)
def _rendered(
    slug: str,
    name: str,
    unit: str,
    organisation: str,
    short_name: str,
    version_id: int,
    mark: str,
    language: str,
) -> tuple[bytes, bytes, bytes]:
    """The card in three parts: before the uid, between uid and stamp, after the stamp."""
    asked = asked_of(version_id, mark)
    names = {
        "slug": slug,
        "place": name,
        "unit": unit,
        "organisation": organisation,
        "short_name": short_name,
    }
    page = render_card(asked, names, language, Typed(), uid=_UID, stamp=_STAMP)
    before, _found, rest = page.partition(_UID)
    between, _found, after = rest.partition(_STAMP)
    return before.encode(), between.encode(), after.encode()


def card_again(place: Place, asked: Asked, language: str, typed: Typed, *, uid: str, stamp: str) -> bytes:
    """The card with everything typed kept and the errors beside the questions."""
    names = {
        "slug": place.collector.slug,
        "place": place.collector.name,
        "unit": place.collector.unit.name,
        "organisation": place.organisation,
        "short_name": place.short_name,
    }
    return render_card(asked, names, language, typed, uid=uid, stamp=stamp).encode(errors="replace")


def render_card(
    asked: Asked, names: dict[str, str], language: str, typed: Typed, *, uid: str, stamp: str
) -> str:
    """Without a request, so that no session, no cookie and no query can come in through a template."""
    with override(language):
        fields = fields_of(asked, language, typed)
        return render_to_string(
            "feedback/card.html",
            {
                **names,
                "installation": {"name": names["organisation"], "short_name": names["short_name"]},
                "version": asked.version,
                "words": asked.version.text(language),
                "language": language,
                "languages": [code for code in asked.languages if code != language],
                "fields": fields,
                "problems": [(each.name, each.wording, each.error) for each in fields if each.error],
                "typed": typed,
                "others": typed.other_errors({each.key for each in fields}),
                "uid": uid,
                "stamp": stamp,
            },
        )
