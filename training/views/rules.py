"""Rules that give out courses: list, make, look whom they meet, change, end."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import organisation_day, organisation_zone
from organisation.models import Tree
from organisation.views.people import units_managed_by
from training import rule_words
from training.actions import rules as actions
from training.assigning import Preview, preview
from training.forms.lists import RuleSearch
from training.forms.rules import RuleForm
from training.models import AssignmentRule


def _rules(request: HttpRequest) -> Any:
    rows = AssignmentRule.objects.visible_to(request.user).select_related("course", "unit")
    return rows.prefetch_related("course__texts")


@policy("training.assign")
@require_safe
def rule_list(request: HttpRequest) -> HttpResponseBase:
    """The rules for the units that one manages."""
    search = RuleSearch(request.GET, units=units_managed_by(request.user))
    found = search.filter(_rules(request).annotate(given=Count("assignments")))
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Course"), _("For whom"), _("By when"), _("In force from"), _("Given so far"), _("Ended")]
        return table_response(request.GET["export"], "rules", header, _lines(found))
    page = page_of(request, found)
    for rule in page.object_list:
        rule.whom, rule.by_when = rule_words.whom(rule), rule_words.by_when(rule)
    context = {
        "search": search,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in ("q", "unit", "state")),
    }
    return render(request, "training/rule_list.html", context)


def _lines(found: Any) -> Iterator[list[Any]]:
    zone = organisation_zone()
    for rule in found:
        ended = rule.archived_at.astimezone(zone).date().isoformat() if rule.archived_at else ""
        words = (rule_words.whom(rule), rule_words.by_when(rule))
        yield [str(rule.course), *words, rule.starts_on.isoformat(), rule.given, ended]


def _matching(request: HttpRequest, rule: AssignmentRule) -> Preview:
    """Whom the rule meets today, and what becomes of each. Those who ever had the course keep what stands."""
    now = timezone.now()
    today = organisation_day(now)
    people = rule.people(Tree.on(today), today).prefetch_related("memberships__unit")
    return preview(rule.course, people.order_by("name", "pk"), now)


def _form(request: HttpRequest, rule: AssignmentRule | None) -> RuleForm:
    return RuleForm(
        request.POST if request.method == "POST" else None,
        instance=rule,
        initial={"course": request.GET.get("course", "")},
        user=request.user,
        units=units_managed_by(request.user),
        today=organisation_day(timezone.now()),
    )


@policy("training.assign")
@require_http_methods(["GET", "POST"])
def rule_add(request: HttpRequest) -> HttpResponse:
    """A new rule: the form, a look at whom it meets today, and then it is kept."""
    form = _form(request, None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, None)
    rule = form.save(commit=False)
    if request.POST.get("step") != "save":
        return _page(request, form, None, _matching(request, rule), rule)
    made = actions.make_rule(rule, by=person_of(request))
    messages.success(request, _("The rule is kept. Whoever it meets gets the course in a moment."))
    return redirect(made)


def _page(
    request: HttpRequest,
    form: RuleForm,
    standing: AssignmentRule | None,
    found: Preview | None = None,
    rule: AssignmentRule | None = None,
    status: int = 0,
) -> HttpResponse:
    """The form; with `found`, also whom the typed rule meets today."""
    context: dict[str, Any] = {"form": form, "rule": standing, "found": found}
    if rule is not None:
        context |= {"whom": rule_words.whom(rule), "by_when": rule_words.by_when(rule)}
    default = 422 if form.is_bound and found is None else 200
    return render(request, "training/rule_form.html", context, status=status or default)


def _rule_for(request: HttpRequest, reference: str) -> AssignmentRule:
    return get_object_or_404(_rules(request), reference=reference)


@policy("training.assign")
@require_safe
def rule(request: HttpRequest, reference: str) -> HttpResponse:
    """One rule, whom it meets today, and how many it has given the course so far."""
    found = _rule_for(request, reference)
    context = {
        "rule": found,
        "whom": rule_words.whom(found),
        "by_when": rule_words.by_when(found),
        "given": found.assignments.count(),
        "found": _matching(request, found) if found.archived_at is None else None,
        "today": organisation_day(timezone.now()),
    }
    return render(request, "training/rule.html", context)


@policy("training.assign")
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Other terms for a rule. What was given by the old ones stays."""
    standing = _rule_for(request, reference)
    if standing.archived_at is not None:
        messages.warning(request, _("This rule has ended. Make a new one."))
        return redirect(standing)
    form = _form(request, _rule_for(request, reference))
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, standing)
    changed = form.save(commit=False)
    if request.POST.get("step") != "save":
        return _page(request, form, standing, _matching(request, changed), changed)
    try:
        actions.change_rule(changed, seen=form.cleaned_data["seen"], by=person_of(request))
    except actions.RuleRefused as refused:
        return _refused(request, form, reference, refused)
    messages.success(request, _("The rule is changed. Whoever it meets now gets the course in a moment."))
    return redirect(standing)


def _refused(request: HttpRequest, form: RuleForm, reference: str, refused: Any) -> HttpResponse:
    """Somebody else was quicker: what was typed stays, beside what stands now."""
    standing = _rule_for(request, reference)
    messages.warning(request, " ".join(refused.messages))
    if standing.archived_at is not None:
        return redirect(standing)
    words = _("Now it says: %(whom)s. %(by_when)s. Save again to replace it by what you typed.")
    now = {"whom": rule_words.whom(standing), "by_when": rule_words.by_when(standing)}
    messages.info(request, words % now)
    typed = request.POST.copy()
    typed["seen"] = standing.terms()
    form.data = typed
    return _page(request, form, standing, status=409)


@policy("training.assign")
@require_POST
def rule_end(request: HttpRequest, reference: str) -> HttpResponse:
    """Give out nothing more; what was given stays."""
    found = _rule_for(request, reference)
    if actions.end_rule(found, by=person_of(request)):
        messages.success(request, _("The rule has ended. What it gave stays."))
    else:
        messages.info(request, _("The rule has ended already."))
    return redirect(found)
