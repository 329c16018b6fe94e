"""Log lines as JSON for production: ids and codes, never free text of customers."""

import json
import logging
import re

_SECRET = re.compile(r"/(invitations|r|kiosk|i)/[^/\s]+")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class RefusalsInOneLine(logging.Filter):
    """What was refused (403, 400 and their like) is no fault of the program: it needs no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True


class HideSecretLinks(logging.Filter):
    """Takes the secret out of addresses of invitations and receipts: Django logs what it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _SECRET.sub(r"/\1/…", each) if isinstance(each, str) else each for each in record.args
            )
        return True
