"""Invitations: sent by managers, accepted by whoever holds the link."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import PUBLIC, policy
from organisation.access import person_of
from organisation.actions import invitations as actions
from organisation.forms import posted
from organisation.forms.people import InvitationForm, InvitationSearch, NewcomerForm
from organisation.models import Invitation, User
from organisation.views.people import units_managed_by

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@policy("organisation.invite")
@require_GET
def invitation_list(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    search = InvitationSearch(request.GET)
    mine = Invitation.objects.visible_to(request.user).select_related("unit", "invited_by")
    found = search.filter(mine, now)
    if request.GET.get("export") == "csv":
        return _as_csv(found)
    context = {"page": page_of(request, found), "search": search, "now": now}
    return render(request, "organisation/invitation_list.html", context)


def _as_csv(invitations: Iterable[Invitation]) -> HttpResponseBase:
    header = [_("E-mail address"), _("Unit"), _("Role"), _("Invited by"), _("Sent"), _("Valid until")]
    header += [_("Accepted"), _("Revoked")]
    rows = (
        [
            each.email,
            each.unit.name,
            each.get_role_display(),
            each.invited_by.name,
            *(
                stamp.isoformat(timespec="minutes") if stamp else ""
                for stamp in (each.created_at, each.expires_at, each.accepted_at, each.revoked_at)
            ),
        ]
        for each in invitations
    )
    return csv_response("invitations", header, rows)


@policy("organisation.invite")
@require_http_methods(["GET", "POST"])
def invitation_add(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(posted(request), by=person_of(request), units=units_managed_by(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(**form.cleaned_data, by=person_of(request))
        except actions.InvitationRefused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, _("The letter to %(email)s is on its way.") % {"email": invitation.email}
            )
            return redirect("organisation:invitation_list")
    return render(
        request, "organisation/invitation_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@policy("organisation.invite")
@require_POST
def invitation_revoke(request: HttpRequest, reference: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), reference=reference)
    if actions.revoke_invitation(invitation, by=person_of(request)):
        messages.success(request, _("The link in the letter no longer works."))
    else:
        messages.warning(request, _("This invitation was no longer open."))
    return redirect("organisation:invitation_list")


@policy(PUBLIC)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link: for a newcomer, or for somebody who has an account already."""
    invitation = actions.find_invitation(secret)
    if invitation is None or not actions.still_stands(invitation, timezone.now()):
        return _gone(request)
    try:
        if request.user.is_authenticated:
            return _accept_signed_in(request, invitation)
        if User.objects.with_address(invitation.email).exists():
            return _ask_to_sign_in(request, invitation)
        return _accept_newcomer(request, invitation)
    except actions.NoLongerValid:
        return _gone(request)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "organisation/invitation_gone.html", status=410)


def _ask_to_sign_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    status = 403 if request.method == "POST" else 200
    return render(request, "organisation/invitation_sign_in.html", {"invitation": invitation}, status=status)


def _accept_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if person_of(request).email != invitation.email:
        return _ask_to_sign_in(request, invitation)
    if request.method == "GET":
        return render(request, "organisation/invitation_join.html", {"invitation": invitation})
    actions.accept_as_member(invitation, by=person_of(request))
    messages.success(request, _("Welcome to %(unit)s.") % {"unit": invitation.unit})
    return redirect("home:my")


def _accept_newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewcomerForm(posted(request), email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.accept_as_newcomer(invitation, **form.cleaned_data)
        except actions.AddressHasAccount:
            return _ask_to_sign_in(request, invitation)
        login(request, person, backend=BACKEND)
        messages.success(request, _("Welcome to %(unit)s.") % {"unit": invitation.unit})
        return redirect("home:my")
    context = {"invitation": invitation, "form": form}
    return render(
        request, "organisation/invitation_accept.html", context, status=422 if form.is_bound else 200
    )
