"""Tables and questions of the floor."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.floor.models import Question  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
Question.objects.create(key="visit", wording="How was your visit?", choices=[1, 2, 3, 4, 5])
Question.objects.create(key="next", wording="Do you know what happens next?", choices=["yes", "no", "na"])
Question.objects.create(key="comment", wording="Anything we should know?")
