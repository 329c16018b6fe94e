"""Which spans are taken already: by earlier rows of the file, and by results that stand."""

from collections.abc import Hashable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from charter.models import RecordedResult
from common.period import Period
from organisation.imports import RowProblem

Key = tuple[Hashable, Hashable]


class Spans:
    """Refuses a second result for the same days of the same measure and unit."""

    def __init__(self) -> None:
        self._rows: dict[Key, list[tuple[date, date, int]]] = {}
        self._standing: dict[Key, list[tuple[date, date]]] = {}

    def look_up(self, measures: Iterable[int | None]) -> None:
        """Read the standing results of the next rows' measures; one query."""
        self._standing = {}
        standing = RecordedResult.objects.filter(
            deleted_at__isnull=True, measure__in={pk for pk in measures if pk}
        )
        for measure, unit, start, end in standing.values_list("measure_id", "unit_id", "start", "end"):
            self._standing.setdefault((measure, unit), []).append((start, end))

    def claim(self, key: Key, ids: tuple[int | None, int | None], period: Period, number: int) -> None:
        """Note the row's span. Raises RowProblem where a day of it is taken."""
        for start, end in self._standing.get(ids, ()):
            if start < period.end and period.start < end:
                text = _("There is a result for %(period)s already. Correct that one, or delete it first.")
                raise RowProblem("result_exists", text % {"period": Period(start, end)})
        for start, end, other in self._rows.get(key, ()):
            if (start, end) == (period.start, period.end):
                text = _("The same measure, unit and period as in row %(row)d.")
                raise RowProblem("same_row", text % {"row": other})
            if start < period.end and period.start < end:
                text = _("The period overlaps that of row %(row)d.")
                raise RowProblem("overlap", text % {"row": other})
        self._rows.setdefault(key, []).append((period.start, period.end, number))
