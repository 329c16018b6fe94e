"""A connection is asked whether it still stands where it has been idle, not before every request."""

import time

from django.db.backends.postgresql import base

TRUSTED_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """What answered a moment ago stands: the trip for asking again cost more than most queries.

    A server that is started again within the second fails the requests of that second, as it does
    between the question and the query.
    """

    _answered_at = 0.0

    def is_usable(self) -> bool:
        now = time.monotonic()
        if not self.errors_occurred and now - self._answered_at < TRUSTED_SECONDS:
            return True
        usable: bool = super().is_usable()
        self._answered_at = now if usable else 0.0
        return usable
