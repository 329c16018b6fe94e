"""The whole files of the data folder: every row accounted for, every figure equal to the published one.

Not part of the plain suite: `make data-check` runs it. SHARED names the folder that holds `data/`.
The fixed numbers stand in docs/imports.md, where people read them.
"""

import csv
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.text import slugify

from charter.case_summary import summary_of
from charter.imports import CASE_REASONS
from charter.imports import outcome_rows as result_outcomes
from charter.models import Case, Goal, Measure, RecordedResult
from charter.tests.factories import cases_measure
from common.period import Period
from feedback.imports import outcome_rows as response_outcomes
from feedback.models import Response
from home.tests.measured import measured
from organisation.imports import Row, Table
from organisation.models import Import, Unit
from organisation.tests.factories import InstallationFactory, UnitFactory
from scoreboard.actions import recompute_stale_results
from scoreboard.figures import figures_for
from scoreboard.models import DailyTally, MonthlyTally

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SHARED") or ROOT.parent / "shared").resolve() / "data"
MAPPINGS = ROOT / "mappings"
CANADA = "service_standards_canada_2018_2020.csv"
BOSTON = "city_requests_graffiti_2015.csv"
PERCENTAGES = {"percentage"}
PATIENTS = "patient_comment_cards.csv"

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def installation() -> None:
    InstallationFactory()


def rows_of(name: str) -> Iterator[Row]:
    path = DATA / name
    return Table(lambda: path.open("rb"), path.stat().st_size).rows()


def printed(name: str) -> dict[str, int]:
    """The table under the file's heading in docs/imports.md: what stands in the first column → number."""
    text = (ROOT / "docs" / "imports.md").read_text()
    section = re.split(rf"^### `{re.escape(name)}`$", text, flags=re.M)[1].split("\n### ")[0]
    cells = re.findall(r"^\| ([^|]+) \| ([\d,]+) \|$", section, flags=re.M)
    return {words.strip(): int(number.replace(",", "")) for words, number in cells}


def take_in(command: str, name: str, mapping: str, *flags: str) -> Import:
    file = str(MAPPINGS / f"{mapping}.json")
    call_command(command, str(DATA / name), "--mapping", file, "--skip-bad", *flags, stdout=StringIO())
    return Import.objects.latest("pk")


def half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def equals_published(met: int, total: int, published: str) -> bool:
    """At whole per cent where it ends in .0 or has no decimals, at one or two decimals, else within 1e-9."""
    exact = Decimal(100) * met / total
    decimals = len(published.partition(".")[2])
    if not decimals or published.endswith(".0"):
        return half_up(exact, 0) == Decimal(published)
    if decimals <= 2:
        return half_up(exact, decimals) == Decimal(published)
    return abs(exact - Decimal(published)) < Decimal("1e-9")


def canadian_reference(cells: dict[str, str], known: set[tuple[str, str]]) -> str:
    """The reference under which the row's standard was filed: told apart where the file says it twice."""
    plain = f"{cells['service_id']}/{cells['service_std_id']}"
    words = " ".join(cells["service_std_en"].split())
    apart = f"{plain}/{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    return apart if (cells["department_name_en"], apart) in known else plain


def canadian_figures() -> dict[tuple[str, str, str, str], Any]:
    """(department, reference, channel, fiscal year) → the figure on the scoreboard."""
    by_unit: dict[int, list[Measure]] = {}
    for measure in Measure.objects.active().select_related("standard__charter"):
        by_unit.setdefault(measure.standard.charter.unit_id, []).append(measure)
    found = {}
    for unit in Unit.objects.filter(pk__in=by_unit):
        measures = {measure.pk: measure for measure in by_unit[unit.pk]}
        for year in (2017, 2018, 2019):
            period = Period(date(year, 4, 1), date(year + 1, 4, 1))
            for pk, figure in figures_for(list(measures.values()), unit, period).items():
                standard = measures[pk].standard
                channel = measures[pk].key.removeprefix(f"{standard.key}-")
                key = (unit.name, standard.external_reference, channel, f"{year}-{year + 1}")
                found[key] = figure
    return found


