"""A year of customer activity in one file: within its memory, and each bad day refused by itself."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from home.tests.measured import measured

pytestmark = pytest.mark.data

ROWS = 50_000
CHANNELS = ("counter", "telephone", "post", "online", "on_site")
IMPORT = """
from django.core.files import File
from customers.imports import ACTIVITY
from customers.models import Activity
from organisation.actions import imports
from organisation.imports import begin_import, move_import
from organisation.models import Import
names = ("unit", "day", "channel", "product", "served", "complaints")
mapping = dict(zip(names, names)) | {{"skip_bad": True}}
State = Import.State
with open({file!r}, "rb") as file:
    import_ = begin_import(File(file, name="activity.csv"), kind=ACTIVITY, by=None, mapping=mapping)
move_import(import_, to=State.CHECKING, out_of=[State.UPLOADED])
imports.check_import(import_)
move_import(import_, to=State.STAGING, out_of=[State.CHECKED])
imports.take_import(import_)
counts = import_.counts
print(import_.state, Activity.objects.countable().count(), counts["bad.negative"], counts["bad.same_row"])
"""


def a_year(file: Path) -> None:
    """Every tenth row is less than nothing, every tenth the row before it once more."""
    first = date(2025, 1, 1)
    with file.open("w") as out:
        out.write("unit,day,channel,product,served,complaints\n")
        for number in range(ROWS):
            told = number - 1 if number % 10 == 5 else number
            day, product = first + timedelta(days=told // 5 % 365), told // (5 * 365)
            served = -told if number % 10 == 0 and number else told % 90 + 1
            out.write(f"a,{day},{CHANNELS[told % 5]},Product {product},{served},0\n")


def test_fifty_thousand_rows_of_activity_with_negative_and_doubled_days_take_less_than_300_mib(
    tmp_path: Path,
) -> None:
    file = tmp_path / "activity.csv"
    a_year(file)
    printed, peak = measured(IMPORT.format(file=str(file)), tmp_path)
    assert printed.split() == ["done", "40001", "4999", "5000"]
    assert peak < 300 * 1024
