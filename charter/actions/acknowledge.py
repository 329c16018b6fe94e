"""Ask for signatures, sign, answer questions and objections, remind, and close what is superseded."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from charter.letters import write_letter
from charter.models import Acknowledgement, AcknowledgementEvent, Edition
from charter.models.acknowledgement import REMINDED_AFTER
from charter.scope import managers_in, people_in_scope, role_in_scope
from organisation.actions.ticks import claim_period
from organisation.models import Membership, Tree, User

What = AcknowledgementEvent.What
AT_ONCE = 200


class NotAsked(Exception):
    """The person does not work in the edition's unit or below it (any more)."""


class AlreadySigned(Exception):
    """One person signs one edition once."""


class Superseded(Exception):
    """A later edition is in force; this one needs no signature any more."""


class AlreadyReplied(Exception):
    """A colleague has answered the question first."""


def _note(row: Acknowledgement, what: What, *, at: datetime, by: User | None = None, note: str = "") -> None:
    AcknowledgementEvent.objects.create(acknowledgement=row, what=what, by=by, at=at, note=note[:300])


def ask_for_signatures(*, at: datetime | None = None) -> int:
    """Ask everybody who works in scope and has not been asked; returns how many were.

    Scans every edition that is to be signed, so that new starters are found too; run again it makes
    only what is missing. Requests of editions that a later one has replaced are closed.
    """
    at = at or timezone.now()
    asked = 0
    marked = Edition.objects.exclude(work_change="").select_related("charter__unit").with_end()
    waiting = set(Acknowledgement.objects.open().values_list("edition", flat=True).distinct())
    for edition in marked.order_by("charter", "number"):
        today = edition.charter.local_day(at)
        ends_on: date | None = getattr(edition, "ends_on", None)
        if ends_on is None or ends_on > today:
            asked += _ask(edition, today, at)
        elif edition.pk in waiting:
            _close(edition, at)
    return asked


def _ask(edition: Edition, today: date, at: datetime) -> int:
    known = set(Acknowledgement.objects.filter(edition=edition).values_list("user", flat=True))
    people = people_in_scope(edition.charter, today)
    missing = [role for person, role in people.items() if person not in known]
    for start in range(0, len(missing), AT_ONCE):
        _ask_some(edition, missing[start : start + AT_ONCE], at)
    return len(missing)


@transaction.atomic
def _ask_some(edition: Edition, roles: Sequence[Membership], at: datetime) -> None:
    for role in roles:
        row, created = Acknowledgement.objects.get_or_create(
            edition=edition,
            user=role.user,
            defaults={"unit": role.unit, "level": role.level, "asked_at": at},
        )
        if created:
            row.edition = edition
            _note(row, What.ASKED, at=at)
            context = {"edition": edition, "link": row.get_absolute_url()}
            write_letter(role.user, "sign", context, at=at)


@transaction.atomic
def _close(edition: Edition, at: datetime) -> None:
    rows = list(Acknowledgement.objects.open().filter(edition=edition))
    for row in rows:
        if Acknowledgement.objects.open().filter(pk=row.pk).update(superseded_at=at):
            _note(row, What.SUPERSEDED, at=at)


@transaction.atomic
def sign_edition(*, row: Acknowledgement, answer: str, words: str = "", at: datetime | None = None) -> None:
    """The person has read the edition and supports it, has a question, or objects.

    Twice leaves one signature, the first one. Raises NotAsked, AlreadySigned and Superseded.
    """
    at = at or timezone.now()
    today = row.edition.charter.local_day(at)
    person = User.objects.get(pk=row.user_id)
    role = role_in_scope(person, row.edition.charter, today)
    if role is None:
        raise NotAsked(row)
    if not Edition.objects.to_sign(today).filter(pk=row.edition_id).exists():
        raise Superseded(row)
    signed = Acknowledgement.objects.open().filter(pk=row.pk)
    if not signed.update(signed_at=at, answer=answer, words=words, unit=role.unit_id, level=role.level):
        raise AlreadySigned(row)
    label = str(Acknowledgement.Answer(answer).label)
    _note(row, What.SIGNED, at=at, by=person, note=f"{label}: {words}" if words else label)


