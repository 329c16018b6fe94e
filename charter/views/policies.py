"""The editor of a policy, one language at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charter import actions
from charter.forms.charters import MoveForm
from charter.forms.fields import language_of
from charter.forms.policies import PolicyForm, stored
from charter.models import Charter, Policy
from charter.views.doors import acting, own_charter, own_policy, posted
from charter.views.translating import words_context
from common.policy import policy as allowed
from organisation.drafting import settle


def _page(
    request: HttpRequest,
    charter: Charter,
    policy: Policy | None,
    form: PolicyForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    context = words_context(request, policy, form, form.words_names)
    context |= {"charter": charter, "owner": policy}
    status = status or (422 if form.errors else 200)
    return render(request, "charter/policy_form.html", context | more, status=status)


def _save(request: HttpRequest, charter: Charter, policy: Policy | None, form: PolicyForm) -> HttpResponse:
    """Raises PolicyChangedMeanwhile."""
    language = language_of(request.GET.get("language"))
    actions.save_policy(
        charter=charter,
        policy=policy,
        language=language,
        words=form.words,
        fields=form.policy_fields,
        expected_version=form.expected_version,
        by=acting(request),
    )
    messages.success(request, _("Saved in the draft. The public sees it with the next edition."))
    return settle(request, redirect(f"{charter.get_absolute_url()}#policies"), language=language)


@allowed("charter.edit")
@require_http_methods(["GET", "POST"])
def policy_add(request: HttpRequest, unit: str) -> HttpResponse:
    charter = own_charter(request.user, unit)
    language = language_of(request.GET.get("language"))
    form = PolicyForm(posted(request), charter=charter, language=language)
    if not form.is_valid():
        return _page(request, charter, None, form)
    return _save(request, charter, None, form)


@allowed("charter.edit")
@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    policy = own_policy(request.user, unit, key)
    language = language_of(request.GET.get("language"))
    form = PolicyForm(posted(request), charter=policy.charter, policy=policy, language=language)
    if not form.is_valid():
        return _page(request, policy.charter, policy, form)
    try:
        return _save(request, policy.charter, policy, form)
    except actions.PolicyChangedMeanwhile:
        return _conflict_page(request, unit, key, form)


def _conflict_page(request: HttpRequest, unit: str, key: str, form: PolicyForm) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    policy = own_policy(request.user, unit, key)
    now = stored(policy, language_of(request.GET.get("language")))
    changed = form.keep_over(policy.version, now)
    last = policy.charter.events.select_related("by").first()
    return _page(request, policy.charter, policy, form, status=409, conflict=True, changed=changed, last=last)


@allowed("charter.edit")
@require_POST
def policy_move(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    policy = own_policy(request.user, unit, key)
    form = MoveForm(request.POST)
    if not form.is_valid() or policy.archived_at:
        raise Http404
    actions.move_policy(policy=policy, up=form.is_up, by=acting(request))
    return redirect(f"{policy.charter.get_absolute_url()}#policies")


@allowed("charter.edit")
@require_POST
def policy_archive(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    policy = own_policy(request.user, unit, key)
    actions.archive_policy(policy=policy, by=acting(request))
    messages.success(request, _("The policy is archived. You can restore it below."))
    return redirect(policy.charter)


@allowed("charter.edit")
@require_POST
def policy_restore(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    policy = own_policy(request.user, unit, key)
    actions.restore_policy(policy=policy, by=acting(request))
    messages.success(request, _("The policy is back in the draft."))
    return redirect(policy.charter)
