"""Rounds of the Service Quotient: planned, opened, answered, closed, agreed on."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.actions.installation import hold_the_tree
from organisation.models import Membership, Tree, Unit, User
from scoreboard.settled import local_date
from strategy.actions.find_gaps import take_proposals
from strategy.actions.moved_on import MovedOn
from strategy.assessment import first_hour, questionnaire
from strategy.finders import of_round
from strategy.models import Consensus, FirstHour, Round, RoundEvent, Seat, Sheet
from strategy.quotient import HIGHEST, LOWEST, results

logger = logging.getLogger(__name__)

State, What = Round.State, RoundEvent.What


class RoundMovedOn(MovedOn):
    """The round is not in the state any more that this needs. Nothing was written."""


class RoundRefused(ValidationError):
    """It cannot be. The messages name the field and the reason."""


class AnsweredAlready(Exception):
    """Everybody answers once, also in two tabs."""


def _note(found: Round, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    RoundEvent.objects.create(round=found, what=what, note=note[:300], by=by, at=at)


def _move(found: Round, before: Sequence[str], version: int | None = None, **changes: Any) -> None:
    rows = Round.objects.filter(pk=found.pk, state__in=before)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise RoundMovedOn(found.reference)
    found.refresh_from_db()


def _refuse(fields: Mapping[str, Any]) -> None:
    if fields["closes_on"] < fields["opens_on"]:
        raise RoundRefused({"closes_on": _("The period ends before it begins.")})


@transaction.atomic
def plan_round(*, fields: dict[str, Any], by: User | None, at: datetime | None = None) -> Round:
    """`fields`: unit, name, opens_on, closes_on, owner. Raises RoundRefused."""
    _refuse(fields)
    found = Round(**fields)
    found.save()
    _note(found, What.PLANNED, by=by, at=at or timezone.now(), note=found.name)
    return found


@transaction.atomic
def change_round(
    found: Round,
    *,
    fields: dict[str, Any],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Before it opens, everything; in mid-round nothing. Raises RoundRefused, RoundMovedOn."""
    _refuse(fields)
    _move(found, [State.PLANNED], expected_version)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    _note(found, What.CHANGED, by=by, at=at or timezone.now())


@transaction.atomic
def open_round(found: Round, *, by: User | None, at: datetime | None = None) -> None:
    """Freeze the questionnaire, and give a seat to everybody who works in the unit or below.

    Raises RoundMovedOn; RoundRefused where its last day is past, and while another round that asks some of
    the same people is open: whoever is asked twice at once could be found by comparing the two. One round is
    opened at a time, so that the second of two sees the first.
    """
    at = at or timezone.now()
    hold_the_tree()
    asked = questionnaire()
    _move(found, [State.PLANNED], state=State.OPEN, questionnaire=asked["version"], content=asked)
    on = local_date(found.unit, at)
    if found.closes_on < on:
        raise RoundRefused(_("Its last day is past: give it a later one first."))
    tree = Tree.on(on)
    seats = _seats(found, tree.subtree(found.unit_id))
    Seat.objects.bulk_create(seats)
    _refuse_asked_twice(found, tree)
    Round.objects.filter(pk=found.pk).update(asked=len(seats))
    found.asked = len(seats)
    _note(found, What.OPENED, by=by, at=at, note=str(len(seats)))


def _refuse_asked_twice(found: Round, tree: Tree) -> None:
    """Raises RoundRefused while a round of a unit above or below, or of another one in which somebody works
    as well, is open."""
    near = tree.subtree(found.unit_id).union(tree.path(found.unit_id))
    people = Seat.objects.filter(round=found).values("person")
    shared = Seat.objects.filter(person__in=people, round__state=State.OPEN).values("round")
    others = Round.objects.filter(Q(unit__in=near) | Q(pk__in=shared), state=State.OPEN)
    if other := others.exclude(pk=found.pk).first():
        raise RoundRefused(_("“%(other)s” is open for some of the same people.") % {"other": other})


def _seats(found: Round, below: set[int]) -> list[Seat]:
    """One a person, at the level of the first role in these units."""
    roles = Membership.objects.filter(unit__in=below, user__is_active=True).order_by("user", "pk")
    levels: dict[int, str] = {}
    for user, level in roles.values_list("user", "level"):
        levels.setdefault(user, level)
    return [Seat(round=found, person_id=user, level=level) for user, level in levels.items()]


@transaction.atomic
def extend_round(found: Round, *, closes_on: date, by: User, at: datetime | None = None) -> None:
    """More days; the only thing that may change in mid-round. Raises RoundRefused, RoundMovedOn."""
    if closes_on <= found.closes_on:
        raise RoundRefused({"closes_on": _("An extension gives more time: choose a later day.")})
    _move(found, [State.OPEN], closes_on=closes_on)
    _note(found, What.EXTENDED, by=by, at=at or timezone.now(), note=closes_on.isoformat())


