"""What the audit trail says about the charter."""

import pytest
from auditlog.models import LogEntry

from charter.tests.factories import StandardFactory
from organisation.audit import changes_in_words
from organisation.tests.factories import UnitFactory


@pytest.mark.django_db
def test_units_that_start_or_cease_to_keep_a_standard_are_told_by_name():
    standard, unit = StandardFactory(), UnitFactory(name="Letters and e-mail")
    standard.keeper_units.add(unit)
    assert changes_in_words(LogEntry.objects.latest("pk")) == [
        ("units that keep it", "", "Letters and e-mail")
    ]
    standard.keeper_units.remove(unit)
    assert changes_in_words(LogEntry.objects.latest("pk")) == [
        ("units that keep it", "Letters and e-mail", "")
    ]