def test_the_canadian_standards_go_in_whole_and_every_performance_equals_the_published_one() -> None:
    import_ = take_in("import_results", CANADA, "canada_service_standards")
    expected = printed(CANADA)
    assert {str(words): number for _code, words, number in result_outcomes(import_.counts)} == expected
    assert RecordedResult.objects.countable().count() == import_.counts["rows"] - import_.counts["bad"]
    assert RecordedResult.objects.countable().filter(total__isnull=True, met__isnull=True).count() == 1051
    assert Goal.objects.filter(target=0).count() == 0

    figures = canadian_figures()
    known = {(unit, reference) for unit, reference, _channel, _year in figures}
    compared: Counter[str] = Counter()
    for row in rows_of(CANADA):
        cells = row.cells
        met, total = cells["volume_meeting_target"], cells["total_volume"]
        place = (cells["department_name_en"], canadian_reference(cells, known))
        figure = figures.get((*place, slugify(cells["channel"]), cells["fiscal_yr"]))
        if not (is_whole(met) and is_whole(total) and int(met) <= int(total)):
            outcome = "over" if is_whole(met) and is_whole(total) else "blank"
            assert figure is None or figure.value is None or outcome == "over", row.number
        elif int(total) == 0:
            outcome = "no cases"
            assert figure is not None
            assert (figure.value, figure.verdict) == (None, "not_tracked"), row.number
        else:
            outcome = "equal"
            assert figure is not None
            assert (figure.counts.high, figure.counts.n) == (int(met), int(total)), row.number
            assert equals_published(figure.counts.high, figure.counts.n, cells["performance"]), row.number
            assert abs(Decimal(figure.value) - Decimal(100) * int(met) / int(total)) < Decimal("1e-9")
            assert figure.low is None
            assert figure.high is None
        compared[outcome] += 1
    assert compared == {"equal": 2873, "no cases": 922, "blank": 129, "over": 3}


def test_the_canadian_verdicts_equal_a_separate_recount_from_the_file() -> None:
    """Read with the standard library alone: met where met/total, unrounded, reaches the target."""
    take_in("import_results", CANADA, "canada_service_standards")
    figures = canadian_figures()
    known = {(unit, reference) for unit, reference, _channel, _year in figures}
    compared: Counter[str] = Counter()
    with (DATA / CANADA).open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            met, total = cells["volume_meeting_target"].strip(), cells["total_volume"].strip()
            target = cells["service_std_target"].strip()
            is_percentage = cells["target_type"].strip().casefold() in PERCENTAGES
            if not (is_whole(met) and is_whole(total) and 0 < int(total) >= int(met)):
                continue
            named = {name: text.strip() for name, text in cells.items()}
            place = (named["department_name_en"], canadian_reference(named, known))
            verdict = figures[(*place, slugify(named["channel"]), named["fiscal_yr"])].verdict
            has_goal = is_percentage and re.fullmatch(r"[0-9.]+", target) and 0 < Decimal(target) <= 100
            if has_goal:
                expected = "met" if 100 * int(met) >= Decimal(target) * int(total) else "not_met"
            else:
                expected = "no_goal"
            assert verdict == expected, (place, named["fiscal_yr"], met, total, target)
            compared[expected] += 1
    assert sum(compared.values()) == 2873
    assert min(compared["met"], compared["not_met"], compared["no_goal"]) > 0


def test_the_canadian_standards_again_are_noticed_row_by_row() -> None:
    take_in("import_results", CANADA, "canada_service_standards")
    again = take_in("import_results", CANADA, "canada_service_standards")
    assert (again.counts["bad.result_exists"], again.counts["bad.met_over_total"]) == (3924, 3)
    assert RecordedResult.objects.countable().count() == 3924


