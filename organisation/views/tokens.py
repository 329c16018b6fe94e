"""API keys."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.actions import installation as actions
from organisation.forms import posted
from organisation.forms.installation import TokenForm, TokenSearch
from organisation.models import ApiToken


@policy("organisation.administer")
@require_GET
def token_list(request: HttpRequest) -> HttpResponseBase:
    search = TokenSearch(request.GET)
    tokens = search.filter(ApiToken.objects.select_related("created_by"))
    if request.GET.get("export") == "csv":
        return _as_csv(tokens)
    context = {"page": page_of(request, tokens), "search": search}
    return render(request, "organisation/token_list.html", context)


def _as_csv(tokens: Iterable[ApiToken]) -> HttpResponseBase:
    header = [_("Name"), _("What it may do"), _("Made by"), _("Made"), _("Last used"), _("Revoked")]
    rows = (
        [
            token.name,
            " ".join(token.scopes),
            token.created_by.name,
            *(
                stamp.isoformat(timespec="minutes") if stamp else ""
                for stamp in (token.created_at, token.last_used_at, token.revoked_at)
            ),
        ]
        for token in tokens
    )
    return csv_response("api-keys", header, rows)


@policy("organisation.administer")
@require_http_methods(["GET", "POST"])
def token_add(request: HttpRequest) -> HttpResponse:
    """The key is shown in the answer itself, once, because nobody keeps it."""
    form = TokenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        token, secret = actions.create_token(**form.cleaned_data, by=person_of(request))
        return render(request, "organisation/token_made.html", {"token": token, "secret": secret}, status=201)
    return render(
        request, "organisation/token_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@policy("organisation.administer")
@require_POST
def token_revoke(request: HttpRequest, reference: str) -> HttpResponse:
    token = get_object_or_404(ApiToken, reference=reference)
    actions.revoke_token(token, by=person_of(request))
    messages.success(request, _("“%(key)s” no longer works.") % {"key": token.name})
    return redirect("organisation:token_list")
