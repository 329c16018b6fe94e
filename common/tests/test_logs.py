"""What log lines must not hold."""

import logging

from django.conf import settings

from common.logs import HideSecretLinks, RefusalsInOneLine


def line(*args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", args, None)
    assert HideSecretLinks().filter(record)
    return record.getMessage()


def test_the_secret_of_a_link_is_not_logged() -> None:
    assert line("Unprocessable Entity", "/invitations/s3cret-Canary_1/accept/").endswith(
        "/invitations/…/accept/"
    )
    assert line("Not Found", "/r/ABCDEFGHJK/erase/").endswith("/r/…/erase/")


def test_other_addresses_are_logged_whole() -> None:
    assert line("Not Found", "/units/harbour/edit/") == "Not Found: /units/harbour/edit/"


def test_every_handler_takes_the_secrets_out() -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert "hide_secret_links" in handler["filters"]


def refused(status: int) -> logging.LogRecord:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: %s", ("/my/",), None)
    record.status_code = status
    record.exc_info = (ValueError, ValueError("no"), None)
    assert RefusalsInOneLine().filter(record)
    return record


def test_a_refusal_is_one_line_and_a_fault_keeps_its_traceback() -> None:
    assert refused(403).exc_info is None
    assert refused(500).exc_info is not None
    assert settings.LOGGING["loggers"]["django.request"]["filters"] == ["refusals_in_one_line"]
