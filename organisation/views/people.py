"""Persons and their roles."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.actions import people as actions
from organisation.forms.people import PersonForm, PersonSearch, RoleForm
from organisation.models import Membership, Unit, User


def units_managed_by(user: Any) -> list[Unit]:
    """Units in use in which the user may give roles, in the order of the tree."""
    mine = Unit.objects.active().managed_by(user)
    wanted = set(mine.values_list("pk", flat=True))
    return [unit for unit in Unit.objects.in_tree_order(timezone.now().date()) if unit.pk in wanted]


def _person_for(request: HttpRequest, reference: str, *, to_edit: bool = True) -> User:
    person = get_object_or_404(User.objects.visible_to(request.user), reference=reference)
    if to_edit:
        require(request.user, "organisation.edit_person", person)
    return person


@policy("organisation.see_people")
@require_GET
def person_list(request: HttpRequest) -> HttpResponseBase:
    search = PersonSearch(request.GET, units=units_managed_by(request.user))
    roles = Prefetch("memberships", Membership.objects.select_related("unit"))
    people = search.filter(User.objects.visible_to(request.user)).prefetch_related(roles)
    if request.GET.get("export") == "csv":
        return _as_csv(people)
    context = {"page": page_of(request, people), "search": search}
    return render(request, "organisation/person_list.html", context)


def _as_csv(people: Iterable[User]) -> HttpResponseBase:
    header = [
        _("Name"),
        _("E-mail address"),
        _("Hired on"),
        _("Unit"),
        _("Role"),
        _("Level"),
        _("May sign in"),
    ]
    rows = (
        [
            person.name,
            person.email,
            person.hired_on.isoformat() if person.hired_on else "",
            role.unit.name,
            role.get_role_display(),
            role.get_level_display(),
            _("yes") if person.is_active else _("no"),
        ]
        for person in people
        for role in person.memberships.all()
    )
    return csv_response("people", header, rows)


def _edit_page(
    request: HttpRequest, person: User, *, form: PersonForm | None = None, role_form: RoleForm | None = None
) -> HttpResponse:
    home = {"unit": person.home_unit.slug} if person.home_unit else {}
    units = units_managed_by(request.user)
    context = {
        "person": User.objects.get(pk=person.pk),
        "form": form or PersonForm(instance=person),
        "role_form": role_form or RoleForm(by=person_of(request), units=units, initial=home),
        "is_oneself": person == request.user,
    }
    status = 422 if form or role_form else 200
    return render(request, "organisation/person_edit.html", context, status=status)


@policy("organisation.see_people")
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, reference: str) -> HttpResponse:
    person = _person_for(request, reference)
    if request.method == "GET":
        return _edit_page(request, person)
    form = PersonForm(request.POST, instance=person)
    if not form.is_valid():
        return _edit_page(request, person, form=form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("organisation:person_list")


@policy("organisation.see_people")
@require_POST
def role_set(request: HttpRequest, reference: str) -> HttpResponse:
    person = _person_for(request, reference)
    form = RoleForm(request.POST, by=person_of(request), units=units_managed_by(request.user))
    if form.is_valid():
        try:
            actions.set_role(person, **form.cleaned_data, by=person_of(request))
        except actions.RoleRefused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The role is noted."))
            return redirect("organisation:person_edit", reference=person.reference)
    return _edit_page(request, person, role_form=form)


@policy("organisation.see_people")
@require_POST
def role_remove(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    person = _person_for(request, reference)
    membership = get_object_or_404(person.memberships.select_related("unit"), unit__slug=slug)
    try:
        actions.remove_role(membership, by=person_of(request))
    except actions.RoleRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The role is taken away."))
    return redirect("organisation:person_edit", reference=person.reference)


@policy("organisation.see_people")
@require_POST
def person_deactivate(request: HttpRequest, reference: str) -> HttpResponse:
    person = _person_for(request, reference)
    try:
        actions.deactivate_person(person, by=person_of(request))
    except actions.RoleRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(person)s can no longer sign in.") % {"person": person})
    return redirect("organisation:person_edit", reference=person.reference)


@policy("organisation.see_people")
@require_POST
def person_reactivate(request: HttpRequest, reference: str) -> HttpResponse:
    person = _person_for(request, reference)
    actions.reactivate_person(person, by=person_of(request))
    messages.success(request, _("%(person)s can sign in again.") % {"person": person})
    return redirect("organisation:person_edit", reference=person.reference)
