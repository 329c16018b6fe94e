"""Announcements and who has read them; why service matters, and each team's part in it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.models import Charter
from common.export import table_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.models import Unit
from organisation.views.people import units_managed_by
from scoreboard.settled import local_date
from strategy.actions import messages as actions
from strategy.forms.messages import AnnouncementForm, AnnouncementSearch, PartForm, stored
from strategy.models import Announcement, TeamPart
from strategy.views.doors import all_units, change_row, saved, step_page, today

MOVED_ON = gettext_noop("A colleague has changed or sent this meanwhile. Please look again.")


@policy("strategy.read")
@require_safe
def announcement_list(request: HttpRequest) -> HttpResponseBase:
    person = person_of(request)
    search = AnnouncementSearch(request.GET, user=person, units=all_units(request.user), today=today())
    visible = Announcement.objects.visible_to(request.user).select_related("unit", "owner")
    counted = search.filter(visible).annotate(
        told=Count("readers", distinct=True),
        read=Count("readers", filter=Q(readers__read_at__isnull=False), distinct=True),
    )
    found = counted.order_by("-created_at", "-pk")  # counting would drop the order of the model
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Code"), _("Title"), _("Unit"), _("Levels"), _("From"), _("Sent"), _("Told"), _("Read")]
        return table_response(request.GET["export"], "announcements", header, _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
    }
    return render(request, "strategy/announcements.html", context, status=422 if search.errors else 200)


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in found:
        yield [
            *(each.reference, each.title, each.unit.name, each.level_words, str(each.owner)),
            *(local_date(each.unit, each.sent_at) if each.sent_at else None, each.told, each.read),
        ]


def announcement_for(request: HttpRequest, reference: str) -> Announcement:
    found = Announcement.objects.visible_to(request.user).select_related("unit", "owner")
    return get_object_or_404(found, reference=reference)


def _managed(request: HttpRequest, reference: str) -> Announcement:
    found = announcement_for(request, reference)
    require(request.user, "strategy.manage", found)
    return found


@policy("strategy.read")
@require_safe
def announcement(request: HttpRequest, reference: str) -> HttpResponse:
    found = announcement_for(request, reference)
    may_manage = request.user.has_perm("strategy.manage", found)
    readers = found.readers.select_related("person") if may_manage else found.readers.none()
    context = {
        "found": found,
        "mine": found.readers.filter(person=person_of(request)).first(),
        "readers": readers,
        "read": found.readers.filter(read_at__isnull=False).count(),
        "told": found.readers.count(),
        "reach": actions.people_of(found.unit, found.levels, timezone.now()).count() if found.is_draft else 0,
        "may_manage": may_manage,
    }
    return render(request, "strategy/announcement.html", context)


def _words(found: Announcement | None) -> dict[str, Any]:
    if found is None:
        return {"about": _("Announcements"), "back": reverse("strategy:announcements"), "room": "messages"}
    return {"about": found.title, "back": found.get_absolute_url(), "room": "messages"}


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def announcement_add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = AnnouncementForm(posted(request), units=units_managed_by(person))
    if request.method == "POST" and form.is_valid():
        found = actions.write_announcement(fields=form.message_fields, by=person)
        return saved(request, found, _("Look at it once more. Nobody has got it yet."))
    return step_page(request, form, title=_("Write an announcement"), do=_("Look at it"), **_words(None))


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def announcement_edit(request: HttpRequest, reference: str) -> HttpResponse:
    found, person = _managed(request, reference), person_of(request)
    start = stored(found) | {"unit": found.unit.slug, "version": found.version}
    form = AnnouncementForm(posted(request), units=units_managed_by(person), initial=start)

    def save() -> None:
        fields, version = form.message_fields, form.expected_version
        actions.change_announcement(found, fields=fields, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = announcement_for(request, reference)
        last = standing.events.select_related("by").last()
        return (standing.version, stored(standing), last) if standing.is_draft else None

    return change_row(
        request,
        form,
        save,
        to=found,
        stands=stands,
        moved_on=_("It has been sent or withdrawn meanwhile, so that its words stay. Yours stand below."),
        title=_("Change the words"),
        do=_("Save"),
        done=_("Saved. Nobody has got it yet."),
        **_words(found),
    )


@policy("strategy.manage")
@require_POST
def announcement_send(request: HttpRequest, reference: str) -> HttpResponse:
    """Send what was looked at: another version is shown again first."""
    found = _managed(request, reference)
    seen = request.POST.get("version", "")
    try:
        told = actions.send_announcement(
            found, by=person_of(request), seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        )
        words = ngettext("Sent to one person.", "Sent to %(told)d people.", told)
        messages.success(request, words % {"told": told})
    except actions.MessageMovedOn:
        messages.warning(request, _(MOVED_ON))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(found)


@policy("strategy.manage")
@require_POST
def announcement_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it out of sight, or put it back (`restore`)."""
    found = _managed(request, reference)
    act = actions.restore_announcement if "restore" in request.POST else actions.withdraw_announcement
    if act(found, by=person_of(request)):
        messages.success(request, _("Done."))
    return redirect(found)


@policy("strategy.read")
@require_POST
def announcement_read(request: HttpRequest, reference: str) -> HttpResponse:
    found = announcement_for(request, reference)
    if actions.confirm_reading(found, person=person_of(request)):
        messages.success(request, _("Thank you."))
    return redirect(found)


# ------------------------------------------------------------- why it matters


@policy("strategy.read")
@require_safe
def why_list(request: HttpRequest) -> HttpResponse:
    """What the charters say of why it matters, and each team's part, in the order of the tree."""
    newest: dict[int, TeamPart] = {}
    for part in TeamPart.objects.select_related("by").order_by("unit", "-number"):
        newest.setdefault(part.unit_id, part)
    charters = Charter.objects.visible_to(request.user).prefetch_related("texts")
    words = {charter.unit_id: charter.text() for charter in charters}
    rows = []
    for unit in all_units(request.user):
        text = words.get(unit.pk)
        told = text.why if text else ""
        rows.append((unit, newest.get(unit.pk), told, request.user.has_perm("strategy.manage", unit)))
    return render(request, "strategy/why.html", {"rows": rows})


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def why_edit(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.active().visible_to(request.user), slug=slug)
    require(request.user, "strategy.manage", unit)
    standing = actions.part_of(unit)
    start = {"version": standing.number if standing else 0}
    if standing:
        start |= {"why": standing.why, "part": standing.part}  # type: ignore[dict-item]
    form = PartForm(posted(request), initial=start)
    words: dict[str, Any] = {
        "title": _("Why it matters, and our part"),
        "do": _("Save"),
        "about": unit.name,
        "back": reverse("strategy:why"),
        "room": "messages",
    }

    def save() -> None:
        wanted, seen = form.cleaned_data, form.expected_version
        actions.save_part(unit, why=wanted["why"], part=wanted["part"], by=person_of(request), seen=seen)

    return change_row(
        request,
        form,
        save,
        to="strategy:why",
        stands=lambda: _part_now(unit),
        moved_on="",
        done=_("Saved."),
        **words,
    )


def _part_now(unit: Unit) -> tuple[int, dict[str, Any], TeamPart | None]:
    standing = actions.part_of(unit)
    now = {"why": standing.why, "part": standing.part} if standing else {}
    return standing.number if standing else 0, now, standing
