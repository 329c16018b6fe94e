"""Read and sign an edition; who has signed; questions and objections answered."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter import actions
from charter.coverage import Coverage, Signer, coverage_of
from charter.differences import differences
from charter.forms.acknowledge import PeopleSearchForm, ReplyForm, SignForm
from charter.forms.fields import language_of
from charter.models import Acknowledgement, Edition
from charter.scope import role_in_scope
from charter.views.doors import acting, charter_for, posted
from common.export import table_response
from common.listing import page_of
from common.navigation import rendered_slot
from common.policy import policy, require


def _to_sign(user: Any, unit: str, number: int) -> Acknowledgement:
    """The person's own request. 404 for an edition that asks no signature of the person: out of scope,
    not marked, or asked long ago of somebody who has moved on without signing."""
    rows = Acknowledgement.objects.filter(user=user).select_related("edition__charter__unit", "replied_by")
    row = get_object_or_404(rows, edition__charter__unit__slug=unit, edition__number=number)
    charter = row.edition.charter
    if not row.signed_at and role_in_scope(user, charter, charter.local_day(timezone.now())) is None:
        raise Http404
    return row


@policy("charter.read")
@require_http_methods(["GET", "POST"])
def edition_sign(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """What changed, in one column for the telephone, and “I have read it”."""
    row = _to_sign(request.user, unit, number)
    form = SignForm(posted(request))
    if form.is_valid():
        try:
            actions.sign_edition(row=row, **form.cleaned_data)
        except actions.NotAsked as gone:
            raise Http404 from gone
        except actions.AlreadySigned:
            messages.warning(request, _("You have signed this edition already; your first answer stands."))
        except actions.Superseded:
            messages.warning(request, _("A later edition is in force. This one needs no signature any more."))
        else:
            messages.success(request, _("Thank you. Your signature is kept."))
        return redirect(row)
    return _sign_page(request, row, form)


def _sign_page(request: HttpRequest, row: Acknowledgement, form: SignForm) -> HttpResponse:
    edition = row.edition
    before = edition.charter.editions.filter(number__lt=edition.number).first()
    language = language_of(request.GET.get("language"))
    context = {
        "row": row,
        "edition": edition,
        "before": before,
        "changes": differences(before.content, edition.content, language, edition.changes) if before else [],
        "form": form,
        "language": language,
        "beside": rendered_slot("charter.beside", edition.charter),
    }
    return render(request, "charter/edition_sign.html", context, status=422 if form.errors else 200)


@policy("charter.read")
@require_POST
def signature_settle(request: HttpRequest, reference: str) -> HttpResponse:
    """The person says that the answer settles it."""
    rows = Acknowledgement.objects.filter(user=acting(request)).select_related("edition__charter__unit")
    row = get_object_or_404(rows, reference=reference, replied_at__isnull=False)
    actions.settle_question(row=row)
    messages.success(request, _("Good. Thank you for asking."))
    return redirect(row)


def _edition_for(user: Any, unit: str, number: int) -> Edition:
    charter = charter_for(user, unit)
    edition = get_object_or_404(charter.editions.exclude(work_change=""), number=number)
    edition.charter = charter
    return edition


@policy("charter.read")
@require_GET
def signature_list(request: HttpRequest, unit: str, number: int) -> HttpResponseBase:
    """Counts for everybody; names and words for those who manage the people."""
    edition = _edition_for(request.user, unit, number)
    coverage = coverage_of(edition, _today(edition))
    mine = _managed(request.user, coverage)
    units = {each.role.unit_id: each.role.unit for each in mine}
    search = PeopleSearchForm(request.GET, units=list(units.values()))
    people = search.filter(mine)
    if kind := request.GET.get("export"):
        if request.GET.get("what") == "people":
            return _people_table(kind, edition, people)
        return _coverage_table(kind, edition, coverage)
    return _signatures_page(request, edition, coverage=coverage, people=people, search=search)


def _signatures_page(
    request: HttpRequest,
    edition: Edition,
    *,
    coverage: Coverage | None = None,
    people: list[Signer] | None = None,
    search: PeopleSearchForm | None = None,
    replying: ReplyForm | None = None,
    to: str = "",
    status: int = 200,
) -> HttpResponse:
    coverage = coverage or coverage_of(edition, _today(edition))
    managed = _managed(request.user, coverage)
    units = {each.role.unit_id: each.role.unit for each in managed}
    search = search or PeopleSearchForm({}, units=list(units.values()))
    context = {
        "charter": edition.charter,
        "edition": edition,
        "coverage": coverage,
        "answers": [(label, coverage.answers[value]) for value, label in Acknowledgement.Answer.choices],
        "is_manager": bool(managed),
        "own_units": set(units),
        "search": search,
        "page": page_of(request, managed if people is None else people),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "questions": _questions(request.user, edition, replying, to),
    }
    return render(request, "charter/signature_list.html", context, status=status)


def _today(edition: Edition) -> date:
    return edition.charter.local_day(timezone.now())


def _managed(user: Any, coverage: Coverage) -> list[Signer]:
    """The people whose names the reader may see."""
    if user.is_administrator:
        return coverage.signers
    return [each for each in coverage.signers if each.role.unit_id in user.managed_unit_ids]


def _questions(user: Any, edition: Edition, replying: ReplyForm | None, to: str) -> list[dict[str, Any]]:
    """Questions and objections from the units that the reader manages, the unanswered first."""
    rows = Acknowledgement.objects.visible_to(user).filter(edition=edition, answer__in=Acknowledgement.ASKING)
    rows = rows.select_related("user", "unit", "replied_by").order_by("replied_at", "signed_at")
    shown = [row for row in rows if user.has_perm("charter.reply", row)]
    shown.sort(key=lambda row: row.replied_at is not None)
    return [
        {
            "row": row,
            "form": replying
            if replying and row.reference == to
            else ReplyForm(auto_id=f"{row.reference}-%s"),
        }
        for row in shown
    ]


@policy("charter.reply")
@require_POST
def signature_reply(request: HttpRequest, reference: str) -> HttpResponse:
    """A manager answers a question or an objection."""
    rows = Acknowledgement.objects.visible_to(request.user).select_related("edition__charter__unit", "user")
    row = get_object_or_404(rows, reference=reference, answer__in=Acknowledgement.ASKING)
    require(request.user, "charter.reply", row)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _signatures_page(request, row.edition, replying=form, to=reference, status=422)
    try:
        actions.reply_to_person(row=row, reply=form.cleaned_data["reply"], by=acting(request))
    except actions.AlreadyReplied:
        messages.warning(request, _("A colleague has already answered."))
    else:
        messages.success(
            request, _("%(name)s reads your answer in My work and by letter.") % {"name": row.user}
        )
    return redirect("charter:signature_list", row.edition.charter.unit.slug, row.edition.number)


def _coverage_table(kind: str, edition: Edition, coverage: Coverage) -> HttpResponseBase:
    header = [_("Unit"), _("Level"), _("Signed"), _("People")]
    rows = [
        [row.unit.name, label, count.signed, count.total]
        for row in coverage.units
        for _value, label, count in row.cells
        if count
    ]
    return table_response(kind, _file_name(edition), header, rows)


def _people_table(kind: str, edition: Edition, people: list[Signer]) -> HttpResponseBase:
    header = [_("Name"), _("Unit"), _("Level"), _("Asked"), _("Signed"), _("Answer"), _("Words")]
    rows = [
        [
            each.role.user.name,
            each.role.unit.name,
            each.role.get_level_display(),
            each.row.asked_at if each.row else None,
            each.row.signed_at if each.row else None,
            each.row.get_answer_display() if each.row else "",
            each.row.words if each.row else "",
        ]
        for each in people
    ]
    return table_response(kind, f"{_file_name(edition)}-people", header, rows)


def _file_name(edition: Edition) -> str:
    return f"signatures-{edition.charter.unit.slug}-{edition.number}"
