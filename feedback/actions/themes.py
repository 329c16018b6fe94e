"""Themes: writing their rules, and reading comments by them. The job may run at any time, and again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.actions.inbox import AlreadyDone
from feedback.models import Response, ResponseEvent, Theme, ThemeByHand, ThemeEvent, ThemeMatch, ThemeRule
from feedback.theming import Rules, themes_in
from organisation.actions.jobs import enqueue_job
from organisation.models import User

REREAD_JOB = "reread_comments"
CHUNK = 500
What = ThemeEvent.What


class ChangedMeanwhile(Exception):
    """Somebody has saved the theme since the form was opened."""


@transaction.atomic
def save_theme(
    theme: Theme | None,
    *,
    name: str,
    lines: Mapping[str, str],
    by: User | None,
    version: int = 1,
    at: datetime | None = None,
) -> Theme:
    """Write a theme (None: a new one) with its lines by language; every comment is read again by a job.

    Raises ChangedMeanwhile where the theme is not of that `version` any more, ValidationError for a line
    that names no word.
    """
    at = at or timezone.now()
    rules = {language: text.strip() for language, text in lines.items() if text.strip()}
    for text in rules.values():
        Rules.parse(text)
    what = What.CHANGED if theme else What.WRITTEN
    if theme is None:
        theme = Theme.objects.create(name=name)
    elif not Theme.objects.filter(pk=theme.pk, version=version).update(name=name, version=F("version") + 1):
        raise ChangedMeanwhile(theme.reference)
    theme.rules.all().delete()
    ThemeRule.objects.bulk_create(
        ThemeRule(theme=theme, language=language, lines=text) for language, text in rules.items()
    )
    ThemeEvent.objects.create(theme=theme, what=what, by=by, at=at)
    ask_to_reread(by=by, at=at)
    theme.refresh_from_db()
    return theme


@transaction.atomic
def archive_theme(theme: Theme, *, by: User, at: datetime | None = None) -> None:
    """Take the theme out of every list; the same again has no effect."""
    _move(theme, archived_at=at or timezone.now(), what=What.ARCHIVED, by=by, at=at)


@transaction.atomic
def restore_theme(theme: Theme, *, by: User, at: datetime | None = None) -> None:
    """Bring an archived theme back; every comment is read again."""
    _move(theme, archived_at=None, what=What.RESTORED, by=by, at=at)
    ask_to_reread(by=by, at=at)


def _move(theme: Theme, *, archived_at: datetime | None, what: What, by: User, at: datetime | None) -> None:
    before = Theme.objects.filter(pk=theme.pk, archived_at__isnull=archived_at is not None)
    if before.update(archived_at=archived_at):
        ThemeEvent.objects.create(theme=theme, what=what, by=by, at=at or timezone.now())


def ask_to_reread(*, by: User | None, at: datetime | None = None) -> None:
    """Owe a reading of all comments; asked twice it is owed once."""
    enqueue_job(kind=REREAD_JOB, subject="all", by=by, at=at)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def reread_comments(progress: Callable[[int, int], None] = _silent) -> int:
    """Read every comment by the rules as they are now; returns how many.

    Where the rules change while it reads, it begins again, so that what stands in the end fits them.
    """
    while True:
        stand = _stand()
        rules = Theme.objects.rules()
        comments = Response.objects.filter(has_comment=True).order_by("pk")
        total, done, last = comments.count(), 0, 0
        progress(0, total)
        while chunk := list(comments.filter(pk__gt=last)[:CHUNK]):
            _read(chunk, rules)
            done, last = done + len(chunk), chunk[-1].pk
            progress(done, max(done, total))
        if _stand() == stand:
            return done


def _stand() -> list[tuple[int, int, bool]]:
    """What changes whenever a rule does."""
    rows = Theme.objects.order_by("pk").values_list("pk", "version", "archived_at")
    return [(pk, version, archived is None) for pk, version, archived in rows]


def read_new_comments(*, limit: int = 20 * CHUNK) -> int:
    """Find the themes of comments that no rule has read yet; returns how many. Run by the schedule."""
    unread = Response.objects.filter(has_comment=True, is_themed=False).order_by("pk")
    done = 0
    rules: dict[int, dict[str, Rules]] | None = None
    while done < limit and (chunk := list(unread[:CHUNK])):
        rules = Theme.objects.rules() if rules is None else rules
        _read(chunk, rules)
        done += len(chunk)
    return done


@transaction.atomic
def _read(chunk: list[Response], rules: dict[int, dict[str, Rules]]) -> None:
    """Replace what is known of these comments. One erased meanwhile has no words and gets no theme."""
    pks = [response.pk for response in chunk]
    ThemeMatch.objects.filter(response__in=pks).delete()
    ThemeMatch.objects.bulk_create(
        (
            ThemeMatch(theme_id=theme, response=response)
            for response in chunk
            for theme in themes_in(response.search, response.language, rules)
        ),
        ignore_conflicts=True,
    )
    Response.objects.filter(pk__in=pks).update(is_themed=True)  # from here on nobody sets one by hand
    _apply_by_hand(pks)
    gone = Response.objects.filter(pk__in=pks, has_comment=False)
    ThemeMatch.objects.filter(response__in=gone.values("pk")).delete()


def _apply_by_hand(pks: list[int]) -> None:
    """What somebody who has read a comment said of it holds against the rules."""
    said = list(ThemeByHand.objects.filter(response__in=pks))
    ThemeMatch.objects.bulk_create(
        (ThemeMatch(theme_id=each.theme_id, response_id=each.response_id) for each in said if each.is_about),
        ignore_conflicts=True,
    )
    for each in said:
        if not each.is_about:
            ThemeMatch.objects.filter(theme=each.theme_id, response=each.response_id).delete()


@transaction.atomic
def set_theme_by_hand(
    response: Response, *, theme: Theme, is_about: bool, by: User, at: datetime | None = None
) -> None:
    """Say what a comment is about, or not about; no reading of the rules takes it back.

    Raises AlreadyDone where it is so already, or where there is no comment (any more).
    """
    standing = Response.objects.select_for_update().filter(pk=response.pk, has_comment=True)
    if standing.filter(deleted_at__isnull=True).first() is None:
        raise AlreadyDone(response.reference)
    if ThemeMatch.objects.filter(theme=theme, response=response).exists() == is_about:
        raise AlreadyDone(response.reference)
    ThemeByHand.objects.update_or_create(theme=theme, response=response, defaults={"is_about": is_about})
    _apply_by_hand([response.pk])
    what = ResponseEvent.What.THEME_SET if is_about else ResponseEvent.What.THEME_OFF
    ResponseEvent.objects.create(
        response=response, what=what, by=by, at=at or timezone.now(), note=theme.name
    )
