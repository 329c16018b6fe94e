"""The steps of a review round, each a POST from its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from charter import actions
from charter.forms.reviews import CommentForm, SettleForm, VerdictForm
from charter.models import Review
from charter.views.doors import acting
from charter.views.reviews import naming_form, review_for, review_page
from common.policy import policy, require


def _moved_on(request: HttpRequest, review: Review) -> HttpResponse:
    messages.warning(request, _("The round has moved on meanwhile; nothing of this was kept."))
    return redirect(review)


def _own_review(user: Any, unit: str, number: int) -> Review:
    """The round, for somebody who may sign it off: 403 for its other readers."""
    review = review_for(user, unit, number)
    require(user, "charter.publish", review)
    return review


@policy("charter.read")
@require_POST
def review_comment(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    review = review_for(request.user, unit, number)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return review_page(request, review, comment=form, status=422)
    part = form.cleaned_data["part"]
    try:
        actions.comment_on_part(review=review, part=part, text=form.cleaned_data["text"], by=acting(request))
    except actions.ReviewRefused as refusal:
        return review_page(request, review, refused=refusal.reasons, status=422)
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    return redirect(f"{review.get_absolute_url()}#{part.replace(':', '-')}")


@policy("charter.publish")
@require_POST
def comment_settle(request: HttpRequest, unit: str, number: int, reference: str) -> HttpResponse:
    review = _own_review(request.user, unit, number)
    comment = get_object_or_404(review.comments, reference=reference)
    comment.review = review
    form = SettleForm(request.POST)
    if not form.is_valid():
        return review_page(request, review, refused=[str(each) for each in form.errors["answer"]], status=422)
    try:
        actions.settle_comment(comment=comment, answer=form.cleaned_data["answer"], by=acting(request))
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    return redirect(f"{review.get_absolute_url()}#{comment.part.replace(':', '-')}")


@policy("charter.read")
@require_POST
def review_verdict(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """The verdict of a named reviewer; 404 for everybody else."""
    review = review_for(request.user, unit, number)
    reviewer = get_object_or_404(review.reviewers.select_related("user"), user=acting(request))
    reviewer.review = review
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return review_page(request, review, verdict=form, status=422)
    try:
        actions.give_verdict(reviewer=reviewer, **form.cleaned_data)
    except actions.ReviewRefused as refusal:
        return review_page(request, review, verdict=form, refused=refusal.reasons, status=422)
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    messages.success(request, _("Thank you. You may change your answer while the round is open."))
    return redirect(review)


@policy("charter.publish")
@require_POST
def reviewer_name(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    review = _own_review(request.user, unit, number)
    form = naming_form(review, request.POST)
    if not form.is_valid():
        return review_page(request, review, naming=form, status=422)
    try:
        actions.name_reviewer(review=review, person=form.chosen, by=acting(request))
    except actions.ReviewRefused as refusal:
        return review_page(request, review, refused=refusal.reasons, status=422)
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    messages.success(request, _("%(name)s gets a letter.") % {"name": form.chosen})
    return redirect(review)


@policy("charter.publish")
@require_POST
def reviewer_release(request: HttpRequest, unit: str, number: int, reference: str) -> HttpResponse:
    review = _own_review(request.user, unit, number)
    reviewer = get_object_or_404(review.reviewers.select_related("user"), reference=reference)
    reviewer.review = review
    try:
        actions.release_reviewer(reviewer=reviewer, by=acting(request))
    except actions.ReviewRefused as refusal:
        return review_page(request, review, refused=refusal.reasons, status=422)
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    messages.success(request, _("%(name)s is taken off the round.") % {"name": reviewer.user})
    return redirect(review)


@policy("charter.publish")
@require_POST
def review_sign_off(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    review = _own_review(request.user, unit, number)
    try:
        actions.sign_off_review(review=review, by=acting(request))
    except actions.ReviewRefused as refusal:
        return review_page(request, review, refused=refusal.reasons, status=422)
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    messages.success(request, _("Signed off. Now choose the day on which it is published."))
    return redirect("charter:edition_publish", unit)


@policy("charter.publish")
@require_POST
def review_close(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    review = _own_review(request.user, unit, number)
    try:
        actions.close_review(review=review, by=acting(request))
    except actions.ReviewMovedOn:
        return _moved_on(request, review)
    messages.success(request, _("The round is closed. Its comments stay readable."))
    return redirect(review)
