"""`manage.py public_messages`: bring the catalogues of the public pages up to the code, and compile them.

Needs GNU gettext (Debian's package `gettext`), which the running product does not.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

from home.catalogue import is_public


class Command(makemessages.Command):
    help = "Collect the words of the public pages into locale/*/LC_MESSAGES/django.po and compile them"
    msgmerge_options = ["-q", "--backup=none", "--previous", "--update", "--no-wrap", "--no-fuzzy-matching"]
    msgattrib_options = ["--no-obsolete", "--no-wrap"]
    xgettext_options = ["--from-code=UTF-8", "--add-comments=Translators", "--no-wrap"]

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        languages = [code for code, _name in settings.TEXT_LANGUAGES if code != settings.LANGUAGE_CODE]
        ignored = [".*", "var", "node_modules"]
        parser.set_defaults(
            locale=languages,
            no_obsolete=True,
            no_location=True,
            add_location="never",
            ignore_patterns=ignored,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        call_command("compilemessages", locale=options["locale"], verbosity=0, ignore_patterns=[".venv"])

    def find_files(self, root: str) -> list[Any]:
        return [each for each in super().find_files(root) if is_public(each.path)]
