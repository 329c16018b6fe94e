"""Rows written in one go: all or none, as `bulk_create` would write them."""

import pytest
from django.db import IntegrityError, transaction

from common.together import Statement, insert_of, run_together
from organisation.models import Unit

pytestmark = pytest.mark.django_db
COUNT = Statement("SELECT count(*) FROM organisation_unit", [])


def a_unit(slug: str) -> Unit:
    return Unit(slug=slug, name="50% “ready”; '--")


def test_what_is_written_reads_as_it_was_meant() -> None:
    first = run_together([COUNT])[0][0]
    found = run_together([insert_of([a_unit("one"), a_unit("two")]), COUNT])
    assert found == [(first + 2,)]
    ours = Unit.objects.create(slug="three", name="50% “ready”; '--")
    theirs = Unit.objects.get(slug="two")
    kept = [field.attname for field in Unit._meta.concrete_fields]
    different = {name for name in kept if getattr(ours, name) != getattr(theirs, name)}
    assert different <= {"id", "slug", "reference"}


def test_the_database_finds_a_key_by_itself() -> None:
    run_together([insert_of([a_unit("one")]), COUNT])
    found = Statement("SELECT name FROM organisation_unit WHERE slug = %s", ["one"])
    run_together([insert_of([a_unit("two")], looked_up={"name": [found]}), COUNT])
    assert Unit.objects.get(slug="two").name == "50% “ready”; '--"


def test_where_one_is_refused_none_is_written_and_the_work_before_stays() -> None:
    Unit.objects.create(slug="taken", name="Taken")
    with transaction.atomic():
        Unit.objects.create(slug="before", name="Before")
        with pytest.raises(IntegrityError):
            run_together([insert_of([a_unit("one")]), insert_of([a_unit("taken")]), COUNT])
    assert set(Unit.objects.filter(slug__in=["one", "before"]).values_list("slug", flat=True)) == {"before"}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_where_one_is_refused_none_is_written() -> None:
    Unit.objects.create(slug="taken", name="Taken")
    with pytest.raises(IntegrityError):
        run_together([insert_of([a_unit("one")]), insert_of([a_unit("taken")]), COUNT])
    assert not Unit.objects.filter(slug="one").exists()
