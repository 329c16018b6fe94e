"""Minutes of a review, and the strategy on a page, as data of Typst documents and as PDF."""

from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import pdf
from common.charts import CLASSES, plain
from common.markdown import plain_blocks
from common.templatetags.charterwell import localised
from organisation.models import Installation
from strategy.models import Action, Attendance, Gap, Initiative, PlanReview, Stake, Status
from strategy.models.review import was_noted
from strategy.plan import plan_on, stood
from strategy.steps import Ground, states

MOST_ACTIONS = 8


def _house(title: str) -> dict[str, Any]:
    """What every document says of the house."""
    installation = Installation.current()
    return {
        "title": title,
        "author": installation.name if installation else "",
        "organisation": installation.name if installation else "",
        "colour": installation.colour if installation else "#0f6b6b",
        "language": translation.get_language() or "en",
        "missing_note": _("□ stands for a character that this document cannot print."),
        "page": _("Page"),
    }


def minutes_of(review: PlanReview) -> bytes:
    """The minutes of a review that has been held."""
    there = list(review.attendance.select_related("person"))
    day = date_format(review.held_on, "DATE_FORMAT")
    following = review.next_review
    data = _house(f"{review.title}, {day}") | {
        "kind": _("Minutes"),
        "unit": review.unit.name,
        "day": day,
        "facts": [
            [_("Led by"), str(review.owner)],
            *_attendance(there),
            [_("Next review"), date_format(following.held_on, "DATE_FORMAT") if following else "–"],
        ],
        "agenda": review.agenda,
        "decided": _("Decided"),
        "decisions": [
            [each.get_kind_display(), each.text, str(each.about or ""), each.changed]
            for each in review.decisions.select_related("action", "measure", "standard")
        ],
        "nothing_decided": _("Nothing was decided."),
        "said": _("What was said"),
        "minutes": [block.split("\n") for block in plain_blocks(review.minutes)],
        "on_the_table": _("What lay on the table"),
    }
    return pdf.document("minutes", data)


def _names(there: list[Attendance], *, came: bool) -> str:
    return ", ".join(str(each.person) for each in there if each.came == came)


def _attendance(there: list[Attendance]) -> list[list[str]]:
    came, missing = _names(there, came=True), _names(there, came=False)
    if was_noted(there):
        return [[_("Came"), came], [_("Did not come"), missing or "–"]]
    return [[_("Asked"), missing or "–"], [_("Came"), _("not noted")]]


def page_of(initiative: Initiative, factors: list[tuple[Any, Any]], on: Any) -> bytes:
    """The strategy on one page: vision, ground, what has to be right, steps, actions, gaps."""
    ground = Ground(initiative, on)
    actions = Action.objects.live().filter(unit__in=ground.below, parent__isnull=True)
    rows = stood(actions.with_words().order_by("-weight", "ends_on")[:MOST_ACTIONS], plan_on(on), on)
    gaps = Gap.objects.filter(unit__in=ground.below)
    following = PlanReview.objects.planned().filter(unit__in=ground.below, held_on__gte=on).last()
    data = _house(initiative.name) | {
        "period": f"{date_format(initiative.starts_on)} – {date_format(initiative.ends_on)}",
        "unit": initiative.unit.name,
        "sponsor": str(initiative.owner),
        "vision": initiative.vision,
        "words": _page_words(),
        "stakes": _stakes(initiative),
        "factors": [_factor(factor, figure) for factor, figure in factors],
        "steps": [
            [step.title, bool(state.is_done if state else step.said_on)]
            for step, state in states(initiative, on)
        ],
        "actions": [_action(action) for action in rows],
        "gaps": _("Gaps: %(open)d open, %(proposed)d proposed, %(closed)d closed.")
        % {
            "open": gaps.open().count(),
            "proposed": gaps.proposed().count(),
            "closed": gaps.filter(state=Gap.State.CLOSED).count(),
        },
        "next": date_format(following.held_on, "DATE_FORMAT") if following else _("no day yet"),
        "as_of": date_format(on, "DATE_FORMAT"),
    }
    return pdf.document("strategy", data)


def _page_words() -> dict[str, str]:
    return {
        "kind": _("The strategy on a page"),
        "ground": _("The ground we stand on"),
        "right": _("What has to be right"),
        "steps": _("Steps"),
        "doing": _("What we do"),
        "next": _("Next review"),
        "sponsor": _("Sponsor"),
        "as_of": _("As of"),
    }


def _stakes(initiative: Initiative) -> list[list[Any]]:
    stakes = list(initiative.stakes.filter(archived_at__isnull=True))
    return [
        [str(label), [[each.text, each.evidence] for each in stakes if each.kind == kind]]
        for kind, label in Stake.Kind.choices
    ]


def _factor(factor: Any, figure: Any) -> dict[str, str]:
    told = {"text": factor.text, "figure": "", "verdict": "", "kind": "none"}
    if figure is None:
        return told
    interval = f" ({figure.interval_text})" if figure.interval_text else ""
    return told | {
        "figure": f"{figure.value_text}{interval}",
        "verdict": figure.verdict_text,
        "kind": CLASSES[figure.verdict],
    }


def _action(action: Any) -> dict[str, str]:
    stands = action.standing
    return {
        "title": action.title,
        "owner": str(action.owner),
        "until": date_format(action.ends_on, "SHORT_DATE_FORMAT"),
        "status": str(Status(stands.status).label),
        "percent": "–" if stands.percent is None else f"{localised(stands.percent)} %",
        "part": plain(stands.percent or 0),
    }
