"""Everything between a checkout and a running product, in one process: it is done at every start."""

import hashlib
import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrations, cache table, static files, and with --demo the demo organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="make sure first that this port is free")
        parser.add_argument("--demo", action="store_true", help="demo data, where the database is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["port"] is not None and not port_is_free(options["port"]):
            raise CommandError(
                f"Port {options['port']} is taken by another program. Stop it, or choose another port:"
                " PORT=8001 make run"
            )
        self.check(tags=[Tags.database], databases=["default"])
        if connection.vendor == "sqlite" and not connection.introspection.table_names():
            make_tables()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        collect_static_files()
        if options["demo"]:
            call_command("seed_demo", if_empty=True, stdout=self.stdout)


def make_tables() -> None:
    """The tables of an empty SQLite database as the models say, all or none; every migration counts as done.

    The way through each migration takes longer than everything else of a first start together. What
    migrations do beyond tables is about rows, of which there are none yet.
    """
    executor = MigrationExecutor(connection)
    recorded = executor.recorder.Migration
    models: list[Any] = [recorded, *apps.get_models()]
    with connection.schema_editor() as editor:
        for model in models:
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        done = sorted(executor.loader.graph.nodes)
        recorded.objects.bulk_create(recorded(app=app, name=name) for app, name in done)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def collect_static_files() -> None:
    """Collected again only where a file has changed: it takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    now = static_stamp()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def static_stamp() -> str:
    """A digest over path, size and time of every static file."""
    digest = hashlib.sha256(django.get_version().encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda each: each[0]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
