"""How a figure of each method is made, in a sentence or two: for reports and the open data."""

from django.utils.translation import gettext as _

from charter.models import Measure

Method = Measure.Method


def method_sentence(measure: Measure) -> str:
    """The rule of the figure and of its interval."""
    if measure.method == Method.TOP_BOX:
        return _top_box(measure)
    if measure.method == Method.COUNT:
        return _("How many there were, added up; the goal is that of a month. Every one is counted.")
    if measure.method == Method.RATE:
        return _("How many there were, as %(words)s; both are added up first. Every one is counted.") % {
            "words": measure.unit_words
        }
    if measure.method == Method.SHARE_MET:
        return _share_met(measure)
    return {
        Method.NPS: _(
            "The share of 9 and 10 less the share of 0 to 6, in points from −100 to 100."
            " Interval: adjusted Wald, 95 %."
        ),
        Method.CES: _(
            "The share of 5 to 7 on the seven-point question whether it was made easy."
            " Interval: Wilson, 95 %."
        ),
        Method.SMILEY: _(
            "Each answer is set on 0, the worst, to 100, the best; the figure is their mean."
            " Interval: t, 95 %."
        ),
        Method.MEAN: _("The mean of the answers on their own scale. Interval: t, 95 %."),
    }.get(Method(measure.method), str(measure.get_method_display()))


def _top_box(measure: Measure) -> str:
    if (measure.scale_low, measure.scale_high) == (0, 1):
        return _("The share of “yes” among all answers. Interval: Wilson, 95 %.")
    if measure.top_from == measure.scale_high:
        return _("The share of the best answer, %(high)d. Interval: Wilson, 95 %%.") % {
            "high": measure.scale_high
        }
    return _("The share of the best answers, %(top)d to %(high)d. Interval: Wilson, 95 %%.") % {
        "top": measure.top_from,
        "high": measure.scale_high,
    }


def _share_met(measure: Measure) -> str:
    if measure.is_full_count:
        return _("The cases that met the standard, of all cases. Every case is counted: no interval.")
    return _("The cases that met the standard, of a sample of the cases. Interval: Wilson, 95 %.")
