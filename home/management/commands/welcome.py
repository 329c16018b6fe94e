"""What a newcomer needs to know once the product runs: where, and as whom."""

import http.client
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.models import Collector
from organisation.demo import PASSWORD
from organisation.models import User

DEMO_ADDRESSES = "@harbour.example"


class Command(BaseCommand):
    help = "Waits until the product answers, then prints its addresses and the demo sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the web process listens")
        parser.add_argument("--seconds", type=float, default=60, help="how long to wait for the answer")

    def handle(self, *args: Any, **options: Any) -> None:
        wait_until_ready(options["port"], options["seconds"])
        self.stdout.write("\n".join(welcome(settings.BASE_URL)))


def wait_until_ready(port: int, seconds: float) -> None:
    """Raises CommandError where `/readyz` does not answer 200 in time."""
    host = urlsplit(settings.BASE_URL).netloc
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": host})
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise CommandError(f"Nothing on port {port} got ready within {seconds:.0f} s.")


def welcome(address: str) -> list[str]:
    lines = ["", f"Charterwell is running at {address}/", ""]
    lines.append(f"  public charter   {address}/")
    collector = Collector.objects.active().places().order_by("pk").first()
    if collector:
        lines.append(f"  comment card     {address}/c/{collector.slug}/")
    lines += [f"  sign in          {address}/accounts/login/", "", *sign_ins()]
    return [*lines, "Ctrl-C stops everything.", ""]


def sign_ins() -> list[str]:
    """The demo's persons, as long as they are there."""
    people = User.objects.filter(email__endswith=DEMO_ADDRESSES, is_active=True)
    rows = [
        f"  {person.email:<26} {membership.get_role_display()}, {membership.unit}"
        for person in people.prefetch_related("memberships__unit")
        for membership in person.memberships.all()[:1]
    ]
    if not rows:
        return []
    return [f"Demo sign-ins, all with the password {PASSWORD}", "", *rows, ""]
