"""Fields that the forms of every room share."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.fields import MomentField


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-10-25T01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29T01:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 11, 0, tzinfo=UTC)),
        ("2026-07-01 12:00", datetime(2026, 7, 1, 11, 0, tzinfo=UTC)),
        ("2026-07-01T12:00Z", datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
        ("", None),
    ],
)
def test_an_hour_that_clocks_repeat_is_the_first_and_one_that_they_skip_counts_on(
    typed: str, moment: Any
) -> None:
    with timezone.override("Europe/London"):
        found = MomentField(required=False).clean(typed)
    # Python holds a moment in such an hour unequal to itself in another zone
    assert (found and found.astimezone(UTC)) == moment


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(ValidationError):
        MomentField().clean("soon")
