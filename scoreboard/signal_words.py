"""A signal in one sentence, in the reader's language."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charter.models import Measure
from common.control import HIGH
from common.figure_words import VERDICTS, localised
from common.period import Period
from scoreboard.models import Signal

Kind = Signal.Kind


def sentence_of(signal: Signal) -> str:
    """What was noticed, with the numbers of that moment."""
    return _SENTENCES[Kind(signal.kind)](signal, signal.facts)


def searchable(signal: Signal) -> str:
    """The words that a search looks in."""
    about = f"{signal.measure.standard} {signal.measure.name}" if signal.measure else f"{signal.collector}"
    return f"{signal.reference} {about} {signal.unit.name}"


def _month(day: date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")


def _number(facts: dict[str, Any], value: float) -> str:
    text = localised(value, facts["decimals"])
    return _("%(number)s %%") % {"number": text} if facts["is_share"] else text


def _counted(facts: dict[str, Any]) -> str:
    n = localised(facts["n"])
    if facts["method"] == Measure.Method.RATE:
        return f"{n} {facts['exposure']}"
    if facts["method"] == Measure.Method.COUNT:
        return ngettext("%(n)s result", "%(n)s results", facts["n"]) % {"n": n}
    if facts["source"] != Measure.Source.ANSWERS:
        return ngettext("%(n)s case", "%(n)s cases", facts["n"]) % {"n": n}
    return ngettext("%(n)s answer", "%(n)s answers", facts["n"]) % {"n": n}


def _usual_range(facts: dict[str, Any]) -> str:
    low, high = facts["usual_low"], facts["usual_high"]
    if low is None:
        return _("up to %(high)s") % {"high": _number(facts, high)}
    if high is None:
        return _("from %(low)s") % {"low": _number(facts, low)}
    return _("%(low)s to %(high)s") % {
        "low": localised(low, facts["decimals"]),
        "high": _number(facts, high),
    }


def _point(signal: Signal, facts: dict[str, Any]) -> str:
    words = {
        "month": _month(signal.period),
        "value": _number(facts, facts["value"]),
        "range": _usual_range(facts),
        "counted": _counted(facts),
    }
    if facts["side"] == HIGH:
        return _("%(month)s: %(value)s, above its usual range (%(range)s), from %(counted)s.") % words
    return _("%(month)s: %(value)s, below its usual range (%(range)s), from %(counted)s.") % words


def _run(signal: Signal, facts: dict[str, Any]) -> str:
    words = {
        "months": facts["length"],
        "first": _month(signal.period),
        "last": _month(date.fromisoformat(facts["last"])),
        "middle": _number(facts, facts["centre"]),
    }
    if facts["side"] == HIGH:
        return _("%(months)d months in a row above the middle (%(middle)s): %(first)s to %(last)s.") % words
    return _("%(months)d months in a row below the middle (%(middle)s): %(first)s to %(last)s.") % words


def _figure(facts: dict[str, Any]) -> str:
    """“72 %, 60 to 81, from 64 answers; the goal is 90. August 2026 to October 2026”."""
    words = {
        "value": _number(facts, facts["value"]),
        "counted": _counted(facts),
        "goal": localised(facts["goal"], 0 if float(facts["goal"]).is_integer() else 2),
        "period": Period.parse(facts["period"]),
    }
    if facts["low"] is None:
        return _("%(value)s of %(counted)s, the goal is %(goal)s (%(period)s)") % words
    words["low"], words["high"] = (
        localised(facts[bound], facts["bound_decimals"]) for bound in ("low", "high")
    )
    return (
        _("%(value)s, between %(low)s and %(high)s, from %(counted)s; the goal is %(goal)s (%(period)s)")
        % words
    )


def _verdict(signal: Signal, facts: dict[str, Any]) -> str:
    return _("From “%(before)s” to “%(now)s”: %(figure)s.") % {
        "before": VERDICTS[facts["before"]],
        "now": VERDICTS[facts["verdict"]],
        "figure": _figure(facts),
    }


def _missed(signal: Signal, facts: dict[str, Any]) -> str:
    return _("The goal is missed: %(figure)s.") % {"figure": _figure(facts)}


def _too_few(signal: Signal, facts: dict[str, Any]) -> str:
    words = {"month": _month(signal.period), "before": localised(facts["n_before"])}
    if facts["source"] != Measure.Source.ANSWERS:
        return _("No result is recorded for %(month)s; the month before had one.") % words
    return ngettext(
        "%(n)d answer in %(month)s, after %(before)s the month before; a figure needs %(minimum)d.",
        "%(n)d answers in %(month)s, after %(before)s the month before; a figure needs %(minimum)d.",
        facts["n"],
    ) % (words | {"n": facts["n"], "minimum": facts["minimum"]})


def _silent(signal: Signal, facts: dict[str, Any]) -> str:
    last = date_format(date.fromisoformat(facts["last"]), "DATE_FORMAT")
    pause = ngettext("%(days)d day", "%(days)d days", facts["longest"]) % {"days": facts["longest"]}
    return _(
        "No answer since %(last)s: %(days)d days when it was noticed. Before, the longest pause was"
        " %(pause)s."
    ) % {"last": last, "days": facts["days"], "pause": pause}


_SENTENCES = {
    Kind.POINT: _point,
    Kind.RUN: _run,
    Kind.VERDICT: _verdict,
    Kind.MISSED: _missed,
    Kind.TOO_FEW: _too_few,
    Kind.SILENT: _silent,
}
