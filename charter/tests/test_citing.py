"""Standards that rely on others, and those that make one above concrete."""

import pytest

from charter import actions
from charter.forms.standards import StandardForm
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UnitFactory, UserFactory, person_in

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


def choices(charter, standard, field):
    user = person_in(charter.unit, "administrator")
    form = StandardForm(charter=charter, user=user, standard=standard, language="en")
    return list(form.fields[field].queryset)


@pytest.mark.django_db
def test_a_standard_is_offered_internal_ones_to_rely_on_and_those_above_to_make_concrete():
    top, internal = StandardFactory(), StandardFactory(audience="colleagues")
    beside = StandardFactory()
    below = CharterFactory(unit=UnitFactory(parent=top.charter.unit))
    for standard in (None, StandardFactory(charter=below)):
        assert choices(below, standard, "depends_on") == [internal]
        assert choices(below, standard, "refines") == [top]
    assert choices(beside.charter, beside, "refines") == []


@pytest.mark.django_db
def test_what_a_standard_relies_on_stays_offered_once_it_is_internal_no_longer():
    counter, other = StandardFactory(), StandardFactory()
    save(counter, depends_on=[other])
    assert choices(counter.charter, counter, "depends_on") == [other]
