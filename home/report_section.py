"""In a report: how many of those who must hold their courses hold them, at the end of the period."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.figure_words import localised
from common.period import Period
from organisation.models import Tree, Unit, User
from scoreboard.reports.sections import Section
from training.compliance import Compliance, Tally, compliance_on
from training.models import Course

FEWEST = 5
"""Below so many nothing is said of a unit: everybody would know of whom."""
NOTHING = "–"


def training_section(unit: Unit, period: Period) -> Section | None:
    """The unit with all below it, and each unit just below, over all courses that were given out. The number
    of queries is fixed."""
    day = period.last_day
    courses = list(Course.objects.exclude(state=Course.State.DRAFT))
    found = compliance_on(day, User.objects.filter(is_active=True), courses)
    below = Unit.objects.filter(pk__in=Tree.on(day).children.get(unit.pk, [])).order_by("name", "pk")
    total = found.pooled(unit.pk, courses)
    if total.required < FEWEST:
        return None
    header = [_("Unit"), _("Required"), _("Current"), _("Per cent current"), _("Overdue"), _("Not due yet")]
    return Section(
        _("Training"),
        [_told(total, period), _how_to_read()],
        header,
        [_row(each, found, courses) for each in (unit, *below) if found.pooled(each.pk, courses).required],
    )


def _told(total: Tally, period: Period) -> str:
    words = _("On %(day)s %(current)s of %(required)s courses that are required of people were current.")
    numbers = {"current": localised(total.current), "required": localised(total.required)}
    return words % (numbers | {"day": date_format(period.last_day, "DATE_FORMAT")})


def _how_to_read() -> str:
    return _(
        "A person counts once for each course. Who is waived, and who is new and in time, stands apart."
        " Everybody counts where they work today."
    )


def _row(unit: Unit, found: Compliance, courses: list[Course]) -> list[str]:
    tally = found.pooled(unit.pk, courses)
    if tally.required < FEWEST:
        return [unit.name, localised(tally.required), *[NOTHING] * 4]
    return [
        unit.name,
        *(localised(number) for number in (tally.required, tally.current)),
        _("%(number)s %%") % {"number": localised(tally.percent)},
        *(localised(number) for number in (tally.overdue, tally.not_due)),
    ]
