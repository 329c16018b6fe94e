"""What the product can tell of the steps of an initiative: done or not, how far, and where to go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charter.models import Charter, Edition, Standard
from common.period import Period
from customers.models import Need, Segment
from organisation.models import Tree, Unit
from scoreboard.board import measures_of
from scoreboard.figures import figures_for
from scoreboard.settled import settled_month
from strategy.models import Action, Gap, Initiative, PlanReview, Round, Step, TeamPart
from strategy.plan import plan_on
from strategy.progress import BEHIND
from training.models import Assignment

MONTHS = 3
REVIEW_DAYS = 183


@dataclass(frozen=True)
class State:
    """`words` say how far it is; `url` leads to where it is done."""

    is_done: bool
    words: str
    url: str


class Ground:
    """What the checks of one initiative stand on, read once a page."""

    def __init__(self, initiative: Initiative, on: date) -> None:
        self.initiative, self.on = initiative, on

    @cached_property
    def tree(self) -> Tree:
        return Tree.on(self.on)

    @cached_property
    def below(self) -> set[int]:
        return self.tree.subtree(self.initiative.unit_id)

    @cached_property
    def near(self) -> set[int]:
        """The unit, those below it, and those above, whose customers are its customers too."""
        return self.below.union(self.tree.path(self.initiative.unit_id))

    @cached_property
    def charter(self) -> Charter | None:
        """That of the unit, else of the nearest unit above."""
        path = self.tree.path(self.initiative.unit_id)
        charters = Charter.objects.filter(unit__in=path).select_related("unit").prefetch_related("texts")
        return max(charters, key=lambda each: path.index(each.unit_id), default=None)

    @cached_property
    def edition(self) -> Edition | None:
        if self.charter is None:
            return None
        return Edition.objects.filter(charter=self.charter).in_force(self.on).first()

    @property
    def charter_url(self) -> str:
        return self.charter.get_absolute_url() if self.charter else reverse("charter:desk")


def _vision(ground: Ground) -> State:
    if ground.edition is None:
        return State(False, _("No edition of the charter is in force yet."), ground.charter_url)
    words = Edition.words(ground.edition.content.get("texts", {})).get("vision", "")
    told = words or _("The edition in force says nothing of the vision.")
    return State(bool(words), told, ground.charter_url)


def _edition(ground: Ground) -> State:
    if ground.edition is None:
        return State(False, _("No edition of the charter is in force yet."), ground.charter_url)
    return State(True, str(ground.edition), ground.edition.get_absolute_url())


def _measured(ground: Ground) -> State:
    unit = ground.initiative.unit
    measures = measures_of(unit, ground.on)
    period = Period.months(settled_month(ground.on), MONTHS)
    figures = figures_for(measures, unit, period, today=period.last_day) if measures else {}
    known = sum(figure.value is not None for figure in figures.values())
    words = _("%(known)d of %(all)d measures have enough answers.") % {"known": known, "all": len(measures)}
    return State(known > 0, words, reverse("scoreboard:unit", args=[unit.slug]))


def _standards(ground: Ground) -> State:
    if ground.charter is None:
        return State(False, _("There is no charter yet."), ground.charter_url)
    standards = Standard.objects.active().filter(charter=ground.charter).prefetch_related("measures__goals")
    proved = [standard.provable(ground.on) for standard in standards]
    policies = ground.charter.policies.filter(archived_at__isnull=True).count()
    words = _("%(proved)d of %(all)d standards have a measure with a goal; %(policies)d policies.") % {
        "proved": sum(proved),
        "all": len(proved),
        "policies": policies,
    }
    return State(bool(proved) and all(proved) and policies > 0, words, ground.charter_url)


def _policies(ground: Ground) -> State:
    count = 0
    if ground.charter is not None:
        count = ground.charter.policies.filter(archived_at__isnull=True).count()
    words = ngettext("%(count)d policy", "%(count)d policies", count) % {"count": count}
    return State(count > 0, words, ground.charter_url)


def _behaviours(ground: Ground) -> State:
    if ground.charter is None:
        return State(False, _("There is no charter yet."), ground.charter_url)
    values = ground.charter.values.filter(archived_at__isnull=True).prefetch_related("texts")
    texts = [value.text() for value in values]
    said = sum(bool(text and len(text.behaviours) == 2) for text in texts)
    words = _("%(said)d of %(all)d values say it towards both.") % {"said": said, "all": len(texts)}
    return State(bool(texts) and said == len(texts), words, ground.charter_url)


def _segments(ground: Ground) -> State:
    count = Segment.objects.active().filter(unit__in=ground.near).count()
    words = ngettext("%(count)d segment", "%(count)d segments", count) % {"count": count}
    return State(count > 1, words, reverse("customers:segment_list"))


def _needs(ground: Ground) -> State:
    needs = Need.objects.active().filter(unit__in=ground.near)
    every, assumed = needs.count(), needs.assumed().count()
    words = _("%(known)d of %(all)d needs have the evidence of customers.") % {
        "known": every - assumed,
        "all": every,
    }
    return State(every > 0 and not assumed, words, reverse("customers:need_list"))


def _learned(ground: Ground) -> State:
    """In each unit that stands just below (or in the unit itself) somebody has completed such a course."""
    near = ground.tree.children.get(ground.initiative.unit_id, []) or [ground.initiative.unit_id]
    units = list(Unit.objects.active().filter(pk__in=near).values_list("pk", flat=True))
    completed = Assignment.objects.filter(state=Assignment.State.COMPLETED, course__standards__isnull=False)
    places = set(completed.values_list("person__memberships__unit", flat=True))
    learned = sum(bool(ground.tree.subtree(unit) & places) for unit in units)
    words = _("In %(learned)d of %(all)d units.") % {"learned": learned, "all": len(units)}
    return State(bool(units) and learned == len(units), words, reverse("training:mine"))


def _infrastructure(ground: Ground) -> State:
    begun = Action.objects.filter(unit__in=ground.below, started_on__isnull=False)
    kinds = set(begun.values_list("kind", flat=True))
    wanted = [Action.Kind.PROCESS, Action.Kind.COMMUNICATION, Action.Kind.TRAINING]
    missing = [str(kind.label) for kind in wanted if kind not in kinds]
    learned = _learned(ground)
    if missing:
        words = _("No action has begun for: %(kinds)s.") % {"kinds": ", ".join(missing)}
    else:
        words = learned.words
    return State(not missing and learned.is_done, words, reverse("strategy:plan"))


def _plan(ground: Ground) -> State:
    gaps = Gap.objects.open().filter(unit__in=ground.below)
    count, unanswered = gaps.count(), gaps.filter(answers__isnull=True).count()
    standings = plan_on(ground.on)
    actions = Action.objects.live().filter(unit__in=ground.below)
    live = [pk for pk in actions.values_list("pk", flat=True) if pk in standings]
    behind = sum(standings[pk].status == BEHIND for pk in live)
    words = _("Open gaps: %(gaps)d, unanswered: %(unanswered)d; actions behind: %(behind)d.") % {
        "gaps": count,
        "unanswered": unanswered,
        "behind": behind,
    }
    is_done = Action.objects.filter(unit__in=ground.below).exists() and not unanswered and not behind
    return State(is_done, words, reverse("strategy:plan"))


def _quotient(ground: Ground) -> State:
    """A closed round of the unit or of one above, with something agreed on every side."""
    path = ground.tree.path(ground.initiative.unit_id)
    last = Round.objects.closed().filter(unit__in=path).first()
    if last is None:
        running = Round.objects.filter(unit__in=path, state=Round.State.OPEN).first()
        words = _("“%(round)s” is open.") % {"round": running} if running else _("Nobody has been asked yet.")
        url = running.get_absolute_url() if running else reverse("strategy:rounds")
        return State(False, words, url)
    agreed, every = last.consensus.count(), len(last.content["dimensions"])
    words = _("%(round)s: targets for %(agreed)d of %(all)d sides.") % {
        "round": last,
        "agreed": agreed,
        "all": every,
    }
    return State(agreed == every, words, last.get_absolute_url())


def _review(ground: Ground) -> State:
    """Held in the last six months in the unit or below it, and the next one has a day."""
    reviews = PlanReview.objects.filter(unit__in=ground.below)
    since = ground.on - timedelta(days=REVIEW_DAYS)
    last = reviews.held().filter(held_on__gte=since).first()
    following = reviews.planned().filter(held_on__gte=ground.on).last()
    words = _("Last: %(last)s; next: %(next)s.") % {
        "last": date_format(last.held_on, "DATE_FORMAT") if last else "–",
        "next": date_format(following.held_on, "DATE_FORMAT") if following else "–",
    }
    return State(bool(last and following), words, reverse("strategy:reviews"))


def _parts(ground: Ground) -> State:
    """Every unit in use, the initiative's own included, says its part."""
    units = Unit.objects.active().filter(pk__in=ground.below)
    told = TeamPart.objects.filter(unit__in=units).values("unit").distinct().count()
    every = units.count()
    words = _("%(told)d of %(all)d teams have written down their part.") % {"told": told, "all": every}
    return State(told == every, words, reverse("strategy:why"))


Check = Callable[[Ground], State]

CHECKS: dict[str, Check] = {
    "quotient": _quotient,
    "vision": _vision,
    "edition": _edition,
    "measured": _measured,
    "standards": _standards,
    "policies": _policies,
    "behaviours": _behaviours,
    "segments": _segments,
    "needs": _needs,
    "learned": _learned,
    "infrastructure": _infrastructure,
    "parts": _parts,
    "plan": _plan,
    "review": _review,
}


def states(initiative: Initiative, on: date) -> list[tuple[Step, State | None]]:
    """Each step with what the product tells of it; None where only a person can say."""
    ground = Ground(initiative, on)
    found: dict[str, State] = {}
    rows: list[tuple[Step, State | None]] = []
    for step in initiative.steps.select_related("said_by"):
        check = CHECKS.get(step.rule)
        if check is not None and step.rule not in found:
            found[step.rule] = check(ground)
        rows.append((step, found.get(step.rule)))
    return rows
