"""Review rounds: their list, beginning one, and the page on which the candidate is read."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from charter import actions
from charter.actions.publish import frozen
from charter.differences import changed_keys, differences
from charter.forms.fields import language_of
from charter.forms.reviews import CommentForm, NameReviewerForm, OpenReviewForm, ReviewSearchForm, VerdictForm
from charter.languages import choices_for
from charter.models import Charter, Review
from charter.parts import Part, parts_of
from charter.scope import possible_reviewers
from charter.views.doors import acting, charter_for, posted
from common.export import table_response
from common.listing import page_of
from common.policy import policy, require

TIME_TO_ANSWER = timedelta(days=14)


def review_for(user: Any, unit: str, number: int) -> Review:
    """The round, for its reviewers and for those who manage the unit."""
    reviews = Review.objects.visible_to(user).select_related("charter__unit", "opened_by", "signed_off_by")
    return get_object_or_404(reviews, charter__unit__slug=unit, number=number)


@policy("charter.read")
@require_GET
def review_list(request: HttpRequest, unit: str) -> HttpResponseBase:
    """The rounds that the person may read: all of them for the unit's managers."""
    charter = charter_for(request.user, unit)
    search = ReviewSearchForm(request.GET)
    reviews = search.filter(Review.objects.visible_to(request.user).filter(charter=charter))
    reviews = reviews.select_related("edition", "charter__unit").annotate(
        asked=Count("reviewers"), answered=Count("reviewers", filter=~Q(reviewers__verdict=""))
    )
    reviews = reviews.order_by("-number")
    if kind := request.GET.get("export"):
        return _reviews_table(kind, charter, reviews)
    context = {
        "charter": charter,
        "search": search,
        "page": page_of(request, reviews),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "may_open": request.user.has_perm("charter.publish", charter),
    }
    return render(request, "charter/review_list.html", context)


def _reviews_table(kind: str, charter: Charter, reviews: Any) -> HttpResponseBase:
    header = [_("Round"), _("State"), _("Begun"), _("Answer by"), _("Answered"), _("Reviewers")]
    rows = (
        [each.number, each.get_state_display(), each.opened_at, each.due_on, each.answered, each.asked]
        for each in reviews
    )
    return table_response(kind, f"reviews-{charter.unit.slug}", header, rows)