@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_the_airport_survey_gives_the_published_share_in_every_cell(year: int) -> None:
    call_command(
        "define_questionnaire", str(MAPPINGS / "airport_survey_questionnaire.json"), stdout=StringIO()
    )
    name = f"airport_survey_{year}.csv"
    flags = ("--questionnaire", "airport-survey")
    import_ = take_in("import_responses", name, f"airport_{year}", *flags)
    expected = printed(name)
    assert {str(words): number for _code, words, number in response_outcomes(import_.counts)} == expected
    recompute_stale_results()
    published = json.loads((DATA / "airport_survey_published_shares.json").read_text())[str(year)]
    assert (len(published), {len(shares) for shares in published.values()}) == (15, {5})
    for item, shares in published.items():
        tally = MonthlyTally.objects.get(measure__key=f"airport-{item.lower()}", month=date(year, 5, 1))
        daily = DailyTally.objects.filter(measure=tally.measure)
        for value, share in shares.items():
            count = tally.values.get(value, 0)
            assert count == sum(day.values.get(value, 0) for day in daily)
            assert half_up(Decimal(count) / tally.n, 3) == Decimal(str(share)), (item, value)


def test_bostons_graffiti_requests_agree_with_the_citys_own_flag_in_every_row() -> None:
    unit = UnitFactory(slug="boston", name="City of Boston", timezone="America/New_York")
    measure = cases_measure(key="graffiti-removed-in-time", standard__charter__unit=unit)
    import_ = take_in("import_cases", BOSTON, "boston_graffiti_2015")
    assert {str(words): n for _code, words, n in result_outcomes(import_.counts, CASE_REASONS)} == printed(
        BOSTON
    )
    assert (import_.counts["note.flag_agrees"], import_.counts.get("note.flag_differs", 0)) == (4284, 0)
    with (DATA / BOSTON).open(encoding="utf-8-sig", newline="") as file:
        flags = {row["CASE_ENQUIRY_ID"]: row["OnTime_Status"] == "ONTIME" for row in csv.DictReader(file)}
    cases = Case.objects.countable()
    assert {case.external_reference: case.is_on_time for case in cases} == flags
    summary = summary_of(cases)
    assert (summary.met, summary.closed) == (3395, 3867)
    assert (summary.overdue, summary.open, summary.without_limit) == (388, 29, 0)
    recompute_stale_results()
    figure = figures_for([measure], unit, Period(date(2015, 1, 1), date(2016, 1, 1)))[measure.pk]
    assert (figure.counts.high, figure.n, figure.na) == (3395, 3867 + 388, 29)
    assert figure.low is None


def test_the_patients_cards_go_in_with_every_code_accounted_for() -> None:
    call_command("define_questionnaire", str(MAPPINGS / "patient_card_questionnaire.json"), stdout=StringIO())
    import_ = take_in(
        "import_responses", PATIENTS, "patient_comment_cards", "--questionnaire", "patient-card"
    )
    assert {str(words): number for _code, words, number in response_outcomes(import_.counts)} == printed(
        PATIENTS
    )
    assert import_.counts["bad.answer"] == 416
    recompute_stale_results()
    values: Counter[str] = Counter()
    for tally in DailyTally.objects.filter(measure__key="patient-overall"):
        values.update(tally.values)
        values["na"] += tally.na
    assert values == {"5": 5074, "4": 1294, "3": 366, "2": 299, "1": 435, "na": 24}
    days = Response.objects.order_by("service_date").values_list("service_date", flat=True)
    assert (days[0], days[len(days) - 1]) == (date(2021, 4, 1), date(2022, 9, 30))
    codes = Counter(row.cells["FFT categorical answer"] for row in rows_of(PATIENTS))
    assert codes == {"1": 5074, "2": 1294, "3": 366, "4": 299, "5": 435, "6": 24, "7": 416}


IMPORT = """
call_command("define_questionnaire", "mappings/patient_card_questionnaire.json")
mapping = "mappings/patient_comment_cards.json"
call_command("import_responses", {file!r}, questionnaire="patient-card", mapping=mapping)
"""


def test_fifty_thousand_rows_take_less_than_300_mib(tmp_path: Path) -> None:
    file = tmp_path / "cards.csv"
    with file.open("w") as out:
        out.write("Comment ID,Trust,Date,FFT categorical answer,FFT answer\n")
        for number in range(50_000):
            day = f"{number % 28 + 1:02}/{number // 28 % 12 % 9 + 1:02}/2022"
            out.write(f"c{number},NEAS,{day},{number % 5 + 1},{'They listened to me. ' * 5}\n")
    printed, peak = measured(IMPORT.format(file=str(file)), tmp_path)
    assert "50,000  Responses" in printed
    assert peak < 300 * 1024
