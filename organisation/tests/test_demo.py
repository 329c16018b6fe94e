"""The demo organisation."""

from typing import Any

import pytest

from organisation import demo
from organisation.models import Installation, Tree, Unit, User


def sign_ins() -> Any:
    """Those with a password; their colleagues are only there."""
    return User.objects.filter(email__endswith="@harbour.example")


@pytest.mark.django_db
def test_the_demo_makes_the_organisation_with_a_person_for_each_role(now: Any) -> None:
    demo.seed(now)
    tree = Tree.on(now.date())
    root = Installation.current().root
    assert {unit.slug for unit in Unit.objects.filter(pk__in=tree.subtree(root.pk))} == {
        "harbour-city",
        "harbour-branch",
        "hill-branch",
        "letters-office",
        "parks-team",
    }
    roles = {user.email: (user.roles[0].unit.slug, user.roles[0].role) for user in sign_ins()}
    assert roles == {
        "admin@harbour.example": ("harbour-city", "administrator"),
        "manager@harbour.example": ("harbour-branch", "manager"),
        "staff@harbour.example": ("harbour-branch", "staff"),
        "hill@harbour.example": ("hill-branch", "manager"),
    }
    assert all(user.check_password("charterwell-demo") for user in sign_ins())


@pytest.mark.django_db
def test_a_second_seeding_changes_nothing(now: Any) -> None:
    demo.seed(now)
    demo.seed(now)
    assert (Unit.objects.count(), User.objects.count()) == (5, 11)
