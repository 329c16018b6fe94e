"""The WSGI entry point that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def _load_before_the_fork() -> None:
    """What the first request would load into each process by itself, so that `--preload` shares it; and
    the collector leaves it alone, for looking at an object is enough to copy its page."""
    get_resolver().url_patterns  # noqa: B018
    for engine in engines.all():
        engine.get_template("feedback/card.html")
    gc.collect()
    gc.freeze()


_load_before_the_fork()
