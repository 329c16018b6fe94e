"""What customers said, kept as evidence of a need."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy
from customers import actions
from customers.forms.needs import EvidenceForm
from customers.views.doors import own_evidence, today
from organisation.access import person_of
from organisation.drafting import posted


@policy("customers.edit")
@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest) -> HttpResponse:
    """Cite something for a need. Pages of other rooms lead here with the words in the address."""
    form = EvidenceForm(posted(request), user=request.user, today=today(), initial=request.GET.dict())
    if form.is_valid():
        cited = form.cleaned_data
        actions.cite(**cited, by=person_of(request))
        messages.success(request, _("The evidence is kept."))
        return redirect(cited["need"])
    has_needs = form.fields["need"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "has_needs": has_needs, "need": request.GET.get("need", "")}
    return render(request, "customers/evidence_form.html", context, status=422 if form.errors else 200)


@policy("customers.edit")
@require_POST
def evidence_remove(request: HttpRequest, reference: str, evidence: str) -> HttpResponse:
    cited = own_evidence(request.user, reference, evidence)
    actions.take_evidence_away(evidence=cited, by=person_of(request))
    messages.success(request, _("The need no longer rests on it. You can put it back."))
    return redirect(cited.need)


@policy("customers.edit")
@require_POST
def evidence_restore(request: HttpRequest, reference: str, evidence: str) -> HttpResponse:
    cited = own_evidence(request.user, reference, evidence)
    actions.put_evidence_back(evidence=cited, by=person_of(request))
    return redirect(cited.need)
