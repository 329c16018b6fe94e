"""Who may open a view: declared on the view, enforced here, complete by a system check.

`PUBLIC` lets everybody in and touches no session. Any other policy is a permission of the `rules`
library: it needs a signed-in person who holds it somewhere. Whether the person holds it for the
object at hand is asked with `require` after the object came through its door. The addresses of the
API are `DECIDED_BY_THE_OPERATION`: each of its operations names its own key check.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import rules
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = "public"
DECIDED_BY_THE_OPERATION = "api"

View = Callable[..., HttpResponseBase]


def policy(name: str) -> Callable[[View], View]:
    """Declare and enforce who may open the view.

    Anonymous visitors of a protected view are sent to the sign-in page; signed-in persons without
    the permission get 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if name != PUBLIC:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                require(request.user, name)
            return view(request, *args, **kwargs)

        guarded.policy = name  # type: ignore[attr-defined]
        return guarded

    return decorate


def require(user: Any, permission: str, target: Any = None) -> None:
    """Raise PermissionDenied (403) unless the user holds the permission (for the target)."""
    if not user.has_perm(permission, target):
        raise PermissionDenied(permission)


def walk_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the project with its full name (`namespace:name`)."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from walk_patterns(entry, namespace)
        else:
            yield f"{prefix}{entry.name}", entry


@register()
def every_view_declares_a_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for name, pattern in walk_patterns():
        declared = getattr(pattern.callback, "policy", None)
        if declared is None:
            errors.append(Error(f"The view behind {name!r} declares no policy.", id="common.E001"))
        elif declared not in (PUBLIC, DECIDED_BY_THE_OPERATION) and not rules.perm_exists(declared):
            errors.append(
                Error(f"The view behind {name!r} names the unknown policy {declared!r}.", id="common.E002")
            )
    return errors
