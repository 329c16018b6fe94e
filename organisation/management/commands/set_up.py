"""`manage.py set_up`: the first rows of a real installation, without demo data."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from common.period import add_months
from organisation.actions.installation import set_up_installation
from organisation.models import Installation, Membership, User
from organisation.models.units import validate_zone


class Command(BaseCommand):
    help = "Names the organisation and makes its first administrator; asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="name of the organisation")
        parser.add_argument("--zone", default="UTC", help="IANA time zone, e.g. Europe/Berlin")
        parser.add_argument("--email", required=True, help="address of the first administrator")
        parser.add_argument("--password-from", help="file that holds the password, instead of the question")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Installation.current() is not None:
            raise CommandError("This installation is set up already.")
        try:
            validate_zone(options["zone"])
            validate_email(options["email"])
            password = self._password(options["password_from"])
            validate_password(password)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        now = timezone.now()
        installation = set_up_installation(
            name=options["name"],
            short_name=options["name"][:40],
            slug=slugify(options["name"])[:60] or "organisation",
            zone=options["zone"],
            starts_on=add_months(now.date(), 0),
            colour="#0f6b6b",
            language=settings.LANGUAGE_CODE,
        )
        person = User(email=options["email"], name=options["email"].partition("@")[0], joined_at=now)
        person.set_password(password)
        person.save()
        Membership.objects.create(
            user=person,
            unit=installation.root,
            role=Membership.Role.ADMINISTRATOR,
            level=Membership.Level.LEADERSHIP,
        )
        self.stdout.write(f"{installation.name} is set up. Sign in at {settings.BASE_URL}/accounts/login/")

    def _password(self, path: str | None) -> str:
        if path is None:
            return getpass("Password of the administrator: ")
        try:
            with open(path, encoding="utf-8") as file:
                return file.read().rstrip("\n")
        except OSError as error:
            raise CommandError(f"The password cannot be read: {error}") from None
