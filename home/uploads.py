"""What is larger than the page takes is refused before it is read, so that it never lies on the disk."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from common.uploads import is_too_much, most_megabytes
from home.errors import too_large


class HugeUploadsAreNotRead:
    """Stands in front of the check of forms, which would read the whole upload to find its stamp."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or not is_too_much(view, int(length)):
            return None
        return too_large(request, most_megabytes(view))
