"""Review rounds: who reads what, when a round is signed off, and what is published then."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from charter import actions
from charter.actions import review as review_actions
from charter.models import ChangeReason, Charter, Edition, Goal, Review
from charter.tests.factories import StandardFactory
from charter.tests.reviews import answer, begin, change_words, provable_charter, signed_off
from common.citations import Citation
from organisation.models import OutgoingMail
from organisation.tests.factories import UnitFactory, UserFactory, person_in


@pytest.fixture
def charter(db):
    return provable_charter()


@pytest.fixture
def reader(charter):
    return person_in(charter.unit, name="Rosa")


def test_a_round_freezes_the_draft_and_later_edits_do_not_reach_it(charter, reader, now):
    review = begin(charter, reader, at=now)
    change_words(charter, "Other words", at=now + timedelta(hours=1))
    frozen = Review.objects.get(pk=review.pk).content["standards"][0]
    assert frozen["texts"]["en"]["promise"] == "Before you leave, you know what happens next"


def test_each_reviewer_gets_one_letter(charter, reader, now):
    second = person_in(charter.unit)
    begin(charter, reader, second, at=now)
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == sorted([reader.email, second.email])


def test_reviewers_come_from_the_unit_from_below_and_from_above_and_from_nowhere_else(charter, now):
    top = UnitFactory()
    charter.unit.placements.update(parent=top)
    people = [person_in(top), person_in(UnitFactory(parent=charter.unit))]
    assert begin(charter, *people, at=now).reviewers.count() == 2
    for stranger in (person_in(UnitFactory(parent=top)), person_in(charter.unit, is_active=False)):
        with pytest.raises(actions.ReviewRefused):
            begin(charter, stranger, at=now, replaces=charter.reviews.running().first())


def test_a_round_needs_a_reviewer_and_a_day_to_come(charter, reader, now):
    with pytest.raises(actions.ReviewRefused):
        begin(charter, at=now)
    with pytest.raises(actions.ReviewRefused):
        actions.open_review(
            charter=charter,
            reviewers={reader: "front"},
            due_on=now.date() - timedelta(days=1),
            by=None,
            at=now,
        )


def test_a_draft_that_could_not_be_published_is_not_reviewed(charter, reader, now):
    StandardFactory(charter=charter)
    with pytest.raises(actions.PublishingRefused):
        begin(charter, reader, at=now)


def test_a_second_round_replaces_the_one_that_was_seen_and_no_other(charter, reader, now):
    first = begin(charter, reader, at=now)
    with pytest.raises(actions.ReviewMovedOn):
        begin(charter, reader, at=now)
    second = begin(charter, reader, at=now, replaces=first)
    assert (second.number, Review.objects.get(pk=first.pk).state) == (2, Review.State.CLOSED)


def test_sign_off_names_everybody_who_has_not_agreed(charter, reader, now):
    slow, against = person_in(charter.unit, name="Slow"), person_in(charter.unit, name="Anton")
    review = begin(charter, reader, slow, against, at=now)
    answer(review, reader, at=now)
    answer(review, against, "changes", "Too long", at=now)
    with pytest.raises(actions.ReviewRefused) as refusal:
        actions.sign_off_review(review=review, by=UserFactory(), at=now)
    assert refusal.value.reasons == ["Slow has not answered yet.", "Anton asks for changes."]


def test_who_asked_for_changes_may_agree_later_and_then_the_round_is_signed_off(charter, reader, now):
    review = begin(charter, reader, at=now)
    answer(review, reader, "changes", "Too long", at=now)
    answer(review, reader, "remarks", "Better", at=now)
    actions.sign_off_review(review=review, by=UserFactory(), at=now)
    assert Review.objects.get().is_signed_off


def test_a_reviewer_who_left_without_an_answer_is_named_and_can_be_taken_off(charter, reader, now):
    gone = person_in(charter.unit, name="Gone")
    review = begin(charter, reader, gone, at=now)
    answer(review, reader, at=now)
    gone.memberships.all().delete()
    assert actions.against_sign_off(review, now.date()) == [
        "Gone has left. Take the name off, or name somebody else."
    ]
    with pytest.raises(actions.ReviewRefused):
        answer(review, gone, at=now)
    actions.release_reviewer(reviewer=review.reviewers.get(user=gone), by=UserFactory(), at=now)
    assert actions.against_sign_off(review, now.date()) == []


def test_who_has_answered_is_not_taken_off_and_the_last_reviewer_stays(charter, reader, now):
    review = begin(charter, reader, at=now)
    with pytest.raises(actions.ReviewRefused):
        actions.release_reviewer(reviewer=review.reviewers.get(), by=UserFactory(), at=now)
    actions.name_reviewer(review=review, person=person_in(charter.unit), by=UserFactory(), at=now)
    answer(review, reader, "changes", "No", at=now)
    with pytest.raises(actions.ReviewRefused):
        actions.release_reviewer(reviewer=review.reviewers.get(user=reader), by=UserFactory(), at=now)


def test_a_comment_belongs_to_a_part_and_is_settled_once(charter, reader, now):
    review = begin(charter, reader, at=now)
    with pytest.raises(actions.ReviewRefused):
        actions.comment_on_part(review=review, part="standard:other", text="Hm", by=reader, at=now)
    comment = actions.comment_on_part(review=review, part="standard:next-step", text="Hm", by=reader, at=now)
    actions.settle_comment(comment=comment, answer="Done", by=UserFactory(), at=now)
    with pytest.raises(actions.ReviewMovedOn):
        actions.settle_comment(comment=comment, answer="Done twice", by=UserFactory(), at=now)
    assert review.comments.get().answer == "Done"


def test_nothing_is_said_in_a_round_that_is_over(charter, reader, now):
    review = begin(charter, reader, at=now)
    actions.close_review(review=review, by=UserFactory(), at=now)
    with pytest.raises(actions.ReviewMovedOn):
        answer(review, reader, at=now)


def publish(charter, now, **more):
    return actions.publish_edition(charter=charter, note="Why", by=UserFactory(), at=now, **more)


def test_what_was_signed_off_is_published_although_the_draft_has_moved_on(charter, now):
    review = signed_off(charter, at=now)
    change_words(charter, "Other words", at=now)
    edition = publish(charter, now, review=review)
    assert edition.content == review.content
    assert edition.review == Review.objects.get(state=Review.State.PUBLISHED)


def test_nothing_is_published_past_a_round_that_runs(charter, reader, now):
    review = begin(charter, reader, at=now)
    with pytest.raises(actions.PublishingRefused):
        publish(charter, now)
    answer(review, reader, at=now)
    actions.sign_off_review(review=review, by=UserFactory(), at=now)
    with pytest.raises(actions.PublishingRefused):
        publish(charter, now)
    actions.close_review(review=review, by=UserFactory(), at=now)
    assert publish(charter, now).review is None


def test_a_signed_off_round_is_published_once(charter, now):
    review = signed_off(charter, at=now)
    publish(charter, now, review=review)
    with pytest.raises(actions.PublishedMeanwhile):
        publish(charter, now, review=review)
    assert Edition.objects.count() == 1


@pytest.mark.services
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="publishers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_one_signed_off_round_at_the_same_moment_one_wins(now):
    charter = provable_charter()
    review, gate, outcomes = signed_off(charter, at=now), Barrier(2), []

    def press():
        gate.wait()
        try:
            outcomes.append(publish(charter, now, review=review).number)
        except actions.PublishedMeanwhile:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=press) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1", "too late"]


def another_goal(charter, starts_on):
    standing = Goal.objects.get()
    standing.ends_on = starts_on
    standing.save()
    Goal.objects.create(measure=standing.measure, starts_on=starts_on, target=Decimal(95))


def test_a_round_is_not_published_with_goals_that_the_reviewers_have_not_seen(charter, now):
    review = signed_off(charter, at=now)
    another_goal(charter, now.date() + timedelta(days=3))
    assert publish(charter, now, review=review).number == 1
    review = signed_off(charter, at=now)
    with pytest.raises(actions.PublishingRefused) as refusal:
        publish(charter, now + timedelta(days=3), review=review)
    [problem] = refusal.value.problems
    assert "goal 95 on the day that you chose; the reviewers agreed to goal 90" in problem.message
    assert Edition.objects.count() == 1
    assert Review.objects.get(pk=review.pk).is_signed_off


def test_the_page_says_that_other_goals_hold_than_the_reviewers_agreed_to(charter, now, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: now)
    signed_off(charter, at=now)
    another_goal(charter, now.date())
    client.force_login(person_in(charter.unit, "manager"))
    page = client.get(reverse("charter:edition_publish", args=[charter.unit.slug])).content.decode()
    assert "the reviewers agreed to goal 90" in page


def test_nobody_edits_the_draft_while_a_round_freezes_it(charter, reader, now, monkeypatch):
    """The draft is held before it is read."""
    seen = []
    real = review_actions.frozen
    monkeypatch.setattr(
        review_actions,
        "frozen",
        lambda *args: seen.append(Charter.objects.get(pk=charter.pk).version) or real(*args),
    )
    before = Charter.objects.get(pk=charter.pk).version
    begin(charter, reader, at=now)
    assert seen == [before + 1]


def explain(charter, now, **more):
    told = {"part": "standard:next-step", "title": "Next step", "why": "You asked for it.", "evidence": []}
    actions.explain_change(charter=charter, by=UserFactory(), at=now, **told | more)


def test_the_reason_and_the_evidence_are_frozen_with_the_edition_and_leave_the_draft(charter, now):
    explain(charter, now, evidence=[Citation("Source", "Talks with 60 visitors", "https://example.org/")])
    edition = publish(charter, now)
    assert edition.changes == [
        {
            "part": "standard:next-step",
            "why": "You asked for it.",
            "evidence": [{"kind": "Source", "text": "Talks with 60 visitors", "url": "https://example.org/"}],
        }
    ]
    assert not ChangeReason.objects.exists()


def test_a_reason_for_a_part_that_did_not_change_waits_in_the_draft(charter, now):
    publish(charter, now)
    explain(charter, now)
    assert publish(charter, now).changes == []
    assert ChangeReason.objects.count() == 1


def test_a_reason_saved_meanwhile_is_not_overwritten(charter, now):
    explain(charter, now, expected_version=0)
    with pytest.raises(actions.WordsChangedMeanwhile):
        explain(charter, now, why="Mine", expected_version=0)
    explain(charter, now, why="", expected_version=1)
    assert not ChangeReason.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 6 * 366])
def test_a_next_review_that_makes_no_sense_is_refused(charter, now, days):
    with pytest.raises(actions.PublishingRefused):
        publish(charter, now, next_review_on=now.date() + timedelta(days=days))


# ---------------------------------------------------------------- the pages


@pytest.fixture
def review(charter, reader, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return begin(charter, reader, at=now)


def url(review, name="review_detail", *more):
    return reverse(f"charter:{name}", args=[review.charter.unit.slug, review.number, *more])


def test_a_round_is_there_for_its_reviewers_and_the_managers_alone(review, reader, client):
    for person, status in [
        (reader, 200),
        (person_in(review.charter.unit, "manager"), 200),
        (person_in(review.charter.unit), 404),
    ]:
        client.force_login(person)
        assert client.get(url(review)).status_code == status


def test_a_hostile_comment_is_shown_as_it_was_typed(review, reader, client):
    client.force_login(reader)
    hostile = {"part": "standard:next-step", "text": '<script>alert(1)</script><a href="javascript:x">'}
    assert client.post(url(review, "review_comment"), hostile).status_code == 302
    html = client.get(url(review)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x00b"])
def test_a_comment_that_cannot_be_kept_is_refused_with_the_words_kept(review, reader, client, text):
    client.force_login(reader)
    response = client.post(url(review, "review_comment"), {"part": "standard:next-step", "text": text})
    assert response.status_code == 422
    assert not review.comments.exists()


def test_the_page_says_that_the_draft_has_moved_on_and_offers_a_new_round(review, client, now):
    change_words(review.charter, "Other words", at=now)
    client.force_login(person_in(review.charter.unit, "manager"))
    html = client.get(url(review)).content.decode()
    assert "The draft has moved on: 1 part reads differently there now." in html
    assert reverse("charter:review_open", args=[review.charter.unit.slug]) in html


def test_asking_for_changes_without_words_is_refused(review, reader, client):
    client.force_login(reader)
    response = client.post(url(review, "review_verdict"), {"verdict": "changes", "remark": ""})
    assert response.status_code == 422
    assert "Say in a few words what you mean." in response.content.decode()


def test_a_sign_off_too_early_is_refused_with_the_reasons(review, client):
    client.force_login(person_in(review.charter.unit, "manager"))
    response = client.post(url(review, "review_sign_off"))
    assert response.status_code == 422
    assert "Rosa has not answered yet." in response.content.decode()


def test_a_manager_begins_a_round_on_the_page(charter, reader, client, now):
    client.force_login(person_in(charter.unit, "manager"))
    address = reverse("charter:review_open", args=[charter.unit.slug])
    assert client.post(address, {"due_on": "2099-01-01"}).status_code == 422
    due = client.get(address).context["form"].initial["due_on"]
    response = client.post(
        address, {"front": [reader.reference], "due_on": due, "note": "Look", "replaces": ""}
    )
    assert response.status_code == 302
    assert [each.user for each in Review.objects.get().reviewers.all()] == [reader]


def test_the_publish_page_publishes_the_round_that_was_signed_off_and_says_so(charter, client):
    from django.utils import timezone

    review = signed_off(charter, at=timezone.now())
    client.force_login(person_in(charter.unit, "manager"))
    address = reverse("charter:edition_publish", args=[charter.unit.slug])
    page = client.get(address)
    assert "Round 1 of the review is signed off" in page.content.decode()
    client.post(address, page.context["form"].initial | {"note": "The first"})
    assert Edition.objects.get().review == review


def test_an_edition_published_without_review_says_so_on_its_page(charter, client, now):
    edition = publish(charter, now)
    client.force_login(person_in(charter.unit))
    assert "Published without review." in client.get(edition.get_absolute_url()).content.decode()
