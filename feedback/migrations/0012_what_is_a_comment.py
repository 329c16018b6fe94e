"""A card is a comment where a question for words was answered: not by the name of a helper, nor by what
“other” was in a choice."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def look_again(apps, schema_editor):
    Response, Answer = (apps.get_model("feedback", name) for name in ("Response", "Answer"))
    said = Answer.objects.filter(response=OuterRef("pk"), question__kind__in=("text", "short"))
    Response.objects.filter(~Exists(said.exclude(text="")), has_comment=True).update(has_comment=False)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0011_what_collectors_asked")]
    operations = [migrations.RunPython(look_again, migrations.RunPython.noop)]
