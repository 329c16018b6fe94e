"""Which column probably means what, by its name: a first proposal that the person corrects."""

from collections.abc import Iterable

from common.text import search_form
from organisation.imports import guess_columns as columns_that_fit

WORDS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "department", "branch", "office", "place", "department_name_en"),
    "measure": ("measure", "measure key", "indicator"),
    "standard": ("standard", "reference", "service_std_id", "standard id"),
    "promise": ("promise", "standard text", "service_std_en", "description"),
    "channel": ("channel",),
    "period": (
        "period",
        "month",
        "fiscal_yr",
        "fiscal year",
        "year",
        "quarter",
        "first day",
        "start",
        "from",
    ),
    "period_end": ("last day", "end", "until", "to"),
    "met": ("met", "volume_meeting_target", "in time", "on time", "within standard"),
    "total": ("total", "cases", "cases in scope", "total_volume", "volume"),
    "departures": ("departures",),
    "departure_reason": ("why they departed", "reason"),
    "target": ("target", "goal", "service_std_target"),
}
CASE_WORDS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "department", "branch", "office", "team"),
    "measure": ("measure", "measure key", "indicator"),
    "received": ("received", "received at", "open_dt", "opened", "created", "created at", "requested"),
    "due": ("due", "due at", "target_dt", "target", "deadline"),
    "done": ("done", "done at", "closed_dt", "closed", "completed", "resolved", "answered", "repaired"),
    "reference": ("reference", "case_enquiry_id", "case id", "case", "number", "id"),
    "on_time": ("in time", "on time", "ontime_status", "on_time"),
}
WAYS = {"fiscal_yr": "fiscal_year", "fiscal year": "fiscal_year", "year": "fiscal_year", "month": "month"}


def guess_columns(header: Iterable[str], words_of: dict[str, tuple[str, ...]] = WORDS) -> dict[str, str]:
    """Field → the column whose name fits it best, and the way in which a period is written."""
    found = columns_that_fit(header, words_of)
    if "period" in found:
        found["period_way"] = _way(search_form(found["period"]), "period_end" in found)
    return found


def _way(column: str, has_end: bool) -> str:
    if column in ("first day", "start", "from") and has_end:
        return "dates"
    return WAYS.get(column, "period")
