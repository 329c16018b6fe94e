"""Edition 2 of the demo: reviewed, signed off, signed by most; and a round of the draft that is running."""

from datetime import datetime, timedelta

from charter import actions
from charter.models import Acknowledgement, Charter, Edition, Review
from common.citations import Citation
from organisation.models import OutgoingMail, User

REASONS = {
    "standard:next-step": (
        "Only three in four of you knew, on leaving, what happens next.",
        "Comment cards of our first nine months: 75 of 100 said yes",
    ),
    "standard:on-the-spot": (
        "Two in three complaints could have been put right at the counter, had our staff been allowed to.",
        "Talks with 60 visitors and 12 colleagues at the counters",
    ),
}
SUPPORT = ("admin", "manager", "hill", "tom", "lena", "grace", "piotr")
WORK_CHANGE = "You end every visit with a written next step, and you may put things right up to 50 pounds."
WELCOME: dict[str, dict[str, str]] = {
    "en": {
        "guidance": (
            "How you do it is yours. A greeting before the first question, time for the second one, and a "
            "chair for whoever cannot stand."
        )
    },
    "de": {
        "guidance": (
            "Wie, das ist Ihre Sache. Ein Gruß vor der ersten Frage, Zeit für die zweite, und ein Stuhl für "
            "alle, die nicht stehen können."
        )
    },
    "fr": {},
    "ar": {},
}


def person(name: str) -> User:
    """The colleague whose address begins so."""
    return User.objects.get(email__startswith=f"{name}@")


def review_and_publish(charter: Charter, *, note: str, by: User, at: datetime) -> Edition:
    """Two weeks of reading by three levels, two answered comments, and the sign-off."""
    for part, (why, source) in REASONS.items():
        actions.explain_change(
            charter=charter,
            part=part,
            title=part,
            why=why,
            evidence=[Citation("Source", source)],
            by=by,
            at=at,
        )
    begun = at - timedelta(days=14)
    readers = {by: "leadership", person("manager"): "middle", person("tom"): "front"}
    review = actions.open_review(
        charter=charter,
        reviewers=readers,
        due_on=(at - timedelta(days=3)).date(),
        note="Can we keep the two new promises from the first day on?",
        by=by,
        at=begun,
    )
    comment = actions.comment_on_part(
        review=review,
        part="standard:next-step",
        text="At the harbour we have no printer at two of the counters. By hand is all right?",
        by=person("tom"),
        at=begun + timedelta(days=2),
    )
    actions.settle_comment(
        comment=comment,
        answer="Yes. Written is written; the pads are ordered.",
        by=by,
        at=begun + timedelta(days=3),
    )
    for reviewer in review.reviewers.select_related("user", "review__charter"):
        remark = "Please train the new colleagues first." if reviewer.level == "middle" else ""
        verdict = "remarks" if remark else "agrees"
        actions.give_verdict(reviewer=reviewer, verdict=verdict, remark=remark, at=begun + timedelta(days=5))
    actions.sign_off_review(review=review, by=by, at=begun + timedelta(days=12))
    return actions.publish_edition(
        charter=charter,
        note=note,
        next_review_on=(at + timedelta(days=270)).date(),
        work_change=WORK_CHANGE,
        review=Review.objects.get(pk=review.pk),
        by=by,
        at=at,
    )


def sign(edition: Edition, *, at: datetime) -> None:
    """Most support it; two have a question, one of which is answered; one has still to sign."""
    asked = edition.published_at
    actions.ask_for_signatures(at=asked)
    for number, name in enumerate(SUPPORT, start=1):
        _sign(edition, name, "support", "", asked + timedelta(days=number))
    row = _sign(
        edition, "amira", "question", "Does a text message count as written?", asked + timedelta(days=4)
    )
    actions.reply_to_person(
        row=row,
        reply="It does, if the visitor wants one. Write down the number only for that.",
        by=person("manager"),
        at=asked + timedelta(days=5),
    )
    actions.settle_question(row=row, at=asked + timedelta(days=6))
    _sign(edition, "joao", "question", "Who pays when I send a taxi after six?", at - timedelta(days=2))
    for days in (7, 14):
        actions.remind_missing(at=asked + timedelta(days=days))


def _sign(edition: Edition, name: str, answer: str, words: str, at: datetime) -> Acknowledgement:
    rows = Acknowledgement.objects.select_related("edition__charter__unit", "user")
    row = rows.get(edition=edition, user=person(name))
    actions.sign_edition(row=row, answer=answer, words=words, at=at)
    return row


def begin_next_round(charter: Charter, *, by: User, at: datetime) -> None:
    """The draft goes on: one guidance is clearer, and the round about it is open."""
    standard = charter.standards.get(key="welcome")
    for language, words in WELCOME.items():
        actions.save_standard(
            charter=charter,
            standard=standard,
            language=language,
            words=words,
            fields={},
            by=by,
            at=at - timedelta(days=6),
        )
    actions.explain_change(
        charter=charter,
        part="standard:welcome",
        title="welcome",
        why="Older visitors told us that they wait standing.",
        evidence=[Citation("Source", "Nine comment cards of the Harbour branch since the summer")],
        by=by,
        at=at - timedelta(days=6),
    )
    review = actions.open_review(
        charter=charter,
        reviewers={person("manager"): "middle", person("staff"): "front", person("hill"): "middle"},
        due_on=(at + timedelta(days=8)).date(),
        note="Is the guidance on the welcome right for your counter?",
        by=by,
        at=at - timedelta(days=5),
    )
    reviewer = review.reviewers.select_related("user", "review__charter").get(user=person("manager"))
    actions.give_verdict(reviewer=reviewer, verdict="agrees", at=at - timedelta(days=3))
    actions.comment_on_part(
        review=review,
        part="standard:welcome",
        text="We have three chairs at the hill. Do we get more?",
        by=person("hill"),
        at=at - timedelta(days=2),
    )


def count_letters_as_sent(at: datetime) -> None:
    """They were written in the demo's past: nobody is waiting for them."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lt=at)
    waiting.update(state=OutgoingMail.State.SENT, sent_at=at)