@transaction.atomic
def reply_to_person(*, row: Acknowledgement, reply: str, by: User, at: datetime | None = None) -> None:
    """Answer a question or an objection, once; the person gets a letter. Raises AlreadyReplied."""
    at = at or timezone.now()
    won = Acknowledgement.objects.unanswered().filter(pk=row.pk)
    if not won.update(reply=reply, replied_by=by, replied_at=at):
        raise AlreadyReplied(row)
    _note(row, What.REPLIED, at=at, by=by, note=reply)
    context = {"row": row, "by": by, "reply": reply, "link": row.get_absolute_url()}
    write_letter(row.user, "reply", context, at=at)


@transaction.atomic
def settle_question(*, row: Acknowledgement, at: datetime | None = None) -> None:
    """The person says that the answer settles it. Twice does no harm."""
    at = at or timezone.now()
    if Acknowledgement.objects.to_settle().filter(pk=row.pk).update(settled_at=at):
        _note(row, What.SETTLED, at=at, by=row.user)


def remind_missing(*, at: datetime | None = None) -> int:
    """Letters to who has not signed after 7 and after 14 days, each once, and a digest to managers.

    Returns how many people were reminded. Who has moved or left is not reminded.
    """
    at = at or timezone.now()
    reminded = 0
    for edition in Edition.objects.exclude(work_change="").select_related("charter__unit").with_end():
        today = edition.charter.local_day(at)
        ends_on: date | None = getattr(edition, "ends_on", None)
        if ends_on is None or ends_on > today:
            reminded += _remind(edition, today, at)
    return reminded


def _remind(edition: Edition, today: date, at: datetime) -> int:
    people = people_in_scope(edition.charter, today)
    rows = Acknowledgement.objects.open().filter(edition=edition, user__in=people)
    missing = list(rows.select_related("user"))
    reminded = sum(_remind_one(row, edition, at) for row in missing)
    _digests(edition, [people[row.user_id] for row in missing], today, at)
    return reminded


@transaction.atomic
def _remind_one(row: Acknowledgement, edition: Edition, at: datetime) -> bool:
    """One letter at most, even where the job has not run for weeks."""
    due = sum(at - row.asked_at >= pause for pause in REMINDED_AFTER)
    late = Acknowledgement.objects.open().filter(pk=row.pk, reminders__lt=due)
    if not due or not late.update(reminders=due):
        return False
    row.edition = edition
    _note(row, What.REMINDED, at=at)
    write_letter(row.user, "sign_reminder", {"edition": edition, "link": row.get_absolute_url()}, at=at)
    return True


def _digests(edition: Edition, missing: list[Membership], today: date, at: datetime) -> None:
    """Each manager reads once after 7 and once after 14 days who of the own subtree is missing."""
    stage = sum(at - edition.published_at >= pause for pause in REMINDED_AFTER)
    if not stage or not missing:
        return
    tree = Tree.on(today)
    for manager, unit_ids in managers_in(tree, edition.charter.unit_id).items():
        names = sorted(role.user.name for role in missing if role.unit_id in unit_ids)
        if names:
            _digest(edition, manager, names, REMINDED_AFTER[stage - 1].days, at)


@transaction.atomic
def _digest(edition: Edition, manager: User, names: list[str], days: int, at: datetime) -> None:
    scope = f"{edition.pk}:{manager.reference}"
    if not claim_period(job="signature digest", scope=scope, period=str(days), at=at):
        return
    link = reverse("charter:signature_list", args=[edition.charter.unit.slug, edition.number])
    context = {"edition": edition, "names": names[:50], "count": len(names), "link": link}
    write_letter(manager, "sign_digest", context, at=at)
