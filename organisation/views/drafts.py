"""The one address at which forms keep what is typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from common.policy import policy
from organisation.access import person_of
from organisation.actions.drafts import discard_draft, keep_draft
from organisation.forms.drafts import DraftForm


@policy("organisation.use")
@require_POST
def draft_keep(request: HttpRequest) -> HttpResponse:
    """Keep the words, or discard what was kept and go back to the empty form."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    address, person = form.cleaned_data["form"], person_of(request)
    if form.cleaned_data["discard"]:
        discard_draft(person=person, form=address)
        return HttpResponseRedirect(address)
    draft = keep_draft(person=person, form=address, content=form.cleaned_data["content"])
    return JsonResponse({"kept": date_format(localtime(draft.saved_at), "TIME_FORMAT")})
