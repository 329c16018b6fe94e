"""Silence before a collector was made means nothing. Of those that are there already it is not known when
they were made: theirs stays empty."""

from django.db import migrations, models
from django.utils import timezone

HELP = "before it silence means nothing; empty where it was not kept"


class Migration(migrations.Migration):
    dependencies = [("feedback", "0012_what_is_a_comment")]
    operations = [
        migrations.AddField(
            "collector", "created_at", models.DateTimeField(editable=False, help_text=HELP, null=True)
        ),
        migrations.AlterField(
            "collector",
            "created_at",
            models.DateTimeField(default=timezone.now, editable=False, help_text=HELP, null=True),
        ),
    ]
