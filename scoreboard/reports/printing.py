"""A snapshot as the data of its PDF, and the PDF itself."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import charts, pdf
from common.figure_words import summary
from organisation.models import Installation
from organisation.prints import logo_of
from scoreboard.models import Report
from scoreboard.reports.reading import Row, citation_of, comments_of, rows_of, summary_of


def pdf_of(report: Report, content: Mapping[str, Any]) -> bytes:
    """The tagged PDF, in the language of the report. A logo that cannot be printed is left out."""
    with translation.override(content["language"]):
        data = data_of(report, content)
    installation = Installation.current()
    images = logo_of(installation.logo.reference) if installation and installation.logo else {}
    try:
        return pdf.document("report", data, images)
    except pdf.NotDrawable:
        if not images:
            raise
    return pdf.document("report", data)


def data_of(report: Report, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the template reads: words as they are printed, and fractions of the strips."""
    words = _words(report, content)
    return {
        "title": f"{words['kind']}: {content['unit']['name']}, {content['period']['words']}",
        "author": content["organisation"],
        "language": content["language"],
        "colour": content["colour"],
        "missing_note": _("□ stands for a character that this document cannot print."),
        "organisation": content["organisation"],
        "unit": content["unit"]["name"],
        "period": content["period"]["words"],
        "words": words,
        "facts": _facts(content),
        "measures": [_measure(row) for row in rows_of(content)],
        "unusual": [[row["standard"], row["unusual"]] for row in content["measures"] if row["unusual"]],
        "comments": [
            {
                "text": each.text,
                "where": f"{each.response.unit.name}, {date_format(each.response.service_date)}",
            }
            for each in comments_of(report)
        ],
        "sections": content["sections"],
        "rules": content["rules"],
    }


def _words(report: Report, content: Mapping[str, Any]) -> dict[str, str]:
    return {
        "kind": str(report.get_kind_display()),
        "summary": summary_of(content),
        "standard": _("Standard"),
        "figure": _("Figure"),
        "strip": _("Interval and goal"),
        "verdict": _("Verdict"),
        "change": _("Against %(before)s") % {"before": content["before"]["words"]},
        "goal": _("goal"),
        "unusual": _("Unusual in this period"),
        "nothing_unusual": _("Nothing lay outside its usual range."),
        "comments": _("What customers wrote"),
        "rules": _("The rules behind the numbers"),
        "cite": _("How to cite this report"),
        "citation": citation_of(report, content),
        "nothing": _("No standard was measured here in this period."),
        "page": _("Page"),
    }


def _facts(content: Mapping[str, Any]) -> list[list[str]]:
    below = ", ".join(content["units_below"])
    return [
        [_("Unit"), content["unit"]["name"] + (_(", with %(units)s") % {"units": below} if below else "")],
        [_("Period"), content["period"]["words"]],
        [
            _("Edition in force"),
            "; ".join(each["printed"] for each in content["editions"]) or _("No edition was in force."),
        ],
        [_("Responses"), content["responses"]["printed"]],
        [_("Made"), content["made_on"]],
    ]


def _measure(row: Row) -> dict[str, Any]:
    printed = row.printed
    return {
        "standard": row.content["standard"],
        "measure": row.content["measure"],
        "value": printed["value"],
        "interval": printed["interval"],
        "counted": printed["counted"],
        "goal": printed["goal"],
        "verdict": printed["verdict"],
        "mark": row.figure.verdict,
        "kind": charts.CLASSES[row.figure.verdict],
        "change": printed["change"],
        "change_interval": printed["change_interval"],
        "change_words": printed["change_words"],
        "remarks": printed["remarks"],
        "strip": charts.strip_on_paper(row.figure, summary(row.figure)),
    }