@policy("charter.publish")
@require_http_methods(["GET", "POST"])
def review_open(request: HttpRequest, unit: str) -> HttpResponse:
    """Begin a round: name the reviewers of each level. A running round ends with it."""
    charter = charter_for(request.user, unit)
    require(request.user, "charter.publish", charter)
    today = charter.local_day(timezone.now())
    running = charter.reviews.running().first()
    form = OpenReviewForm(
        posted(request), people=possible_reviewers(charter, today), initial=_suggested(charter, running)
    )
    against = actions.problems(charter, today)
    if form.is_valid():
        try:
            review = _begin(request, charter, form, running)
        except actions.ReviewRefused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        except actions.PublishingRefused as refusal:
            form.add_error(None, str(refusal))
        except actions.ReviewMovedOn:
            form.add_error(None, _("A colleague has begun or ended a round meanwhile. Look at it first."))
        else:
            messages.success(request, _("The round has begun. The reviewers get a letter each."))
            return redirect(review)
    context = {"charter": charter, "form": form, "running": running, "problems": against}
    return render(request, "charter/review_open.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, charter: Charter, form: OpenReviewForm, running: Review | None) -> Review:
    if (running.number if running else None) != form.cleaned_data["replaces"]:
        raise actions.ReviewMovedOn(charter)
    return actions.open_review(
        charter=charter,
        reviewers=form.reviewers,
        due_on=form.cleaned_data["due_on"],
        note=form.cleaned_data["note"],
        replaces=running,
        by=acting(request),
    )


def _suggested(charter: Charter, running: Review | None) -> dict[str, Any]:
    """Two weeks; the reviewers of the running round, each at the level that they were named for."""
    found: dict[str, Any] = {"due_on": charter.local_day(timezone.now()) + TIME_TO_ANSWER}
    if running:
        found["replaces"] = running.number
        for reviewer in running.reviewers.select_related("user"):
            found.setdefault(reviewer.level, []).append(reviewer.user.reference)
    return found


@policy("charter.read")
@require_GET
def review_detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    return review_page(request, review_for(request.user, unit, number))


def review_page(
    request: HttpRequest,
    review: Review,
    *,
    verdict: VerdictForm | None = None,
    comment: CommentForm | None = None,
    naming: NameReviewerForm | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The candidate part by part with its comments, the reviewers' verdicts, and what comes next."""
    language = language_of(request.GET.get("language"))
    today = review.charter.local_day(timezone.now())
    reviewers = list(review.reviewers.select_related("user"))
    mine = next((each for each in reviewers if each.user_id == request.user.pk), None)
    may_sign_off = request.user.has_perm("charter.publish", review.charter)
    written = review.content.get("texts", {})
    parts = _parts(review, language, comment)
    context = {
        "charter": review.charter,
        "review": review,
        "parts": [each for each in parts if each["is_in_sight"]],
        "rest": [each for each in parts if not each["is_in_sight"]],
        "reviewers": reviewers,
        "mine": mine,
        "may_sign_off": may_sign_off,
        "may_comment": review.is_open and (mine is not None or may_sign_off),
        "verdict": verdict or VerdictForm(initial=_given(mine)),
        "naming": naming or naming_form(review, None),
        "refused": refused,
        "errors": verdict or comment or naming,
        "against": actions.against_sign_off(review, today) if review.is_open else [],
        "behind": _behind(review) if review.is_open or review.is_signed_off else 0,
        "open_comments": review.comments.filter(settled_at__isnull=True).count(),
        "events": review.events.select_related("by"),
        "languages": [each for each in choices_for(written, language) if each.code in written],
        "language": language,
        "today": today,
    }
    return render(request, "charter/review_detail.html", context, status=status)


def _given(mine: Any) -> dict[str, str]:
    return {"verdict": mine.verdict, "remark": mine.remark} if mine else {}


def naming_form(review: Review, data: Any) -> NameReviewerForm:
    """Everybody who may review and does not yet."""
    named = set(review.reviewers.values_list("user", flat=True))
    people = possible_reviewers(review.charter, review.charter.local_day(timezone.now()))
    return NameReviewerForm(data, people=[role for pk, role in people.items() if pk not in named])


def _behind(review: Review) -> int:
    """In how many parts the draft says something else than the candidate."""
    today = review.charter.local_day(timezone.now())
    return len(changed_keys(review.content, frozen(review.charter, today)))


def _parts(review: Review, language: str, form: CommentForm | None) -> list[dict[str, Any]]:
    """Every part, with what changed against the edition before it, and with its comments."""
    last = review.charter.editions.filter(published_at__lt=review.opened_at).first()
    reasons = [reason.frozen() for reason in review.charter.change_reasons.all()]
    changes = {
        change.part.key: change
        for change in differences(last.content if last else {}, review.content, language, reasons)
    }
    comments: dict[str, list[Any]] = {}
    for comment in review.comments.select_related("by", "settled_by"):
        comments.setdefault(comment.part, []).append(comment)
    typed = form.data.get("part") if form else None
    return [
        {
            "part": part,
            "lines": part.reading(language),
            "change": changes.get(part.key) if last else None,
            "comments": comments.get(part.key, []),
            "form": form if part.key == typed else _empty_comment(part),
            "is_typed": part.key == typed,
            "is_in_sight": not changes or part.key in (*changes, *comments, typed),
        }
        for part in parts_of(review.content, language)
    ]


def _empty_comment(part: Part) -> CommentForm:
    return CommentForm(initial={"part": part.key}, auto_id=f"{part.anchor}-%s")
