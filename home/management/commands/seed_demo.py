"""The demo organisation: what a newcomer sees first."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import charter.demo
import customers.demo
import feedback.demo
import feedback.demo_needs
import organisation.demo
import scoreboard.demo
import scoreboard.demo_report
import strategy.demo
import training.demo
import training.demo_team
from organisation.models import Installation

ROOMS = (
    organisation.demo,
    customers.demo,
    charter.demo,
    feedback.demo,
    feedback.demo_needs,
    training.demo,
    training.demo_team,
    scoreboard.demo,
    strategy.demo,
    scoreboard.demo_report,
)


class Command(BaseCommand):
    help = "Fills an empty database with the demo organisation, Harbour City Services."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where an organisation has been set up"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Installation.current():
            if options["if_empty"]:
                return
            raise CommandError("An organisation has been set up already; the demo needs an empty database.")
        seed_all(timezone.now())
        self.stdout.write("The demo organisation is set up.")


@transaction.atomic
def seed_all(at: datetime) -> None:
    """All rooms from the lowest to the highest, or nothing."""
    for room in ROOMS:
        room.seed(at=at)
