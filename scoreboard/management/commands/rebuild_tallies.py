"""`manage.py rebuild_tallies`: all tallies from the answers."""

from typing import Any

from django.core.management.base import BaseCommand

from scoreboard import actions


class Command(BaseCommand):
    help = "Counts all daily and monthly tallies again from the answers. Safe while customers answer."

    def handle(self, *args: Any, **options: Any) -> None:
        buckets = actions.rebuild_tallies()
        self.stdout.write(f"Days counted: {buckets}")
