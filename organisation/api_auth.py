"""Who may use the API: programs with a key, or persons who are signed in."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from organisation.actions.installation import secret_hash
from organisation.models import ApiToken

NOTED_EVERY = timedelta(hours=1)


class KeyWithScope(HttpBearer):
    """`Authorization: Bearer …` with a key in use that has the scope. Only hashes are compared.

    When a key was last used is noted at most once an hour, so that reading stays reading.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        in_use = ApiToken.objects.filter(revoked_at__isnull=True)
        key = in_use.filter(secret_hash=secret_hash(token)).first()
        if key is None or self.scope not in key.scopes:
            return None
        now = timezone.now()
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=key.pk).update(last_used_at=now)
        return key


class SignedInWith(SessionAuth):
    """A person's session, where the person holds the permission."""

    def __init__(self, permission: str) -> None:
        super().__init__(csrf=False)
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        return request.user if request.user.has_perm(self.permission) else None
