from django.db import migrations, models


def fix_what_is_asked(apps, schema_editor):
    """What each released version asks: today's wordings for the newest one, those of its day for the others."""
    newest = {}
    quizzes = apps.get_model("training", "Quiz").objects.filter(version__released_at__isnull=False)
    for quiz in quizzes.select_related("version").order_by("version__number"):
        newest[quiz.version.course_id] = quiz.pk
    for quiz in quizzes.select_related("version"):
        questions = quiz.bank.questions.filter(current__isnull=False, archived_at__isnull=True)
        chosen = dict(questions.values_list("pk", "current"))
        if quiz.pk not in newest.values():
            of_its_day = apps.get_model("training", "QuestionVersion").objects.filter(
                question__in=chosen, released_at__lte=quiz.version.released_at
            )
            chosen = dict(of_its_day.order_by("number").values_list("question", "pk")) or chosen
        quiz.wordings.set(chosen.values())


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0007_matrix_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="quiz",
            name="wordings",
            field=models.ManyToManyField(
                editable=False,
                help_text="fixed at the release",
                related_name="quizzes",
                to="training.questionversion",
            ),
        ),
        migrations.RunPython(fix_what_is_asked, migrations.RunPython.noop),
    ]
