"""The public card, rendered once per collector, version and language; stamp and uid are put in fresh.

What was rendered is kept in the process, under everything that it was made from, so that nothing has to
be thrown away when a name changes.
"""

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from feedback.asked import Asked, asked_of
from feedback.fields import Typed
from feedback.models import Collector, CollectorText, QuestionnaireVersion
from feedback.spam import new_stamp
from feedback.steps import order_of, page_for
from organisation.models import Installation

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
    take: Callable[..., Any] | None = None
    """What takes a card in, where it is not `receive_response` alone."""
    template: str = "feedback/card.html"

    @cached_property
    def texts(self) -> list[CollectorText]:
        """What the place says of its own. One query, once."""
        return list(self.collector.texts.all())

    def thanks(self, language: str) -> str:
        """Its own words of thanks in a language, or none."""
        return next((row.thanks for row in self.texts if row.language == language), "")

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
            _slugs.clear()
        _places[slug] = (now, place)
        _slugs[place.collector.pk] = slug
    return place


def known_place(collector_id: int) -> Place | None:
    """The place of a collector that was asked for lately; None where nobody did."""
    slug = _slugs.get(collector_id)
    place = place_at(slug) if slug else None
    return place if place and place.collector.pk == collector_id else None


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
_slugs: dict[int, str] = {}
MOST_PLACES_KEPT = 1000


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
    uid, stamp = str(uuid.uuid4()), new_stamp(collector, at=at)
    before, between, after = _rendered(
        collector.slug,
        collector.name,
        collector.unit.name,
        place.organisation,
        place.short_name,
        place.version_id or 0,
        place.edit_mark,
        language,
        order_of(place.asked, uid) if place.asked else 0,
    )
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
    order: int,
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
    page = render_card(asked, names, language, Typed(), uid=_UID, stamp=_STAMP, order=order)
    before, _found, rest = page.partition(_UID)
    between, _found, after = rest.partition(_STAMP)
    return before.encode(), between.encode(), after.encode()


def card_again(
    place: Place,
    asked: Asked,
    language: str,
    typed: Typed,
    *,
    uid: str,
    stamp: str,
    page: int = 1,
    template: str = "feedback/card.html",
) -> bytes:
    """A page of the card with everything typed kept and the errors beside the questions."""
    names = {
        "slug": place.collector.slug,
        "place": place.collector.name,
        "unit": place.collector.unit.name,
        "organisation": place.organisation,
        "short_name": place.short_name,
    }
    order = order_of(asked, uid)
    text = render_card(
        asked, names, language, typed, uid=uid, stamp=stamp, page=page, order=order, template=template
    )
    return text.encode(errors="replace")


def render_card(
    asked: Asked,
    names: dict[str, str],
    language: str,
    typed: Typed,
    *,
    uid: str,
    stamp: str,
    page: int = 1,
    order: int = 0,
    template: str = "feedback/card.html",
) -> str:
    """Without a request, so that no session, no cookie and no query can come in through a template."""
    with override(language):
        drawn = page_for(asked, language, typed, number=page, order=order)
        fields = drawn.fields
        return render_to_string(
            template,
            {
                **names,
                "installation": {"name": names["organisation"], "short_name": names["short_name"]},
                "version": asked.version,
                "words": asked.version.text(language),
                "language": language,
                "languages": [code for code in asked.languages if code != language],
                "page": drawn,
                "fields": fields,
                "problems": [problem for each in fields for problem in each.problems],
                "typed": typed,
                "others": typed.other_errors(
                    {each.key for each in fields} | {row.key for each in fields for row in each.rows}
                ),
                "uid": uid,
                "stamp": stamp,
            },
        )
