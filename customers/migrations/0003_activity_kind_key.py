"""Daily totals of areas and products that differ in their case only are of one kind."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

import customers.models.activity


def fill(apps, schema_editor):
    """Give the rows their key. Where two spellings count for one day already, the second has none: it
    stands as it did."""
    rows = apps.get_model("customers", "Activity").objects.order_by()
    for area, product in rows.values_list("area", "product").distinct().order_by("area", "product"):
        key = customers.models.activity.kind_key(area, product)
        same = {name: OuterRef(name) for name in ("unit", "day", "channel")}
        taken = rows.filter(kind_key=key, is_counted=True, **same)
        spelled = rows.filter(area=area, product=product)
        spelled.filter(~Exists(taken)).update(kind_key=key)


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0002_activity"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="kind_key",
            field=customers.models.activity.KindKey(editable=False, max_length=64, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_counted", True)),
                fields=("unit", "day", "channel", "kind_key"),
                name="one_total_a_day_whatever_the_case",
            ),
        ),
    ]
