"""Standards that rely on others, and those that make one above concrete."""

import pytest

from charter import actions
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UnitFactory, UserFactory

WORDS = {"promise": "You hear from us"}


def save(standard, **fields):
    return actions.save_standard(
        charter=standard.charter,
        standard=standard,
        language="en",
        words=WORDS,
        fields=fields,
        by=UserFactory(),
    )


@pytest.mark.django_db
def test_a_standard_relies_on_one_of_another_team():
    counter, letters = StandardFactory(), StandardFactory()
    save(counter, depends_on=[letters])
    assert letters.relied_on_by.get() == counter


@pytest.mark.django_db
def test_a_circle_of_standards_is_refused():
    one, two, three = StandardFactory(), StandardFactory(), StandardFactory()
    save(one, depends_on=[two])
    save(two, depends_on=[three])
    with pytest.raises(actions.DependsInCircle, match="relies on this standard already"):
        save(three, depends_on=[one])
    assert not three.depends_on.exists()


@pytest.mark.django_db
def test_a_standard_cannot_rely_on_itself():
    one = StandardFactory()
    with pytest.raises(actions.DependsInCircle):
        save(one, depends_on=[one])


@pytest.mark.django_db
def test_a_units_standard_makes_one_of_the_organisation_concrete():
    top = StandardFactory()
    below = StandardFactory(charter__unit=UnitFactory(parent=top.charter.unit))
    assert save(below, refines=top).refines == top


@pytest.mark.django_db
def test_a_standard_beside_or_below_is_nothing_to_make_concrete():
    top = StandardFactory()
    beside = StandardFactory(charter=CharterFactory())
    below = StandardFactory(charter__unit=UnitFactory(parent=top.charter.unit))
    for other in (beside, below, top):
        with pytest.raises(actions.RefinesNothingAbove):
            save(top, refines=other)
