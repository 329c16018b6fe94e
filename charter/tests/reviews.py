"""A charter with named readers, for the tests of review rounds and signatures."""

from datetime import datetime, timedelta
from typing import Any

from charter import actions
from charter.models import Charter, Edition, Review, Reviewer
from charter.tests.factories import MeasureFactory
from organisation.models import User
from organisation.tests.factories import UserFactory, person_in


def provable_charter(**unit: Any) -> Charter:
    """One standard that is proved."""
    more = {f"standard__charter__{name}": value for name, value in unit.items()}
    return MeasureFactory(goal=90, standard__key="next-step", **more).standard.charter


def begin(charter: Charter, *people: User, at: datetime, **more: Any) -> Review:
    return actions.open_review(
        charter=charter,
        reviewers=dict.fromkeys(people, "front"),
        due_on=(at + timedelta(days=14)).date(),
        by=more.pop("by", None) or UserFactory(),
        at=at,
        **more,
    )


def answer(review: Review, person: User, verdict: str = "agrees", remark: str = "", *, at: datetime) -> None:
    reviewer = Reviewer.objects.select_related("review__charter__unit", "user").get(
        review=review, user=person
    )
    actions.give_verdict(reviewer=reviewer, verdict=verdict, remark=remark, at=at)


def signed_off(charter: Charter, *, at: datetime) -> Review:
    """A round with one reader who agreed."""
    reader = person_in(charter.unit)
    review = begin(charter, reader, at=at)
    answer(review, reader, at=at)
    actions.sign_off_review(review=review, by=UserFactory(), at=at)
    return Review.objects.get(pk=review.pk)


def change_words(charter: Charter, promise: str, *, at: datetime) -> None:
    actions.save_standard(
        charter=charter,
        standard=charter.standards.get(),
        language="en",
        words={"promise": promise, "why": "", "guidance": ""},
        fields={},
        by=UserFactory(),
        at=at,
    )


def publish_to_sign(charter: Charter, *, at: datetime, **more: Any) -> Edition:
    """An edition that changes what people do."""
    return actions.publish_edition(
        charter=charter,
        note="Why",
        work_change="You write the next step down.",
        by=UserFactory(),
        at=at,
        **more,
    )
