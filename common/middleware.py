"""The way of a request: short for what customers ask for most, with the headers that every page has."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property

Answer = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

SHORT = ("/c/", "/r/")


def on_the_short_way(view: View) -> View:
    """Mark a public view under one of `SHORT` that asks for no session, no person, no token and no message,
    so that it can do without what makes them."""
    view.is_on_the_short_way = True  # type: ignore[attr-defined]
    return view


class CustomersTakeTheShortWay:
    """Calls a view that is marked so at once, without the middleware that comes after this one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(SHORT):
            try:
                match = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(match.func, "is_on_the_short_way", False):
                request.resolver_match = match
                return match.func(request, *match.args, **match.kwargs)
        return self.get_response(request)


class SamePolicyAgain(CSPMiddleware):
    """The policy of an answer that wishes nothing of its own is put together once."""

    @cached_property
    def usual(self) -> str:
        answer = super().process_response(HttpRequest(), HttpResponse())
        return answer.headers[HEADER]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if own or settings.DEBUG or HEADER in response:
            return super().process_response(request, response)
        response.headers[HEADER] = self.usual
        return response
