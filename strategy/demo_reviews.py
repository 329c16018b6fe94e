"""The demo's reviews: one that was held, with its decisions, and the next one."""

from datetime import datetime, timedelta

from charter.models import Standard
from organisation.models import Unit, User
from strategy.actions import reviews
from strategy.models import Action, PlanReview

SAID = (
    "Marek showed the card with the next step; Hill branch wants it before Christmas.\n"
    "The screens are late. Nobody could say what the supplier has promised in writing: Ada asks."
)


def seed(at: datetime) -> None:
    admin = User.objects.get(email="admin@harbour.example")
    unit = Unit.objects.get(slug="harbour-city")
    people = list(User.objects.with_address("manager@harbour.example"))
    people += list(User.objects.filter(email__in=["hill@harbour.example", "piotr@people.harbour.example"]))
    held = at - timedelta(days=26)
    fields = {"unit": unit, "title": "Quarterly review", "owner": admin, "held_on": held.date()}
    review = reviews.plan_review(fields=fields, people=people, by=admin, at=held - timedelta(days=20))
    reviews.set_attendance(review, asked=[admin, *people], came=[admin, *people[:2]], by=admin, at=held)
    _decide(review, admin, held)
    reviews.hold_review(review, minutes=SAID, next_on=(at + timedelta(days=64)).date(), by=admin, at=held)


def _decide(review: PlanReview, admin: User, at: datetime) -> None:
    card = Action.objects.filter(title__startswith="Everybody leaves").first()
    screens = Action.objects.filter(title__startswith="One screen").first()
    reviews.decide(
        review, kind="keep", text="The card stays as it is; it works.", about=card, by=admin, at=at
    )
    if screens is not None:
        ends_on = screens.ends_on + timedelta(days=14)
        text = "Two weeks more for the screens, and a written promise of the supplier."
        reviews.decide(review, kind="change", text=text, about=screens, ends_on=ends_on, by=admin, at=at)
    story = Standard.objects.filter(key="story-once").first()
    text = "Say in the promise that it holds between our branches too: visitors ask."
    reviews.decide(review, kind="change", text=text, about=story, by=admin, at=at)
