"""`manage.py check_tallies`: all tallies against the answers, as every night."""

from typing import Any

from django.core.management.base import BaseCommand

from scoreboard import actions
from scoreboard.models import TallyDifference


class Command(BaseCommand):
    help = "Compares all tallies with the answers behind them; what differs is told and counted again."

    def handle(self, *args: Any, **options: Any) -> None:
        check = actions.compare_tallies()
        found = TallyDifference.objects.filter(found_at=check.started_at).select_related("measure", "unit")
        for each in found:
            day = f"{each.day:%Y-%m}" if each.is_month else f"{each.day}"
            numbers = f"{each.stood} in the total, {each.counted} counted"
            self.stdout.write(f"{each.measure.key} {each.unit.slug} {day}: {numbers}")
        self.stdout.write(f"Compared: {check.compared} daily tallies. Differing: {check.differing}.")