def refuse_answers(found: Round, answers: Mapping[str, Any]) -> None:
    """Raises RoundRefused unless every statement of the frozen questionnaire, and no other, has a whole
    number from 1 to 5, or None where it does not apply."""
    keys = {item["key"] for side in found.content["dimensions"] for item in side["items"]}
    if set(answers) != keys:
        raise RoundRefused(_("These are not the statements of this round. Please open the page again."))
    for value in answers.values():
        if value is not None and not (isinstance(value, int) and LOWEST <= value <= HIGHEST):
            raise RoundRefused(_("An answer is a number from 1 to 5."))
    if all(value is None for value in answers.values()):
        raise RoundRefused(_("Answer at least one statement."))


@transaction.atomic
def answer_round(
    found: Round, *, person: User, answers: Mapping[str, int | None], at: datetime | None = None
) -> None:
    """Put the answers into the box. Nothing kept joins them to the person, or says when.

    Raises RoundRefused for answers that do not fit, RoundMovedOn where the round takes none (any more) or
    the person is not asked, AnsweredAlready.
    """
    at = at or timezone.now()
    if not found.takes_answers(local_date(found.unit, at)):
        raise RoundMovedOn(found.reference)
    refuse_answers(found, answers)
    _hold_open(found)
    seats = Seat.objects.filter(round=found, person=person)
    seat = seats.first()
    if seat is None:
        raise RoundMovedOn(found.reference)
    if not seats.filter(has_answered=False).update(has_answered=True):
        raise AnsweredAlready(found.reference)
    Sheet.objects.create(round=found, level=seat.level, answers=dict(answers))


def _hold_open(found: Round) -> None:
    """Until the transaction ends nobody closes the round: its results count this sheet, or the person is
    told that the round is closed. Nothing of the row changes. Raises RoundMovedOn."""
    if not Round.objects.filter(pk=found.pk, state=State.OPEN).update(state=State.OPEN):
        raise RoundMovedOn(found.reference)


@transaction.atomic
def close_round(found: Round, *, by: User | None = None, at: datetime | None = None) -> None:
    """Take no more answers, freeze what may be shown, propose weak sides as gaps. Raises RoundMovedOn."""
    at = at or timezone.now()
    _move(found, [State.OPEN], state=State.CLOSED)
    sheets = list(found.sheets.values_list("level", "answers"))
    found.results = results(found.content, sheets)
    found.answered = len(sheets)
    found.save(update_fields=["results", "answered"])
    _note(found, What.CLOSED, by=by, at=at, note=str(len(sheets)))
    take_proposals(of_round(found, at), at=at)


def close_due_rounds(*, at: datetime | None = None) -> int:
    """Close what is past its last day; returns how many. One bad round never stops the rest."""
    at = at or timezone.now()
    closed = 0
    for found in Round.objects.filter(state=State.OPEN).select_related("unit"):
        if found.closes_on < local_date(found.unit, at):
            try:
                close_round(found, at=at)
                closed += 1
            except Exception:
                logger.exception("round %s could not be closed", found.reference)
    return closed


@transaction.atomic
def call_off_round(found: Round, *, by: User, at: datetime | None = None) -> None:
    """It is not held; answers that were given are erased. Raises RoundMovedOn."""
    _move(found, [State.PLANNED, State.OPEN], state=State.CALLED_OFF)
    found.sheets.all().delete()
    _note(found, What.CALLED_OFF, by=by, at=at or timezone.now())


@transaction.atomic
def agree(
    found: Round,
    *,
    rows: Sequence[dict[str, Any]],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Keep all that is agreed: `side`, `score`, `target`, `evidence`.

    On a side without a row nothing is agreed any more. Raises RoundRefused, RoundMovedOn.
    """
    at = at or timezone.now()
    sides = {side["key"] for side in found.content.get("dimensions", [])}
    for row in rows:
        if row["side"] not in sides:
            raise RoundRefused(_("This side is not part of the round."))
    _move(found, [State.CLOSED], expected_version)
    for row in rows:
        values = {name: row[name] for name in ("score", "target", "evidence")}
        Consensus.objects.update_or_create(
            round=found, side=row["side"], defaults=values | {"by": by, "at": at}
        )
    kept = [row["side"] for row in rows]
    cleared = found.consensus.exclude(side__in=kept)
    gone = set(cleared.values_list("side", flat=True))
    cleared.delete()
    _note(found, What.AGREED, by=by, at=at, note=_agreed_words(found, kept, gone))


def _agreed_words(found: Round, kept: Sequence[str], gone: Collection[str]) -> str:
    """The sides that stand agreed, and those that do no more, by their names."""
    names = {side["key"]: side["name"] for side in found.content["dimensions"]}
    words = ", ".join(names[side] for side in kept)
    if not gone:
        return words
    left = ", ".join(name for side, name in names.items() if side in gone)
    return "; ".join(filter(None, [words, _("no longer: %(sides)s") % {"sides": left}]))


@transaction.atomic
def keep_first_hour(
    *, unit: Unit, answers: dict[str, str], note: str, by: User | None, at: datetime | None = None
) -> FirstHour:
    """Keep the checklist as it was filled in. Raises RoundRefused for questions that are not on it."""
    if set(answers) != {question["key"] for question in first_hour()}:
        raise RoundRefused(_("Answer every question of the list."))
    return FirstHour.objects.create(unit=unit, answers=answers, note=note, by=by, at=at or timezone.now())
