"""A snapshot as a workbook: numbers unrounded, words as printed."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from common.export import Sheet, workbook
from scoreboard.models import Report
from scoreboard.reports.printing import data_of
from scoreboard.reports.reading import comments_of


def workbook_of(report: Report, content: Mapping[str, Any]) -> bytes:
    """The XLSX file, in the language of the report."""
    with translation.override(content["language"]):
        return workbook(_sheets(report, content))


def _sheets(report: Report, content: Mapping[str, Any]) -> dict[str, Sheet]:
    return {
        _("Report"): _about(report, content),
        _("Figures"): (_figure_header(), [_figure_line(row) for row in content["measures"]]),
        _("Months"): _months(content),
        _("Unusual"): _unusual(content),
        _("Comments"): _comments(report),
        **{section["title"]: _section(section) for section in content["sections"]},
        _("Rules"): ([_("Rule")], [[rule] for rule in content["rules"]]),
    }


def _about(report: Report, content: Mapping[str, Any]) -> Sheet:
    data = data_of(report, content)
    told = [[_("In short"), data["words"]["summary"]], [_("Cite as"), data["words"]["citation"]]]
    return [_("What"), data["title"]], [*data["facts"], *told]


def _months(content: Mapping[str, Any]) -> Sheet:
    header = [_("Standard"), _("Measure"), _("Month"), _("Answers or cases"), _("Figure")]
    return header, [
        [row["standard"], row["measure"], each["month"], each["n"], each["value"]]
        for row in content["measures"]
        for each in row["months"]
    ]


def _unusual(content: Mapping[str, Any]) -> Sheet:
    header = [_("Standard"), _("Measure"), _("What was unusual")]
    return header, [
        [row["standard"], row["measure"], words] for row in content["measures"] for words in row["unusual"]
    ]


def _comments(report: Report) -> Sheet:
    header = [_("Unit"), _("Day"), _("Comment")]
    return header, [
        [each.response.unit.name, each.response.service_date, each.text] for each in comments_of(report)
    ]


def _section(section: Mapping[str, Any]) -> Sheet:
    """What another room adds to reports."""
    rows = [[line] for line in section["paragraphs"]] + section["rows"]
    return section["header"] or [section["title"]], rows


def _figure_header() -> list[Any]:
    return [
        *(_("Standard"), _("Measure"), _("Key"), _("Method"), _("Answers or cases"), _("Left out")),
        *(_("Figure"), _("Lower bound"), _("Upper bound"), _("Goal"), _("Verdict")),
        *(_("Change"), _("Change from"), _("Change to"), _("Remarks")),
    ]


def _figure_line(row: Mapping[str, Any]) -> list[Any]:
    change = row["change"] or {"difference": None, "low": None, "high": None}
    return [
        *(row[name] for name in ("standard", "measure", "key", "method", "n", "na")),
        *(row[name] for name in ("value", "low", "high", "goal")),
        row["printed"]["verdict"],
        *(change[name] for name in ("difference", "low", "high")),
        "; ".join(row["printed"]["remarks"]),
    ]
