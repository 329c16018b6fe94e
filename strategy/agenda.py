"""The agenda of a review, made from what the product knows on the day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.period import Period
from organisation.models import Tree, Unit
from scoreboard import scores
from scoreboard.board import measures_of
from scoreboard.figures import Figure, figures_for
from scoreboard.settled import settled_month
from strategy.effect import effects_of
from strategy.models import Action, Gap, PlanReview, Status
from strategy.plan import plan_on
from strategy.progress import AT_RISK, BEHIND, NO_INFORMATION

Line = dict[str, str]
Section = dict[str, Any]
SHOWN = 12


def agenda_of(review: PlanReview, on: date) -> list[Section]:
    """Sections with `title` and `lines` (`text`, `detail`, `url`), as JSON keeps them; empty ones are left
    out. The figures are those of the last three settled months."""
    below = Tree.on(on).subtree(review.unit_id)
    slug = review.unit.slug
    plan = f"{reverse('strategy:plan')}?unit={slug}"
    sections = [
        (_("What was decided last time"), _last_time(review), reverse("strategy:reviews")),
        (
            _("Promises that are not kept, or too close to call"),
            _figures(review.unit, on),
            reverse("scoreboard:unit", args=[slug]),
        ),
        (_("Gaps"), _gaps(below, on), f"{reverse('strategy:gaps')}?unit={slug}"),
        (_("Actions to talk about"), _actions(below, on), plan),
        (_("Did it work?"), _effects(below, on), plan),
    ]
    found = [(title, _shown(list(lines), url)) for title, lines, url in sections]
    return [{"title": title, "lines": lines} for title, lines in found if lines]


def _shown(lines: list[Line], url: str) -> list[Line]:
    """The first ones, and how many more there are, with where they stand."""
    more = len(lines) - SHOWN
    if more <= 0:
        return lines
    return [*lines[:SHOWN], _line(_("%(count)d more") % {"count": more}, "", url)]


def _line(text: Any, detail: str, url: str) -> Line:
    return {"text": str(text), "detail": detail, "url": url}


def _last_time(review: PlanReview) -> Iterator[Line]:
    earlier = PlanReview.objects.held().filter(unit=review.unit_id, held_on__lte=review.held_on)
    last = earlier.exclude(pk=review.pk).first()
    if last is not None:
        for decision in last.decisions.all():
            detail = f"{decision.get_kind_display()}. {decision.changed}".strip()
            yield _line(decision.text, detail, last.get_absolute_url())


def _figures(unit: Unit, on: date) -> Iterator[Line]:
    measures = measures_of(unit, on)
    period = Period.months(settled_month(on), 3)
    figures = figures_for(measures, unit, period, today=period.last_day) if measures else {}
    order = {scores.NOT_MET: 0, scores.UNSURE: 1}
    told = [figure for figure in figures.values() if figure.verdict in order]
    promises = Counter(figure.measure.standard for figure in told)
    for figure in sorted(told, key=lambda each: order[each.verdict]):
        url = reverse("scoreboard:measure", args=[unit.slug, figure.measure.key])
        words = _figure_words(figure)
        if promises[figure.measure.standard] > 1:
            words = f"{figure.measure.name}: {words}"
        yield _line(figure.measure.standard, words, url)


def _figure_words(figure: Figure) -> str:
    words = {
        "value": figure.value_text,
        "interval": figure.interval_text,
        "goal": figure.say_goal(figure.goal) if figure.goal is not None else "–",
        "verdict": figure.verdict_text,
        "period": figure.period,
    }
    return _("%(value)s (%(interval)s), goal %(goal)s: %(verdict)s. %(period)s") % words


def _gaps(below: set[int], on: date) -> Iterator[Line]:
    """Open ones first, those due first of all; then what is only proposed."""
    gaps = Gap.objects.standing().filter(unit__in=below).select_related("unit", "owner")
    is_proposed = Case(When(state=Gap.State.PROPOSED, then=1), default=0)
    for gap in gaps.order_by(is_proposed, "due_on", "pk"):
        owner = gap.owner or _("nobody yet")
        detail = f"{gap.unit.name}, {gap.get_state_display()}, {owner}"
        if gap.is_overdue(on):
            detail += ", " + _("late")
        yield _line(gap.title, detail, gap.get_absolute_url())


def _actions(below: set[int], on: date) -> Iterator[Line]:
    standings = plan_on(on)
    wanted = (BEHIND, NO_INFORMATION, AT_RISK)
    actions = Action.objects.live().filter(unit__in=below).select_related("unit", "owner")
    known = [action for action in actions if action.pk in standings]  # one may have been added meanwhile
    told = [action for action in known if standings[action.pk].status in wanted]
    for action in sorted(told, key=lambda each: (wanted.index(standings[each.pk].status), each.ends_on)):
        label = Status(standings[action.pk].status).label
        detail = f"{label}. {action.owner}, {date_format(action.ends_on, 'SHORT_DATE_FORMAT')}"
        yield _line(action.title, detail, action.get_absolute_url())


def _effects(below: set[int], on: date) -> Iterator[Line]:
    actions = Action.objects.filter(unit__in=below, frozen__isnull=False)
    actions = actions.exclude(state=Action.State.CANCELLED).select_related(
        "unit", "measure__standard__charter"
    )
    newest = list(actions.order_by("-started_on", "pk")[:SHOWN])
    effects = effects_of(newest, on)
    for action in newest:
        effect = effects.get(action.pk)
        if effect is not None and effect.change is not None:
            detail = f"{effect.change.sentence}. {effect.verdict}"
            yield _line(action.title, detail, action.get_absolute_url())
