"""Which questions of the quizzes are most often answered wrongly, and with which option.

A row is one wording of one question in one course: another wording is another series, and the same
wording in two courses is never pooled, so that no row can be reckoned out from others. Every answer of
every attempt handed in counts. An answer is right when it earned every point; what earned a part is not.
No answer at all, and what waits for its marks, stand apart and are in no share. Under five answers
nothing is said of them but how many there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from charter.models import Standard
from common.figure_words import localised
from common.statistics import wilson
from common.text import search_form
from organisation.models import User
from training.models import AttemptQuestion, Course, QuestionVersion

MINIMUM = 5
Kind = QuestionVersion.Kind
CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE)


@dataclass(frozen=True)
class QuestionRow:
    """`wrong_option` is the wrong one that was chosen most often, `wrong_count` how often."""

    version: QuestionVersion
    course: Course
    n: int
    right: int
    blank: int
    wrong_option: str = ""
    wrong_count: int = 0

    @property
    def is_shown(self) -> bool:
        return self.n >= MINIMUM

    @property
    def share(self) -> float | None:
        """0 to 100, unrounded; None under five answers."""
        return 100 * self.right / self.n if self.is_shown else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share."""
        if not self.is_shown:
            return None
        low, high = wilson(self.right, self.n)
        return 100 * low, 100 * high

    @property
    def interval_text(self) -> str:
        if self.bounds is None:
            return ""
        return _("%(low)s to %(high)s") % {
            "low": localised(self.bounds[0]),
            "high": localised(self.bounds[1]),
        }

    @property
    def words(self) -> str:
        return str(self.version)

    @property
    def standard(self) -> Standard | None:
        return self.version.question.standard


def question_rows(people: "QuerySet[User]", courses: Sequence[Course]) -> list[QuestionRow]:
    """A row for each wording that the people were asked in the courses. A fixed number of queries."""
    known = {course.pk: course for course in courses}
    asked = AttemptQuestion.objects.filter(
        attempt__submitted_at__isnull=False,
        attempt__assignment__person__in=people.order_by().values("pk"),
        attempt__assignment__course__in=list(known),
    ).order_by()
    given = Q(answer__isnull=False)
    marked = given & Q(mark__isnull=False)
    counted = asked.values("version", "attempt__assignment__course").annotate(
        n=Count("pk", filter=marked),
        right=Count("pk", filter=marked & Q(mark=F("points"))),
        blank=Count("pk", filter=~given),
    )
    versions = _versions({row["version"] for row in counted})
    wrong = _wrong_options(asked, versions)
    rows = []
    for row in counted:
        key = (row["version"], row["attempt__assignment__course"])
        option, count = wrong.get(key, ("", 0)) if row["n"] >= MINIMUM else ("", 0)
        rows.append(
            QuestionRow(versions[key[0]], known[key[1]], row["n"], row["right"], row["blank"], option, count)
        )
    return rows


def _versions(ids: Iterable[int]) -> dict[int, QuestionVersion]:
    rows = QuestionVersion.objects.filter(pk__in=set(ids)).select_related("question__standard")
    return rows.prefetch_related("texts", "question__standard__texts").in_bulk()


def _wrong_options(
    asked: "QuerySet[AttemptQuestion]", versions: dict[int, QuestionVersion]
) -> dict[tuple[int, int], tuple[str, int]]:
    """(version, course) → the wrong option that was chosen most often, and how often."""
    answers = asked.filter(version__kind__in=CHOSEN, answer__isnull=False, mark__isnull=False)
    picked: dict[tuple[int, int], dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    columns = ("version", "attempt__assignment__course", "answer")
    for version, course, answer, many in answers.values_list(*columns).annotate(many=Count("pk")):
        for option in answer if isinstance(answer, list) else [answer]:
            picked[(version, course)][option] += many
    found = {}
    for key, options in picked.items():
        version = versions[key[0]]
        wrong = {each: many for each, many in options.items() if not _is_right(version, each)}
        if wrong:
            most = max(wrong, key=lambda each: (wrong[each], str(each)))
            found[key] = (_option_words(version, most), wrong[most])
    return found


def _content(version: QuestionVersion) -> dict[str, Any]:
    words = version.text()
    return words.content if words else {}


def _is_right(version: QuestionVersion, option: Any) -> bool:
    content = _content(version)
    if version.kind == Kind.TRUE_FALSE:
        return (option == "true") == content.get("answer")
    options = content.get("options", [])
    return option < len(options) and options[option]["correct"]


def _option_words(version: QuestionVersion, option: Any) -> str:
    if version.kind == Kind.TRUE_FALSE:
        return _("True") if option == "true" else _("False")
    options = _content(version).get("options", [])
    return options[option]["text"] if option < len(options) else ""


def narrowed_rows(
    rows: Iterable[QuestionRow], *, q: str = "", standard: str = "", sort: str = ""
) -> list[QuestionRow]:
    """Rows are few and their words are translated: they are compared here. Too few answers stand last."""
    words = search_form(q)
    found = [
        row
        for row in rows
        if words in search_form(row.words)
        and (not standard or (row.standard is not None and row.standard.key == standard))
    ]
    sign = -1 if sort == "right" else 1

    def order(row: QuestionRow) -> tuple[Any, ...]:
        share = row.share
        if sort == "n":
            return (-row.n, row.words)
        return (share is None, sign * (share or 0), -row.n, row.words)

    return sorted(found, key=order)
