"""My work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.policy import policy
from home.mine import my_work


@policy("home.my")
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """What the person keeps, and what is due."""
    return render(request, "home/my.html", my_work(request.user, timezone.now()))  # type: ignore[arg-type]
