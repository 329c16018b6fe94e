"""Areas and products that differ in their case only are one kind, for the database too."""

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from customers.models import Activity
from customers.tests.factories import total_of
from organisation.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
OTHER_SPELLINGS = [("north", "Passport"), ("NORTH", "passport"), ("\uff2eorth", "Passport")]


@pytest.mark.parametrize(("area", "product"), OTHER_SPELLINGS)
def test_a_day_counts_once_whatever_the_case(area, product):
    unit = UnitFactory()
    first = total_of(unit, DAY, area="North", product="Passport")
    again = Activity(unit=unit, day=DAY, channel="counter", served=1, batch=first.batch, is_counted=True)
    again.area, again.product = area, product
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.bulk_create([again])


def test_another_area_is_another_kind():
    unit = UnitFactory()
    total_of(unit, DAY, area="North", product="Passport")
    total_of(unit, DAY, area="North Passport")
    assert Activity.objects.count() == 2


def test_days_that_count_twice_already_stay_and_those_that_do_not_are_guarded():
    unit = UnitFactory()
    first = total_of(unit, DAY, area="North")
    second = total_of(unit, date(2026, 11, 3), area="north")
    Activity.objects.update(kind_key=None)
    twice = total_of(unit, DAY, area="south")
    Activity.objects.filter(pk=twice.pk).update(area="north", kind_key=None)
    migration = importlib.import_module("customers.migrations.0003_activity_kind_key")
    migration.fill(apps, connection.schema_editor())
    keys = dict(Activity.objects.values_list("pk", "kind_key"))
    assert keys[first.pk] == keys[second.pk] is not None
    assert keys[twice.pk] is None
